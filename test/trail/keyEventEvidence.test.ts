import fc from 'fast-check';
import { keyEvents } from '../../src/facts/keyEvents.ts';
import type { EventMember } from '../../src/facts/members.ts';
import { type CheckResult, fail, notApplicable, pass, undecided } from '../../src/trail/checkResult.ts';
import { type KeyFacts, read, unread } from '../../src/trail/facts.ts';
import { keyEventEvidence, settledByEvents, withKeyEvents, withKeyRefusals } from '../../src/trail/keyEventEvidence.ts';
import { checkOptions, keyFacts, type TrailCase, trailFacts } from './cases.ts';

const TRAIL = 'arn:aws:cloudtrail:us-east-1:111111111111:trail/main';
const KEY = 'arn:aws:kms:us-east-1:111111111111:key/1234abcd-12ab-34cd-56ef-1234567890ab';
const LOGS = 'arn:aws:s3:::logs/AWSLogs/111111111111';
const FILE = `${LOGS}/CloudTrail/us-east-1/2026/11/20/x.json.gz`;

interface Given {
  readonly at?: string;
  readonly name?: string;
  readonly source?: string;
  readonly invokedBy?: string;
  readonly trail?: string;
  readonly path?: string;
  readonly key?: string;
  readonly code?: string;
}

/** As LookupEvents returns it. */
const event = ({ at = '2026-11-20T11:00:00Z', name = 'GenerateDataKey', code, ...given }: Given = {}): EventMember => ({
  EventId: `id-${at}`,
  EventName: name,
  EventTime: new Date(at),
  CloudTrailEvent: JSON.stringify({
    eventSource: given.source ?? 'kms.amazonaws.com',
    userIdentity: { type: 'AWSService', invokedBy: given.invokedBy ?? 'cloudtrail.amazonaws.com' },
    requestParameters: {
      keySpec: 'AES_256',
      encryptionContext: { 'aws:cloudtrail:arn': given.trail ?? TRAIL, 'aws:s3:arn': given.path ?? FILE },
    },
    resources: [{ ARN: given.key ?? KEY, type: 'AWS::KMS::Key' }],
    ...(code !== undefined && { errorCode: code, errorMessage: 'User: ... is not authorized' }),
  }),
});

const shown = (events: readonly EventMember[], given: Partial<TrailCase> = {}): readonly string[] => {
  const row: TrailCase = { name: '', expect: {}, ...given };
  const evidence = keyEventEvidence(keyEvents(events), trailFacts(row), keyFacts(row)!, checkOptions(row));
  return evidence.map(({ kind, outcome }) => `${kind ?? 'some file'} ${outcome}`);
};

const DENIED = 'AccessDenied';

