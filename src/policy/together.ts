import type { KeyPolicy } from './parse.ts';
import type { Statement } from './statement.ts';

/**
 * Policies that apply side by side as one: an Allow in any of them allows, a Deny in any of them denies. Its text,
 * document and issues are those of the first.
 */
export function together(first: KeyPolicy, others: readonly KeyPolicy[]): KeyPolicy {
  if (others.length === 0) return first;
  const all = [first, ...others];
  return {
    ...first,
    statements: all.flatMap(({ statements }) => statements),
    compiled: all.flatMap(({ compiled }) => compiled),
  };
}

/** A policy whose statements go by other labels. */
export function relabelled(policy: KeyPolicy, labelOf: (label: string) => string): KeyPolicy {
  const relabel = (statement: Statement): Statement => ({ ...statement, label: labelOf(statement.label) });
  return {
    ...policy,
    statements: policy.statements.map(relabel),
    compiled: policy.compiled.map((compiled) => ({ ...compiled, statement: relabel(compiled.statement) })),
  };
}
