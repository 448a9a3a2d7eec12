import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { cli } from '../support.ts';

const ACCOUNT = {
  Sid: 'Account',
  Effect: 'Allow',
  Principal: { AWS: 'arn:aws:iam::111122223333:root' },
  Action: 'kms:*',
  Resource: '*',
};
const READERS = {
  Sid: 'Readers',
  Effect: 'Allow',
  Principal: { AWS: 'arn:aws:iam::444455556666:role/siem' },
  Action: 'kms:Decrypt',
  Resource: '*',
  Condition: { Null: { 'kms:EncryptionContext:aws:cloudtrail:arn': 'false' } },
};
const policy = (...Statement: readonly object[]) => ({ Version: '2012-10-17', Statement });

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'cloudtrail-kms-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function file(name: string, content: unknown): Promise<string> {
  await writeFile(join(folder, name), typeof content === 'string' ? content : JSON.stringify(content));
  return join(folder, name);
}

async function compare(before: unknown, after: unknown, ...more: readonly string[]) {
  const [a, b] = [await file('before.json', before), await file('after.json', after)];
  return cli(['compare', '--before', a, '--after', b, ...more]);
}

const LESS = policy(ACCOUNT);
const MORE = policy(ACCOUNT, READERS);

const siem = {
  action: 'kms:Decrypt',
  principal: { AWS: 'arn:aws:iam::444455556666:role/siem' },
  context: { 'kms:EncryptionContext:aws:cloudtrail:arn': 'x' },
  statements: ['Readers'],
};

test.each<[string, unknown, unknown, object, number]>([
  ['equal', MORE, policy(READERS, ACCOUNT), { relation: 'equal', gained: [], lost: [] }, 0],
  ['narrower', MORE, LESS, { relation: 'narrower', gained: [], lost: [siem] }, 0],
  ['wider', LESS, MORE, { relation: 'wider', gained: [siem], lost: [] }, 1],
  ['what the AWS CLI prints', { Policy: JSON.stringify(LESS), PolicyName: 'default' }, MORE, { relation: 'wider' }, 1],
  ['a policy as text in a text', JSON.stringify(JSON.stringify(MORE)), LESS, { relation: 'narrower' }, 0],
  [
    'unknown',
    LESS,
    policy(ACCOUNT, { ...READERS, Condition: { stringequals: { 'aws:x': 'y' } }, Effect: 'Deny', Principal: '*' }),
    { relation: 'unknown', gained: [], lost: [], reason: expect.stringContaining('stringequals') },
    1,
  ],
])('%s', async (_, before, after, expected, code) => {
  const outcome = await compare(before, after, '--format', 'json');
  expect(JSON.parse(outcome.stdout)).toEqual({
    version: 1,
    gained: expect.anything(),
    lost: expect.anything(),
    reason: null,
    ...expected,
  });
  expect(outcome).toMatchObject({ code, stderr: '' });
});

test('as text', async () => {
  const { code, stdout } = await compare(LESS, MORE);
  expect(stdout).toBe(`WIDER  the policy after gives more, and nothing less

Gained
  kms:Decrypt  arn:aws:iam::444455556666:role/siem
    by \`Readers\`, with kms:EncryptionContext:aws:cloudtrail:arn "x"
`);
  expect(code).toBe(1);
});

test('a Resource means something only for a key', async () => {
  const own = 'arn:aws:kms:us-east-1:111122223333:key/k';
  const pinned = policy({ ...READERS, Resource: 'arn:aws:kms:*:111122223333:key/*' });
  const outcome = await compare(policy(READERS), pinned, '--format', 'json');
  expect(JSON.parse(outcome.stdout).relation).toBe('narrower');
  const known = await compare(policy(READERS), pinned, '--format', 'json', '--key-arn', own);
  expect(JSON.parse(known.stdout).relation).toBe('equal');
});

test.each<[string, unknown, readonly string[], string]>([
  ['no JSON', '{', [], 'is not JSON'],
  ['no policy', '{"Version":"2012-10-17"}', [], 'the policy has no Statement'],
  [
    'a member twice',
    '{"Version":"2012-10-17","Statement":[],"Statement":[]}',
    [],
    'the policy holds `Statement` twice',
  ],
  ['a Policy that is none', '{"Policy":"x"}', [], 'the policy is not JSON'],
  ['a key that is none', LESS, ['--key-arn', 'alias/x'], '`--key-arn` is `alias/x`, accepted is the ARN of a KMS key'],
])('%s: exit code 2 and one line', async (_, before, more, message) => {
  const { code, stdout, stderr } = await compare(before, MORE, ...more);
  expect(stderr).toContain(message);
  expect(stderr).toMatch(/^cloudtrail-kms: [^\n]+\n$/);
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
});

test('one standard input holds one policy', async () => {
  const { code, stderr } = await cli(['compare', '--before', '-', '--after', '-']);
  expect({ code, stderr }).toEqual({
    code: 2,
    stderr: 'cloudtrail-kms: `--before` and `--after` are both `-`, and standard input holds one policy\n',
  });
});
