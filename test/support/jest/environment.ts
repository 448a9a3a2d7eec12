import { enableCompileCache } from 'node:module';
import { ModernFakeTimers } from '@jest/fake-timers';
import type { Config } from '@jest/types';
import { ModuleMocker } from 'jest-mock';

// Packages are compiled once for all runs.
enableCompileCache();

/** Where jest-circus keeps who listens to a file of tests. */
const LISTENERS = Symbol.for('EVENT_HANDLERS');

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
    Reflect.deleteProperty(globalThis, LISTENERS);
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
