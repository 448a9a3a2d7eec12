// Slow: `npm run quick` leaves it out.
import { DescribeTrailsCommand } from '@aws-sdk/client-cloudtrail';
import { GetKeyPolicyCommand } from '@aws-sdk/client-kms';
import { GetBucketEncryptionCommand } from '@aws-sdk/client-s3';
import { PERMISSIONS } from '../../../src/aws/permissions/table.ts';
import { ACCOUNT, OF_RAM, UNSHARED } from '../../aws/support/answers.ts';
import { cli } from '../support.ts';
import { answerAll, cloudtrail, kms, listed, s3, sent, TRAIL } from './account.ts';

/** A policy that is to be read for the folders of a trail, so that what is delivered there matters. */
const LOOKS_AT_PATHS = JSON.stringify({
  Version: '2012-10-17',
  Statement: [
    {
      Effect: 'Allow',
      Principal: { Service: 'cloudtrail.amazonaws.com' },
      Action: 'kms:GenerateDataKey*',
      Resource: '*',
      Condition: {
        StringEquals: { 'aws:SourceArn': TRAIL },
        StringLike: { 'kms:EncryptionContext:aws:s3:arn': `arn:aws:s3:::logs/AWSLogs/${ACCOUNT}/CloudTrail/*` },
      },
    },
  ],
});

/** Accounts in which `scan` has to ask for more than for the key of a trail. */
const ACCOUNTS: readonly (() => void)[] = [
  () => {},
  () => {
    kms.on(GetKeyPolicyCommand).resolves({ Policy: LOOKS_AT_PATHS });
    kms.on(GetKeyPolicyCommand, OF_RAM).rejects(UNSHARED);
    s3.on(GetBucketEncryptionCommand).resolves({
      ServerSideEncryptionConfiguration: {
        Rules: [{ ApplyServerSideEncryptionByDefault: { SSEAlgorithm: 'AES256' } }],
      },
    });
  },
  () => listed({ KmsKeyId: `arn:aws:kms:us-east-1:${ACCOUNT}:alias/trail` }),
  () => {
    const disabled = Object.assign(new Error('no'), { name: 'UnrecognizedClientException' });
    cloudtrail.on(DescribeTrailsCommand).rejects(disabled);
  },
];

/** The actions behind every request of a scan, wherever it is made; a call without a permission has none. */
async function needs(args: readonly string[]): Promise<readonly string[]> {
  const operations = new Set<string>();
  for (const arrange of ACCOUNTS) {
    answerAll();
    arrange();
    await cli(['scan', ...args, '--quiet', '--allow-empty'], { env: { AWS_REGION: 'us-east-1' } });
    for (const operation of sent()) operations.add(operation);
  }
  const rows = [...operations].map((operation) => PERMISSIONS.find((row) => row.operation === operation));
  return [
    ...new Set(
      rows.flatMap((row) => (row === undefined ? ['a call without a row'] : row.statement ? [row.action] : [])),
    ),
  ].toSorted();
}

async function printed(args: readonly string[]): Promise<readonly string[]> {
  const { stdout } = await cli(['doctor', '--print-policy', ...args]);
  const { Statement } = JSON.parse(stdout) as { readonly Statement: readonly { readonly Action: string | string[] }[] };
  return Statement.flatMap(({ Action }) => Action).toSorted();
}

test.each<[string, string[], string[]]>([
  ['scan', ['--regions', 'us-east-1'], ['scan']],
  ['organization', ['--organization', '--role-name', 'R', '--all-regions'], ['organization', '--role-name', 'R']],
])('--print-policy %s holds what the recorded calls of a scan need, and nothing else', async (_, scan, policy) => {
  expect(await printed(policy)).toEqual(await needs(scan));
});
