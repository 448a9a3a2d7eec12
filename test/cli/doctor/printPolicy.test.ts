// Slow: `npm run quick` leaves it out.
import { cli } from '../support.ts';
import { answerAll, sent } from './account.ts';

const printed = async (...args: readonly string[]) => {
  answerAll();
  const { code, stdout, stderr } = await cli(['doctor', '--print-policy', ...args]);
  expect({ code, stderr, sent: sent() }).toEqual({ code: 0, stderr: '', sent: [] });
  return JSON.parse(stdout);
};
const allow = (Sid: string, Action: unknown, Resource: unknown, Condition?: object) => ({
  Sid,
  Effect: 'Allow',
  Action,
  Resource,
  ...(Condition && { Condition }),
});
const only = (key: string, variable: string) => ({ StringEquals: { [key]: `\${${variable}}` } });

test('scan: every action by name, on resources where AWS knows any', async () => {
  expect(await printed('scan')).toEqual({
    Version: '2012-10-17',
    Statement: [
      allow(
        'ReadTrails',
        ['cloudtrail:GetEventConfiguration', 'cloudtrail:GetEventSelectors', 'cloudtrail:GetTrailStatus'],
        'arn:aws:cloudtrail:*:*:trail/*',
      ),
      allow('ReadKeys', ['kms:DescribeKey', 'kms:GetKeyRotationStatus', 'kms:ListGrants'], 'arn:aws:kms:*:*:key/*'),
      allow(
        'ReadKeyPolicies',
        'kms:GetKeyPolicy',
        'arn:aws:kms:*:*:key/*',
        only('aws:ResourceAccount', 'aws:PrincipalAccount'),
      ),
      allow('ReadBucketEncryption', 's3:GetEncryptionConfiguration', 'arn:aws:s3:::*'),
      allow(
        'WithoutResourceLevel',
        ['cloudtrail:DescribeTrails', 'ec2:DescribeRegions', 'kms:ListAliases', 'organizations:DescribeOrganization'],
        '*',
      ),
      allow(
        'ReadResourceControlPolicies',
        ['organizations:DescribePolicy', 'organizations:ListParents', 'organizations:ListPoliciesForTarget'],
        ['account/*', 'ou/*', 'root/*', 'policy/*/resource_control_policy/*'].map(
          (one) => `arn:aws:organizations::*:${one}`,
        ),
      ),
    ],
  });
});

interface Statement {
  readonly Sid: string;
}
const statement = ({ Statement: all }: { readonly Statement: readonly Statement[] }, sid: string) =>
  all.find(({ Sid }) => Sid === sid);

test.each<[string, string[], string, object]>([
  [
    'the role of an organization, in no other one',
    ['organization', '--role-name', 'audit/Reader'],
    'AssumeReaderRole',
    { Resource: 'arn:aws:iam::*:role/audit/Reader', Condition: only('aws:ResourceOrgID', 'aws:PrincipalOrgID') },
  ],
  ['a role without its name', ['organization'], 'AssumeReaderRole', { Resource: 'arn:aws:iam::*:role/ROLE_NAME' }],
  [
    'the role of named accounts',
    ['scan', '--role-name', '/R'],
    'AssumeReaderRole',
    { Resource: 'arn:aws:iam::*:role/R' },
  ],
  [
    'an aggregator',
    ['scan', '--aggregator', 'a'],
    'ReadAggregator',
    { Resource: 'arn:aws:config:*:*:config-aggregator/*' },
  ],
  ['another partition', ['scan', '--regions', 'cn-north-1'], 'ReadKeys', { Resource: 'arn:aws-cn:kms:*:*:key/*' }],
  [
    'repair writes policies that its account can still change',
    ['repair'],
    'WriteKeyPolicies',
    {
      Action: 'kms:PutKeyPolicy',
      Condition: {
        ...only('aws:ResourceAccount', 'aws:PrincipalAccount'),
        BoolIfExists: { 'kms:BypassPolicyLockoutSafetyCheck': 'false' },
      },
    },
  ],
  ['the rule imports findings', ['rule'], 'ImportFindings', { Action: 'securityhub:BatchImportFindings' }],
])('%s', async (_, args, sid, expected) => {
  expect(statement(await printed(...args), sid)).toMatchObject(expected);
});

test.each<[string, string[], string]>([
  ['a policy that is none', ['--print-policy', 'all'], 'Allowed choices are scan, organization, rule, repair, verify'],
  ['a command that takes no permission', ['--for', 'check'], 'Allowed choices are scan, repair'],
  ['a format that is none', ['--format', 'csv'], 'Allowed choices are text, json'],
  ['accounts without a role', ['--organization'], '`--organization` reads other accounts'],
])('bad usage: %s', async (_, args, message) => {
  const { code, stdout, stderr } = await cli(['doctor', ...args]);
  expect(stderr).toContain(message);
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
});

test('doctor explains itself', async () => {
  const { stdout } = await cli(['doctor', '--help']);
  expect(stdout).toMatch(/--print-policy <name>[\s\S]*Examples:[\s\S]*Exit codes:\n {2}0 /);
});
