// Slow: `npm run quick` leaves it out.
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'yaml';
import { FORMATS } from '../../src/cli/formats.ts';
import { spread } from '../runs.ts';
import { cli, type Outcome } from './support.ts';

// What somebody else wrote reaches no terminal and no CI log as anything but text.

/** Every kind of character that acts, and orders at the start of some line, however wide lines are. */
const HOSTILE = `\u001b[32m\u001b[2J\u0007\b\u009b2J\u202e\u2066\u200b\u2028\u2029\u0085\r\n::error file=README.md,line=1::x\r ${'::add-mask::x '.repeat(40)}##[set-output name=a]b ##vso[task.setvariable variable=a]b`;

const ACTS = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}](?<!\n)(?<!\r(?=\n))/u;
const ORDERS = /^\s*::|##\w*\[/m;

function expectText({ stdout, stderr }: Omit<Outcome, 'code'>): void {
  for (const text of [stdout, stderr]) {
    expect(text).not.toMatch(ACTS);
    expect(text).not.toMatch(ORDERS);
  }
  // A message is one line, whatever it holds.
  expect(stderr).toMatch(/^(?:cloudtrail-kms: [^\n]*\n)*$/);
}

/** Texts that leave trail and key what they are. */
const FREE = /^(?:Name|S3BucketName|Sid|Description|aws:SourceArn|LatestDeliveryError)$/;
const hostile = (name: string, value: unknown): unknown =>
  typeof value === 'string' && FREE.test(name) ? `${value}${HOSTILE}` : value;

const SNAPSHOT = 'events/snapshots/wrong-account.json';
const CASES = 'test/cases/cli/untrusted';

let folder: string;
let names: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'cloudtrail-kms-'));
  names = join(folder, 'names.json');
  await writeFile(names, JSON.stringify(JSON.parse(await readFile(SNAPSHOT, 'utf8'), hostile)));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

test('nothing writes past the filter', async () => {
  const files = (await readdir('src', { recursive: true })).filter((file) => file.endsWith('.ts'));
  const texts = await Promise.all(
    files.map(async (file) => [file, await readFile(join('src', file), 'utf8')] as const),
  );
  const naming = (what: RegExp) => texts.flatMap(([file, text]) => (what.test(text) ? [file] : [])).sort();
  expect(naming(/process\.std(?:out|err)|console\./)).toEqual(['cli/io.ts']);
  // A question of our own is asked by readline.
  expect(naming(/std(?:out|err)\.stream|this\.stream/)).toEqual(['cli/output.ts', 'cli/repair/applyConfirm.ts']);
});

describe('a file of others', () => {
  const rows: readonly (readonly [string, readonly string[], readonly string[]])[] = [
    ['check', Object.keys(FORMATS), [`${CASES}/macro.yaml`]],
    ['check', Object.keys(FORMATS), [`${CASES}/workflow-command.yaml`]],
    ['evaluate', Object.keys(FORMATS), ['--snapshot', `${CASES}/unread.json`]],
    ['evaluate', Object.keys(FORMATS), ['--snapshot', 'names']],
    ['explain', ['text', 'json'], ['--snapshot', `${CASES}/unread.json`]],
    ['explain', ['text', 'json'], ['--snapshot', 'names']],
    ['repair', ['text', 'json'], ['--snapshot', `${CASES}/unread.json`]],
    ['repair', ['text', 'json'], ['--snapshot', 'names']],
    ['repair', ['text'], ['--snapshot', 'names', '--form', 'terraform']],
    ['repair', ['text'], ['--snapshot', 'names', '--form', 'cloudformation']],
  ];
  test.each(
    rows.flatMap(([command, formats, args]) => spread(formats, 2).map((format) => [command, format, args] as const)),
  )('%s --format %s %j', async (command, format, args) => {
    const given = [command, '--format', format, ...args.map((arg) => (arg === 'names' ? names : arg))];
    const printed = await cli(given);
    expect(printed.code).toBeLessThan(4);
    expectText(printed);
    if (command === 'repair') return;
    const output = join(folder, 'report');
    const { stderr } = await cli([...given, '--output', output]);
    expectText({ stdout: await readFile(output, 'utf8'), stderr });
  });
});

