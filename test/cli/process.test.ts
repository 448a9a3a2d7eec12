// Slow: `npm run quick` leaves it out.
import { spawn } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { build } from 'esbuild';
import { commandLineBuild } from '../../scripts/commandLineBuild.ts';
import { someOf } from '../runs.ts';

// The real process: what only it can show, such as exit codes, closed pipes and colours.

/** Built once, as it is shipped: each process would compile the sources anew. */
let built: string;
let MAIN: readonly string[];
beforeAll(async () => {
  built = await mkdtemp(join(tmpdir(), 'cloudtrail-kms-'));
  await build(commandLineBuild(process.cwd(), built));
  MAIN = [join(built, 'cli.js'), 'evaluate', '--snapshot'];
});
afterAll(() => rm(built, { recursive: true, force: true }));

interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

async function node(args: readonly string[], stdin = ''): Promise<Ended> {
  const child = spawn(process.execPath, args, { stdio: 'pipe' });
  child.stdin.on('error', () => undefined);
  child.stdin.end(stdin);
  const ended = new Promise<number | null>((resolve) => child.on('close', resolve));
  const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr)]);
  return { code: await ended, stdout, stderr };
}

/** Enough trails that the report does not fit into a pipe. */
async function large(): Promise<string> {
  const document = JSON.parse(await readFile('events/snapshots/unencrypted.json', 'utf8'));
  const [entry] = document.trails;
  document.trails = Array.from({ length: 500 }, (_, index) => ({
    ...entry,
    Trail: { ...entry.Trail, Name: `t${index}`, TrailARN: `${entry.Trail.TrailARN}-${index}` },
  }));
  return JSON.stringify(document);
}

test.each<[string, string[], number]>([
  ['compliant', ['events/snapshots/compliant.json'], 0],
  ['not compliant', ['events/snapshots/unencrypted.json'], 1],
  ['bad input', ['events/samples.json'], 2],
  ['could not finish', ['events/snapshots/compliant.json', '--output', '/nowhere/report'], 3],
])('exit code: %s', async (_, args, code) => {
  const ended = await node([...MAIN, ...args]);
  expect(ended.code).toBe(code);
  expect(ended.stderr).toMatch(code < 2 ? /^$/ : /^cloudtrail-kms: [^\n]+\n$/);
  // biome-ignore lint/suspicious/noControlCharactersInRegex: a pipe is no terminal, so nothing is coloured
  expect(ended.stdout).not.toMatch(/\u001b/);
});

test.each<[string, string, number, RegExp]>([
  [
    'what nobody caught',
    'throw new Error(text)',
    3,
    /^cloudtrail-kms: Error: \\u001b\[2Jx\n\\u003a:error::x \\u202e\n {4}at /,
  ],
  ['a warning', 'process.emitWarning(text)', 0, /^cloudtrail-kms: \\u\{1b\}\[2Jx ::error::x \\u\{202e\}\n$/],
])('%s is filtered as every other text', async (_, happens, code, expected) => {
  // As soon as the program listens.
  const hostile = `const text = '\\u001b[2Jx\\n::error::x \\u202e';
    process.on('newListener', (name) => name === 'uncaughtException' && setImmediate(() => { ${happens}; }));`;
  const started = ['--import', `data:text/javascript,${encodeURIComponent(hostile)}`];
  const ended = await node([...started, ...MAIN, 'events/snapshots/compliant.json']);
  expect(ended.stderr).toMatch(expected);
  expect(ended.code).toBe(code);
});

test('a report larger than a pipe arrives whole', async () => {
  const ended = await node([...MAIN, '-', '--format', 'json'], await large());
  expect(JSON.parse(ended.stdout).trails).toHaveLength(500);
  expect(ended.code).toBe(1);
});

test.each(someOf(['json', 'text'], 1))(
  'a reader that goes away is no error (%s), and does not change the verdict',
  async (format) => {
    const folder = await mkdtemp(join(tmpdir(), 'cloudtrail-kms-'));
    try {
      const snapshot = join(folder, 'snapshot.json');
      await writeFile(snapshot, await large());
      const child = spawn(process.execPath, [...MAIN, snapshot, '--format', format], {
        stdio: ['ignore', 'pipe', 'pipe'],
      });
      child.stdout.once('data', () => child.stdout.destroy());
      const ended = new Promise<number | null>((resolve) => child.on('close', resolve));
      expect(await text(child.stderr)).toBe('');
      expect(await ended).toBe(1);
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  },
);

test('npm start: every sample has its expected verdict, one line a trail', async () => {
  const { samples } = JSON.parse(await readFile('events/samples.json', 'utf8')) as {
    samples: readonly { readonly expected: Readonly<Record<string, string>> }[];
  };
  const { code, stdout, stderr } = await node(['scripts/samples.ts']);
  const expected = samples.flatMap((sample) => Object.values(sample.expected));
  const printed = stdout.match(/\b(?:NON_COMPLIANT|COMPLIANT|NOT_APPLICABLE)\b/g);
  expect(printed?.toSorted()).toEqual(expected.toSorted());
  expect(stdout).toContain('every verdict is the expected one');
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
});

describe('a signal while a file is written', () => {
  /** Writes half a report and waits; an interruption is heard too where `heard` says so. */
  const writing = (file: string, heard: boolean) => `
    import { writeOutput } from './src/cli/files.ts';
    ${heard ? "process.once('SIGTERM', () => process.exit(3));" : ''}
    async function* pieces() {
      yield 'half';
      await new Promise((resolve) => setTimeout(resolve, 600_000));
    }
    await writeOutput(${JSON.stringify(file)}, pieces());`;

  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'cloudtrail-kms-'));
    await writeFile(join(folder, 'report.json'), 'old');
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  const interrupted = async (signal: NodeJS.Signals, heard: boolean) => {
    const code = writing(join(folder, 'report.json'), heard);
    const child = spawn(process.execPath, ['--no-warnings', '--input-type=module', '-e', code], { stdio: 'inherit' });
    const ended = new Promise((resolve) => child.on('close', (exitCode, by) => resolve({ exitCode, by })));
    while ((await readdir(folder)).length < 2) await new Promise((resolve) => setTimeout(resolve, 20));
    child.kill(signal);
    return ended;
  };
  const isAsBefore = async () => {
    expect(await readdir(folder)).toEqual(['report.json']);
    expect(await readFile(join(folder, 'report.json'), 'utf8')).toBe('old');
  };

  // A shell shows a process that a signal ended as 128 and the signal's number.
  test.each(someOf(['SIGINT', 'SIGTERM', 'SIGHUP'] as const, 1))(
    '%s ends the process and leaves no file behind',
    async (signal) => {
      expect(await interrupted(signal, false)).toEqual({ exitCode: null, by: signal });
      await isAsBefore();
    },
  );

  test('whoever else listens for it decides how the process ends', async () => {
    expect(await interrupted('SIGTERM', true)).toEqual({ exitCode: 3, by: null });
    await isAsBefore();
  });
});
