import { tmpdir } from 'node:os';
import OneRealm from './environment.ts';

const realm = () => new OneRealm({ projectConfig: { fakeTimers: {} } as never });
const globals = globalThis as unknown as Record<string, unknown>;

test.each<[string, () => unknown, () => void]>([
  ['a variable that is set', () => process.env.OF_ONE_FILE, () => Object.assign(process.env, { OF_ONE_FILE: 'x' })],
  ['a variable that is deleted', () => process.env.PATH, () => Reflect.deleteProperty(process.env, 'PATH')],
  ['all variables', () => process.env, () => Object.assign(process, { env: {} })],
  ['the folder', () => process.cwd(), () => process.chdir(tmpdir())],
  ['the exit code', () => process.exitCode, () => Object.assign(process, { exitCode: 3 })],
  ['the end of the process', () => process.exit, () => Object.assign(process, { exit: () => undefined })],
  ['a global', () => globals.ofOneFile, () => Object.assign(globals, { ofOneFile: 1 })],
  [
    'the time that a test may take',
    () => Reflect.get(globalThis, Symbol.for('TEST_TIMEOUT_SYMBOL')),
    () => jest.setTimeout(200_000),
  ],
  ['a global of Node.js', () => fetch, () => Object.assign(globals, { fetch: () => undefined })],
  ['the console', () => console, () => Object.assign(globals, { console: {} })],
])('%s is at the end of a file what it was before', async (_, read, change) => {
  const before = read();
  const environment = realm();
  change();
  expect(read()).not.toBe(before);
  await environment.teardown();
  expect(read()).toBe(before);
});

test('what all files of tests share cannot be mocked', () => {
  expect(() => jest.doMock('../../../src/trail/arn.ts', () => ({}))).toThrow(
    '/src/trail/arn.ts` is shared by all files',
  );
});