/** The document once for each of its texts, which somebody has written his own way. */
function* written(document: unknown): Generator<unknown> {
  if (typeof document === 'string') yield `${document}${HOSTILE}`;
  if (typeof document !== 'object' || document === null) return;
  for (const [name, value] of Object.entries(document))
    for (const content of written(value))
      yield Array.isArray(document) ? document.with(Number(name), content) : { ...document, [name]: content };
}

describe('whichever text of a document is hostile', () => {
  test.each([
    ['evaluate', ['--snapshot'], SNAPSHOT],
    ['check', [], 'events/templates/wrong-account.yaml'],
    ['evaluate', ['--snapshot', SNAPSHOT, '--event'], 'events/invocations/trail-changed.json'],
    ['evaluate', ['--snapshot', SNAPSHOT, '--exceptions'], 'events/exceptions.json'],
  ])('%s %j', async (command, args, source) => {
    const file = join(folder, 'document.json');
    for (const document of spread([...written(parse(await readFile(source, 'utf8'), { logLevel: 'silent' }))], 20)) {
      await writeFile(file, JSON.stringify(document));
      expectText(await cli([command, ...args, file]));
    }
  });
});

describe('hostile arguments', () => {
  const evaluate = ['evaluate', '--snapshot', SNAPSHOT];
  test.each<[string, string[]]>([
    ['a command', [HOSTILE]],
    ['a flag', [...evaluate, `--${HOSTILE}`]],
    ['a snapshot', ['evaluate', '--snapshot', HOSTILE]],
    ['a format', [...evaluate, '--format', HOSTILE]],
    ['parameters', [...evaluate, '--parameters', HOSTILE]],
    ['a parameter', [...evaluate, '--parameters', JSON.stringify({ [HOSTILE]: HOSTILE })]],
    ['a severity', [...evaluate, '--minimum-severity', HOSTILE]],
    ['an output', [...evaluate, '--output', `package.json/${HOSTILE}`]],
    ['a trail to explain', ['explain', '--snapshot', SNAPSHOT, '--trail', HOSTILE]],
    ['a trail to repair', ['repair', '--snapshot', SNAPSHOT, '--trail', HOSTILE]],
    ['a directory', ['repair', '--snapshot', SNAPSHOT, '--output', `package.json/${HOSTILE}`]],
    ['an account', ['scan', '--accounts', HOSTILE]],
    ['a Region', ['collect', '--regions', HOSTILE]],
    ['a Region to deploy to', ['check', '--region', HOSTILE, 'x']],
    ['a parameter of a template', ['check', '--template-parameters', `${HOSTILE}=x`, 'events/templates/good.yaml']],
  ])('%s', async (_, args) => {
    const outcome = await cli(args);
    expect(outcome.stderr).toContain('\\u{1b}[32m');
    expect(outcome.code).toBeGreaterThan(1);
    expectText(outcome);
  });

  test('lines for simulate', async () => {
    const policy = { Version: HOSTILE, Statement: [{ Sid: HOSTILE, Effect: 'Allow' }] };
    const lines = [HOSTILE, JSON.stringify(HOSTILE), JSON.stringify({ id: HOSTILE, policy, request: { x: HOSTILE } })];
    expectText(await cli(['simulate'], { stdin: lines.join('\n') }));
  });
});

describe('on a terminal', () => {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: a colour of our own
  const COLOURS = /\u001b\[\d\d?m/g;
  test.each(['evaluate', 'explain', 'repair'])('%s has colours, and nothing else', async (command) => {
    const { stdout, stderr } = await cli([command, '--snapshot', names], { isTTY: true });
    expect(stdout).toMatch(COLOURS);
    // Those of the names are shown.
    expect(stdout).toContain('\\u{1b}[32m');
    expectText({ stdout: stdout.replace(COLOURS, ''), stderr });
  });

  test('a landing zone is named in a colour', async () => {
    const snapshot = (await readFile(SNAPSHOT, 'utf8')).replaceAll('trail/main', 'trail/aws-controltower-main');
    const { stdout } = await cli(['repair', '--snapshot', '-'], { stdin: snapshot, isTTY: true });
    expect(stdout).toMatch(/belongs to AWS\s+Control Tower: the change is for its owner/);
    expect(stdout).not.toContain('\\u{1b}');
  });
});

test('what is escaped in JSON is the same document', async () => {
  const { trails } = JSON.parse((await cli(['evaluate', '--snapshot', names, '--format', 'json'])).stdout);
  expect(JSON.stringify(trails)).toContain(JSON.stringify(HOSTILE).slice(1, -1));
});
