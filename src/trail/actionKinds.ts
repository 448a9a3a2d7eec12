import { actionKind } from '../policy/compile.ts';
import type { KeyPolicy } from '../policy/parse.ts';
import { carriedBy } from './conditionKeys/context.ts';
import type { KeyPolicySubject } from './keyPolicySubject.ts';

/** By the policies of a key: every question about it asks about the same actions. */
const kinds = new WeakMap<readonly KeyPolicy[], Map<string, string>>();

/** Actions of one kind have one answer: all statements treat them alike, and their requests carry the same condition keys. */
function kindOf(policies: readonly KeyPolicy[], action: string): string {
  const known = kinds.get(policies) ?? new Map<string, string>();
  kinds.set(policies, known);
  const kind = known.get(action) ?? `${actionKind(policies, action)} ${carriedBy(policies, action)}`;
  known.set(action, kind);
  return kind;
}

/** Asks about actions one by one, once for each kind. */
export function askEach<T>(
  { policies }: KeyPolicySubject,
  actions: readonly string[],
  ask: (action: string) => T,
): readonly { readonly action: string; readonly answer: T }[] {
  const answers = new Map<string, T>();
  return actions.map((action) => {
    const kind = kindOf(policies, action);
    const answer = answers.get(kind) ?? ask(action);
    answers.set(kind, answer);
    return { action, answer };
  });
}

/** The first of each kind. */
export function distinctKinds({ policies }: KeyPolicySubject, actions: readonly string[]): readonly string[] {
  if (actions.length === 1) return actions;
  const kinds = new Map(actions.toReversed().map((action) => [kindOf(policies, action), action]));
  return actions.filter((action) => kinds.get(kindOf(policies, action)) === action);
}
