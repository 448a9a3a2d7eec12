import assert from 'node:assert/strict';
import { execFile, execFileSync, spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';

const root = join(import.meta.dirname, '../..');

/** Folders of different depth, below one, in each of which a release is assembled. */
export const RELEASED = ['one', 'another/and deeper'] as const;

/** The repository whose workflow assembles it. */
export const REPOSITORY = 'https://github.example/owner/name';

/** Assembles a release twice, each in a folder of its own with what a fresh clone holds. */
export async function assembleTwice(folder: string): Promise<void> {
  await Promise.all(RELEASED.map((name) => assemble(join(folder, name))));
}

/** Assembles a release in a folder of its own. */
export async function assemble(sources: string): Promise<void> {
  copySources(sources);
  const manifest = readFileSync(join(sources, 'package.json'), 'utf8');
  await promisify(execFile)('npm', ['run', '--silent', 'release'], {
    cwd: sources,
    env: { ...process.env, GITHUB_SERVER_URL: 'https://github.example', GITHUB_REPOSITORY: 'owner/name' },
  });
  assert.equal(readFileSync(join(sources, 'package.json'), 'utf8'), manifest, 'the manifest is whole again');
}

/** What a fresh clone holds, with the changes of this one: the own manifest is not touched. */
function copySources(target: string): void {
  const files = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard'], {
    cwd: root,
    encoding: 'utf8',
  });
  for (const file of files.split('\n').filter((name) => /^(src|scripts|deploy|docs\/schemas)\/|^[^/]+$/.test(name))) {
    if (!existsSync(join(root, file))) continue;
    mkdirSync(dirname(join(target, file)), { recursive: true });
    cpSync(join(root, file), join(target, file));
  }
  // Real files, as an installation has them: behind a symbolic link esbuild would see where the folder lies.
  const [from, to] = [join(root, 'node_modules'), join(target, 'node_modules')];
  const linked = spawnSync('cp', ['--archive', '--link', from, to], { stdio: 'ignore' }).status === 0;
  if (!linked) execFileSync('cp', ['--archive', '--no-clobber', `${from}/.`, to]);
}
