import { spawn } from 'node:child_process';
import { globSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { build, type Plugin } from 'esbuild';
import { LAYERS } from './mutants/layers.ts';
import { type Mutant, mutantsOf } from './mutants/operators.ts';

/**
 * Changes the sources of a layer in one place at a time and runs the tests that should notice:
 * `node scripts/mutants.ts --layer policy --seed 1 --count 250 [--lane 1/2] [--under 'nice -n 19']`. Prints one line a
 * mutant, and the score. No file is changed: each mutant is bundled with the tests, which run with the fewest samples.
 */
const { values } = parseArgs({
  options: {
    layer: { type: 'string', default: 'policy' },
    seed: { type: 'string', default: '1' },
    count: { type: 'string', default: '250' },
    lane: { type: 'string', default: '1/1' },
    seconds: { type: 'string', default: '90' },
    under: { type: 'string', default: 'nice' },
  },
});

/** A test reads its cases beside itself, and not beside the bundle. */
const PLACES: Plugin = {
  name: 'places',
  setup: ({ onLoad }) => {
    onLoad({ filter: /\/test\/.*\.ts$/ }, ({ path }) => ({
      contents: `const __dirname = ${JSON.stringify(dirname(path))};\n${readFileSync(path, 'utf8')}`,
      loader: 'ts',
    }));
  },
};

const layer = LAYERS[values.layer];
if (layer === undefined)
  throw new Error(`--layer is \`${values.layer}\`, accepted are ${Object.keys(LAYERS).join(', ')}`);
const [lane = 1, lanes = 1] = values.lane.split('/').map(Number);
const folder = resolve('node_modules/.cache/mutants', `${values.layer}-${values.seed}-${lane}`);
mkdirSync(folder, { recursive: true });
let killed = 0;
let survived = 0;
try {
  for (const index of layer.tests.keys())
    if ((await exitCode(null, index)) !== 0)
      throw new Error(`without a mutant the tests ${layer.tests[index]?.join(', ')} fail`);
  for (const [index, mutant] of draw(layer.files, Number(values.seed), Number(values.count)).entries()) {
    if (index % lanes !== lane - 1) continue;
    const by = await killerOf(mutant);
    if (by === null) survived += 1;
    else killed += 1;
    console.log(`${by === null ? 'SURVIVED' : `killed by ${by}`} ${inWords(mutant)}`);
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
const all = killed + survived;
console.log(`${values.layer}, seed ${values.seed}: ${killed} of ${all} killed, ${((100 * killed) / all).toFixed(1)} %`);

/** So many of the mutants of all files, each as likely as the next. */
function draw(files: RegExp, seed: number, count: number): readonly Mutant[] {
  const mutants = globSync('src/**/*.ts')
    .filter((file) => files.test(file))
    .sort()
    .flatMap((file) => mutantsOf(file, readFileSync(file, 'utf8')));
  let state = seed;
  const next = (): number => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
  return mutants
    .map((mutant) => ({ mutant, key: next() }))
    .toSorted((a, b) => a.key - b.key)
    .slice(0, count)
    .map(({ mutant }) => mutant);
}

/** The first set of tests that fails or does not end in time, counted from 1; `null` where none does. */
async function killerOf(mutant: Mutant): Promise<string | null> {
  for (const index of layer?.tests.keys() ?? []) {
    const code = await exitCode(mutant, index);
    if (code !== 0) return code === null ? `${index + 1}, out of time,` : String(index + 1);
  }
  return null;
}

/** Of the tests with a mutant; `null` where they did not end in time. */
async function exitCode(mutant: Mutant | null, index: number): Promise<number | null> {
  const outfile = `${folder}/tests.cjs`;
  const tests = globSync('test/**/*.test.ts').filter((file) =>
    layer?.tests[index]?.some((one) => new RegExp(one).test(file)),
  );
  const imports = tests.sort().map((file) => `import '${resolve(file)}';`);
  const contents = ["import { run } from './scripts/mutants/harness.ts';", ...imports, 'run();'].join('\n');
  try {
    await build({
      stdin: { contents, resolveDir: resolve('.'), loader: 'ts' },
      outfile,
      bundle: true,
      platform: 'node',
      format: 'cjs',
      packages: 'external',
      logLevel: 'silent',
      plugins: mutant === null ? [PLACES] : [PLACES, changed(mutant)],
    });
  } catch {
    return 1;
  }
  return exitCodeOf(outfile);
}

function changed({ file, from, to, by }: Mutant): Plugin {
  return {
    name: 'mutant',
    setup: ({ onLoad }) => {
      onLoad({ filter: new RegExp(`${file.replaceAll('.', '\\.')}$`) }, () => {
        const before = readFileSync(file);
        const contents = Buffer.concat([before.subarray(0, from), Buffer.from(by), before.subarray(to)]);
        return { contents, loader: 'ts' };
      });
    },
  };
}

function exitCodeOf(bundle: string): Promise<number | null> {
  const [command = 'nice', ...before] = values.under.split(' ');
  const env = { ...process.env, TEST_DEPTH: 'mutants', JUDGE_COUNT: '200' };
  const tests = spawn(command, [...before, process.execPath, bundle], {
    stdio: process.env.DEBUG === undefined ? 'ignore' : 'inherit',
    env,
  });
  const timer = setTimeout(() => tests.kill('SIGKILL'), Number(values.seconds) * 1_000);
  return new Promise((done) => {
    tests.on('close', (code) => {
      clearTimeout(timer);
      done(code);
    });
  });
}

function inWords({ file, line, operator, from, to, by }: Mutant): string {
  const text = readFileSync(file).subarray(from, to).toString().replaceAll(/\s+/g, ' ').trim();
  return `${file}:${line} ${operator}: ${text.slice(0, 80)} -> ${by.replaceAll(/\s+/g, ' ').trim().slice(0, 80)}`;
}
