import { readFileSync } from 'node:fs';
import { authorize } from '../../src/policy/authorize.ts';
import { type KeyPolicy, parseKeyPolicy } from '../../src/policy/parse.ts';
import { type AccessRequest, type KeyState, present } from '../../src/policy/request.ts';

const KEY = 'arn:aws:kms:us-east-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab';
const TRAIL = 'arn:aws:cloudtrail:us-east-1:111122223333:trail/main';
const TAGGED = { 'aws:ResourceTag/purpose': present('cloudtrail-logs') };
const LOG_FILE = 'arn:aws:s3:::logs/AWSLogs/111122223333/CloudTrail/us-east-1/2026/11/20/a.json.gz';
const SHARE = 'arn:aws:ram:us-east-1:111122223333:resource-share/1234abcd-12ab-34cd-56ef-1234567890ab';

/** What an action of each service is asked about. */
const ASKED: Readonly<Record<string, readonly [resource: string, context: Record<string, KeyState>]>> = {
  kms: [KEY, TAGGED],
  ram: [SHARE, { 'ram:ResourceArn': present(KEY) }],
  s3: [LOG_FILE, {}],
  cloudtrail: [TRAIL, {}],
};

/** SCPs name no principal: they are for everybody in the account. With FullAWSAccess beside them only their Denies count. */
function guardrail(file: string): KeyPolicy {
  const document = JSON.parse(readFileSync(`deploy/guardrails/${file}`, 'utf8'));
  const statements = document.Statement.map((statement: object) => ({ ...statement, Principal: '*' }));
  const everything = { Effect: 'Allow', Principal: '*', Action: '*', Resource: '*' };
  const parse = parseKeyPolicy({ ...document, Statement: [everything, ...statements] });
  if (!parse.valid) throw new Error(parse.error);
  return parse.policy;
}

function request(arn: string, action: string, resource: string, context: Record<string, KeyState>): AccessRequest {
  const own = { 'aws:PrincipalArn': present(arn), ...context };
  // Nothing else that a caller may bring along helps.
  return { principal: { aws: arn }, action, resource, context: own, otherKeys: 'unknown' };
}

const guardrails = [
  {
    file: 'protect-log-keys.json',
    role: 'arn:aws:iam::111122223333:role/LogKeyAdministrator',
    denied: [
      'kms:DisableKey',
      'kms:ScheduleKeyDeletion',
      'kms:DeleteImportedKeyMaterial',
      'kms:ImportKeyMaterial',
      'kms:DisableKeyRotation',
      'kms:UpdatePrimaryRegion',
      'kms:PutKeyPolicy',
      'kms:CreateGrant',
      'kms:ReplicateKey',
      'kms:TagResource',
      'kms:UntagResource',
      'ram:CreateResourceShare',
      'ram:AssociateResourceShare',
      's3:UpdateObjectEncryption',
    ],
    untouched: ['kms:EnableKey', 'kms:CancelKeyDeletion', 'kms:Decrypt', 'kms:GenerateDataKey', 'kms:DescribeKey'],
  },
  {
    file: 'protect-trails.json',
    role: 'arn:aws:iam::111122223333:role/TrailAdministrator',
    denied: [
      'cloudtrail:UpdateTrail',
      'cloudtrail:DeleteTrail',
      'cloudtrail:StopLogging',
      'cloudtrail:PutEventSelectors',
      'cloudtrail:PutInsightSelectors',
      'cloudtrail:PutEventConfiguration',
    ],
    untouched: [
      'cloudtrail:DescribeTrails',
      'cloudtrail:StartLogging',
      'cloudtrail:CreateTrail',
      'cloudtrail:LookupEvents',
    ],
  },
];

const others = [
  'arn:aws:iam::111122223333:role/Developer',
  'arn:aws:iam::111122223333:root',
  'arn:aws:iam::111122223333:user/LogKeyAdministrator',
  'arn:aws:iam::111122223333:role/TrailAdministrator2',
  'arn:aws:iam::111122223333:role/path/LogKeyAdministrator',
];

