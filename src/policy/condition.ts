import { compileMatcher, type Matcher, test } from './matcher.ts';
import { type Operator, parseOperator } from './operator.ts';
import type { Pattern } from './pattern.ts';
import { matches } from './patternMatch.ts';
import type { Condition } from './statement.ts';
import { anyFilling, parseTemplate, substitute, type ValueTemplate } from './variables.ts';

/** True, false, or undecided (`null`): not known, or left open by the documentation. */
export type Truth = boolean | null;

/** A condition with everything read out of it that does not depend on a request. */
export interface CompiledCondition {
  readonly source: Condition;
  /** In lower case. */
  readonly key: string;
  readonly operator: Operator | null;
  readonly values: readonly CompiledValue[];
  /** Condition keys in the policy variables of the values, as written. */
  readonly variables: readonly string[];
  /** A value holds a policy variable or an escape, so that it means something else than under another Version. */
  readonly isTemplate: boolean;
  /** Why the condition as a whole cannot be decided; `null` where it can. */
  readonly open: string | null;
  /** Why some of the values cannot be decided; `null` where all can. */
  readonly openValue: string | null;
}

/** One policy value: ready to use, still with variables, or `null` where the documentation leaves it open. */
export type CompiledValue = { readonly matcher: Matcher } | OpenValue | null;

interface OpenValue {
  readonly template: ValueTemplate;
  /** Matches everything that the value matches, whatever its variables stand for. */
  readonly widest: Pattern;
}

/** The value of a condition key in a request. */
export type KeyValue = string | readonly string[] | null;

/** Finds a key (in lower case) in a request: its value, `null` when absent, `undefined` when not known. */
export type Lookup = (key: string) => KeyValue | undefined;

export function compileCondition(source: Condition, hasVariables: boolean): CompiledCondition {
  const operator = parseOperator(source.operator);
  const compiled = operator === null ? [] : source.values.map((value) => compileValue(operator, value, hasVariables));
  const bad = source.values[compiled.indexOf(null)];
  const values = compiled.filter((value) => value !== 'none');
  const variables = values.flatMap((value) => (value !== null && 'template' in value ? value.template.keys : []));
  return {
    source,
    key: source.key.toLowerCase(),
    operator,
    values,
    variables: [...new Set(variables)],
    isTemplate: hasVariables && source.values.some((value) => value.includes('$')),
    open: openReason(source, operator),
    openValue: bad === undefined ? null : `\`${bad}\` is no value that ${source.operator} is documented to take`,
  };
}

function openReason(source: Condition, operator: Operator | null): string | null {
  if (operator === null) return `\`${source.operator}\` is no documented condition operator`;
  if (source.values.length === 0) return `${source.operator} on ${source.key} has no values`;
  return null;
}

/** `none`: nothing matches the value, so it counts for nothing beside the others. */
function compileValue(operator: Operator, value: string, hasVariables: boolean): CompiledValue | 'none' {
  const template = parseTemplate(value, hasVariables);
  if (template.malformed) return null;
  // Variables are documented for string and ARN operators alone (IAM policy elements: Variables and tags).
  if (template.keys.length > 0)
    return operator.family === 'text' || operator.family === 'arn' ? { template, widest: anyFilling(template) } : null;
  const pieces = substitute(template, () => null);
  const matcher = pieces === null || pieces === undefined ? null : compileMatcher(operator, pieces);
  return matcher === null || matcher === 'none' ? matcher : { matcher };
}

/**
 * The matchers of a condition's values with the variables filled in. A value whose variable is unresolved, or that is no
 * whole ARN, matches nothing and is left out, and so is one that matches no `actual` text whatever its variables stand
 * for; a value that cannot be decided is `null`.
 */
export function resolveMatchers(
  condition: CompiledCondition,
  lookup: Lookup,
  actual?: string | readonly string[],
): readonly (Matcher | null)[] {
  const { operator } = condition;
  if (operator === null) return [];
  return condition.values.flatMap((value): (Matcher | null)[] => {
    if (value === null) return [null];
    if ('matcher' in value) return [value.matcher];
    const pieces = substitute(value.template, (key) => {
      const found = lookup(key);
      return typeof found === 'string' || found === null ? found : undefined;
    });
    if (pieces === null) return [];
    if (pieces === undefined && actual !== undefined && !matchesAny(value.widest, actual)) return [];
    const matcher = pieces === undefined ? null : compileMatcher(operator, pieces);
    return matcher === 'none' ? [] : [matcher];
  });
}

const matchesAny = (pattern: Pattern, texts: string | readonly string[]): boolean =>
  typeof texts === 'string' ? matches(pattern, texts) : texts.some((text) => matches(pattern, text));

/** Whether a condition holds (IAM JSON policy elements: Condition); undecided when a key that matters is not known. */
export function evaluateCondition(condition: CompiledCondition, lookup: Lookup): Truth {
  const { operator } = condition;
  if (operator === null || condition.open !== null) return null;
  const actual = lookup(condition.key);
  if (actual === undefined) return null;
  if (operator.family === 'null') return evaluateNull(condition, actual);
  if (actual === null) return whenAbsent(operator);
  const matchers = condition.variables.length === 0 ? undefined : resolveMatchers(condition, lookup, actual);
  const holds = (value: string): Truth =>
    negate(matchers === undefined ? anyValue(condition.values, value) : anyMatcher(matchers, value), operator.negated);
  if (typeof actual === 'string') return holds(actual);
  if (operator.quantifier === 'none') return null;
  return operator.quantifier === 'all' ? every(actual.map(holds)) : some(actual.map(holds));
}

/** What an operator says of a key that the request does not carry. */
function whenAbsent(operator: Operator): boolean {
  if (operator.ifExists) return true;
  if (operator.quantifier !== 'none') return operator.quantifier === 'all';
  return operator.negated;
}

/** `Null: "true"` asks for the key's absence, `"false"` for its presence. */
function evaluateNull(condition: CompiledCondition, actual: KeyValue): Truth {
  return some(
    condition.values.map((value) => {
      if (value === null || !('matcher' in value) || value.matcher.kind !== 'bool') return null;
      return (value.matcher.value === 'true') === (actual === null);
    }),
  );
}

// Two loops that look alike, so that conditions without variables need no list of matchers for each decision.
function anyValue(values: readonly CompiledValue[], actual: string): Truth {
  let result: Truth = false;
  for (const value of values) {
    const one = value !== null && 'matcher' in value ? test(value.matcher, actual) : undefined;
    if (one === true) return true;
    if (one === undefined) result = null;
  }
  return result;
}

function anyMatcher(matchers: readonly (Matcher | null)[], actual: string): Truth {
  let result: Truth = false;
  for (const matcher of matchers) {
    const one = matcher === null ? undefined : test(matcher, actual);
    if (one === true) return true;
    if (one === undefined) result = null;
  }
  return result;
}

const negate = (truth: Truth, negated: boolean): Truth => (truth === null || !negated ? truth : !truth);

export function some(truths: readonly Truth[]): Truth {
  return truths.includes(true) ? true : truths.includes(null) ? null : false;
}

export function every(truths: readonly Truth[]): Truth {
  return truths.includes(false) ? false : truths.includes(null) ? null : true;
}
