import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { after, before, describe, it } from 'node:test';
import { root } from './support/bundle.ts';
import { type Moto, startMoto } from './support/moto.ts';

const PYTHON = join(import.meta.dirname, 'node_modules/.cache/python/bin');
const SAMCONFIG = join(root, 'samconfig.toml');

describe('sam deploy with what samconfig.toml says, up to the change set', () => {
  let moto: Moto;
  let environment: Readonly<Record<string, string | undefined>>;
  before(async () => {
    moto = await startMoto();
    environment = {
      PATH: `${PYTHON}:${process.env.PATH}`,
      HOME: process.env.HOME,
      SAM_CLI_TELEMETRY: '0',
      // By a name: moto takes the first part of any other host for a bucket.
      AWS_ENDPOINT_URL: `http://localhost:${moto.port}`,
      AWS_ACCESS_KEY_ID: 'AKIAEXAMPLE',
      AWS_SECRET_ACCESS_KEY: 'secret',
      AWS_DEFAULT_REGION: 'us-east-1',
    };
    const { code, said } = await run('aws', ['s3', 'mb', 's3://code']);
    assert.equal(code, 0, said);
  });
  after(() => moto.stop());

  /** Without a terminal and without input: whatever asks a question fails. */
  async function run(command: string, args: readonly string[]) {
    const child = spawn(command, args, { cwd: root, env: environment, stdio: ['ignore', 'pipe', 'pipe'] });
    const ended = new Promise<number | null>((resolve) => child.on('close', resolve));
    const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr)]);
    return { code: await ended, said: `${stdout}${stderr}` };
  }

  // The stack of SAM's own bucket is nothing that moto makes.
  const BUCKET = ['--no-resolve-s3', '--s3-bucket', 'code'];

  for (const [name, stack, given] of [
    ['default', 'cloudtrail-kms-rule', []],
    ['central', 'cloudtrail-kms-central', ['--parameter-overrides', 'OrganizationId=o-exampleorgid']],
    ['hook', 'cloudtrail-kms-hook', []],
    ['runbooks', 'cloudtrail-kms-runbooks', []],
  ] as const) {
    it(`${name}: asks nothing and writes nothing into samconfig.toml`, async () => {
      const config = readFileSync(SAMCONFIG, 'utf8');
      const args = ['deploy', '--config-env', name, ...BUCKET, '--no-execute-changeset', ...given];
      const { code, said } = await run('sam', args);
      assert.equal(code, 0, said);
      assert.match(said, new RegExp(`Stack name +: ${stack}\n[\\s\\S]*Changeset created successfully`));
      assert.equal(readFileSync(SAMCONFIG, 'utf8'), config);
    });
  }

  it('and before it changes anything it asks about the change set, once', async () => {
    const { code, said } = await run('sam', ['deploy', ...BUCKET]);
    assert.equal(said.match(/\[y\/N\]/gi)?.length, 1, said);
    assert.notEqual(code, 0);
  });
});
