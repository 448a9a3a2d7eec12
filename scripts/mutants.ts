import { spawn } from 'node:child_process';
import { cpSync, globSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { type Mutant, mutantsOf } from './mutants/operators.ts';
import { ROOMS } from './mutants/rooms.ts';

/**
 * Changes the sources of a room in one place at a time and runs the tests that should notice:
 * `node scripts/mutants.ts --room policy --seed 1 --count 250 [--lane 1/2] [--under 'nice -n 19']`. Prints one line a mutant, and the score.
 * It works on a copy, and the tests run with the fewest samples.
 */
const { values } = parseArgs({
  options: {
    room: { type: 'string', default: 'policy' },
    seed: { type: 'string', default: '1' },
    count: { type: 'string', default: '250' },
    lane: { type: 'string', default: '1/1' },
    seconds: { type: 'string', default: '90' },
    under: { type: 'string', default: 'nice' },
  },
});

const room = ROOMS[values.room];
if (room === undefined) throw new Error(`--room is \`${values.room}\`, accepted are ${Object.keys(ROOMS).join(', ')}`);
const [lane = 1, lanes = 1] = values.lane.split('/').map(Number);
const drawn = draw(room.files, Number(values.seed), Number(values.count));
const at = copyOfProject();
const survivors: string[] = [];
let killed = 0;
try {
  for (const [index, mutant] of drawn.entries()) {
    if (index % lanes !== lane - 1) continue;
    const by = await killerOf(mutant, room.tests);
    if (by === null) survivors.push(inWords(mutant));
    else killed += 1;
    console.log(`${by === null ? 'SURVIVED' : `killed by ${by}`} ${inWords(mutant)}`);
  }
} finally {
  rmSync(at, { recursive: true, force: true });
}
const all = killed + survivors.length;
console.log(`${values.room}, seed ${values.seed}: ${killed} of ${all} killed, ${((100 * killed) / all).toFixed(1)} %`);

/** So many of the mutants of all files, each as likely as the next. */
function draw(files: RegExp, seed: number, count: number): readonly Mutant[] {
  const all = globSync('src/**/*.ts')
    .filter((file) => files.test(file))
    .sort()
    .flatMap((file) => mutantsOf(file, readFileSync(file, 'utf8')));
  let state = seed;
  const next = (): number => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
  const keyed = all.map((mutant) => ({ mutant, key: next() }));
  return keyed
    .toSorted((a, b) => a.key - b.key)
    .slice(0, count)
    .map(({ mutant }) => mutant);
}

function copyOfProject(): string {
  const copy = mkdtempSync(join(tmpdir(), 'mutants-'));
  for (const name of globSync('*')) {
    if (name === 'node_modules' || name === 'dist') continue;
    cpSync(name, join(copy, name), { recursive: true, filter: (path) => !path.endsWith('node_modules') });
  }
  symlinkSync(resolve('node_modules'), join(copy, 'node_modules'));
  return copy;
}

/** The first of the sets of tests that fails or does not end in time, counted from 1; `null` where none does. */
async function killerOf({ file, from, to, by }: Mutant, tests: readonly (readonly string[])[]): Promise<number | null> {
  const before = readFileSync(file);
  const target = join(at, file);
  writeFileSync(target, Buffer.concat([before.subarray(0, from), Buffer.from(by), before.subarray(to)]));
  try {
    for (const [index, patterns] of tests.entries()) if (!(await passes(patterns))) return index + 1;
    return null;
  } finally {
    writeFileSync(target, before);
  }
}

function passes(patterns: readonly string[]): Promise<boolean> {
  const [command = 'nice', ...before] = values.under.split(' ');
  const jest = spawn(
    command,
    [
      ...before,
      process.execPath,
      'node_modules/.bin/jest',
      '--bail',
      '--maxWorkers=1',
      '--silent',
      '--testPathIgnorePatterns',
      '/node_modules/',
      'organizationSimulation',
      '/test/(e2e|browser|live|package)/',
      '--',
      ...patterns,
    ],
    { cwd: at, stdio: 'ignore', env: { ...process.env, TEST_DEPTH: 'mutants', JUDGE_COUNT: '150' } },
  );
  const timer = setTimeout(() => jest.kill('SIGKILL'), Number(values.seconds) * 1_000);
  return new Promise((done) => {
    jest.on('close', (code) => {
      clearTimeout(timer);
      done(code === 0);
    });
  });
}

function inWords({ file, line, operator, from, to, by }: Mutant): string {
  const text = readFileSync(file).subarray(from, to).toString().replaceAll(/\s+/g, ' ').trim();
  return `${file}:${line} ${operator}: ${text.slice(0, 80)} -> ${by.replaceAll(/\s+/g, ' ').trim().slice(0, 80)}`;
}
