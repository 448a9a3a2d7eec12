import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';

const root = join(import.meta.dirname, '../..');
const preCommit = join(import.meta.dirname, 'node_modules/.cache/python/bin/pre-commit');

/** Without what npm scripts put in front of it: the user's own Node, which may be the oldest that must do. */
const PATH = (process.env.PATH ?? '')
  .split(':')
  .filter((folder) => !folder.includes('node_modules'))
  .join(':');

test('`pre-commit try-repo` on a clone without node_modules installs the hooks, and they find what is wrong', () => {
  const folder = mkdtempSync(join(tmpdir(), 'pre-commit-'));
  try {
    const clone = join(folder, 'clone');
    git(folder, 'clone', '--quiet', root, clone);
    const consumer = join(folder, 'consumer');
    mkdirSync(consumer);
    git(consumer, 'init', '--quiet');
    for (const [from, to] of [
      ['events/templates/good.yaml', 'template.yaml'],
      ['test/cases/iac/cdk/Unencrypted.template.json', 'Unencrypted.template.json'],
      ['test/cases/iac/cdk/manifest.json', 'manifest.json'],
      ['test/cases/iac/terraform/identity/plan.json', 'plan.json'],
    ] as const) {
      cpSync(join(root, from), join(consumer, to));
    }
    git(consumer, 'add', '--all');
    const { npm_config_global: _, ...rest } = process.env;
    const env = { ...rest, PATH, PRE_COMMIT_HOME: join(folder, 'home') };
    const args = ['try-repo', clone, '--all-files', '--verbose', '--color', 'never'];
    const tryRepo = () => spawnSync(preCommit, args, { cwd: consumer, env, encoding: 'utf8' });
    const ran = tryRepo();
    // npm prepares the clone of a global installation in the folder that it extracts its dependencies to: now and then they collide.
    const { status, stdout, stderr } = ran.stdout.includes('git dep preparation failed') ? tryRepo() : ran;
    console.log(stdout);
    assert.match(stdout, /\(templates\)\.+Failed\n- hook id: cloudtrail-kms-check\n/, stderr);
    assert.match(stdout, /trail-encrypted/);
    assert.match(stdout, /Unencrypted\/Trail/);
    assert.doesNotMatch(stdout, /manifest\.json|not found/);
    assert.match(stdout, /\(Terraform plan\)\.+Passed\n- hook id: cloudtrail-kms-check-plan\n/);
    assert.equal(status, 1);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

function git(cwd: string, ...args: readonly string[]): void {
  execFileSync('git', args, { cwd });
}
