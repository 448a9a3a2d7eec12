import type { State, States } from './definition.ts';
import { type DistributedMap, mapRun } from './mapRun.ts';
import type { Child, Outcome, Services } from './services.ts';
import { Failed, filledIn, type Scope, valueAt } from './values.ts';

/** Where an execution goes on after a re-drive. */
interface Place {
  readonly name: string;
  readonly input: unknown;
}

/**
 * An execution of a state machine of tasks that invoke a function, choices and distributed maps: what
 * `deploy/central.yaml` uses of the Amazon States Language. A field that is not known here is an error.
 */
export class Execution {
  readonly services: Services;
  readonly #states: States;
  readonly #context: unknown;
  #place: Place;
  /** The children of the map state that was entered last: a re-drive runs those again that did not succeed. */
  #children: Child[] = [];
  #transitions = 0;

  constructor(states: States, name: string, input: unknown, services: Services) {
    this.#states = states;
    this.#context = { Execution: { Name: name, Input: input } };
    this.#place = { name: states.StartAt, input };
    this.services = services;
  }

  /** Runs to its end; called again after a failure it is a re-drive, which begins with the state that failed. */
  async run(): Promise<Outcome> {
    this.#transitions = 0;
    try {
      for (;;) {
        const state = this.#states.States[this.#place.name];
        if (state === undefined) throw new Error(`no state ${this.#place.name}`);
        refuseUnknown(state);
        this.#transitions += 1;
        const next = await this.#enter(state);
        if (next === null) return this.#outcome('SUCCEEDED', null);
        this.#place = next;
      }
    } catch (error) {
      if (!(error instanceof Failed)) throw error;
      return this.#outcome('FAILED', error);
    }
  }

  #outcome(status: Outcome['status'], failed: Failed | null): Outcome {
    return {
      status,
      error: failed?.error ?? null,
      cause: failed?.message ?? null,
      transitions: this.#transitions,
      children: this.#children,
    };
  }

  async #enter(state: State): Promise<Place | null> {
    const { input } = this.#place;
    const scope: Scope = { input, context: this.#context };
    switch (state.Type) {
      case 'Succeed':
        return null;
      case 'Choice':
        return { name: chosen(state, scope), input };
      case 'Task': {
        const after = await this.#trying(state, () => this.#task(state, scope));
        return after.next === null ? null : { name: after.next, input: after.output };
      }
      case 'Map': {
        const { output, children, transitions } = await mapRun(
          state as unknown as DistributedMap,
          scope,
          this.services,
          (states, name, of) => new Execution(states, name, of, this.services),
          this.#children,
        );
        this.#transitions += transitions;
        this.#children = children;
        if (output instanceof Failed) throw output;
        return state.Next === undefined ? null : { name: state.Next, input: output };
      }
      default:
        throw new Error(`a state of type ${state.Type}`);
    }
  }

  async #task({ Resource, Parameters, ResultSelector }: State, scope: Scope): Promise<unknown> {
    if (!String(Resource).endsWith(':states:::lambda:invoke')) throw new Error(`a task of ${Resource}`);
    const { Payload } = filledIn(Parameters, scope) as { readonly Payload: unknown };
    const result = { Payload: await this.services.invoke(Payload) };
    return filledIn(ResultSelector, { input: result, context: scope.context });
  }

  async #trying(state: State, work: () => Promise<unknown>): Promise<{ output: unknown; next: string | null }> {
    const retriers = ((state.Retry ?? []) as readonly Retrier[]).map((retrier) => ({ ...retrier, tried: 0 }));
    for (;;) {
      try {
        return { output: await work(), next: state.Next ?? null };
      } catch (failed) {
        if (!(failed instanceof Failed)) throw failed;
        const retrier = retriers.find(({ ErrorEquals }) => matches(ErrorEquals, failed));
        if (retrier !== undefined && retrier.tried < retrier.MaxAttempts) {
          const pause = (retrier.IntervalSeconds ?? 1) * (retrier.BackoffRate ?? 2) ** retrier.tried;
          retrier.tried += 1;
          this.#transitions += 1;
          await this.services.sleep(Math.min(pause, retrier.MaxDelaySeconds ?? pause));
          continue;
        }
        const catcher = ((state.Catch ?? []) as readonly Catcher[]).find((one) => matches(one.ErrorEquals, failed));
        if (catcher === undefined) throw failed;
        return { output: { Error: failed.error, Cause: failed.message }, next: catcher.Next };
      }
    }
  }
}

interface Retrier {
  readonly ErrorEquals: readonly string[];
  readonly MaxAttempts: number;
  readonly IntervalSeconds?: number;
  readonly BackoffRate?: number;
  readonly MaxDelaySeconds?: number;
}

interface Catcher {
  readonly ErrorEquals: readonly string[];
  readonly Next: string;
}

const matches = (errors: readonly string[], { error }: Failed): boolean =>
  errors.includes(error) || errors.includes('States.ALL');

function chosen({ Choices, Default }: State, scope: Scope): string {
  for (const { Variable, NumericGreaterThan, Next, ...others } of Choices as readonly Record<string, unknown>[]) {
    if (Object.keys(others).length > 0 || NumericGreaterThan === undefined)
      throw new Error('a choice by something else');
    if (Number(valueAt(String(Variable), scope)) > Number(NumericGreaterThan)) return String(Next);
  }
  return String(Default);
}

const COMMON = ['Type', 'Comment', 'Next', 'End'];
const KNOWN: Readonly<Record<string, readonly string[]>> = {
  Succeed: COMMON,
  Choice: [...COMMON, 'Choices', 'Default'],
  Task: [...COMMON, 'Resource', 'Parameters', 'ResultSelector', 'TimeoutSeconds', 'Retry', 'Catch'],
  Map: [
    ...COMMON,
    ...['Label', 'ItemReader', 'ItemBatcher', 'MaxConcurrency', 'ToleratedFailurePercentage', 'ItemProcessor'],
    'ResultWriter',
  ],
};

function refuseUnknown(state: State): void {
  const unknown = Object.keys(state).filter((field) => !KNOWN[state.Type]?.includes(field));
  if (unknown.length > 0) throw new Error(`a ${state.Type} state with ${unknown.join(', ')}`);
}
