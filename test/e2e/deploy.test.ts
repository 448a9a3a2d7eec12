import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { root } from './support/bundle.ts';
import { type Moto, startMoto } from './support/moto.ts';
import { against, BUCKET, ENVIRONMENTS } from './support/sam.ts';

const SAMCONFIG = join(root, 'samconfig.toml');

describe('sam deploy with what samconfig.toml says, up to the change set', () => {
  let moto: Moto;
  before(async () => {
    moto = await startMoto();
    const { code, said } = await against(moto, root, 'aws', ['s3', 'mb', 's3://code']);
    assert.equal(code, 0, said);
  });
  after(() => moto.stop());

  for (const [name, stack, given] of ENVIRONMENTS) {
    it(`${name}: asks nothing and writes nothing into samconfig.toml`, async () => {
      const config = readFileSync(SAMCONFIG, 'utf8');
      const args = ['deploy', '--config-env', name, ...BUCKET, '--no-execute-changeset', ...given];
      const { code, said } = await against(moto, root, 'sam', args);
      assert.equal(code, 0, said);
      assert.match(said, new RegExp(`Stack name +: ${stack}\n[\\s\\S]*Changeset created successfully`));
      assert.equal(readFileSync(SAMCONFIG, 'utf8'), config);
    });
  }

  it('and before it changes anything it asks about the change set, once', async () => {
    const { code, said } = await against(moto, root, 'sam', ['deploy', ...BUCKET]);
    assert.equal(said.match(/\[y\/N\]/gi)?.length, 1, said);
    assert.notEqual(code, 0);
  });
});
