import { DecryptCommand, GetKeyPolicyCommand } from '@aws-sdk/client-kms';
import { AssumeRoleCommand } from '@aws-sdk/client-sts';
import { ACCOUNT, denied, KEY_ARN, OF_RAM, OTHER_ACCOUNT, refused, UNSHARED } from '../../aws/support/answers.ts';
import { answerAll, deny, kms, listed, sent, sts, TRAIL } from '../doctor/account.ts';
import { cli } from '../support.ts';

const SIEM = `arn:aws:iam::${OTHER_ACCOUNT}:role/siem`;
const ID = 'required-readers-can-decrypt';

const policy = (Condition: object) =>
  JSON.stringify({
    Version: '2012-10-17',
    Statement: [
      { Sid: 'Readers', Effect: 'Allow', Principal: { AWS: SIEM }, Action: 'kms:Decrypt', Resource: '*', Condition },
    ],
  });

beforeEach(() => {
  answerAll();
  kms.on(GetKeyPolicyCommand).resolves({ Policy: policy({ StringEquals: { 'aws:PrincipalTag/team': 'siem' } }) });
  kms.on(GetKeyPolicyCommand, OF_RAM).rejects(UNSHARED);
});

const scan = (args: readonly string[], requiredReaders = SIEM) =>
  cli(
    [
      'scan',
      '--regions',
      'us-east-1',
      '--quiet',
      '--format',
      'json',
      '--parameters',
      JSON.stringify({ requiredReaders }),
      ...args,
    ],
    {
      env: { AWS_REGION: 'us-east-1' },
    },
  );

async function found(...args: readonly string[]) {
  const { stdout } = await scan(args);
  return JSON.parse(stdout).trails[0].findings.find(({ check }: { check: string }) => check === ID);
}

test('nobody is asked by default', async () => {
  expect(await found()).toMatchObject({ status: 'unknown' });
  expect(sent()).not.toContain('Decrypt');
  expect(sent()).not.toContain('AssumeRole');
});

test.each<[string, () => unknown, string, string]>([
  ['allowed', () => undefined, 'pass', 'kms:Decrypt was allowed'],
  [
    'locked out',
    () => kms.on(DecryptCommand).rejects(denied('kms:Decrypt', 'no resource-based policy allows it')),
    'fail',
    'refused:',
  ],
  [
    "refused by the reader's own IAM policies",
    () => kms.on(DecryptCommand).rejects(denied('kms:Decrypt')),
    'unknown',
    'that policy was not read',
  ],
  [
    'of a disabled key',
    () => kms.on(DecryptCommand).rejects(refused('DisabledException', 'it is off')),
    'unknown',
    'it is off',
  ],
  ['as a role that does not let anybody in', () => deny('AssumeRole'), 'unknown', 'lacks sts:AssumeRole'],
  [
    'where KMS takes it for no dry run',
    () => kms.on(DecryptCommand).resolves({}),
    'unknown',
    'KMS did not take the request',
  ],
])('tried: %s', async (_, given, status, says) => {
  given();
  expect(await found('--decrypt-as', SIEM)).toMatchObject({ status, message: expect.stringContaining(says) });
});

test('each trail with a key is tried once as each role, in its own encryption context, and without a ciphertext', async () => {
  listed({ KmsKeyId: KEY_ARN, S3KeyPrefix: 'p' }, { TrailARN: `${TRAIL}-bare` });
  await found('--decrypt-as', SIEM);
  expect(sts.commandCalls(AssumeRoleCommand).map(({ args }) => args[0].input.RoleArn)).toEqual([SIEM]);
  expect(kms.commandCalls(DecryptCommand).map(({ args }) => args[0].input)).toEqual([
    {
      KeyId: KEY_ARN,
      DryRun: true,
      DryRunModifiers: ['IGNORE_CIPHERTEXT'],
      EncryptionContext: {
        'aws:cloudtrail:arn': TRAIL,
        'aws:s3:arn': `arn:aws:s3:::logs/p/AWSLogs/${ACCOUNT}/CloudTrail/us-east-1/YYYY/MM/DD/FILE.json.gz`,
      },
    },
  ]);
});

test.each([
  ['a user', `arn:aws:iam::${OTHER_ACCOUNT}:user/siem`],
  ['a role that nobody requires', `arn:aws:iam::${OTHER_ACCOUNT}:role/other`],
  ['no ARN', 'siem'],
])('%s is refused before anything is read', async (_, role) => {
  const { code, stdout, stderr } = await scan(
    ['--decrypt-as', role],
    `${SIEM},arn:aws:iam::${OTHER_ACCOUNT}:user/siem`,
  );
  expect({ code, stdout, sent: sent() }).toEqual({ code: 2, stdout: '', sent: [] });
  expect(stderr).toContain(
    `\`--decrypt-as\` holds \`${role}\`, accepted are ARNs of roles that \`requiredReaders\` names`,
  );
});
