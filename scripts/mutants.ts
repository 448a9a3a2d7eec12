import { globSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { LAYERS } from './mutants/layers.ts';
import { type Mutant, mutantsOf } from './mutants/operators.ts';
import { Trial } from './mutants/trial.ts';

/**
 * Changes the sources of a layer in one place at a time and runs the tests that enter the changed function:
 * `node scripts/mutants.ts --layer policy --seed 1 --count 250 [--jobs 2]`. Prints one line a mutant, and the score.
 * `--budget 5` leaves a mutant alone that five seconds of tests did not kill; `--only FILE` runs those mutants again that it names in such lines. No file is changed: each mutant
 * lives in a process of its own, where the tests run with the fewest samples.
 */
const { values } = parseArgs({
  options: {
    layer: { type: 'string', default: 'policy' },
    seed: { type: 'string', default: '1' },
    count: { type: 'string', default: '250' },
    jobs: { type: 'string', default: '1' },
    seconds: { type: 'string', default: '20' },
    budget: { type: 'string', default: '3600' },
    only: { type: 'string' },
  },
});

const layer = LAYERS[values.layer];
if (layer === undefined)
  throw new Error(`--layer is \`${values.layer}\`, accepted are ${Object.keys(LAYERS).join(', ')}`);
const folder = resolve('node_modules/.cache/mutants', String(process.pid));
mkdirSync(folder, { recursive: true });
const count = { killed: 0, survived: 0 };
try {
  const trial = await Trial.of(layer, folder, Number(values.seconds), Number(values.budget));
  const mutants = chosen(layer.files).values();
  const work = async (job: number): Promise<void> => {
    for (const mutant of mutants) {
      const outcome = await trial.outcomeOf(mutant, job);
      if (outcome.ended === 'survived') count.survived += 1;
      else if (outcome.ended !== 'no program') count.killed += 1;
      const by = outcome.ended === 'killed' ? ` by ${outcome.by}` : '';
      console.log(`${outcome.ended.toUpperCase()} ${inWords(mutant)}${by}`);
    }
  };
  await Promise.all(Array.from({ length: Number(values.jobs) }, (_, job) => work(job)));
} finally {
  rmSync(folder, { recursive: true, force: true });
}
const all = count.killed + count.survived;
const score = ((100 * count.killed) / all).toFixed(1);
console.log(`${values.layer}, seed ${values.seed}: ${count.killed} of ${all} killed, ${score} %`);

/** So many of the mutants of all files, each as likely as the next; or those that `--only` names. */
function chosen(files: RegExp): readonly Mutant[] {
  const mutants = globSync('src/**/*.ts')
    .filter((file) => files.test(file))
    .sort()
    .flatMap((file) => mutantsOf(file, readFileSync(file, 'utf8')));
  if (values.only !== undefined) {
    const named = readFileSync(values.only, 'utf8').split('\n');
    return mutants.filter((mutant) => named.some((line) => line.includes(inWords(mutant))));
  }
  let state = Number(values.seed);
  const next = (): number => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
  return mutants
    .map((mutant) => ({ mutant, key: next() }))
    .toSorted((a, b) => a.key - b.key)
    .slice(0, Number(values.count))
    .map(({ mutant }) => mutant);
}

function inWords({ file, line, operator, from, to, by }: Mutant): string {
  const text = readFileSync(file).subarray(from, to).toString().replaceAll(/\s+/g, ' ').trim();
  return `${file}:${line} ${operator}: ${text.slice(0, 80)} -> ${by.replaceAll(/\s+/g, ' ').trim().slice(0, 80)}`;
}
