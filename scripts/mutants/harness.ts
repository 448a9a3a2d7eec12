import { readFileSync, writeFileSync } from 'node:fs';
import FakeTimers from '@sinonjs/fake-timers';
import { expect } from 'expect';
import fc from 'fast-check';
import { bind } from 'jest-each';
import { ModuleMocker } from 'jest-mock';
import { type Files, type Measured, type Plan, SOURCES } from './plan.ts';

/**
 * As much of Jest as these tests use, for a run of Jest takes seconds before its first test. A file of tests registers when it
 * is loaded, which is when its first test is due; the process ends with 1 at the first failure.
 */

type Body = () => unknown;

interface Scope {
  readonly name: string;
  readonly around: Scope | null;
  readonly before: Body[];
  readonly after: Body[];
}

interface Test {
  readonly name: string;
  readonly body: Body;
  readonly scope: Scope;
}

let tests: Test[] = [];
let once: Body[] = [];
let scope: Scope = { name: '', around: null, before: [], after: [] };

function describe(name: string, body: Body): void {
  const around = scope;
  scope = { name: `${around.name}${name} › `, around, before: [], after: [] };
  body();
  scope = around;
}

const test = (name: string, body: Body): void => {
  tests.push({ name: `${scope.name}${name}`, body, scope });
};

const each = (register: (name: string, body: Body) => void) => bind(register as never);

let clock: FakeTimers.Clock | null = null;
const mocker = new ModuleMocker(globalThis);

Object.assign(globalThis, {
  jest: {
    useFakeTimers: ({ now = Date.now(), doNotFake = [] }: { now?: number; doNotFake?: readonly string[] } = {}) => {
      const toFake = Object.keys(FakeTimers.timers).filter(
        (one) => !doNotFake.includes(one),
      ) as FakeTimers.FakeMethod[];
      clock = FakeTimers.install({ now, toFake });
    },
    useRealTimers: () => clock?.uninstall(),
    advanceTimersByTime: (milliseconds: number) => clock?.tick(milliseconds),
    advanceTimersByTimeAsync: (milliseconds: number) => clock?.tickAsync(milliseconds),
    getTimerCount: () => clock?.countTimers(),
    setTimeout: () => {},
    fn: mocker.fn.bind(mocker),
    spyOn: mocker.spyOn.bind(mocker),
    restoreAllMocks: () => mocker.restoreAllMocks(),
  },
  expect,
  describe: Object.assign(describe, { each: each(describe) }),
  test: Object.assign(test, { each: each(test) }),
  it: Object.assign(test, { each: each(test) }),
  beforeEach: (body: Body) => scope.before.push(body),
  afterEach: (body: Body) => scope.after.push(body),
  beforeAll: (body: Body) => once.push(body),
  afterAll: () => {},
});
fc.configureGlobal({ seed: 1, endOnFailure: true });

const scopes = (one: Scope | null): readonly Scope[] => (one === null ? [] : [...scopes(one.around), one]);

type Load = (file: string) => unknown;

const loaded = new Map<string, readonly Test[]>();

async function testsOf(file: string, load: Load): Promise<readonly Test[]> {
  const before = loaded.get(file);
  if (before !== undefined) return before;
  tests = [];
  once = [];
  scope = { name: '', around: null, before: [], after: [] };
  loaded.set(file, tests);
  const own = tests;
  load(file);
  for (const body of once) await body();
  return own;
}

async function runTest({ body, scope: own }: Test): Promise<void> {
  const all = scopes(own);
  for (const { before } of all) for (const one of before) await one();
  await body();
  for (const { after } of all.toReversed()) for (const one of after) await one();
}

/** The tests of a plan, or all tests of a list, measured. */
export async function run(load: Load): Promise<void> {
  const { PLAN, FILES, MEASURED } = process.env;
  // Jest's own processes live on too while all that is left are timers that hold none.
  setInterval(() => {}, 2 ** 30);
  if (PLAN !== undefined) await runPlan(load, JSON.parse(readFileSync(PLAN, 'utf8')));
  if (FILES !== undefined && MEASURED !== undefined)
    writeFileSync(MEASURED, JSON.stringify(await measure(load, JSON.parse(readFileSync(FILES, 'utf8')))));
  process.exit(0);
}

async function runPlan(load: Load, plan: Plan): Promise<void> {
  let now = '';
  try {
    for (const { file, indexes } of plan) {
      now = `${file}, at its load`;
      const own = await testsOf(file, load);
      for (const index of indexes) {
        const one = own[index];
        if (one === undefined) continue;
        now = `${file} \`${one.name}\``;
        process.stdout.write('.');
        await runTest(one);
      }
    }
  } catch (error) {
    process.stdout.write(`\n${now}`, () => {
      if (process.env.DEBUG !== undefined) console.error(error);
      process.exit(1);
    });
    await new Promise(() => {});
  }
}

/** Which functions of src each test enters is in `__hits`, which the marks in the sources fill. */
async function measure(load: Load, files: Files): Promise<readonly Measured[]> {
  const { __hits } = globalThis as unknown as { readonly __hits: number[] };
  const all: Measured[] = [];
  const measured = async (file: string, name: string, index: number | null, body: () => unknown): Promise<void> => {
    __hits.length = 0;
    process.stdout.write('.');
    // Of the processor: other work of the machine does not count.
    const before = process.cpuUsage();
    await body();
    const { user, system } = process.cpuUsage(before);
    all.push({ file, name, index, ms: (user + system) / 1_000, hits: Object.keys(__hits).map(Number) });
  };
  await measured(SOURCES, '', null, () => files.sources.forEach(load));
  for (const file of files.tests) {
    await measured(file, '', null, () => testsOf(file, load));
    for (const [index, one] of (loaded.get(file) ?? []).entries())
      try {
        await measured(file, one.name, index, () => runTest(one));
      } catch (error) {
        if (process.env.DEBUG !== undefined) console.error(one.name, error);
        process.stdout.write(`\n${file} \`${one.name}\` fails without a mutant and is left out\n`);
      }
  }
  return all;
}
