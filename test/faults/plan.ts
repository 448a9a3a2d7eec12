import { chance, pick } from './chance.ts';
import { EVERY_KIND, type KindName, kindOf } from './kinds.ts';

/** What one request meets: from its first, second... time on, and how often in a row. */
export interface Fault {
  readonly kind: KindName;
  readonly from: number;
  readonly times: number;
}

/** The faults of one run, by the name of the request that meets them. */
export type Plan = ReadonlyMap<string, Fault>;

export const NO_FAULTS: Plan = new Map();

/** `mixed`: each request draws its own kind. */
export type RunKind = KindName | 'mixed';

export interface PlanOptions {
  /** So many times at most a request is left alone first: where the same is read before and after a write. */
  readonly spared?: (request: string) => number;
  /** The request that meets faults in every third run. */
  readonly favourite?: string;
  /** At most so many in a row. */
  readonly most?: (request: string, from: number) => number;
  /** Whoever asks again as the SDK does survives the fault; left out, by the kind's own measure. */
  readonly survives?: (fault: Fault) => boolean;
}

/**
 * Draws the faults of a run: of one kind, on one request, on some or on all of them.
 *
 * @param requests every request that the run may make
 */
export function planFaults(seed: number, kind: RunKind, requests: readonly string[], options: PlanOptions = {}): Plan {
  const { spared = () => 0, favourite, most = () => Number.POSITIVE_INFINITY } = options;
  const open = requests.filter((request) => kind === 'mixed' || (kindOf(kind).only ?? /./).test(request));
  if (open.length === 0) return NO_FAULTS;
  const share = isSlow(kind) ? 0 : pick([0, 0, 0.15, 0.4, 1], seed, 'share');
  const one = favourite !== undefined && open.includes(favourite) && chance(seed, 'favourite') < 1 / 3;
  const hit = new Set(open.filter((request) => chance(seed, 'hit', request) < share));
  hit.add(one ? favourite : oneOf(seed, open));
  return new Map(
    [...hit].map((request) => {
      const drawn = kind === 'mixed' ? anyKind(seed, request) : kind;
      const from = 1 + Math.floor(chance(seed, 'from', request) * (spared(request) + 1));
      const times = Math.min(pick(kindOf(drawn).times, seed, 'times', request), most(request, from));
      return [request, { kind: drawn, from, times }];
    }),
  );
}

export const isSlow = (kind: RunKind): boolean => kind !== 'mixed' && kindOf(kind).slow === true;

/** First the operation, then which of its requests: the many of one operation do not crowd out the only one of another. */
function oneOf(seed: number, requests: readonly string[]): string {
  const operation = pick([...new Set(requests.map(operationOf))], seed, 'operation');
  return pick(
    requests.filter((request) => operationOf(request) === operation),
    seed,
    'request',
  );
}

/** `kms DescribeKey arn:...` → `kms DescribeKey`. */
export const operationOf = (request: string): string => request.split(' ').slice(0, 2).join(' ');

function anyKind(seed: number, request: string): KindName {
  const fitting = EVERY_KIND.filter((name) => !kindOf(name).slow && (kindOf(name).only ?? /./).test(request));
  return pick(fitting, seed, 'kind', request);
}

/** Whoever asks again as the SDK does survives it. */
export const isSurvivable = ({ kind, times }: Fault): boolean => times <= kindOf(kind).survived;
