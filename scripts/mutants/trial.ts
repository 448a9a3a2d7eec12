import { spawn } from 'node:child_process';
import { globSync, readFileSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { build, type TransformOptions, transform } from 'esbuild';
import type { Layer } from './layers.ts';
import type { Mutant } from './operators.ts';
import { type Files, type Measured, planFor } from './plan.ts';
import { mutated, Sources } from './sources.ts';

/** How the tests of a mutant ended. */
export type Outcome =
  | { readonly ended: 'survived' }
  | { readonly ended: 'killed'; readonly by: string }
  | { readonly ended: 'out of time' }
  /** It does not parse: no mutant at all. */
  | { readonly ended: 'no program' };

const COMPILED = {
  format: 'cjs',
  platform: 'node',
  supported: { 'dynamic-import': false },
  define: { 'import.meta.dirname': '__dirname' },
  logLevel: 'silent',
} satisfies TransformOptions;

/** Runs a layer's tests in processes of their own, each with one mutant. */
export class Trial {
  readonly #folder: string;
  readonly #seconds: number;
  readonly #budgetMs: number;
  readonly #sources: Sources;
  readonly #measured: readonly Measured[];

  /**
   * Measures what each test takes and enters when nothing is changed.
   *
   * @param seconds of one test before it counts as endless
   * @param budget seconds of tests for one mutant
   */
  static async of(layer: Layer, folder: string, seconds: number, budget: number): Promise<Trial> {
    const sources = new Sources(layer);
    const tests = globSync('test/**/*.test.ts').filter((file) => layer.tests.test(file));
    const files: Files = { sources: sources.files, tests: tests.sort() };
    writeFileSync(`${folder}/files.json`, JSON.stringify(files));
    await compileAll(folder, sources.marked);
    const measured = `${folder}/measured.json`;
    const outcome = await run(folder, seconds, { FILES: `${folder}/files.json`, MEASURED: measured });
    if (outcome.ended !== 'survived') throw new Error(`the tests fail without a mutant: ${JSON.stringify(outcome)}`);
    await compileAll(folder, () => undefined);
    return new Trial(folder, seconds, budget, sources, JSON.parse(readFileSync(measured, 'utf8')));
  }

  private constructor(
    folder: string,
    seconds: number,
    budget: number,
    sources: Sources,
    measured: readonly Measured[],
  ) {
    this.#folder = folder;
    this.#seconds = seconds;
    this.#budgetMs = budget * 1_000;
    this.#sources = sources;
    this.#measured = measured;
  }

  /** @param job of those that run at the same time */
  async outcomeOf(mutant: Mutant, job: number): Promise<Outcome> {
    const [PLAN, MUTANT] = [`${this.#folder}/plan-${job}.json`, `${this.#folder}/mutant-${job}.json`];
    try {
      const { code } = await transform(mutated(mutant), { ...COMPILED, loader: 'ts' });
      writeFileSync(MUTANT, JSON.stringify({ file: mutant.file, code }));
    } catch {
      return { ended: 'no program' };
    }
    const place = { file: mutant.file, enters: this.#sources.functionAt(mutant) };
    writeFileSync(PLAN, JSON.stringify(planFor(place, this.#measured, this.#budgetMs)));
    return run(this.#folder, this.#seconds, { PLAN, MUTANT });
  }
}

/** Writes every module as a function into one file, which `loader.cjs` loads them from. */
async function compileAll(folder: string, marked: (file: string) => string | undefined): Promise<void> {
  const { outputFiles } = await build({
    ...COMPILED,
    entryPoints: globSync(['{src,test}/**/*.ts', 'scripts/*/*.ts'], {
      exclude: ['test/{e2e,live,faults,package,browser,terraform}/**'],
    }),
    outdir: resolve('.'),
    outbase: '.',
    outExtension: { '.js': '.ts' },
    write: false,
    plugins: [
      {
        name: 'marks',
        setup: ({ onLoad }) => {
          onLoad({ filter: /\/src\/.*\.ts$/ }, ({ path }) => {
            const contents = marked(path.slice(resolve('.').length + 1));
            return contents === undefined ? undefined : { contents, loader: 'ts' };
          });
        },
      },
    ],
  });
  const lines = outputFiles.map(({ path, text }) => {
    const file = path.slice(resolve('.').length + 1);
    return `${JSON.stringify(file)}: function (module, exports, require, __dirname) {\n${text.replace(/^#!/, '//')}\n},`;
  });
  writeFileSync(`${folder}/modules.cjs`, ['module.exports = {', ...lines, '};'].join('\n'));
}

/** A test that takes the processor for longer than the seconds has no end, nor one that waits for eight times as long. */
function run(folder: string, seconds: number, env: Readonly<Record<string, string>>): Promise<Outcome> {
  const loader = resolve('scripts/mutants/loader.cjs');
  const child = spawn(process.execPath, ['--max-old-space-size=1500', loader, folder, resolve('.')], {
    stdio: ['ignore', 'pipe', process.env.DEBUG === undefined ? 'ignore' : 'inherit'],
    env: {
      ...process.env,
      TEST_DEPTH: 'mutants',
      JUDGE_COUNT: '200',
      TMPDIR: folder,
      NODE_COMPILE_CACHE: `${folder}/compiled`,
      ...env,
    },
  });
  let isLate = false;
  let last = '';
  let since = Date.now();
  let before = 0;
  const timer = setInterval(() => {
    isLate = cpuSeconds(child.pid) - before > seconds || Date.now() - since > 8_000 * seconds;
    if (isLate) child.kill('SIGKILL');
  }, 2_000);
  child.stdout?.on('data', (chunk: Buffer) => {
    since = Date.now();
    before = cpuSeconds(child.pid);
    last = `${last}${chunk}`.slice(-2_000);
  });
  return new Promise((done) => {
    child.on('close', (code) => {
      clearInterval(timer);
      if (code === 0) done({ ended: 'survived' });
      else done(isLate ? { ended: 'out of time' } : { ended: 'killed', by: last.split('\n').at(-1) ?? '' });
    });
  });
}

/** What a process has taken of a processor so far: Linux counts it in hundredths. */
function cpuSeconds(pid: number | undefined): number {
  try {
    const [, user = 0, system = 0] = /\) (?:\S+ ){11}(\d+) (\d+)/.exec(readFileSync(`/proc/${pid}/stat`, 'utf8')) ?? [];
    return (Number(user) + Number(system)) / 100;
  } catch {
    return Date.now() / 1_000;
  }
}
