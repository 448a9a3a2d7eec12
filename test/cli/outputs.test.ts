import { cli } from './support.ts';

const SNAPSHOT = require('../../events/snapshots/compliant.json');

const TOPIC = 'arn:aws:sns:us-east-1:111122223333:trail';
const [TRAIL] = SNAPSHOT.trails;
const [KEY] = SNAPSHOT.keys;
const OLD = 'arn:aws:kms:us-east-1:111122223333:key/00000000-0000-0000-0000-000000000001';
const ERROR = { Error: { Code: 'AccessDenied', Message: 'not permitted' } };
const IDS = ['bucket-admits-delivery', 'log-group-encrypted', 'topic-admits-cloudtrail', 'previous-keys-kept'];

interface Given {
  readonly trail?: object;
  /** What else the key of the trail has. */
  readonly key?: object;
  readonly keys?: readonly object[];
  readonly policy?: unknown;
}

async function found({
  trail,
  key,
  keys = [],
  policy,
}: Given): Promise<readonly { check: string; status: string; message: string }[]> {
  const bucket = {
    Name: TRAIL.Trail.S3BucketName,
    Region: 'us-east-1',
    ...(policy !== undefined && { Policy: policy }),
  };
  const stdin = JSON.stringify({
    ...SNAPSHOT,
    trails: [{ ...TRAIL, ...trail }],
    keys: [{ ...KEY, ...key }, ...keys],
    buckets: [bucket],
  });
  const { stdout } = await cli(['evaluate', '--snapshot', '-', '--format', 'json'], { stdin });
  return JSON.parse(stdout).trails[0].findings;
}

async function statuses(given: Given): Promise<string> {
  const findings = await found(given);
  return IDS.map((id) => findings.find(({ check }) => check === id)?.status).join(' ');
}

const FOLDER = `arn:aws:s3:::${TRAIL.Trail.S3BucketName}/AWSLogs/111122223333/`;
const FILE = `${FOLDER}CloudTrail/us-east-1/2026/11/19/f.json.gz`;

/** What KMS records of a key's use for the trail. */
const used = (
  EventName = 'GenerateDataKey',
  { key = OLD, of = TRAIL.Trail.TrailARN, path = FILE, ...members }: object & Use = {},
) => ({
  EventId: 'e-1',
  EventName,
  EventTime: '2026-11-19T09:00:00Z',
  CloudTrailEvent: JSON.stringify({
    eventSource: 'kms.amazonaws.com',
    userIdentity: { invokedBy: 'cloudtrail.amazonaws.com' },
    requestParameters: { encryptionContext: { 'aws:cloudtrail:arn': of, 'aws:s3:arn': path } },
    resources: [{ ARN: key }],
    ...members,
  }),
});
interface Use {
  readonly key?: string;
  readonly of?: string;
  readonly path?: string;
}
const going = (...KeyEvents: readonly object[]) => [
  { KeyMetadata: { Arn: OLD, KeyState: 'PendingDeletion' }, KeyEvents },
];

const NONE = 'not-applicable';
const allowing = (Resource: string) => ({
  Version: '2012-10-17',
  Statement: { Effect: 'Allow', Principal: { Service: 'cloudtrail.amazonaws.com' }, Action: 's3:*', Resource },
});

