import { chmod, mkdir, mkdtemp, readdir, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CouldNotFinish } from '../../src/cli/errors.ts';
import { writeOutput } from '../../src/cli/files.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'cloudtrail-kms-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

test('a new file', async () => {
  await writeOutput(join(folder, 'report.json'), ['a', 'b']);
  expect(await readFile(join(folder, 'report.json'), 'utf8')).toBe('ab');
});

test('a file that is there is replaced, with its mode kept', async () => {
  const file = join(folder, 'report.json');
  await writeFile(file, 'old');
  await chmod(file, 0o640);
  await writeOutput(file, ['new']);
  expect(await readFile(file, 'utf8')).toBe('new');
  expect((await stat(file)).mode & 0o777).toBe(0o640);
});

test.each<[string, string, string]>([
  ['a folder that is not there', 'none/r.json', 'no such file or directory'],
  ['a folder in its place', 'folder', 'it is a directory'],
  ['a file as folder', 'file/r.json', 'a part of the path is not a directory'],
])('%s: refused, and nothing is left behind', async (_, path, reason) => {
  await mkdir(join(folder, 'folder'));
  await writeFile(join(folder, 'file'), '');
  const file = join(folder, path);
  const error = await writeOutput(file, ['x']).catch((caught: unknown) => caught);
  expect(error).toBeInstanceOf(CouldNotFinish);
  expect((error as Error).message).toBe(`cannot write \`${file}\`: ${reason}`);
  expect(await readdir(folder)).toEqual(['file', 'folder']);
});

test('a link is followed', async () => {
  await writeFile(join(folder, 'real'), 'old');
  await symlink(join(folder, 'real'), join(folder, 'link'));
  await writeOutput(join(folder, 'link'), ['new']);
  expect(await readFile(join(folder, 'real'), 'utf8')).toBe('new');
  expect(await readdir(folder)).toEqual(['link', 'real']);
});

test('a report that breaks off leaves the old file as it was', async () => {
  const file = join(folder, 'report.json');
  await writeFile(file, 'old');
  function* pieces() {
    yield 'half';
    throw new Error('out of memory');
  }
  await expect(writeOutput(file, pieces())).rejects.toThrow('out of memory');
  expect(await readFile(file, 'utf8')).toBe('old');
  expect(await readdir(folder)).toEqual(['report.json']);
});
