import { actionKind } from '../../policy/compile.ts';
import type { KeyPolicy } from '../../policy/parse.ts';
import { isKmsAction, KMS_ACTIONS, MANAGEMENT, USES_BY_OUTSIDERS } from '../kmsActions.ts';
import { distinct } from '../policyNames.ts';

const GRAVEST_FIRST = distinct([...USES_BY_OUTSIDERS, ...MANAGEMENT, ...KMS_ACTIONS]);

/** One action for each kind that the statements of the policies tell apart, the gravest of the kind. */
export function actionsToldApart(policies: readonly KeyPolicy[]): readonly string[] {
  const entries = policies.flatMap(({ statements }) => statements.flatMap(({ action }) => action?.patterns ?? []));
  // An entry that matches nothing that is known of KMS may name something new, and stands for itself.
  const unreal = entries.filter((entry) => !isKmsAction(entry) && entry.includes(':'));
  const all = [...GRAVEST_FIRST, ...unreal.map((entry) => entry.replaceAll('*', '').replaceAll('?', 'x'))];
  const byKind = new Map<string, string>();
  for (const action of all) {
    const kind = actionKind(policies, action);
    if (!byKind.has(kind)) byKind.set(kind, action);
  }
  return [...byKind.values()];
}
