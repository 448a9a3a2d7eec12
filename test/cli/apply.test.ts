import { mkdtempSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { text } from 'node:stream/consumers';
import { Output } from '../../src/cli/output.ts';
import { writeBackup } from '../../src/cli/repair/applyBackup.ts';
import { confirm } from '../../src/cli/repair/applyConfirm.ts';
import { patiently } from '../../src/remediate/patience.ts';
import { isSamePolicy } from '../../src/remediate/samePolicy.ts';
import { trailsLeftOut } from '../../src/remediate/trailsLeftOut.ts';
import { cli } from './support.ts';

const TRAIL = 'arn:aws:cloudtrail:us-east-1:111122223333:trail/main';
const KEY = 'arn:aws:kms:us-east-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab';

describe('bad usage: exit code 2, one sentence, nothing asked of AWS', () => {
  test.each([
    ['nobody to ask', ['--apply', '--trail', TRAIL], /there is no terminal to ask on: give `--yes`/],
    ['a snapshot is not live', ['--apply', '--yes', '--snapshot', 'x.json'], /`--apply` changes live accounts/],
    ['--yes to nothing', ['--yes'], /`--yes` goes with `--apply`/],
    ['json shows nothing to agree to', ['--apply', '--format', 'json'], /`--format json` shows nothing/],
    ['a snapshot needs no profile', ['--snapshot', 'x.json', '--profile', 'p'], /`--profile` is for live accounts/],
    ['--trail is an ARN', ['--trail', 'main'], /`--trail` is `main`, accepted is the ARN of a trail/],
  ])('%s', async (_, args, message) => {
    const { code, stdout, stderr } = await cli(['repair', ...args]);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toMatch(message);
    expect(stderr.trim().split('\n')).toHaveLength(1);
  });
});

describe('the question', () => {
  test.each([
    ['yes\n', true],
    [' YES \n', true],
    ['y\n', false],
    ['no\n', false],
    ['\n', false],
    ['', false],
  ])('%j', async (answer, agreed) => {
    const stdin = new PassThrough();
    const stderr = new PassThrough();
    const asked = confirm('Apply the plan above?', {
      stdin,
      stdout: new Output(new PassThrough()),
      stderr: new Output(stderr),
      env: {},
      now: () => new Date(),
    });
    stdin.end(answer);
    expect(await asked).toBe(agreed);
    stderr.end();
    expect(await text(stderr)).toContain('Apply the plan above? Type yes to go on: ');
  });
});

test('a backup is never written over', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'backup-'));
  const now = new Date('2026-11-20T10:30:00Z');
  const first = await writeBackup(folder, KEY, 'first', now);
  const second = await writeBackup(folder, KEY, 'second', now);
  expect(first).toBe(
    join(folder, '111122223333.us-east-1.1234abcd-12ab-34cd-56ef-1234567890ab.20261120T103000000Z.backup.json'),
  );
  expect([readFileSync(first, 'utf8'), readFileSync(second, 'utf8')]).toEqual(['first', 'second']);
  expect(statSync(first).mode & 0o777).toBe(0o600);
});

test('a backup that cannot be kept is an error that names the file', async () => {
  const file = join(mkdtempSync(join(tmpdir(), 'backup-')), 'file');
  writeFileSync(file, '');
  await expect(writeBackup(file, KEY, 'policy', new Date(0))).rejects.toThrow(
    /^cannot keep a backup in `.*backup\.json`: /,
  );
});

describe('whether KMS shows the same policy', () => {
  const policy = (Principal: unknown, Action: unknown): string =>
    JSON.stringify({ Version: '2012-10-17', Statement: [{ Effect: 'Allow', Principal, Action, Resource: '*' }] });
  const one = policy({ AWS: '111122223333' }, 'kms:*');
  test.each([
    ['itself', one, true],
    ['indented', JSON.stringify(JSON.parse(one), null, 2), true],
    ['the ARN of the root', policy({ AWS: 'arn:aws:iam::111122223333:root' }, 'kms:*'), true],
    ['lists of one', policy({ AWS: ['111122223333'] }, ['kms:*']), true],
    ['another account', policy({ AWS: '444455556666' }, 'kms:*'), false],
    ['another action', policy({ AWS: '111122223333' }, 'kms:Decrypt'), false],
    [
      'a second statement',
      JSON.stringify({ ...JSON.parse(one), Statement: [{}, ...JSON.parse(one).Statement] }),
      false,
    ],
    ['no JSON', 'nothing', false],
  ])('%s', (_, other, same) => expect(isSamePolicy(one, other)).toBe(same));
});

test('in a condition an account id is no other name of its root', () => {
  const policy = (value: string): string =>
    JSON.stringify({ Statement: [{ Condition: { StringEquals: { 'aws:PrincipalArn': value } } }] });
  expect(isSamePolicy(policy('111122223333'), policy('arn:aws:iam::111122223333:root'))).toBe(false);
});

describe('trails that a policy names no more', () => {
  const policy = (...values: readonly string[]): string =>
    JSON.stringify({ Statement: [{ Condition: { StringLike: { 'aws:SourceArn': values } } }] });
  test.each([
    ['the one that was corrected', policy(`${TRAIL}-x`), policy(TRAIL), [`${TRAIL}-x`]],
    ['none that stays', policy(TRAIL, `${TRAIL}-x`), policy(`${TRAIL}-x`, TRAIL), []],
    ['a pattern is no trail', policy(`${TRAIL}*`), policy(`${TRAIL}*`), []],
    ['in JSON that escapes its slashes', policy(TRAIL).replaceAll('/', '\\/'), policy(`${TRAIL}-x`), [TRAIL]],
    ['named twice, told once', policy(TRAIL, TRAIL), policy(), [TRAIL]],
  ])('%s', (_, before, after, expected) => expect(trailsLeftOut({ before, after })).toEqual(expected));
});

describe('patience', () => {
  const clock = () => {
    let now = 0;
    return {
      now: () => now,
      wait: async (milliseconds: number) => {
        now += milliseconds;
      },
    };
  };
  const afterTries = (good: number) => {
    let tries = 0;
    return async () => {
      tries += 1;
      return tries >= good;
    };
  };
  const isGood = (result: boolean): boolean => result;

  test.each([
    ['good at once', 1, true, 0],
    ['good at the third try', 3, true, 10_000],
    ['never good', Number.POSITIVE_INFINITY, false, 12_000],
  ])('%s', async (_, good, result, waited) => {
    const time = clock();
    expect(await patiently(afterTries(good), isGood, { clock: time, milliseconds: 12_000 })).toBe(result);
    expect(time.now()).toBe(waited);
  });

  test('an interruption ends it', async () => {
    const controller = new AbortController();
    const time = { now: () => 0, wait: async () => controller.abort() };
    const patience = { clock: time, milliseconds: 12_000, signal: controller.signal };
    expect(await patiently(afterTries(5), isGood, patience)).toBe(false);
  });
});
