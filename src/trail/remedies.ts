import { keyPolicyCommands, updateTrailCommand } from './commands.ts';
import type { KeyFacts, TrailFacts, Unread } from './facts.ts';
import type { PolicyEdit } from './remedy/policyEdits.ts';
import { isRamLabel } from './remedy/ramLabel.ts';
import type { Remedy } from './remedy/remedy.ts';
import type { RemedyStep } from './remedy/steps.ts';

/** For facts that are not known. */
export const READ_IT: Remedy = [[{ do: 'let-rule-read' }]];

/** For a fact that could not be read: no permission of whoever reads helps against a policy above or beside it. */
export function readIt({ deniedBy, lacks }: Unread): Remedy {
  const { policy, isExplicit } = deniedBy ?? { policy: 'identity', isExplicit: false };
  if (policy === 'identity' || (policy === 'resource' && !isExplicit))
    return lacks === undefined ? READ_IT : [[{ do: 'let-rule-read', lacks }]];
  return [[{ do: 'lift-denial', of: policy, ...(lacks && { lacks }) }]];
}

/** An edit that a person has to think through: what it is to be is not known. */
export const editPolicy = (edit: PolicyEdit): Remedy => [editSteps(edit)];

/** The steps of an edit: what it is to change in AWS RAM's policy only AWS RAM can. */
function editSteps(edit: PolicyEdit, ...write: readonly RemedyStep[]): readonly RemedyStep[] {
  const named = 'statements' in edit ? edit.statements : [];
  const ofRam = named.filter(isRamLabel);
  if (ofRam.length === 0) return [{ do: 'edit-policy', ...edit }, ...write];
  const statements = named.filter((label) => !isRamLabel(label));
  const own = [{ do: 'edit-policy', ...edit, statements } as RemedyStep, ...write];
  // A statement can be added whatever comes near.
  if (edit.edit === 'add-statement') return own;
  return [...(statements.length === 0 ? [] : own), { do: 'remove-share', statements: ofRam }];
}

/** An edit of the key policy, and the commands with which somebody writes it by hand. */
export const writePolicy = (
  { trail, key }: { readonly trail: TrailFacts; readonly key: KeyFacts },
  edit: PolicyEdit,
  ...before: readonly RemedyStep[]
): Remedy => [[...before, ...editSteps(edit, { do: 'write-policy', ...keyPolicyCommands(trail, key) })]];

/** Another key for a trail. */
export const setKey = (
  trail: TrailFacts,
  key: Extract<RemedyStep, { do: 'set-key' }>['key'] = 'chosen',
): RemedyStep => ({
  do: 'set-key',
  key,
  command: updateTrailCommand(trail),
});

/** An entry more in one of some rule parameters. */
export const addTo = (
  add: Extract<RemedyStep, { do: 'set-parameter' }>['add'],
  ...parameters: readonly string[]
): RemedyStep => ({
  do: 'set-parameter',
  add,
  parameters,
});
