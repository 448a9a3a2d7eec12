import FakeTimers from '@sinonjs/fake-timers';
import { expect } from 'expect';
import { bind } from 'jest-each';

/**
 * As much of Jest as the tests of pure layers use: they register when their bundle is loaded, `run` runs them one after the
 * other and ends the process with 1 at the first that fails. A run of Jest takes seconds before its first test.
 */

type Body = () => unknown;

interface Scope {
  readonly around: Scope | null;
  readonly before: Body[];
  readonly after: Body[];
}

const tests: { readonly name: string; readonly body: Body; readonly scope: Scope }[] = [];
let scope: Scope = { around: null, before: [], after: [] };
const once: Body[] = [];

function describe(_: string, body: Body): void {
  const around = scope;
  scope = { around, before: [], after: [] };
  body();
  scope = around;
}

const test = (name: string, body: Body): void => {
  tests.push({ name, body, scope });
};

const each = (register: (name: string, body: Body) => void) => bind(register as never);

let clock: FakeTimers.Clock | null = null;

Object.assign(globalThis, {
  jest: {
    useFakeTimers: () => {
      clock = FakeTimers.install();
    },
    useRealTimers: () => clock?.uninstall(),
    advanceTimersByTimeAsync: (milliseconds: number) => clock?.tickAsync(milliseconds),
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

const scopes = (one: Scope | null): readonly Scope[] => (one === null ? [] : [...scopes(one.around), one]);

export async function run(): Promise<void> {
  try {
    for (const body of once) await body();
    for (const { name, body, scope: own } of tests) {
      const all = scopes(own);
      try {
        for (const { before } of all) for (const one of before) await one();
        await body();
        for (const { after } of all) for (const one of after) await one();
      } catch (error) {
        console.error(name, error);
        process.exit(1);
      }
    }
  } catch (error) {
    console.error(error);
    process.exit(1);
  }
  console.log(`${tests.length} tests`);
  process.exit(tests.length === 0 ? 1 : 0);
}
