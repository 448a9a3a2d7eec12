import { fail, notApplicable, pass, undecided } from '../checkResult.ts';
import { kmsCommand } from '../commands.ts';
import { defineCheck, existenceOf, whenEncrypted } from '../defineCheck.ts';
import type { KeyFacts, PreviousKeySource, TrailFacts, Unread } from '../facts.ts';
import { READ_IT, readIt } from '../remedies.ts';
import type { RemedyStep } from '../remedy/steps.ts';

/** The keys that encrypted the trail's older logs are still there, and stay. */
export const previousKeysKept = defineCheck(
  {
    id: 'previous-keys-kept',
    title: "The keys that encrypted the trail's older logs exist and are not scheduled for deletion",
    severity: 'MEDIUM',
    urgency: 'morning',
    isDecisive: false,
    speaksOf: 'trail',
    repairedBy: 'person',
    controls: [],
    rationale:
      'Another key for a trail leaves the logs that are there under the old one. Once that is deleted nobody can read them any more.',
    remediation:
      'Cancel the deletion of the old key (`aws kms cancel-key-deletion`, then `enable-key`). To do without it move the older logs to the present key first, object by object, with `s3:UpdateObjectEncryption`.',
    examples: {
      pass: 'each key that the trail named before is there, without a DeletionDate',
      fail: 'one of them is `PendingDeletion`, or does not exist any more',
    },
    sources: [
      'AWS CloudTrail User Guide, Encrypting CloudTrail log files with AWS KMS keys (SSE-KMS)',
      'AWS KMS Developer Guide, Deleting AWS KMS keys',
      'Amazon S3 API Reference, UpdateObjectEncryption',
    ],
  },
  whenEncrypted((trail, key) => {
    const keys = trail.previousKeys;
    if (keys === undefined) return notApplicable('which keys the trail named before is not known');
    const sources = trail.previousKeySources ?? [];
    if (!keys.read)
      return undecided(
        `the keys that the trail named before could not be read: ${keys.reason}${withoutNames(sources)}`,
        readIt(keys),
      );
    const from = inWords(sources);
    const fates = keys.value.map(fateOf);
    const lost = fates.filter(({ is }) => is === 'gone' || is === 'going');
    if (lost.length > 0)
      return fail(`${lost.map(({ why }) => why).join('; ')}${from}`, [
        lost.flatMap((fate) => stepsFor(fate, trail, key)),
      ]);
    const [open] = fates.filter(({ is }) => is === 'open');
    if (open !== undefined)
      return undecided(`${open.why}${from}`, open.unread === undefined ? READ_IT : readIt(open.unread));
    if (fates.length === 0) return notApplicable(`the trail named no other key before${from}`);
    return pass(
      `the keys of the older logs are kept: ${keys.value.map(({ reference }) => `\`${reference}\``).join(', ')}${from}`,
    );
  }),
);

const SOURCES = {
  'config-history': "AWS Config's history of the trail",
  'trail-events': "the trail's events of the last 90 days",
  'key-events': "the keys' own events",
} as const satisfies Record<PreviousKeySource['from'], string>;

/** What was read, and what could not be. */
function inWords(sources: readonly PreviousKeySource[]): string {
  if (sources.length === 0) return '';
  const read = sources.filter(({ unread }) => unread === null).map(({ from }) => SOURCES[from]);
  const unread = sources.flatMap(({ from, unread: why }) => (why === null ? [] : [`not ${SOURCES[from]}: ${why}`]));
  return ` (read: ${[read.join(' and '), ...unread].join('; ')})`;
}

/** The first source that could not be read is told already. */
function withoutNames(sources: readonly PreviousKeySource[]): string {
  const others = sources
    .filter(({ from }) => from !== 'config-history')
    .map(({ from, unread }) =>
      unread === null ? `${SOURCES[from]} name none, which proves nothing` : `nor ${SOURCES[from]}: ${unread}`,
    );
  return others.map((other) => `; ${other}`).join('');
}

interface Fate {
  readonly key: KeyFacts;
  readonly is: 'kept' | 'going' | 'gone' | 'open';
  readonly why: string;
  /** What could not be read of it. */
  readonly unread?: Unread;
}

function fateOf(key: KeyFacts): Fate {
  const name = `key \`${key.reference}\`, which encrypted older logs of the trail,`;
  const exists = existenceOf(key);
  if (exists.read && !exists.value)
    return { key, is: 'gone', why: `${name} does not exist any more: nobody can read those logs` };
  const metadata = exists.read ? key.metadata : exists;
  if (!metadata.read)
    return { key, is: 'open', why: `whether ${name} is kept is not known: ${metadata.reason}`, unread: metadata };
  const { state, deletionDate } = metadata.value;
  if (deletionDate === null && (state === null || !GOING.has(state)))
    return state === null
      ? { key, is: 'open', why: `the state of ${name} is not known` }
      : { key, is: 'kept', why: '' };
  const when = deletionDate === null ? '' : ` on ${deletionDate.toISOString()}`;
  return { key, is: 'going', why: `${name} is to be deleted${when}: then nobody can read those logs` };
}

const GOING: ReadonlySet<string> = new Set(['PendingDeletion', 'PendingReplicaDeletion']);

function stepsFor({ is, key }: Fate, trail: TrailFacts, present: KeyFacts): readonly RemedyStep[] {
  if (is === 'gone') return [{ do: 'restore-logs' }];
  const command = (name: string): string => kmsCommand(name, trail, key);
  return [
    { do: 'keep-previous-key', command: command('cancel-key-deletion'), enable: command('enable-key') },
    { do: 'move-logs', to: present.arn ?? present.reference },
  ];
}
