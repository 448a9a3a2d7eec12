import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { globSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { assemble } from '../package/released.ts';
import { type Moto, startMoto } from './support/moto.ts';
import { against, BUCKET, ENVIRONMENTS } from './support/sam.ts';

describe('the archive of a release', () => {
  let moto: Moto;
  let folder: string;
  let sources: string;
  let unpacked: string;
  const run = async (cwd: string, command: string, ...args: readonly string[]) => {
    const { code, said } = await against(moto, cwd, command, args, { BUCKET: 'code' });
    assert.equal(code, 0, said);
    return said;
  };

  before(async () => {
    moto = await startMoto();
    folder = mkdtempSync(join(tmpdir(), 'released-'));
    sources = join(folder, 'sources');
    unpacked = join(folder, 'unpacked');
    await assemble(sources);
    const [archive = 'no archive'] = globSync('*-sam.zip', { cwd: join(sources, 'dist/release') });
    execFileSync('python3', ['-m', 'zipfile', '--extract', join(sources, 'dist/release', archive), unpacked]);
    await run(sources, 'aws', 's3', 'mb', 's3://code');
  });
  after(() => {
    moto.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  it('is taken by `sam package`, as the Serverless Application Repository is given it', async () => {
    await run(sources, 'bash', 'scripts/release/serverlessRepository.sh');
    const packaged = readFileSync(join(sources, 'dist/packaged.yaml'), 'utf8');
    const uploaded = await run(sources, 'aws', 's3', 'ls', 's3://code/', '--recursive');
    for (const member of ['CodeUri', 'LicenseUrl', 'ReadmeUrl']) {
      const [, key = 'nothing'] = new RegExp(`^ +${member}: s3://code/(\\S+)$`, 'm').exec(packaged) ?? [];
      assert.ok(uploaded.includes(` ${key}\n`), `${member}: ${key} of\n${uploaded}`);
    }
  });

  for (const [name, stack, given] of ENVIRONMENTS)
    it(`is deployed as it lies, nothing is built: ${name}`, async () => {
      const args = ['deploy', '--config-env', name, ...BUCKET, '--no-execute-changeset', ...given];
      const said = await run(unpacked, 'sam', ...args);
      assert.match(said, new RegExp(`Stack name +: ${stack}\n[\\s\\S]*Changeset created successfully`));
    });
});
