import { readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { cli } from '../support.ts';

const SNAPSHOT = 'events/snapshots/compliant.json';
const KEY_ARN = 'arn:aws:kms:us-east-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab';
const SIEM = 'arn:aws:iam::444455556666:role/siem';
const OWN = 'arn:aws:iam::111122223333:role/reader';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'cloudtrail-kms-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const base = JSON.parse(readFileSync(SNAPSHOT, 'utf8'));
const [{ Policy }] = base.keys;
const document = typeof Policy === 'string' ? JSON.parse(Policy) : Policy;

async function file(name: string, content: unknown): Promise<string> {
  await writeFile(join(folder, name), typeof content === 'string' ? content : JSON.stringify(content));
  return join(folder, name);
}

/** The snapshot's policy with more statements. */
const policyWith = (...statements: readonly object[]) =>
  file('policy.json', { ...document, Statement: [...document.Statement, ...statements] });

const decrypt = (members: object) => ({
  Sid: 'More',
  Effect: 'Allow',
  Principal: { AWS: SIEM },
  Action: 'kms:Decrypt',
  Resource: '*',
  ...members,
});

interface Row {
  readonly name: string;
  readonly principal?: string;
  readonly statements?: readonly object[];
  readonly options?: readonly string[];
  /** `FILE DECISION ACCOUNT`. */
  readonly answers: readonly string[];
  readonly notRead?: readonly string[];
  readonly code: 0 | 1;
}

const both = (answer: string) => ['log file', 'digest file'].map((one) => `${one} ${answer}`);
const DENY = { Sid: 'No', Effect: 'Deny', Principal: '*', Action: 'kms:*', Resource: '*' };
const LOGS = 'arn:aws:s3:::*/AWSLogs/111122223333/CloudTrail/*';

const rows: readonly Row[] = [
  { name: 'nothing names a role of another account', answers: both('denied null'), code: 1 },
  {
    name: 'a role of the key owner is left to IAM',
    principal: OWN,
    answers: both('delegated 111122223333'),
    code: 0,
  },
  {
    name: 'a statement names a role of another account',
    statements: [decrypt({})],
    answers: both('allowed 444455556666'),
    notRead: ['permissions-boundary'],
    code: 0,
  },
  {
    name: 'a session of the role',
    principal: 'arn:aws:sts::444455556666:assumed-role/siem/session',
    statements: [decrypt({ Condition: { ArnEquals: { 'aws:PrincipalArn': SIEM } } })],
    answers: both('unknown 444455556666'),
    code: 1,
  },
  {
    name: 'log files alone',
    statements: [decrypt({ Condition: { StringLike: { 'kms:EncryptionContext:aws:s3:arn': LOGS } } })],
    answers: ['log file allowed 444455556666', 'digest file denied null'],
    notRead: ['permissions-boundary'],
    code: 1,
  },
  {
    name: 'a Deny for whoever calls from another account',
    statements: [decrypt({}), { ...DENY, Condition: { StringNotEquals: { 'kms:CallerAccount': '111122223333' } } }],
    answers: both('denied null'),
    code: 1,
  },
  {
    name: 'an address that nobody knows',
    statements: [decrypt({ Condition: { IpAddress: { 'aws:SourceIp': '10.0.0.0/8' } } })],
    answers: both('unknown 444455556666'),
    code: 1,
  },
  {
    name: 'an action that is not about files',
    principal: OWN,
    options: ['--action', 'KMS:describekey'],
    answers: ['null delegated 111122223333'],
    code: 0,
  },
];

test.each(rows)('$name', async ({ principal = SIEM, statements = [], options = [], answers, notRead = [], code }) => {
  const policy = await policyWith(...statements);
  const given = ['--principal', principal, '--policy', `${KEY_ARN}=${policy}`, '--format', 'json', ...options];
  const outcome = await cli(['explain', '--snapshot', SNAPSHOT, ...given]);
  const { version, trails, ...question } = JSON.parse(outcome.stdout);
  const [trail] = trails;
  expect({ version, ...question }).toMatchObject({ version: 1, principal });
  expect(trail.answers.map((one: Record<string, unknown>) => `${one.file} ${one.decision} ${one.iamAccount}`)).toEqual(
    answers,
  );
  expect(trail.notRead.filter((one: string) => one !== 'resource-control-policies')).toEqual(notRead);
  expect({ code: outcome.code, stderr: outcome.stderr }).toEqual({ code, stderr: '' });
});

test('as text', async () => {
  const policy = await policyWith(decrypt({}));
  const { code, stdout } = await cli([
    ...['explain', '--snapshot', SNAPSHOT, '--principal', SIEM],
    ...['--policy', `${KEY_ARN}=${policy}`],
  ]);
  expect(stdout).toContain('  log files and digest files: allowed\n');
  expect(stdout).toContain('    by `More`, and the IAM policies of account 444455556666 have to allow it too\n');
  expect(stdout).toContain('  A permissions boundary of the principal was not read, and may deny it.\n');
  expect(code).toBe(0);
});

test('another policy for a key is what evaluate and explain go by', async () => {
  const policy = await file('deny.json', { ...document, Statement: [...document.Statement, DENY] });
  const given = ['--snapshot', SNAPSHOT, '--policy', `${KEY_ARN}=${policy}`, '--format', 'json'];
  const evaluated = await cli(['evaluate', ...given]);
  expect(JSON.parse(evaluated.stdout).trails[0].complianceType).toBe('NON_COMPLIANT');
  const explained = await cli(['explain', ...given]);
  expect(JSON.parse(explained.stdout).trails[0].requests[0].decision.outcome).toBe('denied');
  expect([evaluated.code, explained.code]).toEqual([1, 1]);
});

test('a policy that cannot be one is a finding', async () => {
  const policy = await file('bad.json', { Version: '2012-10-17' });
  const given = ['--snapshot', SNAPSHOT, '--policy', `${KEY_ARN}=${policy}`, '--format', 'json'];
  const { code, stdout } = await cli(['evaluate', ...given]);
  expect(stdout).toContain('the policy has no Statement');
  expect(code).toBe(1);
});

test.each<[string, readonly string[], string]>([
  ['an action alone', ['--action', 'kms:Decrypt'], '`--action` goes with `--principal`'],
  [
    'a service',
    ['--principal', 'cloudtrail.amazonaws.com'],
    '`--principal` is `cloudtrail.amazonaws.com`, accepted is',
  ],
  [
    'an action that KMS has not',
    ['--principal', SIEM, '--action', 'kms:Read'],
    '`--action` is `kms:Read`, accepted is',
  ],
  ['a policy without a file', ['--policy', KEY_ARN], `\`--policy\` is \`${KEY_ARN}\`, accepted is`],
  [
    'a key that is not there',
    ['--policy', `${KEY_ARN}0=x.json`],
    `holds no key \`${KEY_ARN}0\`, which \`--policy\` names`,
  ],
  ['a file that is not there', ['--policy', `${KEY_ARN}=none.json`], 'cannot read `none.json`'],
])('%s: exit code 2 and one line', async (_, given, message) => {
  const { code, stdout, stderr } = await cli(['explain', '--snapshot', SNAPSHOT, ...given]);
  expect(stderr).toContain(message);
  expect(stderr).toMatch(/^cloudtrail-kms: [^\n]+\n$/);
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
});
