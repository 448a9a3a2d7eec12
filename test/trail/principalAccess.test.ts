import { parseKeyPolicy } from '../../src/policy/parse.ts';
import type { TrailDescription } from '../../src/trail/facts.ts';
import { read } from '../../src/trail/facts.ts';
import { keyPolicySubject } from '../../src/trail/keyPolicySubject.ts';
import { isPrincipalArn, principalAccess } from '../../src/trail/principalAccess.ts';
import { checkOptions, keyFacts, trailFacts } from './cases.ts';

const OWN = 'arn:aws:iam::111111111111';
const FOREIGN = 'arn:aws:iam::222222222222:role/siem';
const root = { Effect: 'Allow', Principal: { AWS: `${OWN}:root` }, Action: 'kms:*', Resource: '*' };
const allow = (AWS: string, Condition: object = {}) => ({
  Effect: 'Allow',
  Principal: { AWS },
  Action: 'kms:Decrypt',
  Resource: '*',
  Condition,
});

const access = (
  statements: readonly object[],
  arn: string,
  action = 'kms:Decrypt',
  { keyArn, trail = {} }: { readonly keyArn?: string; readonly trail?: Partial<TrailDescription> } = {},
) => {
  const facts = trailFacts({ name: '', trail, expect: {} });
  const key = keyFacts({ name: '', expect: {} })!;
  const policy = read(parseKeyPolicy({ Version: '2012-10-17', Statement: statements }));
  const subject = keyPolicySubject(
    facts,
    { ...key, policy, ...(keyArn !== undefined && { arn: keyArn }) },
    checkOptions({ name: '', expect: {} }),
  );
  if (!subject.read) throw new Error(subject.reason);
  return principalAccess(subject.value, arn, action);
};

const VIA = (value: string) => ({ StringEquals: { 'kms:ViaService': value } });
const BEIJING = 'arn:aws-cn:kms:cn-north-1:111111111111:key/1234abcd-12ab-34cd-56ef-1234567890ab';
const NOT = (AWS: readonly string[], Action = 'kms:Decrypt') => ({
  Effect: 'Deny',
  NotPrincipal: { AWS },
  Action,
  Resource: '*',
});

test.each<[string, ReturnType<typeof access>, string, string | null, boolean]>([
  ['a role that a statement names', access([allow(`${OWN}:role/r`)], `${OWN}:role/r`), 'allowed', null, true],
  ['a user that a statement names', access([allow(`${OWN}:user/u`)], `${OWN}:user/u`), 'allowed', null, false],
  ['a role that only IAM decides', access([root], `${OWN}:role/r`), 'delegated', '111111111111', false],
  ['a role of another account', access([allow(FOREIGN)], FOREIGN), 'allowed', '222222222222', true],
  ['nobody', access([root], FOREIGN), 'denied', null, false],
  [
    'a session of a named role',
    access([allow(`${OWN}:role/r`)], 'arn:aws:sts::111111111111:assumed-role/r/s'),
    'allowed',
    null,
    false,
  ],
  [
    'a session, by its role',
    access(
      [allow('*', { ArnEquals: { 'aws:PrincipalArn': `${OWN}:role/r` } })],
      'arn:aws:sts::111111111111:assumed-role/x/s',
    ),
    'denied',
    null,
    false,
  ],
  [
    'through S3, in the Region of the key',
    access([allow(FOREIGN, VIA('s3.us-east-1.amazonaws.com'))], FOREIGN),
    'allowed',
    '222222222222',
    true,
  ],
  [
    'through S3 of another Region',
    access([allow(FOREIGN, VIA('s3.eu-west-1.amazonaws.com'))], FOREIGN),
    'denied',
    null,
    false,
  ],
  [
    'through S3 in a partition whose names no source shows',
    access([allow(FOREIGN, VIA('s3.cn-north-1.amazonaws.com.cn'))], FOREIGN, 'kms:Decrypt', { keyArn: BEIJING }),
    'unknown',
    '222222222222',
    false,
  ],
  [
    'spared by NotPrincipal, which a boundary would undo',
    access([root, NOT([`${OWN}:role/r`, `${OWN}:root`])], `${OWN}:role/r`),
    'delegated',
    '111111111111',
    true,
  ],
  ['a root has no boundary', access([root, NOT([`${OWN}:root`])], `${OWN}:root`), 'allowed', null, false],
  [
    'NotPrincipal of another action',
    access([root, NOT([`${OWN}:role/r`, `${OWN}:root`], 'kms:PutKeyPolicy')], `${OWN}:role/r`),
    'delegated',
    '111111111111',
    false,
  ],
  [
    'NotPrincipal that names others, and does not apply',
    access(
      [root, { ...NOT([`${OWN}:role/x`]), Condition: { StringEquals: { 'kms:CallerAccount': '333333333333' } } }],
      `${OWN}:role/r`,
    ),
    'delegated',
    '111111111111',
    false,
  ],
  [
    'allowed in some worlds, and IAM decides in the others',
    access([root, allow(`${OWN}:role/r`, { IpAddress: { 'aws:SourceIp': '192.0.2.0/24' } })], `${OWN}:role/r`),
    'delegated',
    '111111111111',
    false,
  ],
])('%s', (_, { files, iamAccount, dependsOnBoundary }, outcome, account, boundary) => {
  expect(files.map((file) => file.outcome)).toEqual([outcome, outcome]);
  expect({ iamAccount, dependsOnBoundary }).toEqual({ iamAccount: account, dependsOnBoundary: boundary });
});

test.each([
  ['an action without a file', 'kms:DescribeKey', {}, [null]],
  ['in capitals', 'KMS:Decrypt', {}, ['log file', 'digest file']],
  ['another action with an encryption context', 'kms:ReEncryptFrom', {}, ['log file', 'digest file']],
  ['without validation there are no digests', 'kms:Decrypt', { logFileValidation: false }, ['log file']],
])('what is asked about: %s', (_, action, trail, files) => {
  expect(access([root], `${OWN}:role/r`, action, { trail }).files.map(({ file }) => file)).toEqual(files);
});

test.each([
  [`${OWN}:role/path/r`, true],
  [`${OWN}:root`, true],
  ['arn:aws-us-gov:sts::111111111111:assumed-role/r/s', true],
  ['arn:aws:sts::111111111111:federated-user/f', true],
  ['111111111111', false],
  ['arn:aws:sts::111111111111:assumed-role/r', false],
  [`${OWN}:group/g`, false],
  ['*', false],
])('%s', (text, is) => {
  expect(isPrincipalArn(text)).toBe(is);
});
