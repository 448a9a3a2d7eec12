import { type Reply, startWire, type WireAnswer, type WireRequest } from '../e2e/support/wire.ts';
import { chance } from './chance.ts';
import { type KindName, kindOf } from './kinds.ts';
import { NO_FAULTS, type Plan } from './plan.ts';

/** AWS as a run knows it. */
export interface World {
  /** Names a request: service, operation and what it is about. */
  nameOf(request: WireRequest): string;
  /** Does what is asked. */
  answer(request: WireRequest): WireAnswer;
}

/** One request as it was met. */
export interface Met {
  readonly request: string;
  /** The first, second... of this name. */
  readonly count: number;
  readonly kind: KindName | null;
}

/** A run's faults, and what became of them. */
export interface Scene {
  readonly met: readonly Met[];
}

/** AWS on loopback: a world, and between it and whoever asks the faults of a plan. */
export interface Endpoint {
  readonly url: string;
  /** From now on this is the world, with these faults. */
  enter(world: World, plan?: Plan, seed?: number, watch?: Watch): Scene;
  close(): void;
}

/** Sees each request before it is answered, and may answer it otherwise. */
export type Watch = (request: string, count: number, answer: () => WireAnswer) => Reply | null;

export async function openEndpoint(): Promise<Endpoint> {
  let answer: (request: WireRequest) => Reply = () => 'hang';
  const wire = await startWire(null, (request) => answer(request));
  return {
    url: wire.url,
    enter(world, plan = NO_FAULTS, seed = 0, watch = () => null) {
      const met: Met[] = [];
      const counts = new Map<string, number>();
      wire.reset();
      answer = (request) => {
        const name = world.nameOf(request);
        const count = (counts.get(name) ?? 0) + 1;
        counts.set(name, count);
        const fault = plan.get(name);
        const isMet = fault !== undefined && count >= fault.from && count < fault.from + fault.times;
        met.push({ request: name, count, kind: isMet ? fault.kind : null });
        if (!isMet) return watch(name, count, () => world.answer(request)) ?? world.answer(request);
        const { happens, play } = kindOf(fault.kind);
        const answered =
          happens === false ? NOTHING : world.answer(happens === 'rest' ? withoutFirst(request) : request);
        return play(request, answered, chance(seed, 'fate', name));
      };
      return { met };
    },
    close: () => wire.close(),
  };
}

const NOTHING: WireAnswer = { status: 200, body: '' };

function withoutFirst(request: WireRequest): WireRequest {
  const lists = Object.entries(request.body).filter(([, value]) => Array.isArray(value));
  const rest = Object.fromEntries(lists.map(([name, value]) => [name, (value as unknown[]).slice(1)]));
  return { ...request, body: { ...request.body, ...rest } };
}