describe.each(guardrails)('$file', ({ file, role, denied, untouched }) => {
  const policy = guardrail(file);
  const asked = (action: string) => ASKED[action.split(':')[0]!]!;
  const outcome = (arn: string, action: string): string =>
    authorize(policy, request(arn, action, ...asked(action))).outcome;

  test.each(denied)('%s is denied to everybody but the named role', (action) => {
    for (const arn of others) expect(`${arn} ${outcome(arn, action)}`).toBe(`${arn} denied`);
    expect(outcome(role, action)).toBe('allowed');
  });

  test('a session of the named role is the role, and a session of another is not', () => {
    const session = (name: string) => {
      const [resource, context] = asked(denied[0]!);
      const given = request(`arn:aws:sts::111122223333:assumed-role/${name}/night`, denied[0]!, resource, {
        ...context,
        'aws:PrincipalArn': present(`arn:aws:iam::111122223333:role/${name}`),
      });
      return authorize(policy, given).outcome;
    };
    expect([session(role.split('/')[1]!), session('Developer')]).toEqual(['allowed', 'denied']);
  });

  // AWS Organizations User Guide, "SCP syntax".
  test('is written as a service control policy can be', () => {
    const { Version, Statement, ...others } = JSON.parse(readFileSync(`deploy/guardrails/${file}`, 'utf8'));
    expect([Version, Object.keys(others)]).toEqual(['2012-10-17', []]);
    const sids = Statement.map(({ Sid }: { readonly Sid: string }) => Sid);
    expect(new Set(sids).size).toBe(sids.length);
    for (const { Sid, Effect, Action, Resource, Condition, ...more } of Statement) {
      expect([Effect, Object.keys(more)]).toEqual(['Deny', []]);
      expect(['*', 'arn:*:s3:::*/AWSLogs/*', 'arn:*:cloudtrail:*:*:trail/*']).toContain(Resource);
      expect(Sid).toMatch(/^[A-Za-z0-9]+$/);
      expect(Action.filter((action: string) => !/^(kms|cloudtrail|ram|s3):[A-Z][A-Za-z]+$/.test(action))).toEqual([]);
      expect(Condition.ArnNotLike).toEqual({ 'aws:PrincipalArn': [expect.stringMatching(/^arn:\*:iam::\*:role\//)] });
    }
  });

  test.each(untouched)('%s is left alone', (action) => expect(outcome(others[0]!, action)).toBe('allowed'));

  test('is small enough for a service control policy, and names what the README says', () => {
    const text = readFileSync(`deploy/guardrails/${file}`, 'utf8');
    expect(JSON.stringify(JSON.parse(text)).length).toBeLessThanOrEqual(10_240);
    const readme = readFileSync('deploy/guardrails/README.md', 'utf8');
    for (const action of denied) expect(readme).toContain(`\`${action}\``);
    const actions = JSON.parse(text).Statement.flatMap(({ Action }: { Action: readonly string[] }) => Action);
    expect([...actions].sort()).toEqual([...denied].sort());
  });
});

const OTHER_KEY = { 'aws:ResourceTag/purpose': present('something-else') };
const SUBNET = { 'ram:ResourceArn': present('arn:aws:ec2:us-east-1:111122223333:subnet/subnet-1') };
const STORE = 'arn:aws:cloudtrail:us-east-1:111122223333:eventdatastore/1234abcd-12ab-34cd-56ef-1234567890ab';
const KEYS = 'protect-log-keys.json';
const TRAILS = 'protect-trails.json';

test.each([
  ['a key without the tag', KEYS, 'kms:DisableKey', KEY, OTHER_KEY],
  ['a share of something else', KEYS, 'ram:CreateResourceShare', SHARE, SUBNET],
  ['a file that is no log', KEYS, 's3:UpdateObjectEncryption', 'arn:aws:s3:::logs/reports/a.csv', {}],
  ['an event data store', TRAILS, 'cloudtrail:PutInsightSelectors', STORE, {}],
])('%s is not protected, as the README says', (_name, file, action, resource, context) => {
  expect(authorize(guardrail(file), request(others[0]!, action, resource, context)).outcome).toBe('allowed');
});

test('a write of the policy that RAM manages is denied, too', () => {
  const ram = { ...TAGGED, 'kms:PolicyName': present('AWS_RAM') };
  expect(authorize(guardrail(KEYS), request(others[0]!, 'kms:PutKeyPolicy', KEY, ram)).outcome).toBe('denied');
});

test('no partition escapes', () => {
  const policy = guardrail('protect-log-keys.json');
  const arn = 'arn:aws-cn:iam::111122223333:role/Developer';
  const key = KEY.replace('arn:aws:', 'arn:aws-cn:').replace('us-east-1', 'cn-north-1');
  expect(authorize(policy, request(arn, 'kms:DisableKey', key, TAGGED)).outcome).toBe('denied');
});
