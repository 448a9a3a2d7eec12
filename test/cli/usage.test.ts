import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import packageJson from '../../package.json';
import { cli } from './support.ts';

const SNAPSHOT = 'events/snapshots/compliant.json';
const EVENT = 'events/invocations/trail-changed.json';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'cloudtrail-kms-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** Writes a file for one test, and gives its path. */
async function file(name: string, content: string): Promise<string> {
  await writeFile(join(folder, name), content);
  return join(folder, name);
}

describe('bad usage: exit code 2 and one line', () => {
  test.each<[string, string[], string]>([
    ['an unknown flag', ['evaluate', '--snapshot', SNAPSHOT, '--colour'], "unknown option '--colour'"],
    ['an unknown flag before the command', ['--verbose', 'evaluate'], "unknown option '--verbose'"],
    ['an unknown command', ['evaluat', '--snapshot', SNAPSHOT], "unknown command 'evaluat'"],
    ['help of an unknown command', ['help', 'evaluat'], "unknown command 'evaluat'"],
    ['no snapshot', ['evaluate'], "required option '--snapshot <file>' not specified"],
    ['an option without its value', ['evaluate', '--snapshot'], "option '--snapshot <file>' argument missing"],
    [
      'a framework that nobody knows',
      ['evaluate', '--snapshot', SNAPSHOT, '--format', 'csv', '--framework', 'sox'],
      "option '--framework <name>' argument 'sox' is invalid. Allowed is one of, or the beginning of one alone of, fsbp, cis-1.2",
    ],
    [
      'a framework in a format that has no view of it',
      ['evaluate', '--snapshot', SNAPSHOT, '--format', 'json', '--framework', 'cis-7.0'],
      '`--framework` goes with `--format` or `--report` of csv or html',
    ],
    ['an argument too many', ['evaluate', '--snapshot', SNAPSHOT, 'more'], 'too many arguments'],
    [
      'a format that is not built',
      ['evaluate', '--snapshot', SNAPSHOT, '--format', 'xml'],
      "'xml' is invalid. Allowed choices are text, json, jsonl, csv, junit, sarif, asff, ocsf",
    ],
    [
      'a severity that is none',
      ['evaluate', '--snapshot', SNAPSHOT, '--minimum-severity', 'BAD'],
      "'BAD' is invalid. Allowed choices are CRITICAL, HIGH, MEDIUM, LOW.",
    ],
    [
      'a snapshot that is not there',
      ['evaluate', '--snapshot', 'none.json'],
      'cannot read `none.json`: no such file or directory',
    ],
    ['a folder as snapshot', ['evaluate', '--snapshot', 'events'], 'cannot read `events`: it is a directory'],
    [
      'an event that is not there',
      ['evaluate', '--snapshot', SNAPSHOT, '--event', 'none.json'],
      'cannot read `none.json`: no such file or directory',
    ],
    [
      'parameters that are not JSON',
      ['evaluate', '--snapshot', SNAPSHOT, '--parameters', '{x'],
      '`--parameters` is not JSON',
    ],
    [
      'parameters that are a list',
      ['evaluate', '--snapshot', SNAPSHOT, '--parameters', '[]'],
      '`--parameters` is `[]`, accepted is a JSON object of strings',
    ],
    [
      'an unknown parameter',
      ['evaluate', '--snapshot', SNAPSHOT, '--parameters', '{"minimumseverity":"LOW"}'],
      '`minimumseverity` is no parameter of this rule',
    ],
    [
      'a bad value of a parameter',
      ['evaluate', '--snapshot', SNAPSHOT, '--parameters', '{"whenUndecided":"PASS"}'],
      '`whenUndecided` is `PASS`, accepted is one of',
    ],
    [
      'an unknown parameter beside an event',
      ['evaluate', '--snapshot', SNAPSHOT, '--event', EVENT, '--parameters', '{"x":"1"}'],
      '`x` is no parameter of this rule',
    ],
  ])('%s', async (_, args, message) => {
    const { code, stdout, stderr } = await cli(args);
    expect(stderr).toContain(message);
    expect(stderr).toMatch(/^cloudtrail-kms: [^\n]+\n$/);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
  });
});

