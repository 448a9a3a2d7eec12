import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { promisify } from 'node:util';
import { assemble } from '../package/released.ts';
import { startMoto } from './support/moto.ts';

const PYTHON = join(import.meta.dirname, 'node_modules/.cache/python/bin');
const BUCKET = 'applications';

test('`sam package` takes the archive of a release, as the Serverless Application Repository is given it', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'released-'));
  const moto = await startMoto();
  try {
    const sources = join(folder, 'sources');
    await assemble(sources);
    const run = async (command: string, ...args: readonly string[]) => {
      const env = {
        ...process.env,
        PATH: `${PYTHON}:${process.env.PATH}`,
        BUCKET,
        ...{
          AWS_ENDPOINT_URL: `http://127.0.0.1:${moto.port}`,
          AWS_DEFAULT_REGION: 'us-east-1',
          SAM_CLI_TELEMETRY: '0',
        },
        ...{ AWS_ACCESS_KEY_ID: 'testing', AWS_SECRET_ACCESS_KEY: 'testing' },
      };
      const { stdout } = await promisify(execFile)(command, args, { cwd: sources, env });
      return stdout;
    };
    await run('aws', 's3', 'mb', `s3://${BUCKET}`);
    await run('bash', 'scripts/release/serverlessRepository.sh');
    const packaged = readFileSync(join(sources, 'dist/packaged.yaml'), 'utf8');
    const uploaded = await run('aws', 's3', 'ls', `s3://${BUCKET}/`, '--recursive');
    for (const member of ['CodeUri', 'LicenseUrl', 'ReadmeUrl']) {
      const [, key = 'nothing'] = new RegExp(`^ +${member}: s3://${BUCKET}/(\\S+)$`, 'm').exec(packaged) ?? [];
      assert.ok(uploaded.includes(` ${key}\n`), `${member}: ${key} of\n${uploaded}`);
    }
  } finally {
    moto.stop();
    rmSync(folder, { recursive: true, force: true });
  }
});
