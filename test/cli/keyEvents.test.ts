import { redacted } from '../../src/cli/redact/redact.ts';
import { cli } from './support.ts';

const SNAPSHOT = require('../../events/snapshots/compliant.json');

const [TRAIL] = SNAPSHOT.trails;
const [KEY] = SNAPSHOT.keys;
const { TrailARN, S3BucketName } = TRAIL.Trail;
const ACCOUNT = TrailARN.split(':')[4];
const AT = '2026-11-20T11:00:00Z';

/** Whether it allows CloudTrail nobody can say: the documentation tells no kms:ViaService of CloudTrail's requests. */
const OPEN = {
  Version: '2012-10-17',
  Statement: {
    Effect: 'Allow',
    Principal: { Service: 'cloudtrail.amazonaws.com' },
    Action: 'kms:*',
    Resource: '*',
    Condition: { StringEquals: { 'kms:ViaService': 's3.us-east-1.amazonaws.com' } },
  },
};

const event = (folder: string, members: object = {}) => ({
  EventId: `id-${folder}`,
  EventName: 'GenerateDataKey',
  EventTime: AT,
  Username: 'Alice',
  CloudTrailEvent: JSON.stringify({
    eventSource: 'kms.amazonaws.com',
    sourceIPAddress: '192.0.2.1',
    userIdentity: { invokedBy: 'cloudtrail.amazonaws.com', userName: 'Alice' },
    requestParameters: {
      encryptionContext: {
        'aws:cloudtrail:arn': TrailARN,
        'aws:s3:arn': `arn:aws:s3:::${S3BucketName}/AWSLogs/${ACCOUNT}/${folder}/us-east-1/2026/11/20/x.json.gz`,
      },
    },
    resources: [{ ARN: KEY.KeyMetadata.Arn, accountId: ACCOUNT }],
    ...members,
  }),
});

const ALL = [event('CloudTrail'), event('CloudTrail-Digest')];

const snapshot = (KeyEvents?: unknown, Policy: unknown = OPEN) => ({
  ...SNAPSHOT,
  collectedAt: '2026-11-20T12:00:00Z',
  trails: [{ ...TRAIL, Status: { IsLogging: true } }],
  keys: [{ ...KEY, Policy, ...(KeyEvents !== undefined && { KeyEvents }) }],
});

async function finding(document: object) {
  const stdin = JSON.stringify(document);
  const { stdout } = await cli(['evaluate', '--snapshot', '-', '--format', 'json'], { stdin });
  const findings: readonly { check: string; status: string; message: string }[] = JSON.parse(stdout).trails[0].findings;
  return findings.find(({ check }) => check === 'cloudtrail-can-encrypt')!;
}

test.each<[string, unknown, string, RegExp]>([
  ['nobody asked', undefined, 'unknown', /^whether CloudTrail may kms:GenerateDataKey is open: .{0,400}$/],
  ['none', [], 'unknown', /is open/],
  ['every kind of file', ALL, 'pass', /^shown by events: .*event `id-CloudTrail`.*event `id-CloudTrail-Digest`/],
  ['what cannot be read costs itself alone', [{ CloudTrailEvent: '{' }, {}, ...ALL], 'pass', /^shown by events/],
  ['a refusal', [ALL[0], event('CloudTrail-Digest', { errorCode: 'AccessDenied' })], 'unknown', /was refused a digest/],
  [
    'an error in their place',
    { Error: { Code: 'AccessDenied', Message: 'no' } },
    'unknown',
    /LookupEvents failed with/,
  ],
])('a snapshot with events of its key: %s', async (_, events, status, says) => {
  const found = await finding(snapshot(events));
  expect(found.status).toBe(status);
  expect(found.message).toMatch(says);
});

const NEVER_USED = { KeyLastUsage: {}, TrackingStartDate: 1_793_880_000, KeyCreationDate: 1_793_880_000 };

/** A snapshot with what GetKeyLastUsage returns beside the events. */
function withLastUsage(LastUsage: unknown, events?: unknown, Policy?: unknown) {
  const document = snapshot(events, Policy);
  return { ...document, keys: [{ ...document.keys[0], LastUsage }] };
}

test('a key that was never used leaves it open, and the finding says so', async () => {
  const { status, message } = await finding(withLastUsage(NEVER_USED));
  expect(status).toBe('unknown');
  expect(message).toMatch(/; KMS records that the key was never used with success since it was created at 2026-11-0/);
  const used = { ...NEVER_USED, KeyLastUsage: { Operation: 'Decrypt', CloudTrailEventId: 'e', Timestamp: AT } };
  expect(await finding(withLastUsage(used))).toEqual(await finding(snapshot()));
});

test('a definite answer is the same with any events', async () => {
  const refusals = ['CloudTrail', 'CloudTrail-Digest'].map((folder) => event(folder, { errorCode: 'AccessDenied' }));
  const closed = { Version: '2012-10-17', Statement: [] };
  for (const [events, policy] of [
    [refusals, KEY.Policy],
    [ALL, closed],
  ] as const) {
    const plain = await finding(snapshot(undefined, policy));
    expect(plain.status).not.toBe('unknown');
    expect(await finding(snapshot(events, policy))).toEqual(plain);
    expect(await finding(withLastUsage(NEVER_USED, events, policy))).toEqual(plain);
  }
});

test('a redacted snapshot comes to the same, and names nobody', async () => {
  const document = redacted(snapshot(ALL)) as object;
  expect(await finding(document)).toMatchObject({ status: 'pass' });
  expect(JSON.stringify(document)).not.toMatch(/Alice|192\.0\.2\.1|111122223333/);
});

test('events that are no list are named', async () => {
  const { stderr, code } = await cli(['evaluate', '--snapshot', '-'], { stdin: JSON.stringify(snapshot('x')) });
  expect({ code, stderr }).toEqual({ code: 2, stderr: expect.stringContaining('`keys[0].KeyEvents` must be a list') });
});
