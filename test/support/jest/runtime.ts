import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { basename, dirname, join, resolve, sep } from 'node:path';
import { compileFunction } from 'node:vm';
import Runtime from 'jest-runtime';

/** Modules by path. */
type Registry = Map<string, { exports: unknown }>;
type Require = (name: string) => unknown;
type Globals = { readonly jest: unknown };

const TESTS = resolve(import.meta.dirname, '../..') + sep;
/** Layers that keep nothing from one call to the next but what follows from their arguments, and import one another alone. */
const PURE = ['policy', 'trail', 'facts', 'rule', 'remediate', 'iac', 'report'].map(
  (layer) => join(TESTS, '../src', layer) + sep,
);
const isPure = (path: string): boolean => PURE.some((folder) => path.startsWith(folder));
const PARAMETERS = ['module', 'exports', 'require', '__dirname', '__filename', 'jest'];
const COMMON_JS = {
  isInternalModule: false,
  supportsDynamicImport: false,
  supportsExportNamespaceFrom: false,
  supportsStaticESM: false,
  supportsTopLevelAwait: false,
};

const shared: Registry = new Map();
const sourceMaps = new Map<string, string>();

/**
 * Loads modules for files of tests that run one after the other in one realm (`environment.ts`). Jest evaluates every module anew for
 * each file: a third of the time of all tests went into that, and more into code that was never run often enough to be fast. Here
 * packages and the pure layers of `src` are loaded once a worker; the other layers and all of `test` are the file's own, and what
 * counts coverage is too. Where a package was mocked it is put back at the end of the file.
 */
export default class SharingRuntime extends Runtime {
  readonly #own: Registry = new Map();
  readonly #mocks = new Map<string, () => unknown>();
  readonly #made = new Map<() => unknown, unknown>();
  readonly #transformer: ConstructorParameters<typeof Runtime>[3];
  readonly #coverage: ConstructorParameters<typeof Runtime>[5];
  #mockedClients: string | null = null;

  constructor(...given: ConstructorParameters<typeof Runtime>) {
    super(...given);
    [, , , this.#transformer, , this.#coverage] = given;
  }

  override getSourceMaps() {
    return sourceMaps;
  }

  /** `jest.mock`, of a file of this repository. What is shared has its imports already, or would keep the mock for the next file. */
  override setMock(from: string, name: string, factory: () => unknown): void {
    const path = resolve(dirname(from), name);
    if (isPure(path)) throw new Error(`\`${path}\` is shared by all files of tests, and cannot be mocked`);
    this.#mocks.set(path, factory);
  }

  override isolateModules(): void {
    throw new Error('what is shared by all files of tests cannot be isolated');
  }

  /** What Jest itself runs in the realm of the tests: its entry keeps the tests of one file. */
  override requireInternalModule<T>(from: string, to?: string): T {
    const own = createRequire(from);
    const isEntry = to === undefined && basename(from) === 'jestAdapterInit.js';
    return (isEntry ? evaluate(from, readFileSync(from, 'utf8'), new Map(), own) : own(to ?? from)) as T;
  }

  override requireModuleOrMock<T>(from: string, name: string): T {
    if (name === '@jest/globals') return super.requireModuleOrMock<T>(from, name);
    const mock = name.startsWith('.') ? this.#mocks.get(resolve(dirname(from), name)) : undefined;
    return mock === undefined ? this.requireModule<T>(from, name) : (this.#mocked(mock) as T);
  }

  override requireModule<T>(from: string, name?: string): T {
    if (name === undefined || name.startsWith('.')) return this.#load(resolve(dirname(from), name ?? from)) as T;
    const required = createRequire(from);
    if (name === 'aws-sdk-client-mock') this.#mockedClients = required.resolve(name);
    return required(name);
  }

  override teardown(): void {
    super.teardown();
    if (this.#mockedClients !== null) createRequire(this.#mockedClients)('sinon').restore();
  }
  #mocked(factory: () => unknown): unknown {
    const made = this.#made.get(factory) ?? factory();
    this.#made.set(factory, made);
    return made;
  }

  #load(path: string): unknown {
    const isShared = !this.#coverage.collectCoverage && isPure(path);
    const registry = isShared ? shared : this.#own;
    const before = registry.get(path);
    if (before !== undefined) return before.exports;
    if (path.endsWith('.json')) {
      const exports: unknown = JSON.parse(readFileSync(path, 'utf8'));
      registry.set(path, { exports });
      return exports;
    }
    const { code, sourceMapPath } = this.#transformer.transform(path, { ...COMMON_JS, ...this.#coverage });
    if (sourceMapPath !== null) sourceMaps.set(path, sourceMapPath);
    const required = (name: string) => this.requireModuleOrMock(path, name);
    const jest = path.startsWith(TESTS) ? super.requireModuleOrMock<Globals>(path, '@jest/globals').jest : undefined;
    return evaluate(path, code, registry, required, jest);
  }
}

/** Runs a module; one that is asked for meanwhile sees what it has exported so far. */
function evaluate(path: string, code: string, registry: Registry, required: Require, jest?: unknown): unknown {
  const module: { exports: unknown } = { exports: {} };
  registry.set(path, module);
  try {
    compileFunction(code, PARAMETERS, { filename: path }).call(
      module.exports,
      module,
      module.exports,
      required,
      dirname(path),
      path,
      jest,
    );
  } catch (error) {
    registry.delete(path);
    throw error;
  }
  return module.exports;
}
