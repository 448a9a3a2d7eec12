import { ACCOUNT, REGION } from '../e2e/support/account.ts';
import { type Endpoint, openEndpoint, type Scene, type World } from './endpoint.ts';
import { type Answered, type FunctionProcess, startFunction } from './functionProcess.ts';
import { differences, type Judged } from './oracle.ts';
import { isSurvivable, type Plan, type PlanOptions, planFaults, type RunKind } from './plan.ts';
import { faultsMet, withQuota } from './quota.ts';
import type { Lane, Run, Target } from './target.ts';

/** One invocation of a function in a world of its own. */
export interface Case {
  readonly world: World;
  /** The requests that faults may meet. */
  readonly requests: readonly string[];
  readonly options?: PlanOptions;
  /** What is asked; it may ask for something else before the faults begin. */
  event(ask: (event: unknown) => Promise<Answered>): Promise<unknown>;
  /** What the invocation may take, in milliseconds. */
  remaining(plan: Plan): number;
  judge(answered: Answered, plan: Plan): Judged;
}

export interface FunctionTarget {
  readonly bundle: string;
  readonly runs: number;
  readonly kinds: readonly RunKind[];
  readonly environment?: Readonly<Record<string, string>>;
  /** Each time a world of its own, the same for the same seed. */
  prepare(seed: number, kind: RunKind, endpoint: string): Case;
}

export const FUNCTION_ARN = `arn:aws:lambda:${REGION}:${ACCOUNT}:function:cloudtrail-kms-rule`;
/** Enough for an invocation without faults. */
const PLENTY = 60_000;

export const functionTarget = (target: FunctionTarget): Target => ({
  name: target.bundle,
  runs: target.runs,
  kinds: target.kinds,
  together: 10,
  open: () => openLane(target),
});

async function openLane(target: FunctionTarget): Promise<Lane> {
  const endpoint = await openEndpoint();
  const start = () => startFunction(target.bundle, { AWS_ENDPOINT_URL: endpoint.url, ...target.environment });
  let host = await start();
  return {
    async run(seed) {
      const kind = target.kinds[seed % target.kinds.length] ?? 'mixed';
      const run = await runOnce(target, endpoint, host, seed, kind);
      if (run.wrong.some((text) => text.startsWith('(e)'))) {
        host.stop();
        host = await start();
      }
      return run;
    },
    close() {
      host.stop();
      endpoint.close();
    },
  };
}

async function runOnce(
  target: FunctionTarget,
  endpoint: Endpoint,
  host: FunctionProcess,
  seed: number,
  kind: RunKind,
): Promise<Run> {
  const prepared = () => target.prepare(seed, kind, endpoint.url);
  const given = prepared();
  const plan = planFaults(seed, kind, given.requests, given.options);
  const faulty = await invoke(given, endpoint, host, seed, plan);
  const survives = given.options?.survives ?? isSurvivable;
  const lasting = faulty.faults.filter((fault) => !survives(fault));
  const wrong = [...faulty.judged.wrong];
  if (!faulty.judged.isDone && wrong.length === 0 && lasting.length === 0)
    wrong.push('(g) what passes by itself was not survived');
  // Warm, and without a fault but for one throttled request: what a run spends of the SDK's retries is its own.
  const next = await invoke(prepared(), endpoint, host, seed, throttledOnce(given.requests));
  if (!next.judged.isDone) wrong.push(`(e) the next invocation is not right: ${[...next.judged.wrong, next.answer]}`);
  wrong.push(...differences(faulty.judged.said, next.judged.said));
  return {
    seed,
    kind,
    end: wrong.length > 0 ? 'wrong' : faulty.judged.isDone ? 'right' : 'honest',
    wrong,
    answer: faulty.answer,
    trace: [...traceOf(faulty.scene), faulty.answer, 'next:', ...traceOf(next.scene), next.answer],
  };
}

async function invoke(given: Case, endpoint: Endpoint, host: FunctionProcess, seed: number, planned: Plan) {
  endpoint.enter(given.world);
  const event = await given.event((asked) => host.invoke(asked, FUNCTION_ARN, PLENTY));
  const scene = endpoint.enter(given.world, planned, seed);
  const answered = await host.invoke(event, FUNCTION_ARN, given.remaining(planned));
  const plan = withQuota(planned, scene.met);
  const judged: Judged =
    answered.ok === null
      ? { isDone: false, wrong: [`(e) ${answered.why}`], said: new Map() }
      : given.judge(answered, plan);
  return { scene, faults: faultsMet(plan, scene.met), judged, answer: answerText(answered) };
}

const throttledOnce = (requests: readonly string[]): Plan =>
  new Map(requests.slice(0, 1).map((request) => [request, { kind: 'throttling', from: 1, times: 1 }]));

export const traceOf = ({ met }: Scene): readonly string[] =>
  met.map(({ request, count, kind }) => `  ${request} #${count}${kind === null ? '' : `  <- ${kind}`}`);

function answerText(answered: Answered): string {
  if (answered.ok === null) return `=> ${answered.why}`;
  if (answered.ok) return `=> ${JSON.stringify(answered.payload)}`;
  return `=> ${answered.name}: ${answered.message}`;
}