describe('bad files: exit code 2 and one line that names file and member', () => {
  test.each<[string, string, string, string]>([
    ['a snapshot that is not JSON', '--snapshot', '{"version":1', 'is not JSON'],
    ['a snapshot of another version', '--snapshot', '{"version":2}', '`version` is `2`'],
    ['a snapshot without trails', '--snapshot', '{"version":1,"keys":[]}', '`trails` is missing'],
    ['an event that is not JSON', '--event', 'event', 'is not JSON'],
    ['an event that is null', '--event', 'null', 'event'],
    ['an event without invokingEvent', '--event', '{"resultToken":"t"}', '`invokingEvent` is missing'],
    ['an event without resultToken', '--event', '{"invokingEvent":"{}"}', '`resultToken` is missing'],
    [
      'an invokingEvent that is not JSON',
      '--event',
      '{"invokingEvent":"{","resultToken":"t"}',
      '`invokingEvent` is not JSON',
    ],
    [
      'an unknown message',
      '--event',
      '{"invokingEvent":"{\\"messageType\\":\\"X\\"}","resultToken":"t"}',
      '`invokingEvent.messageType` is `X`',
    ],
    [
      'an event with an unknown parameter',
      '--event',
      '{"invokingEvent":"{\\"messageType\\":\\"ScheduledNotification\\"}","resultToken":"t","accountId":"111122223333","configRuleArn":"arn:aws:config:us-east-1:111122223333:config-rule/r","ruleParameters":"{\\"x\\":\\"1\\"}"}',
      '`x` is no parameter of this rule',
    ],
    ['exceptions that are not JSON', '--exceptions', '', 'is not JSON'],
    [
      'an exception without owner',
      '--exceptions',
      '{"version":1,"exceptions":[{"trailArn":"arn:aws:cloudtrail:*:111122223333:trail/x","reason":"r","expires":"2026-12-31"}]}',
      '`exceptions[0].owner` is missing',
    ],
    [
      'an exception that ends too late',
      '--exceptions',
      '{"version":1,"exceptions":[{"trailArn":"arn:aws:cloudtrail:*:111122223333:trail/x","owner":"o","reason":"r","expires":"2029-12-31"}]}',
      '`exceptions[0].expires` is `2029-12-31`',
    ],
  ])('%s', async (_, option, content, message) => {
    const bad = await file('bad.json', content);
    const { code, stdout, stderr } = await cli(['evaluate', '--snapshot', SNAPSHOT, option, bad]);
    expect(stderr).toContain(`\`${bad}\``);
    expect(stderr).toContain(message);
    expect(stderr).toMatch(/^cloudtrail-kms: [^\n]+\n$/);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
  });
});

describe('could not finish: exit code 3', () => {
  test('an output that cannot be written', async () => {
    const output = join(folder, 'none', 'report.json');
    const { code, stderr } = await cli(['evaluate', '--snapshot', SNAPSHOT, '--output', output]);
    expect(stderr).toBe(`cloudtrail-kms: cannot write \`${output}\`: no such file or directory\n`);
    expect(code).toBe(3);
    expect(await readdir(folder)).not.toContain('none');
  });

  test('trails that the snapshot could not hold; the others are reported', async () => {
    const unread = { Error: { Code: 'AccessDeniedException', Message: 'no' } };
    const snapshot = await file('unread.json', JSON.stringify({ version: 1, trails: unread, keys: [] }));
    const { code, stdout, stderr } = await cli(['evaluate', '--snapshot', snapshot, '--format', 'json']);
    expect(JSON.parse(stdout)).toMatchObject({ trails: [] });
    expect(stderr).toContain('the list of trails could not be read: AccessDeniedException: no');
    expect(code).toBe(3);
  });

  test.each<[string, string[]]>([
    ['to CloudTrail', []],
    ['to a principal', ['--principal', 'arn:aws:iam::111122223333:role/siem']],
  ])('nor are they explained %s', async (_, more) => {
    const unread = { Error: { Code: 'AccessDeniedException', Message: 'no' } };
    const snapshot = await file('unread.json', JSON.stringify({ version: 1, trails: unread, keys: [] }));
    const { code, stderr } = await cli(['explain', '--snapshot', snapshot, ...more]);
    expect(stderr).toContain('the list of trails could not be read: AccessDeniedException: no');
    expect(code).toBe(3);
  });
});

describe('help', () => {
  test.each<[string, string[], RegExp]>([
    ['of the program', ['--help'], /evaluate[\s\S]*Exit codes:/],
    ['of a command', ['evaluate', '--help'], /--snapshot <file>[\s\S]*Examples:/],
    ['by name', ['help', 'evaluate'], /--snapshot <file>/],
    ['says of no switch that it is off', ['repair', '--help'], /--yes +with --apply: do not ask\n/],
    ['names what changes AWS', ['--help'], /repair[\s\S]*--apply/],
  ])('%s', async (_, args, expected) => {
    const { code, stdout, stderr } = await cli(args);
    expect(stdout).toMatch(expected);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  });

  const ofCommands = async () => {
    const { stdout } = await cli(['--help']);
    const [, listed = ''] = /^Commands:\n([\s\S]*?)\n\n/m.exec(stdout) ?? [];
    return [...listed.matchAll(/^ {2}([a-z]+) /gm)].flatMap(([, name = '']) => (name === 'help' ? [] : [name]));
  };

  test('of every command: examples that name it, and exit codes from success to what could not be finished', async () => {
    const names = await ofCommands();
    expect(names).toEqual([
      ...['scan', 'collect', 'evaluate', 'explain', 'repair', 'compare', 'simulate', 'check', 'doctor', 'verify'],
    ]);
    for (const name of names) {
      const { stdout } = await cli([name, '--help']);
      const [, examples = ''] = /^Examples?:\n((?: {2}.*\n)+)/m.exec(stdout) ?? [];
      expect([name, examples]).toEqual([name, expect.stringContaining(`cloudtrail-kms ${name}`)]);
      const [, codes = ''] = /^Exit codes:\n((?: {2}.*\n)+)/m.exec(stdout) ?? [];
      const listed = [...codes.matchAll(/^ {2}(\d) {2}\S/gm)].map(([, code]) => code);
      expect([name, listed[0], listed.at(-2), listed.at(-1)]).toEqual([name, '0', '2', '3']);
    }
  });

  test('without a command the help goes to standard error', async () => {
    const { code, stdout, stderr } = await cli([]);
    expect(stderr).toContain('Usage: cloudtrail-kms');
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
  });

  test("the version is the package's", async () => {
    expect(await cli(['--version'])).toEqual({ code: 0, stdout: `${packageJson.version}\n`, stderr: '' });
  });
});