test.each<[string, readonly EventMember[], Partial<TrailCase>, readonly string[]]>([
  ['a log file', [event()], {}, ['log file allowed']],
  [
    'a digest file',
    [event({ path: `${LOGS}/CloudTrail-Digest/us-east-1/2026/11/20/x.json.gz` })],
    {},
    ['digest file allowed'],
  ],
  ['an Insights file', [event({ path: `${LOGS}/CloudTrail-Insight/us-east-1/x` })], {}, ['Insights file allowed']],
  [
    'a file in a folder that nobody knows',
    [event({ path: `${LOGS}/CloudTrail-New/x` })],
    {},
    ['file of an unknown kind allowed'],
  ],
  ['the probe', [event({ path: `${LOGS}/` })], {}, ['probe allowed']],
  ['the bucket, with an S3 Bucket Key', [event({ path: 'arn:aws:s3:::logs' })], {}, ['some file allowed']],
  [
    'an organization',
    [event({ path: FILE.replace('1111', 'o-abcdefghij/1111') })],
    { trail: { isOrganization: true } },
    ['log file allowed'],
  ],
  [
    'a prefix',
    [event({ path: FILE.replace('AWSLogs', 'audit/AWSLogs') })],
    { trail: { keyPrefix: 'audit' } },
    ['log file allowed'],
  ],
  ['a denial', [event({ code: DENIED })], {}, ['log file denied']],
  ['another error', [event({ code: 'DisabledException' })], {}, ['log file failed']],
  ['the latest counts', [event({ code: DENIED }), event({ at: '2026-11-20T11:30:00Z' })], {}, ['log file allowed']],
  ['whatever their order', [event({ at: '2026-11-20T11:30:00Z', code: DENIED }), event()], {}, ['log file denied']],
  ['earlier than the last change of the trail', [event()], { changes: { trail: '2026-11-20T11:30:00Z' } }, []],
  ['earlier than the last change of the key', [event()], { changes: { key: '2026-11-20T11:00:00Z' } }, []],
  ['earlier than the key', [event()], { key: { metadata: { creationDate: '2026-11-20T11:30:00Z' } } }, []],
  [
    'later than every change',
    [event()],
    { changes: { trail: '2026-11-20T10:00:00Z', key: '2026-11-20T10:59:00Z' } },
    ['log file allowed'],
  ],
  ['earlier than a new key policy', [event(), event({ name: 'PutKeyPolicy', at: '2026-11-20T11:30:00Z' })], {}, []],
  ['earlier than a grant was taken', [event({ name: 'RevokeGrant', at: '2026-11-20T11:30:00Z' }), event()], {}, []],
  [
    'later than a new key policy',
    [event({ name: 'PutKeyPolicy', at: '2026-11-20T10:59:00Z' }), event()],
    {},
    ['log file allowed'],
  ],
  [
    'a key policy that was refused',
    [event(), event({ name: 'PutKeyPolicy', at: '2026-11-20T11:30:00Z', code: 'MalformedPolicyDocumentException' })],
    {},
    ['log file allowed'],
  ],
  [
    'the policy of another key',
    [event(), event({ name: 'PutKeyPolicy', at: '2026-11-20T11:30:00Z', key: `${KEY}0` })],
    {},
    ['log file allowed'],
  ],
  ['longer ago than a delivery may be', [event({ at: '2026-11-20T05:59:00Z' })], {}, []],
  ['as long ago as a delivery may be', [event({ at: '2026-11-20T06:00:00Z' })], {}, ['log file allowed']],
  ['nothing recent counts', [event()], { options: { deliveryEvidenceHours: 0 } }, []],
  ['another trail', [event({ trail: `${TRAIL}-2` })], {}, []],
  ['another key', [event({ key: `${KEY}0` })], {}, []],
  ['the key is not resolved', [event()], { key: { arn: null, reference: 'alias/trail' } }, []],
  ['another service', [event({ invokedBy: 's3.amazonaws.com' })], {}, []],
  ['another operation', [event({ name: 'Decrypt' })], {}, []],
  ['another event source', [event({ source: 's3.amazonaws.com' })], {}, []],
  ['another bucket', [event({ path: FILE.replace('logs', 'other') })], {}, []],
  ['another folder', [event({ path: 'arn:aws:s3:::logs/x/AWSLogs/111111111111/CloudTrail/x' })], {}, []],
  ['no account', [event({ path: 'arn:aws:s3:::logs/AWSLogs/x/CloudTrail/x' })], {}, []],
  [
    'what nobody can read costs itself alone',
    [{ CloudTrailEvent: '{' }, { CloudTrailEvent: 'null' }, {}, event()],
    {},
    ['log file allowed'],
  ],
  ['none', [], {}, []],
])('%s', (_, events, given, expected) => {
  expect(shown(events, given)).toEqual(expected);
});

const settled = (result: CheckResult, events: readonly EventMember[]): CheckResult => {
  const row: TrailCase = { name: '', expect: {} };
  const evidence = keyEventEvidence(keyEvents(events), trailFacts(row), keyFacts(row)!, checkOptions(row));
  return settledByEvents(result, ['log file', 'digest file'], evidence);
};

const OPEN = undecided('it depends on kms:ViaService', []);
const DIGEST = event({ path: `${LOGS}/CloudTrail-Digest/us-east-1/x` });

