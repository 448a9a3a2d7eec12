import { actionKind } from '../policy/compile.ts';
import type { KeyPolicySubject } from './keyPolicySubject.ts';

/** Asks about actions one by one; those that all statements treat alike have one answer, which is asked for once. */
export function askEach<T>(
  { policies }: KeyPolicySubject,
  actions: readonly string[],
  ask: (action: string) => T,
): readonly { readonly action: string; readonly answer: T }[] {
  const answers = new Map<string, T>();
  return actions.map((action) => {
    const kind = actionKind(policies, action);
    const answer = answers.get(kind) ?? ask(action);
    answers.set(kind, answer);
    return { action, answer };
  });
}

/** The first of the actions that all statements treat alike. */
export function distinctKinds({ policies }: KeyPolicySubject, actions: readonly string[]): readonly string[] {
  const kinds = new Map(actions.toReversed().map((action) => [actionKind(policies, action), action]));
  return actions.filter((action) => kinds.get(actionKind(policies, action)) === action);
}
