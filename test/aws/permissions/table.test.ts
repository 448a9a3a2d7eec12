import { globSync, readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { type PolicyName, permissionsFor, policyOf } from '../../../src/aws/permissions/policy.ts';
import { PERMISSIONS } from '../../../src/aws/permissions/table.ts';

const ALONE = { organization: false, roles: false, aggregator: false, alsoRead: [] as readonly string[] };

/** Calls of functions that no least policy is printed for: their templates hold what they take. And what is tried as a log reader. */
const OF_OTHERS = [
  'Config DescribeConfigRules',
  'Config StartConfigRulesEvaluation',
  'KMS Decrypt',
  'S3 PutObject',
  'SSM GetAutomationExecution',
  'SecurityHub GetFindings',
];

const source = globSync('src/aws/**/*.ts')
  .map((file) => readFileSync(file, 'utf8'))
  .join('\n');
const called = [
  ...[...source.matchAll(/callOf\(\s*'(\w+)',\s*'(\w+)'/g)].map(([, service, operation]) => `${service} ${operation}`),
  ...[...source.matchAll(/kmsCall\('(\w+)'/g)].map(([, operation]) => `KMS ${operation}`),
  ...[...source.matchAll(/\bcall\('(\w+)'/g)].map(([, operation]) => `Organizations ${operation}`),
  // The operations of `keyStatePort`.
  ...[...source.matchAll(/^ {2}(\w+): \w+Command,$/gm)].map(([, operation]) => `KMS ${operation}`),
];

test('every call of src/aws has its row, and every row its call', () => {
  const rows = PERMISSIONS.map(({ service, operation }) => `${service} ${operation}`);
  expect([...new Set(called)].toSorted()).toEqual([...new Set(rows), ...OF_OTHERS].toSorted());
  const ofHolders = PERMISSIONS.flatMap(({ callers, service, operation }) =>
    callers.map((caller) => `${caller} ${service} ${operation}`),
  );
  expect(new Set(ofHolders).size).toBe(ofHolders.length);
});

test("the permission of a row is the one that the call's own errors name", () => {
  const named = [...source.matchAll(/callOf\('(\w+)', '(\w+)', .*'([a-z0-9]+:\w+)'\)/g)].map(
    ([, service, operation, action]) => `${service} ${operation} ${action}`,
  );
  const unlike = PERMISSIONS.filter(
    ({ service, operation, action }) => action !== `${service.toLowerCase()}:${operation}`,
  );
  expect(unlike.map(({ service, operation, action }) => `${service} ${operation} ${action}`).toSorted()).toEqual(
    named.toSorted(),
  );
});

interface Statement {
  readonly Action: string | readonly string[];
  readonly Resource: string | readonly string[];
}

/** Each action with its resources; placeholders of a template, or the places of a policy, are wildcards. */
function grants(
  statements: readonly (Statement | readonly (string | Statement)[])[],
): Readonly<Record<string, string>> {
  const all = statements.flat().filter((one): one is Statement => typeof one === 'object');
  const pairs = all.flatMap(({ Action, Resource }) => {
    const resources = [Resource]
      .flat()
      .map((resource) => resource.replaceAll(/\$\{AWS::Partition\}/g, 'aws').replaceAll(/\$\{[\w:]+\}|ROLE_NAME/g, '*'))
      .map((resource) => resource.replaceAll(/\*\/\*|\*\*/g, '*').replace('parameter/*', 'parameter*'));
    return [Action].flat().map((action): [string, string] => [action, [...new Set(resources)].join(' ')]);
  });
  return Object.fromEntries(pairs.toSorted(([one], [other]) => (one < other ? -1 : 1)));
}

const printed = (name: PolicyName, reached: Partial<typeof ALONE> = {}) =>
  policyOf(permissionsFor(name, { ...ALONE, ...reached }), { partition: 'aws', roleName: null }).Statement;

const policiesIn = (file: string, role: string) => {
  // Of the functions only `!If` is followed, to both of its ends.
  const { Resources } = parse(readFileSync(file, 'utf8'), { logLevel: 'silent' });
  const [policy] = Resources[role].Properties.Policies;
  return grants(policy.PolicyDocument.Statement);
};

test('the policy of the rule is what template.yaml gives the function', () => {
  const own = policiesIn('template.yaml', 'RuleRole');
  expect(own).toEqual(grants(printed('rule')));
});

test('a member role holds what `scan` takes there', () => {
  const given = policiesIn('deploy/member-role.yaml', 'MemberRole');
  const notThere = ['ec2:DescribeRegions', /^organizations:(List|DescribePolicy)/];
  const taken = Object.keys(grants(printed('scan'))).filter(
    (action) => !notThere.some((one) => (typeof one === 'string' ? one === action : one.test(action))),
  );
  expect(Object.keys(given)).toEqual(taken);
});

test.each<[string, PolicyName, Partial<typeof ALONE>, readonly string[]]>([
  ['scan alone', 'scan', {}, []],
  ['roles', 'scan', { roles: true }, ['sts:AssumeRole']],
  [
    'an aggregator',
    'scan',
    { aggregator: true },
    ['config:BatchGetAggregateResourceConfig', 'config:SelectAggregateResourceConfig'],
  ],
  ['bucket policies', 'scan', { alsoRead: ['bucket-policy'] }, ['s3:GetBucketPolicy']],
  ['log groups', 'scan', { alsoRead: ['log-group'] }, ['logs:DescribeLogGroups']],
  [
    'event data stores',
    'scan',
    { alsoRead: ['event-data-stores'] },
    ['cloudtrail:GetEventDataStore', 'cloudtrail:ListEventDataStores'],
  ],
  ['topics', 'scan', { alsoRead: ['topic'] }, ['sns:GetTopicAttributes']],
  [
    'earlier keys',
    'scan',
    { alsoRead: ['previous-keys'] },
    ['cloudtrail:LookupEvents', 'config:GetResourceConfigHistory'],
  ],
  ['key events', 'scan', { alsoRead: ['key-events'] }, ['cloudtrail:LookupEvents', 'kms:GetKeyLastUsage']],
  ['the history', 'scan', { alsoRead: ['history'] }, ['cloudtrail:LookupEvents']],
  ['an organization', 'organization', {}, ['organizations:ListAccounts', 'sts:AssumeRole']],
  ['verify', 'verify', {}, ['cloudtrail:LookupEvents', 'config:SelectResourceConfig']],
  [
    'repair',
    'repair',
    {},
    [
      'cloudtrail:ListTags',
      'cloudtrail:UpdateTrail',
      'kms:CancelKeyDeletion',
      'kms:DisableKey',
      'kms:DisableKeyRotation',
      'kms:EnableKey',
      'kms:EnableKeyRotation',
      'kms:ListResourceTags',
      'kms:PutKeyPolicy',
    ],
  ],
])('what the policy for %s adds to that of scan', (_, name, reached, added) => {
  const scan = new Set(Object.keys(grants(printed('scan'))));
  expect(Object.keys(grants(printed(name, reached))).filter((action) => !scan.has(action))).toEqual(added);
});
