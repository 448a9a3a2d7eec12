import type { CompiledCondition, Lookup } from './condition.ts';

/** Why branching on a condition would not settle it; `null` where it does. */
export function reasonToLeaveOpen(condition: CompiledCondition, lookup: Lookup): string | null {
  if (condition.open !== null) return condition.open;
  const unknownVariable = condition.variables.find((name) => lookup(name.toLowerCase()) === undefined);
  if (unknownVariable !== undefined)
    return `the policy variable \${${unknownVariable}} stands for a key that is not known`;
  const severalValued = condition.variables.find((name) => Array.isArray(lookup(name.toLowerCase())));
  if (severalValued !== undefined) return `the policy variable \${${severalValued}} stands for several values`;
  const value = lookup(condition.key);
  const isQuantified = condition.operator?.quantifier !== 'none';
  if (value === undefined) return isQuantified ? condition.openValue : null;
  const { operator, key } = condition.source;
  if (typeof value === 'object' && value !== null && !isQuantified)
    return `${key} has several values and ${operator} is not documented for them`;
  const shown = typeof value === 'string' ? value : value?.join('`, `');
  return condition.openValue ?? `\`${shown}\` is no value that ${operator} can compare`;
}
