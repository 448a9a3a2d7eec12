import { type CompiledCondition, evaluateCondition } from './condition.ts';
import type { Context } from './context.ts';
import type { ComparedCondition, ConditionMismatch } from './decision.ts';
import { type NearestValue, nearestValue } from './difference.ts';
import { differencesInWords } from './differenceWords.ts';
import { alwaysHolds, cannotHold } from './impossible.ts';
import type { KeyState } from './request.ts';

/** Why a condition does not hold, or why nobody knows; empty where it holds. */
export function explainCondition(condition: CompiledCondition, context: Context): readonly ConditionMismatch[] {
  const evaluated = evaluateCondition(condition, context.lookup);
  if (evaluated === true || (evaluated === null && alwaysHolds(condition, context))) return [];
  const truth = evaluated === null && cannotHold(condition, context) ? false : evaluated;
  if (truth === null) {
    const why = whyUnknown(condition, context);
    return [{ part: 'condition', ...compared(condition, context), nearest: null, result: 'unknown', why, brief: why }];
  }
  return [{ part: 'condition', ...compared(condition, context), ...whyNot(condition, context), result: 'no' }];
}

/** Why the condition of a Deny that applies holds. */
export function explainMatch(condition: CompiledCondition, context: Context): ComparedCondition {
  return { ...compared(condition, context), ...whyMatched(condition, context) };
}

type Actual = ComparedCondition['actual'];
type Words = Pick<ComparedCondition, 'nearest' | 'why' | 'brief'>;

const compared = ({ source, key }: CompiledCondition, { lookup }: Context) => ({
  operator: source.operator,
  key: source.key,
  expected: source.values,
  actual: lookup(key),
});

function whyUnknown(condition: CompiledCondition, context: Context): string {
  const { source, open, openValue, variables } = condition;
  const shown = shownOf(condition, context);
  if (open !== null) return open;
  if (context.lookup(condition.key) === undefined)
    return `${source.key} is ${shown}, the policy expects ${expectation(source)}`;
  if (openValue !== null) return openValue;
  if (variables.length > 0) return `the policy variable for ${variables.join(', ')} is not known`;
  return `${source.operator} is not documented for the value of ${source.key}, ${shown}`;
}

function whyNot(condition: CompiledCondition, context: Context): Words {
  const { source, operator } = condition;
  const actual = context.lookup(condition.key);
  if (operator?.family === 'null') {
    const [is, expected] = actual === null ? ['absent', 'present'] : ['present', 'absent'];
    return alike(`${source.key} is ${is}, the policy expects it ${expected}`);
  }
  return operator?.negated ? beside(condition, context, 'expects') : apart(condition, context, 'expects');
}

function whyMatched(condition: CompiledCondition, context: Context): Words {
  const { source, operator } = condition;
  const actual = context.lookup(condition.key);
  if (operator?.family === 'null')
    return alike(`${source.key} is ${actual === null ? 'absent' : 'present'}, which the policy denies`);
  if (operator?.negated) return apart(condition, context, 'spares');
  if (actual !== null) return beside(condition, context, 'denies');
  return alike(`${source.key} is absent, and ${source.operator} holds then`);
}

type Verb = 'expects' | 'spares' | 'denies';

/** The policy's value is not the request's: where they differ, if that can be told. */
function apart(condition: CompiledCondition, context: Context, verb: Verb): Words {
  const { source, key } = condition;
  const state = context.stateOf(key);
  const text = comparable(context.lookup(key), state);
  const nearest = text === null ? null : nearestValue(condition, text, context.lookup);
  if (nearest === null) return beside(condition, context, verb);
  const differences = differencesInWords(nearest.differences, { operator: source.operator, note: noteOf(state) });
  const count = source.values.length;
  const which = count > 1 ? `, the nearest of ${count} values` : '';
  const verbs = verb === 'spares' ? 'the policy spares' : 'the policy expects';
  return {
    nearest,
    why: `${source.key}: ${differences}; ${verbs} ${source.operator} \`${nearest.value}\`${which}`,
    brief: `${source.key}: ${differences}${isOfParts(nearest) ? '' : `; ${verbs} \`${nearest.value}\``}`,
  };
}

/** Whether what is told of a value shows what stands in it. */
const isOfParts = ({ differences }: NearestValue): boolean => differences.some(({ is }) => is === 'part');

/** One text to compare with: of a value that is not known what it looks like, where it looks like an ARN. */
function comparable(actual: Actual, state: KeyState): string | null {
  if (typeof actual === 'string') return actual;
  const [shape] = actual === undefined && state.is === 'constrained' ? state.matching : [];
  return shape?.startsWith('arn:') ? shape : null;
}

const noteOf = (state: KeyState): string | undefined => (state.is === 'present' ? state.ofAccount : undefined);

/** Longer values say little in a short text. */
const SHORT = 40;

/** Both values. */
function beside(condition: CompiledCondition, context: Context, verb: Verb): Words {
  const { source, key } = condition;
  const [shown, note] = [shownOf(condition, context), noteOf(context.stateOf(key))];
  const other = `the policy ${verb} ${verb === 'expects' ? expectation(source) : list(source.values)}`;
  const why = `${source.key} is ${shown}, ${other}${note === undefined || verb === 'denies' ? '' : ` (${note})`}`;
  const brief = shown.length > SHORT ? `${source.key}: ${other}` : why;
  return { nearest: null, why, brief };
}

const alike = (why: string): Words => ({ nearest: null, why, brief: why });

/** Operators that read as plain equality go without their name. */
function expectation({ operator, values }: CompiledCondition['source']): string {
  const isPlain = ['StringEquals', 'StringLike', 'ArnEquals', 'ArnLike', 'Bool'].includes(operator);
  return isPlain ? list(values) : `${operator} ${list(values)}`;
}

function shownOf({ key }: CompiledCondition, context: Context): string {
  const actual = context.lookup(key);
  const state = context.stateOf(key);
  if (actual === null) return 'absent';
  if (typeof actual === 'string') return `\`${actual}\``;
  if (actual !== undefined) return list(actual);
  if (state.is !== 'constrained' || state.matching.length === 0) return 'not known';
  return state.says ?? list(state.matching);
}

/** Values for a sentence. */
export const list = (values: readonly string[]): string =>
  values.length === 0 ? 'nothing' : values.map((value) => `\`${value}\``).join(' or ');