test.each<[string, Given, string]>([
  ['nothing of it is there', {}, `${NONE} ${NONE} ${NONE} ${NONE}`],
  ['a bucket policy as a document', { policy: allowing('*') }, `pass ${NONE} ${NONE} ${NONE}`],
  ['a bucket policy as text', { policy: JSON.stringify(allowing('*')) }, `pass ${NONE} ${NONE} ${NONE}`],
  ['a bucket policy for another bucket', { policy: allowing('arn:aws:s3:::x/*') }, `fail ${NONE} ${NONE} ${NONE}`],
  ['a bucket without a policy', { policy: { Error: { Code: 'NoSuchBucketPolicy' } } }, `fail ${NONE} ${NONE} ${NONE}`],
  ['a bucket policy that was refused', { policy: ERROR }, `unknown ${NONE} ${NONE} ${NONE}`],
  ['a log group without a key', { trail: { LogGroup: { Arn: 'a' } } }, `${NONE} fail ${NONE} ${NONE}`],
  ['a log group with a key', { trail: { LogGroup: { Arn: 'a', KmsKeyId: 'k' } } }, `${NONE} pass ${NONE} ${NONE}`],
  ['a log group that was refused', { trail: { LogGroup: ERROR } }, `${NONE} unknown ${NONE} ${NONE}`],
  [
    "a topic with the trail's key",
    { trail: { Topic: { Arn: TOPIC, KmsMasterKeyId: KEY.KeyMetadata.Arn } } },
    `${NONE} ${NONE} fail ${NONE}`,
  ],
  [
    'a topic whose key is named by its id',
    { trail: { Topic: { Arn: TOPIC, KmsMasterKeyId: KEY.KeyMetadata.KeyId } } },
    `${NONE} ${NONE} fail ${NONE}`,
  ],
  ['a topic without a key', { trail: { Topic: { Arn: TOPIC } } }, `${NONE} ${NONE} ${NONE} ${NONE}`],
  ['a topic that was refused', { trail: { Topic: ERROR } }, `${NONE} ${NONE} unknown ${NONE}`],
  ['an earlier key that nobody read', { trail: { PreviousKeys: [OLD] } }, `${NONE} ${NONE} ${NONE} unknown`],
  [
    'an earlier key that is to be deleted',
    { trail: { PreviousKeys: [OLD] }, keys: [{ KeyMetadata: { Arn: OLD, KeyState: 'PendingDeletion' } }] },
    `${NONE} ${NONE} ${NONE} fail`,
  ],
  [
    'an earlier key that is gone',
    { trail: { PreviousKeys: [OLD] }, keys: [{ KeyArn: OLD, Error: { Code: 'NotFoundException' } }] },
    `${NONE} ${NONE} ${NONE} fail`,
  ],
  [
    'an earlier key that is kept',
    { trail: { PreviousKeys: [OLD] }, keys: [{ KeyMetadata: { Arn: OLD, KeyState: 'Disabled' } }] },
    `${NONE} ${NONE} ${NONE} pass`,
  ],
  ['a key that CloudTrail used for the trail', { keys: going(used()) }, `${NONE} ${NONE} ${NONE} fail`],
  [
    'a key that decrypted a file of the trail for a reader',
    { keys: going(used('Decrypt', { userIdentity: {} } as object)) },
    `${NONE} ${NONE} ${NONE} fail`,
  ],
  [
    'a key that CloudTrail tried for the trail, which encrypted no file',
    { keys: going(used('GenerateDataKey', { path: FOLDER })) },
    `${NONE} ${NONE} ${NONE} ${NONE}`,
  ],
  [
    'a key that somebody else used in the name of the trail',
    { keys: going(used('GenerateDataKey', { userIdentity: {} } as object)) },
    `${NONE} ${NONE} ${NONE} ${NONE}`,
  ],
  [
    'a key that refused CloudTrail',
    { keys: going(used('GenerateDataKey', { errorCode: 'AccessDenied' } as object)) },
    `${NONE} ${NONE} ${NONE} ${NONE}`,
  ],
  [
    'a key that CloudTrail used for another trail',
    { keys: going(used('GenerateDataKey', { of: `${TRAIL.Trail.TrailARN}-2` })) },
    `${NONE} ${NONE} ${NONE} ${NONE}`,
  ],
  [
    'the present key, which CloudTrail uses',
    { key: { KeyEvents: [used('GenerateDataKey', { key: KEY.KeyMetadata.Arn })] } },
    `${NONE} ${NONE} ${NONE} ${NONE}`,
  ],
  [
    'a key that is told twice, where the history was refused',
    { trail: { PreviousKeys: ERROR }, keys: going(used()) },
    `${NONE} ${NONE} ${NONE} fail`,
  ],
  ['earlier keys that were refused', { trail: { PreviousKeys: ERROR } }, `${NONE} ${NONE} ${NONE} unknown`],
])('%s', async (_, given, expected) => {
  expect(await statuses(given)).toBe(expected);
});

test('the finding says what told of the key, and no other finding changes with it', async () => {
  const told = await found({ trail: { PreviousKeys: ERROR }, keys: going(used()) });
  const of = (findings: typeof told, isIt: boolean) => findings.filter(({ check }) => (check === IDS[3]) === isIt);
  expect(of(told, true)[0]?.message).toContain(
    "(read: the keys' own events; not AWS Config's history of the trail: config:GetResourceConfigHistory failed with `AccessDenied`",
  );
  expect(of(told, false)).toEqual(of(await found({}), false));
});

test.each([
  ['of another kind', [{ Source: 'x' }], 'trails[0].PreviousKeySources[0].Source'],
  ['without one', [{}], 'trails[0].PreviousKeySources[0].Source'],
])('a source %s is named', async (_, PreviousKeySources, place) => {
  const stdin = JSON.stringify({ ...SNAPSHOT, trails: [{ ...TRAIL, PreviousKeySources }] });
  const { code, stderr } = await cli(['evaluate', '--snapshot', '-'], { stdin });
  expect({ code, stderr }).toEqual({ code: 2, stderr: expect.stringContaining(place) });
});

test('a bucket policy that gives a member twice is not valid, and the snapshot is', async () => {
  const policy = JSON.stringify(allowing('*')).replace('{', '{"Version":"2012-10-17",');
  const { keys, trails, ...rest } = SNAPSHOT;
  const stdin = JSON.stringify({
    ...rest,
    trails,
    keys,
    buckets: [{ Name: TRAIL.Trail.S3BucketName, Policy: 1 }],
  }).replace('"Policy":1', `"Policy":${policy}`);
  const { stdout } = await cli(['evaluate', '--snapshot', '-', '--format', 'json'], { stdin });
  const found = JSON.parse(stdout).trails[0].findings.find(({ check }: { check: string }) => check === IDS[0]);
  expect(found).toMatchObject({ status: 'unknown', message: expect.stringContaining('given twice') });
});
