import { actionKind } from '../../policy/compile.ts';
import type { KeyPolicy } from '../../policy/parse.ts';
import { covers } from '../callerAccess.ts';
import { isKmsAction, KMS_ACTIONS, MANAGEMENT, USES_BY_OUTSIDERS } from '../kmsActions.ts';
import { distinct } from '../policyNames.ts';

/** Actions that the statements of the policies treat alike. */
interface ActionKind {
  /** The gravest of them. */
  readonly asked: string;
  /** Those that are shown: it, and the gravest for each entry of Action. */
  readonly shown: readonly string[];
}

const GRAVEST_FIRST = distinct([...USES_BY_OUTSIDERS, ...MANAGEMENT, ...KMS_ACTIONS]);

/** Every kind of action that the policies tell apart, the gravest first. */
export function actionKinds(policies: readonly KeyPolicy[]): readonly ActionKind[] {
  const entries = distinct(
    policies.flatMap(({ statements }) => statements.flatMap(({ action }) => action?.patterns ?? [])),
  );
  // An entry that matches nothing that is known of KMS may name something new, and stands for itself.
  const unreal = entries.filter((entry) => !isKmsAction(entry) && entry.includes(':'));
  const actions = [...GRAVEST_FIRST, ...unreal.map((entry) => entry.replaceAll('*', '').replaceAll('?', 'x'))];
  const byKind = new Map<string, readonly string[]>();
  for (const action of actions) {
    const kind = actionKind(policies, action);
    byKind.set(kind, [...(byKind.get(kind) ?? []), action]);
  }
  return [...byKind.values()].flatMap((kind) => {
    const [asked] = kind;
    if (asked === undefined) return [];
    const named = entries.flatMap((entry) => kind.find((action) => covers(entry, action)) ?? []);
    return [{ asked, shown: distinct([asked, ...named]) }];
  });
}
