import type { CompiledCondition } from './condition.ts';
import { type Context, indexContext } from './context.ts';
import type { Operator } from './operator.ts';
import type { KeyPolicy } from './parse.ts';
import type { AccessRequest } from './request.ts';
import type { Condition } from './statement.ts';
import { atomOf, solve } from './valueSolver.ts';
import { LARGEST_EXPLORATION, workFor } from './work.ts';

/** Whether no value that an unknown key can have makes its condition true. */
export const cannotHold = (condition: CompiledCondition, context: Context): boolean =>
  isNever(true, condition, context);

/** Whether every value that an unknown key can have makes its condition true. */
export const alwaysHolds = (condition: CompiledCondition, context: Context): boolean =>
  TWO_VALUED.includes(condition.operator?.family) && isNever(false, condition, context);

/** Families of operators that answer yes or no to every text: a number may be none. */
const TWO_VALUED: readonly (Operator['family'] | undefined)[] = ['text', 'arn', 'null'];

function isNever(truth: boolean, condition: CompiledCondition, context: Context): boolean {
  const { key, operator, open, variables } = condition;
  const isSettled =
    open === null && variables.every((variable) => context.lookup(variable.toLowerCase()) !== undefined);
  if (context.lookup(key) !== undefined || operator === null || !isSettled) return false;
  const atom = atomOf(condition, context.lookup);
  // A value that nobody can decide may hold all the same.
  if (atom.matchers.includes(null)) return false;
  const isSet = operator.quantifier !== 'none';
  const work = workFor(LARGEST_EXPLORATION);
  const solution = solve(context.stateOf(key), [{ atom, truth }], isSet, context.lookup, work);
  return !solution.found && solution.proved;
}

/** Conditions that no value of their keys makes true, where values look as `domains` says; by statement. */
export function impossibleConditions(
  policy: KeyPolicy,
  domains: AccessRequest['context'],
): readonly { readonly statement: string; readonly condition: Condition }[] {
  const context = indexContext({
    principal: { service: '' },
    action: '',
    resource: '',
    context: domains,
    otherKeys: 'unknown',
  });
  return policy.compiled.flatMap(({ statement, conditions }) =>
    conditions
      .filter((condition) => cannotHold(condition, context))
      .map(({ source }) => ({ statement: statement.label, condition: source })),
  );
}