test('events of every kind in doubt are the proof, with ids and times', () => {
  const { status, message } = settled(OPEN, [event(), DIGEST]);
  expect(status).toBe('pass');
  expect(message).toContain(
    'CloudTrail encrypted a digest file at 2026-11-20T11:00:00.000Z (event `id-2026-11-20T11:00:00Z`)',
  );
  expect(message).toContain('it depends on kms:ViaService');
});

test.each<[string, readonly EventMember[]]>([
  ['no event', []],
  ['one kind of two', [event()]],
  ['a file of some kind', [event(), event({ path: 'arn:aws:s3:::logs' })]],
  ['an error that is no refusal', [event(), event({ path: `${LOGS}/CloudTrail-Digest/x`, code: 'DisabledException' })]],
])('%s settles nothing', (_, events) => {
  expect(settled(OPEN, events)).toEqual(OPEN);
});

test('a refusal is shown, with its error, and leaves the answer unknown', () => {
  const { status, message } = settled(OPEN, [event({ code: DENIED }), DIGEST]);
  expect(status).toBe('unknown');
  expect(message).toContain('CloudTrail was refused a log file at 2026-11-20T11:00:00.000Z with `AccessDenied`');
});

test('no event turns a definite answer', () => {
  const given = fc.record({
    at: fc.constantFrom('2026-11-20T10:00:00Z', '2026-11-20T11:00:00Z'),
    path: fc.constantFrom(FILE, `${LOGS}/CloudTrail-Digest/x`, `${LOGS}/`, 'arn:aws:s3:::logs'),
    code: fc.constantFrom(DENIED, 'DisabledException', undefined),
  });
  const definite = fc.constantFrom(pass('yes'), fail('no', [[{ do: 'let-rule-read' }]]), notApplicable('none'));
  fc.assert(
    fc.property(definite, fc.array(given, { maxLength: 6 }), (result, events) => {
      const members = events.map(({ code, ...rest }) => event({ ...rest, ...(code !== undefined && { code }) }));
      expect(settled(result, members)).toBe(result);
    }),
  );
});

describe('an open answer, with what was read of the key', () => {
  const row: TrailCase = { name: '', expect: {} };
  const subject = (of: Pick<KeyFacts, 'events' | 'lastUsage'>) => ({
    ...{ trail: trailFacts(row), options: checkOptions(row) },
    key: { ...keyFacts(row)!, ...of },
  });
  const neverUsed = read({ unusedSince: new Date('2026-11-01T00:00:00Z') });
  const refusal = read(keyEvents([event({ code: DENIED })]));
  const LOG_FILE = [{ purpose: 'log file' }] as const;

  test.each<[string, Pick<KeyFacts, 'events' | 'lastUsage'>, string]>([
    ['nobody asked', {}, 'open'],
    [
      'its events could not be read',
      { events: unread('denied', 'x lacks y') },
      "open; the key's events were not read: x lacks y",
    ],
    [
      'KMS says that it was never used',
      { events: refusal, lastUsage: neverUsed as NonNullable<KeyFacts['lastUsage']> },
      'open; KMS records that the key was never used with success since it was created at 2026-11-01T00:00:00.000Z, which settles nothing',
    ],
    [
      'an event shows a refusal',
      { events: refusal },
      'open; CloudTrail was refused a log file at 2026-11-20T11:00:00.000Z with `AccessDenied` (event `id-2026-11-20T11:00:00Z`)',
    ],
  ])('%s', (_, of, message) => {
    const open = undecided('open', []);
    expect(withKeyEvents(open, subject(of), LOG_FILE)).toEqual({ ...open, message });
    expect(withKeyRefusals(open, subject(of), LOG_FILE)).toEqual({ ...open, message });
  });

  test('an event that shows it allowed settles it, but where refusals alone count', () => {
    const of = { events: read(keyEvents([event()])) };
    expect(withKeyEvents(undecided('open', []), subject(of), LOG_FILE).status).toBe('pass');
    expect(withKeyRefusals(undecided('open', []), subject(of), LOG_FILE).status).toBe('unknown');
    expect(withKeyEvents(fail('no', []), subject({ events: refusal }), LOG_FILE)).toEqual(fail('no', []));
  });
});
