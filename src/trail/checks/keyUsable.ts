import { fail, pass, undecided } from '../checkResult.ts';
import { CONNECT_KEY_STORE, kmsCommand } from '../commands.ts';
import { CIS_ENCRYPTED, KEPT } from '../controls.ts';
import { defineCheck, unlessDelivered, whenMetadataRead } from '../defineCheck.ts';
import type { KeyFacts, KeyMetadata, TrailFacts } from '../facts.ts';
import { READ_IT, setKey } from '../remedies.ts';
import type { Remedy } from '../remedy/remedy.ts';
import type { RemedyStep } from '../remedy/steps.ts';

/** Imported key material must outlive this many days. */
const EXPIRY_WARNING_DAYS = 30;
const DAY = 86_400_000;

const WORKING_STATES = new Set(['Enabled', 'Updating']);

/** How to bring a key back, by the state in which it does not encrypt. */
const REMEDIES: ReadonlyMap<string, (trail: TrailFacts, key: KeyFacts) => RemedyStep> = new Map([
  ['Disabled', (trail, key): RemedyStep => ({ do: 'enable-key', command: kmsCommand('enable-key', trail, key) })],
  ['PendingDeletion', cancelDeletion],
  ['PendingReplicaDeletion', cancelDeletion],
  ['PendingImport', importMaterial],
  ['Unavailable', (): RemedyStep => ({ do: 'reconnect-key-store', command: CONNECT_KEY_STORE })],
  ['Creating', (): RemedyStep => ({ do: 'wait-for-key' })],
]);

/** The key's state lets it encrypt, no deletion is scheduled, and imported material does not expire soon. */
export const keyUsable = defineCheck(
  {
    id: 'key-usable',
    title: `The key can encrypt now, is not about to be deleted, and imported material lasts ${EXPIRY_WARNING_DAYS} days`,
    severity: 'CRITICAL',
    urgency: 'delivery-stops',
    isDecisive: true,
    speaksOf: 'trail',
    repairedBy: 'planner',
    brokenBy: ['DisableKey', 'ScheduleKeyDeletion', 'DeleteImportedKeyMaterial'],
    controls: [...KEPT, ...CIS_ENCRYPTED],
    rationale:
      'With a key that is disabled or about to be deleted CloudTrail does not fall back to SSE-S3: delivery stops until the key works again, and after a deletion the existing logs are lost.',
    remediation:
      'Enable the key (`aws kms enable-key`), cancel its deletion (`aws kms cancel-key-deletion`, then `enable-key`) or import its material again; or move the trail to another key and keep the old one for the existing logs.',
    examples: {
      pass: 'KeyState is `Enabled` or `Updating`, and there is no DeletionDate',
      fail: 'KeyState is `Disabled`, `PendingDeletion`, `PendingImport` or `Unavailable`',
    },
    sources: ['AWS KMS Developer Guide, Key states of AWS KMS keys', 'AWS KMS API Reference, KeyMetadata'],
  },
  unlessDelivered(
    whenMetadataRead(({ state, deletionDate, validTo }, trail, key) => {
      if (deletionDate !== null) {
        const message = `the key is to be deleted on ${deletionDate.toISOString()}: delivery stops, and the logs are lost with the key`;
        return fail(message, orAnotherKey(cancelDeletion(trail, key), trail));
      }
      if (state !== null && !WORKING_STATES.has(state)) {
        const remedy = REMEDIES.get(state);
        if (remedy === undefined) return undecided(`the key state \`${state}\` is none that is documented`, READ_IT);
        const message = `the key state is \`${state}\`: CloudTrail delivers nothing until the key works again`;
        return fail(message, orAnotherKey(remedy(trail, key), trail));
      }
      if (validTo !== null && validTo.getTime() - trail.asOf.getTime() < EXPIRY_WARNING_DAYS * DAY) {
        const message = `the imported key material expires on ${validTo.toISOString()}: delivery stops then`;
        return fail(message, orAnotherKey(importMaterial(trail, key), trail));
      }
      return state === null ? undecided('the key state is not known', READ_IT) : pass(`the key state is \`${state}\``);
    }),
    ({ metadata }) => metadata.read && !canEncrypt(metadata.value),
  ),
);

/** Whether the key encrypts now; material that is about to expire still does. */
const canEncrypt = ({ state, deletionDate }: KeyMetadata): boolean =>
  deletionDate === null && (state === null || WORKING_STATES.has(state));

const orAnotherKey = (step: RemedyStep, trail: TrailFacts): Remedy => [[step], [setKey(trail, 'another')]];

function cancelDeletion(trail: TrailFacts, key: KeyFacts): RemedyStep {
  const command = kmsCommand('cancel-key-deletion', trail, key);
  return { do: 'cancel-deletion', command, enable: kmsCommand('enable-key', trail, key) };
}

function importMaterial(trail: TrailFacts, key: KeyFacts): RemedyStep {
  return { do: 'import-key-material', command: kmsCommand('import-key-material', trail, key, '...') };
}
