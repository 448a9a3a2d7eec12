import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isMet, line, type Measurement } from './bench/budget.ts';
import { loadedAtStart } from './bench/bundle.ts';
import { connections } from './bench/connections.ts';
import { decisionsASecond, exactAnswer } from './bench/engine.ts';
import { firstInvocation } from './bench/firstInvocation.ts';
import { hardestPolicy } from './bench/hardPolicies.ts';
import { hook } from './bench/hook.ts';
import { invocations } from './bench/invocations.ts';
import { linesMemory } from './bench/lines.ts';
import { project } from './bench/project.ts';
import { slowestRefusal } from './bench/refusals.ts';
import { repairs } from './bench/repairs.ts';
import { simulateMemory } from './bench/simulate.ts';
import { slowestPolicy, slowSnapshots } from './bench/slowPolicies.ts';
import { largeSnapshot } from './bench/snapshot.ts';
import { startup } from './bench/startup.ts';
import { lambdaBuilds } from './lambdaBuilds.ts';

// One line a budget; ends with 1 when one of them is missed.

const root = join(import.meta.dirname, '..');
const scratch = mkdtempSync(join(tmpdir(), 'bench-'));
// Measured on a copy: a build elsewhere in the meantime changes nothing, and nothing is found in the tree around it.
const dist = join(scratch, 'dist');
const rule = join(dist, 'lambda/configRule');

prepare('bash', 'test/e2e/setup.sh', 'runtime');
prepare('node', 'scripts/build.ts');
cpSync(join(root, 'dist'), dist, { recursive: true });

const measurements: readonly (() => Promise<readonly Measurement[]>)[] = [
  () => startup(rule, scratch, ruleOptions()),
  async () => [await firstInvocation(rule, scratch, ruleOptions())],
  async () => [await loadedAtStart(rule)],
  () => invocations(rule),
  () => connections(dist),
  async () => [decisionsASecond()],
  async () => [exactAnswer()],
  slowSnapshots,
  async () => [await slowestPolicy()],
  async () => [hardestPolicy()],
  () => largeSnapshot(join(dist, 'cli.js'), scratch),
  async () => [await linesMemory(join(dist, 'cli.js'), scratch)],
  async () => [await simulateMemory(join(dist, 'cli.js'))],
  async () => [slowestRefusal()],
  async () => repairs(),
  async () => hook(),
  async () => project(),
];

try {
  for (const measure of measurements) {
    for (const measurement of await measure()) {
      console.log(line(measurement));
      if (!isMet(measurement)) process.exitCode = 1;
    }
  }
} finally {
  rmSync(scratch, { recursive: true, force: true });
}

/** The bare clients are bundled as the rule is. */
function ruleOptions() {
  const built = lambdaBuilds(join(root, 'template.yaml')).find(({ handler }) => handler === 'configRule');
  if (!built) throw new Error('template.yaml builds no `configRule`');
  return built.options;
}

function prepare(command: string, ...args: readonly string[]): void {
  const { status } = spawnSync(command, args, { cwd: root, stdio: ['ignore', 'ignore', 'inherit'] });
  if (status !== 0) throw new Error(`\`${[command, ...args].join(' ')}\` ended with ${status}`);
}
