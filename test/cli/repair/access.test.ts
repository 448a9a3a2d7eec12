import { cli } from '../support.ts';

const SNAPSHOT = 'events/snapshots/wrong-account.json';
const given = ['repair', '--snapshot', SNAPSHOT];

test('what a plan gives and takes, as JSON', async () => {
  const { stdout } = await cli([...given, '--diff-access', '--format', 'json']);
  const [{ access }] = JSON.parse(stdout).plans;
  expect(access).toMatchObject({ relation: 'wider', reason: null, lost: [] });
  const said = (differences: readonly { action: string; context: Record<string, string> }[]) =>
    differences.map(({ action, context }) => `${action} ${context['aws:SourceArn']}`);
  const own = 'arn:aws:cloudtrail:us-east-1:111122223333:trail/main';
  expect(said(access.gained)).toEqual([`kms:GenerateDataKey ${own}`, `kms:DescribeKey ${own}`]);
});

test('as text, beside the plan', async () => {
  const { stdout } = await cli([...given, '--diff-access']);
  expect(stdout).toContain('\n  What it gives and takes\n\n  WIDER  the policy after gives more');
  expect(stdout).toMatch(/\n {2}Gained\n {4}kms:GenerateDataKey {2}cloudtrail\.amazonaws\.com\n/);
});

test('only where it is asked for', async () => {
  const { stdout } = await cli([...given, '--format', 'json']);
  expect(stdout).not.toContain('"access"');
  expect((await cli(given)).stdout).not.toContain('What it gives and takes');
});

test('a plan that leaves the policy as it is gives and takes nothing', async () => {
  const compliant = ['repair', '--snapshot', 'events/snapshots/compliant.json', '--diff-access'];
  const { stdout } = await cli([...compliant, '--format', 'json']);
  expect(JSON.parse(stdout).plans[0].access).toBeNull();
  expect((await cli(compliant)).stdout).not.toContain('What it gives and takes');
});

test('as a page of HTML, with the policy that results', async () => {
  const { stdout, code } = await cli([...given, '--format', 'html']);
  expect(stdout).toMatch(
    /^<!doctype html>[\s\S]*What access this plan gives and takes[\s\S]*The key policy that results/,
  );
  expect(stdout).toMatch(/gained<\/span> <strong>kms:GenerateDataKey<\/strong> <bdi>cloudtrail\.amazonaws\.com/);
  expect(code).toBe((await cli(given)).code);
});

test('a page leaves out what has nothing to do where it is quiet', async () => {
  const args = ['repair', '--snapshot', 'events/snapshots/compliant.json', '--format', 'html'];
  expect((await cli(args)).stdout).toContain('nothing to fix');
  expect((await cli([...args, '--quiet'])).stdout).not.toContain('nothing to fix');
});

test.each([
  [['repair', '--apply', '--yes', '--format', 'html'], '`--format html` shows plans'],
  [[...given, '--form', 'terraform', '--format', 'html'], '`--format` is `html`'],
])('a page is refused: %s', async (args, why) => {
  const { code, stderr } = await cli(args);
  expect(stderr).toContain(why);
  expect(code).toBe(2);
});
