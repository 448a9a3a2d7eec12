/**
 * npm runs this in the clone that it makes of a git dependency, and packs what is there afterwards: whoever installs this
 * repository by its address, as pre-commit does, gets the command line built. Everywhere else it does nothing.
 *
 * For a global installation npm leaves that clone without dependencies, so they are installed first. This is plain
 * JavaScript for the user's own Node; the one that runs the sources is among the dependencies.
 */
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';

const { npm_config_global: isGlobal, _PACOTE_NO_PREPARE_: ofGitDependency, ...env } = process.env;
const root = join(import.meta.dirname, '..');
const isThere = (path) => existsSync(join(root, path));
const npm = (...args) =>
  // What is said goes to standard error: that of `npm pack` is the name of the file.
  execFileSync('npm', args, { cwd: root, env, stdio: ['ignore', 2, 2], shell: process.platform === 'win32' });

if (!isThere('dist/cli.js') && (isGlobal === 'true' || ofGitDependency !== undefined)) {
  if (!isThere('node_modules/esbuild')) npm('ci', '--include=dev', '--no-audit', '--no-fund');
  npm('run', '--silent', 'build');
}
