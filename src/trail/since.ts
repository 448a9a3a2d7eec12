import { type ChangeEvent, type ChangeName, KEY_CHANGES, type Since, TRAIL_CHANGES } from './changes.ts';
import type { Check, CheckOptions } from './check.ts';
import { type KeyFacts, read, type TrailFacts } from './facts.ts';

/** Earlier policies of a key that are evaluated. */
const MOST_POLICIES = 10;

/**
 * The change since which a failing check fails; `null`: none that is known, `undefined`: nobody asked.
 *
 * Earlier policies are evaluated with everything else as it is now.
 */
export function sinceOf(
  check: Check,
  trail: TrailFacts,
  key: KeyFacts | null,
  options: CheckOptions,
): Since | null | undefined {
  const lists = [
    { names: TRAIL_CHANGES, changes: trail.changeEvents },
    { names: KEY_CHANGES, changes: key?.changeEvents },
  ];
  if (lists.every(({ changes }) => changes === undefined)) return undefined;
  const brokenBy = new Set<ChangeName>(check.brokenBy ?? []);
  const known: ChangeEvent[] = [];
  for (const { names, changes } of lists) {
    if (!names.some((name) => brokenBy.has(name))) continue;
    // What nobody could read may be the later change.
    if (!changes?.read) return null;
    known.push(...changes.value.filter(({ name }) => brokenBy.has(name) && explainsState(name, key)));
  }
  const changes = known.toSorted((one, other) => other.at.getTime() - one.at.getTime());
  return firstOfFault(changes, ({ policy }) => {
    if (key === null || policy === null) return null;
    return check.evaluate(trail, { ...key, policy: read(policy) }, options).status;
  });
}

/** @param changes the latest first */
function firstOfFault(
  changes: readonly ChangeEvent[],
  statusWith: (change: ChangeEvent) => string | null,
): Since | null {
  let first: Since | null = null;
  for (const change of changes.slice(0, MOST_POLICIES)) {
    const status = change.name === 'PutKeyPolicy' ? statusWith(change) : null;
    // The policy that is there now fails: if the last one that is known passes, a later one was not recorded yet.
    if (status === 'pass') return first === null ? null : { ...first, isCause: first.eventName === 'PutKeyPolicy' };
    if (status !== 'fail') return first ?? sinceIn(change);
    first = sinceIn(change);
  }
  return first;
}

const sinceIn = ({ at, id, name, by }: ChangeEvent): Since => ({
  time: at.toISOString(),
  eventId: id,
  eventName: name,
  by,
  isCause: false,
});

/** The states of a key that an event explains, of those that it brings about; after CancelKeyDeletion the key is disabled. */
const STATES: Readonly<Partial<Record<ChangeName, readonly string[]>>> = {
  DisableKey: ['Disabled'],
  ScheduleKeyDeletion: ['PendingDeletion', 'PendingReplicaDeletion', 'Disabled'],
  DeleteImportedKeyMaterial: ['PendingImport'],
};

function explainsState(name: ChangeName, key: KeyFacts | null): boolean {
  const states = STATES[name];
  if (states === undefined) return true;
  const state = key?.metadata.read ? key.metadata.value.state : null;
  return state !== null && states.includes(state);
}
