/**
 * Puts seeded faults to the built bundles and to the command line, and has an oracle decide each run.
 *
 *   npm run faults                                   everything
 *   npm run faults -- --bundle configRule --seeds 20 a share
 *   npm run faults -- --bundle configRule --seed 17  one run, with its trace; 10-17: all of these in one process
 *
 * `right`: everything was done; `honest`: it failed, and said so; `WRONG`: a rule of the oracle was broken.
 */
import { parseArgs } from 'node:util';
import type { Run, Target } from './target.ts';
import { apply } from './targets/apply.ts';
import { centralEvaluation } from './targets/centralEvaluation.ts';
import { cloudFormationHook } from './targets/cloudFormationHook.ts';
import { configRule } from './targets/configRule.ts';
import { keyEvent } from './targets/keyEvent.ts';
import { repairKeyPolicy } from './targets/repairKeyPolicy.ts';
import { scan } from './targets/scan.ts';

/** Those whose runs take longest come first. */
const TARGETS: readonly Target[] = [
  apply,
  scan,
  repairKeyPolicy,
  configRule,
  centralEvaluation,
  keyEvent,
  cloudFormationHook,
];
/** Of each target, at most so many broken rules are told in words; the seeds are all named. */
const TOLD = 25;

const { values } = parseArgs({
  options: {
    bundle: { type: 'string' },
    seeds: { type: 'string' },
    seed: { type: 'string' },
    lanes: { type: 'string', default: '8' },
  },
});
const targets = TARGETS.filter(({ name }) => values.bundle === undefined || values.bundle === name);
if (targets.length === 0) throw new Error(`--bundle is one of ${TARGETS.map(({ name }) => name).join(', ')}`);

interface Batch {
  readonly target: Target;
  readonly seeds: readonly number[];
}

const batches = targets.flatMap((target): readonly Batch[] => {
  const seeds = wantedSeeds(target);
  if (values.seed !== undefined) return [{ target, seeds }];
  const { together } = target;
  return Array.from({ length: Math.ceil(seeds.length / together) }, (_, at) => ({
    target,
    seeds: seeds.slice(at * together, (at + 1) * together),
  }));
});
const started = performance.now();
const runs = new Map<Target, Run[]>(targets.map((target) => [target, []]));
await Promise.all(Array.from({ length: Number(values.lanes) }, work));
for (const [target, done] of runs) report(target, done);
const wrong = [...runs.values()].flat().filter(({ end }) => end === 'wrong').length;
const total = [...runs.values()].flat().length;
console.log(`${total} runs in ${Math.round((performance.now() - started) / 1_000)} s, ${wrong} WRONG`);
process.exit(wrong > 0 ? 1 : 0);

/** The batches are taken in turn by as many lanes as there are. */
async function work(): Promise<void> {
  for (let batch = batches.shift(); batch !== undefined; batch = batches.shift()) {
    const lane = await batch.target.open();
    for (const seed of batch.seeds) {
      const run = await lane.run(seed);
      runs.get(batch.target)?.push(run);
      if (values.seed !== undefined) console.log([`seed ${seed} (${run.kind}): ${run.end}`, ...run.trace].join('\n'));
    }
    lane.close();
  }
}

function wantedSeeds({ runs }: Target): readonly number[] {
  const [first = 0, last = first] = (values.seed ?? `0-${Number(values.seeds ?? runs) - 1}`).split('-').map(Number);
  return Array.from({ length: last - first + 1 }, (_, index) => first + index);
}

function report({ name, kinds }: Target, done: readonly Run[]): void {
  console.log(
    `\n${name.padEnd(18)}${'runs'.padStart(6)}${'right'.padStart(7)}${'honest'.padStart(8)}${'WRONG'.padStart(7)}`,
  );
  for (const kind of kinds) {
    const some = done.filter((run) => run.kind === kind);
    const count = (end: Run['end']) => String(some.filter((run) => run.end === end).length);
    const seeds = some.filter(({ end }) => end === 'wrong').map(({ seed }) => seed);
    const row = [count('right').padStart(7), count('honest').padStart(8), count('wrong').padStart(7)].join('');
    console.log(
      `  ${kind.padEnd(16)}${String(some.length).padStart(6)}${row}${seeds.length > 0 ? `  seeds ${seeds.join(' ')}` : ''}`,
    );
  }
  const broken = done.filter(({ end }) => end === 'wrong').toSorted((a, b) => a.seed - b.seed);
  for (const { seed, kind, wrong, answer } of broken.slice(0, TOLD)) {
    for (const text of wrong) console.log(`WRONG ${name} seed ${seed} (${kind}): ${text}`);
    console.log(`      ${answer.slice(0, 300)}`);
  }
  if (broken.length > TOLD) console.log(`WRONG ${name}: ${broken.length - TOLD} more`);
}
