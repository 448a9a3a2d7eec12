import { ModernFakeTimers } from '@jest/fake-timers';
import type { Config } from '@jest/types';
import { ModuleMocker } from 'jest-mock';

// Jest waits half a second for a worker to end, and a busy machine takes longer to free all that it has loaded.
if (process.send !== undefined) process.once('exit', (code) => process.exit(code));

/** Where jest-circus keeps who listens to a file of tests, and what `jest.setTimeout` said: a file's own, like all of it. */
const OF_A_FILE = [Symbol.for('EVENT_HANDLERS'), Symbol.for('TEST_TIMEOUT_SYMBOL')];

/**
 * Files of tests of one worker run in one realm, its own, so that what they load in common is compiled once (`runtime.ts`). What a
 * file changes of `process` and of globals is put back at its end.
 */
export default class OneRealm {
  readonly global = globalThis;
  readonly moduleMocker = new ModuleMocker(globalThis);
  readonly fakeTimers = null;
  readonly fakeTimersModern: ModernFakeTimers;
  readonly #globals = new Map(Object.entries(Object.getOwnPropertyDescriptors(globalThis)));
  readonly #console = console;
  readonly #process = {
    env: process.env,
    variables: { ...process.env },
    exit: process.exit,
    exitCode: process.exitCode,
    cwd: process.cwd(),
  };

  constructor({ projectConfig }: { readonly projectConfig: Config.ProjectConfig }) {
    this.fakeTimersModern = new ModernFakeTimers({ config: projectConfig, global: globalThis });
  }

  async setup(): Promise<void> {}

  async teardown(): Promise<void> {
    this.fakeTimersModern.dispose();
    for (const [name, now] of Object.entries(Object.getOwnPropertyDescriptors(globalThis))) {
      const before = this.#globals.get(name);
      if (before === undefined) Reflect.deleteProperty(globalThis, name);
      else if ('value' in before && !Object.is(now.value, before.value))
        Object.defineProperty(globalThis, name, before);
    }
    for (const symbol of OF_A_FILE) Reflect.deleteProperty(globalThis, symbol);
    globalThis.console = this.#console;
    const { env, variables, exit, exitCode, cwd } = this.#process;
    process.env = env;
    for (const name of Object.keys(env)) if (!(name in variables)) delete env[name];
    Object.assign(env, variables);
    process.exit = exit;
    process.exitCode = exitCode;
    process.chdir(cwd);
  }

  exportConditions(): readonly string[] {
    return ['node', 'node-addons'];
  }

  getVmContext(): null {
    return null;
  }
}
