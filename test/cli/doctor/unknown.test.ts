// Slow: `npm run quick` leaves it out.
import { GetKeyPolicyCommand } from '@aws-sdk/client-kms';
import { GetBucketEncryptionCommand } from '@aws-sdk/client-s3';
import type { Permission } from '../../../src/aws/permissions/permission.ts';
import { PERMISSIONS } from '../../../src/aws/permissions/table.ts';
import { FURTHER_READS } from '../../../src/cli/live/request.ts';
import { ACCOUNT, OF_RAM, UNSHARED } from '../../aws/support/answers.ts';
import { cli } from '../support.ts';
import { answerAll, deny, kms, s3, TRAIL } from './account.ts';

/** CloudTrail's two lookups a second are no matter of these tests. */
jest.mock('../../../src/aws/read/lookUp.ts', () => {
  const actual = jest.requireActual('../../../src/aws/read/lookUp.ts');
  return { ...actual, eventLookup: () => actual.eventLookup(0) };
});

const CLOUDTRAIL = { Service: 'cloudtrail.amazonaws.com' };
const OF_TRAIL = { 'aws:SourceArn': TRAIL };
/** The folders of log and digest files, and no other one. */
const PATHS = ['CloudTrail', 'CloudTrail-Digest'].map((folder) => `arn:aws:s3:::logs/AWSLogs/${ACCOUNT}/${folder}/*`);

/** A key policy with which every check passes, and which looks at the path of a file or does not. */
const keyPolicy = (looksAtPaths: boolean): string =>
  JSON.stringify({
    Version: '2012-10-17',
    Statement: [
      { Effect: 'Allow', Principal: { AWS: `arn:aws:iam::${ACCOUNT}:root` }, Action: 'kms:*', Resource: '*' },
      {
        Effect: 'Allow',
        Principal: CLOUDTRAIL,
        Action: ['kms:DescribeKey', 'kms:Decrypt'],
        Resource: '*',
        Condition: { StringEquals: OF_TRAIL },
      },
      {
        Effect: 'Allow',
        Principal: CLOUDTRAIL,
        Action: 'kms:GenerateDataKey*',
        Resource: '*',
        Condition: {
          StringEquals: OF_TRAIL,
          ...(looksAtPaths && { StringLike: { 'kms:EncryptionContext:aws:s3:arn': PATHS } }),
        },
      },
    ],
  });

const WITHOUT_BUCKET_KEY = {
  ServerSideEncryptionConfiguration: {
    Rules: [{ ApplyServerSideEncryptionByDefault: { SSEAlgorithm: 'AES256' as const } }],
  },
};

const SCAN = ['scan', '--regions', 'us-east-1', '--format', 'json', '--quiet'];

/** Which checks of the trail are unknown. */
async function unknown({ when }: Pick<Permission, 'when'>): Promise<readonly string[]> {
  kms.on(GetKeyPolicyCommand).resolves({ Policy: keyPolicy(when === 'paths') });
  kms.on(GetKeyPolicyCommand, OF_RAM).rejects(UNSHARED);
  // With an S3 Bucket Key the path is that of the bucket, whichever file it is.
  if (when === 'paths') s3.on(GetBucketEncryptionCommand).resolves(WITHOUT_BUCKET_KEY);
  const parameters = JSON.stringify({ requireKeyRotation: 'true', deliveryEvidenceHours: '0' });
  const read = when === 'look-ups' ? 'key-events,history' : FURTHER_READS.find((what) => what === when);
  const further = read === undefined ? [] : ['--read', read];
  const { stdout } = await cli([...SCAN, ...further, '--parameters', parameters]);
  const findings: readonly { readonly check: string; readonly status: string }[] =
    JSON.parse(stdout).trails[0].findings;
  return findings.filter(({ status }) => status === 'unknown').map(({ check }) => check);
}

const OPTIONAL = PERMISSIONS.flatMap(({ need, callers, ...row }) =>
  need !== 'needed' && callers.includes('scan') ? [{ ...row, unknownWithoutIt: need.unknown }] : [],
);

test('there are optional calls', () => expect(OPTIONAL.length).toBeGreaterThan(9));

const known = new Map<Permission['when'], readonly string[]>();

/** The same where nothing is denied, asked once. */
async function unknownBefore(row: Pick<Permission, 'when'>): Promise<readonly string[]> {
  answerAll();
  const checks = known.get(row.when) ?? (await unknown(row));
  known.set(row.when, checks);
  return checks;
}

test.each(OPTIONAL)('what $service $operation leaves unknown', async ({ unknownWithoutIt, ...row }) => {
  const before = await unknownBefore(row);
  answerAll();
  deny(row.operation);
  const after = await unknown(row);
  expect(after.filter((check) => !before.includes(check)).toSorted()).toEqual([...unknownWithoutIt].toSorted());
});

// Deliveries settle much of the rest.
test.each(['DescribeKey', 'GetKeyPolicy'])('nothing is proved without %s', async (operation) => {
  answerAll();
  expect(await unknown({})).toEqual([]);
  deny(operation);
  const { stdout } = await cli([...SCAN, '--parameters', '{"deliveryEvidenceHours":"0"}']);
  expect(JSON.parse(stdout).trails[0].standing).toBe('undecided');
});
