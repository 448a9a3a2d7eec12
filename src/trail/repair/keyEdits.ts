import { type KeyFacts, type KeyMetadata, read } from '../facts.ts';
import type { Finding } from '../finding.ts';
import { kmsCommand } from './commands.ts';
import type { Edit } from './plan.ts';

/** Edits of the key itself, their commands, and the key as it is after them. */
interface KeyEdits {
  readonly edits: readonly Edit[];
  readonly commands: readonly string[];
  readonly key: KeyFacts;
}

/**
 * Brings a key back that is disabled or about to be deleted, and turns rotation on (AWS KMS API Reference,
 * CancelKeyDeletion: the key is disabled afterwards). Other states need something that only a person has.
 */
export function keyEdits(key: KeyFacts, keyArn: string, failing: readonly Finding[]): KeyEdits {
  const fails = (check: Finding['check']): boolean => failing.some((finding) => finding.check === check);
  let result: KeyEdits = { edits: [], commands: [], key };
  if (!key.metadata.read) return result;
  const { metadata } = key;
  const { state, deletionDate, isMultiRegion } = metadata.value;
  const becomes = (changes: Partial<KeyMetadata>): KeyFacts => ({
    ...result.key,
    metadata: { ...metadata, value: { ...metadata.value, ...changes } },
  });
  const isDying = deletionDate !== null || state === 'PendingDeletion' || state === 'PendingReplicaDeletion';
  if (fails('key-usable') && (isDying || state === 'Disabled')) {
    if (isDying) result = add(result, 'deletion-cancelled', CANCELLED, kmsCommand('cancel-key-deletion', keyArn));
    result = add(result, 'key-enabled', 'the key is enabled again', kmsCommand('enable-key', keyArn));
    result = { ...result, key: becomes({ state: 'Enabled', deletionDate: null }) };
  }
  // Rotation of a multi-Region key is set on its primary key, and nothing here says which one that is.
  if (fails('key-rotates') && isMultiRegion !== true) {
    result = add(result, 'rotation-enabled', 'automatic rotation is on', kmsCommand('enable-key-rotation', keyArn));
    result = { ...result, key: { ...result.key, rotation: read('on') } };
  }
  return result;
}

const CANCELLED = "the key's deletion is cancelled, which leaves it disabled";

const add = (to: KeyEdits, change: Edit['change'], message: string, command: string): KeyEdits => ({
  ...to,
  edits: [...to.edits, { statement: null, change, message }],
  commands: [...to.commands, command],
});
