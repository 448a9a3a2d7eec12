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
  readonly keys?: readonly object[];
  readonly policy?: unknown;
}

async function statuses({ trail, keys = [], policy }: Given): Promise<string> {
  const bucket = {
    Name: TRAIL.Trail.S3BucketName,
    Region: 'us-east-1',
    ...(policy !== undefined && { Policy: policy }),
  };
  const stdin = JSON.stringify({
    ...SNAPSHOT,
    trails: [{ ...TRAIL, ...trail }],
    keys: [KEY, ...keys],
    buckets: [bucket],
  });
  const { stdout } = await cli(['evaluate', '--snapshot', '-', '--format', 'json'], { stdin });
  const findings: readonly { check: string; status: string }[] = JSON.parse(stdout).trails[0].findings;
  return IDS.map((id) => findings.find(({ check }) => check === id)?.status).join(' ');
}

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
  ['earlier keys that were refused', { trail: { PreviousKeys: ERROR } }, `${NONE} ${NONE} ${NONE} unknown`],
])('%s', async (_, given, expected) => {
  expect(await statuses(given)).toBe(expected);
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
