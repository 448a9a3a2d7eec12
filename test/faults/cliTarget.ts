import type { ChildProcess } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, watch as watchFolder } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { cli } from '../e2e/support/cli.ts';
import { chance, pick } from './chance.ts';
import { type Endpoint, openEndpoint, type Scene, type Watch, type World } from './endpoint.ts';
import { traceOf } from './functionTarget.ts';
import type { Judged } from './oracle.ts';
import { isSurvivable, NO_FAULTS, type Plan, type PlanOptions, planFaults, type RunKind } from './plan.ts';
import { faultsMet, withQuota } from './quota.ts';
import type { Lane, Run, Target } from './target.ts';

export const DEATHS = ['SIGTERM', 'SIGKILL'] as const;
export type Death = (typeof DEATHS)[number];
type CliKind = RunKind | Death;

/** What a command came to; `code` is `null` where a signal ended it. */
export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
  /** What lies in the folder of the run. */
  readonly files: readonly string[];
  /** Whether it was killed, and by what. */
  readonly death: Death | null;
}

/** One command in a world of its own. */
export interface CliCase {
  readonly world: World;
  readonly args: readonly string[];
  readonly requests: readonly string[];
  readonly options?: PlanOptions;
  /** The request at which a kill is aimed in every other run; left out, it is the first file that appears. */
  readonly killAt?: string;
  /** What it may take at most, in milliseconds. */
  readonly limit: number;
  judge(ended: Ended, plan: Plan): Judged;
  /** Whether the same command, without faults in the same world, ends as it must. */
  again?(ended: Ended): readonly string[];
}

export interface CliTarget {
  readonly name: string;
  readonly runs: number;
  readonly kinds: readonly CliKind[];
  /** @param folder empty, of this run alone */
  prepare(seed: number, kind: CliKind, folder: string): CliCase;
}

/** How long a command that was told to stop may take, in milliseconds. */
const ANSWERING = 20_000;

const isDeath = (kind: CliKind): kind is Death => kind === 'SIGTERM' || kind === 'SIGKILL';

export const cliTarget = (target: CliTarget): Target => ({
  ...target,
  together: 1,
  async open(): Promise<Lane> {
    const endpoint = await openEndpoint();
    return {
      async run(seed) {
        const folder = mkdtempSync(join(tmpdir(), 'faults-'));
        try {
          return await runOnce(target, endpoint, seed, folder);
        } finally {
          rmSync(folder, { recursive: true, force: true });
        }
      },
      close: () => endpoint.close(),
    };
  },
});

async function runOnce(target: CliTarget, endpoint: Endpoint, seed: number, folder: string): Promise<Run> {
  const kind = target.kinds[seed % target.kinds.length] ?? 'mixed';
  const given = target.prepare(seed, kind, folder);
  const planned = isDeath(kind) ? NO_FAULTS : planFaults(seed, kind, given.requests, given.options);
  const { ended, scene, late } = await execute(given, endpoint, seed, folder, planned, isDeath(kind) ? kind : null);
  const plan = withQuota(planned, scene.met);
  const judged = given.judge(ended, plan);
  const wrong = [...judged.wrong];
  if (late) wrong.push(`(e) it did not end within ${given.limit} ms`);
  if (ended.death === null && ![0, 1, 3].includes(ended.code ?? -1) && !late)
    wrong.push(`(e) it ended with ${ended.code}: ${ended.stderr.slice(-300)}`);
  if (/^\s+at .*:\d+:\d+/m.test(ended.stderr)) wrong.push(`(e) it crashed: ${ended.stderr.slice(0, 300)}`);
  const isLasting = faultsMet(plan, scene.met).some((fault) => !isSurvivable(fault));
  if (!isDeath(kind) && !judged.isDone && wrong.length === 0 && !isLasting)
    wrong.push('(g) what passes by itself was not survived');
  const trace = [...traceOf(scene), `  => ${ended.code} ${ended.stderr}${ended.stdout.slice(-1_000)}`];
  if (given.again !== undefined && !judged.isDone) {
    const second = await execute(given, endpoint, seed, folder, NO_FAULTS, null);
    wrong.push(...given.again(second.ended));
    trace.push('next:', ...traceOf(second.scene), `  => ${second.ended.code} ${second.ended.stderr}`);
  }
  const answer = `exit code ${ended.code}: ${ended.stderr.trim().split('\n').at(-1)}`;
  return { seed, kind, end: wrong.length > 0 ? 'wrong' : judged.isDone ? 'right' : 'honest', wrong, answer, trace };
}

async function execute(
  given: CliCase,
  endpoint: Endpoint,
  seed: number,
  folder: string,
  plan: Plan,
  death: Death | null,
): Promise<{ readonly ended: Ended; readonly scene: Scene; readonly late: boolean }> {
  let child: ChildProcess | null = null;
  let killed: Death | null = null;
  const kill = (signal: Death): void => {
    killed ??= signal;
    child?.kill(signal);
  };
  const onFile = death !== null && given.killAt === undefined && chance(seed, 'file') < 0.5;
  const onRequest = death === null || onFile ? undefined : killing(given, seed, death, kill);
  const scene = endpoint.enter(given.world, plan, seed, onRequest);
  const watcher = onFile ? watchFolder(folder, () => kill(death)) : null;
  // A command that waits for AWS by design is told to stop, and has to answer.
  const limits = [
    setTimeout(() => kill('SIGTERM'), given.limit),
    setTimeout(() => child?.kill('SIGKILL'), given.limit + ANSWERING),
  ];
  const ended = await cli(given.args, environmentOf(endpoint), '', {
    started: (process) => {
      child = process;
    },
  });
  limits.forEach(clearTimeout);
  watcher?.close();
  const late = death === null && ended.code === null;
  return { ended: { ...ended, files: readdirSync(folder), death: late ? null : killed }, scene, late };
}

/** Ends the process at a request, after AWS did what was asked or before; whoever can still answer a signal gets his. */
function killing({ killAt, requests }: CliCase, seed: number, death: Death, kill: (signal: Death) => void): Watch {
  const aimed = killAt !== undefined && chance(seed, 'aimed') < 0.5;
  const target = aimed ? killAt : pick(requests, seed, 'killed');
  const after = chance(seed, 'after') < 0.5;
  return (request, count, answer) => {
    if (request !== target || count !== 1) return null;
    const reply = after || death === 'SIGTERM' ? answer() : 'hang';
    kill(death);
    return reply;
  };
}

const environmentOf = ({ url }: Endpoint) => ({
  AWS_ENDPOINT_URL: url,
  AWS_ACCESS_KEY_ID: 'AKIAEXAMPLE',
  AWS_SECRET_ACCESS_KEY: 'secret',
  AWS_REGION: 'us-east-1',
});
