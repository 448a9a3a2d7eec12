import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { after, before, beforeEach, describe, it } from 'node:test';
import { ACCOUNT } from './support/account.ts';
import { root } from './support/bundle.ts';
import { type Moto, startMoto } from './support/moto.ts';
import { ok, refuse, startWire, type Wire } from './support/wire.ts';

const script = join(root, 'test/live/run.ts');
const credentials = { AWS_ACCESS_KEY_ID: 'AKIAEXAMPLE', AWS_SECRET_ACCESS_KEY: 'secret', AWS_REGION: 'us-east-1' };

/** The plumbing of the live test. moto takes every key: what CloudTrail itself would say, only AWS can show. */
describe('the live test’s plumbing', () => {
  let moto: Moto;
  let wire: Wire;
  before(async () => {
    moto = await startMoto();
    wire = await startWire(moto.port);
  });
  after(() => {
    wire.close();
    moto.stop();
  });
  beforeEach(async () => {
    await fetch(`http://127.0.0.1:${moto.port}/moto-api/reset`, { method: 'POST' });
    wire.reset();
    // moto does not know it, and its account is in no organization.
    wire.on('cloudtrail', 'GetEventConfiguration', () => ok({ AggregationConfigurations: [] }));
    wire.on('organizations', 'DescribeOrganization', () => ok({ Organization: { Id: 'o-abcdefghij' } }));
  });

  it('is skipped, and says so, without the opt-in', async () => {
    const { code, output } = await live({});
    assert.equal(code, 0);
    assert.match(output, /^live tests skipped: set CLOUDTRAIL_KMS_LIVE_ACCOUNT/);
    assert.deepEqual(wire.requests, []);
  });

  it('is skipped, and says so, without credentials', async () => {
    const nowhere = { AWS_EC2_METADATA_DISABLED: 'true', HOME: '/nonexistent', AWS_REGION: 'us-east-1' };
    const { code, output } = await live({ CLOUDTRAIL_KMS_LIVE_ACCOUNT: ACCOUNT, ...nowhere });
    assert.equal(code, 0, output);
    assert.match(output, /^live tests skipped: no credentials/);
  });

  it('touches no account but the one that was named', async () => {
    const { code, output } = await live({ CLOUDTRAIL_KMS_LIVE_ACCOUNT: '999999999999', ...credentials });
    assert.equal(code, 2);
    assert.match(output, new RegExp(`belong to account \`${ACCOUNT}\``));
    assert.deepEqual(operations(), ['sts:GetCallerIdentity']);
  });

  it('compares every policy, tells where CloudTrail disagrees, and removes everything', async () => {
    const { code, output } = await live({ CLOUDTRAIL_KMS_LIVE_ACCOUNT: ACCOUNT, ...credentials });
    assert.equal(code, 1, output);
    assert.match(output, /^agrees +5 .*: the rule says pass, CloudTrail accepted the key$/m);
    assert.match(output, /^disagrees +1 .*: the rule says fail, CloudTrail accepted the key$/m);
    assert.match(output, /^not asked +12 .*another partition$/m);
    assert.match(output, /^not asked +20 .*everyone$/m);
    assert.match(output, /^undecided +23 /m);
    assert.match(output, /^\d+ passed, \d+ failed, \d+ skipped$/m);
    assertRemoved();
  });

  it('agrees where CloudTrail refuses', async () => {
    wire.on('cloudtrail', 'UpdateTrail', ({ body }) =>
      body.KmsKeyId === '' ? ok({}) : refuse('InsufficientEncryptionPolicyException'),
    );
    const { code, output } = await live({ CLOUDTRAIL_KMS_LIVE_ACCOUNT: ACCOUNT, ...credentials });
    assert.equal(code, 1, output);
    assert.match(output, /^agrees +1 .*: the rule says fail, CloudTrail refused the key$/m);
    assert.match(output, /^disagrees +5 .*: the rule says pass, CloudTrail refused the key$/m);
    assertRemoved();
  });

  it('finds out whether it was DescribeKey that CloudTrail missed', async () => {
    let policy = '';
    wire.on('kms', 'PutKeyPolicy', ({ body }) => {
      policy = String(body.Policy);
      return 'forward';
    });
    wire.on('cloudtrail', 'UpdateTrail', ({ body }) =>
      body.KmsKeyId === '' || policy.includes('kms:DescribeKey')
        ? ok({})
        : refuse('InsufficientEncryptionPolicyException'),
    );
    const { output } = await live({ CLOUDTRAIL_KMS_LIVE_ACCOUNT: ACCOUNT, ...credentials });
    assert.match(
      output,
      /^agrees +7 .*: the rule says pass, CloudTrail refused the key, and accepts it with DescribeKey$/m,
    );
  });

  it('counts a policy that KMS refuses as not asked', async () => {
    wire.on('kms', 'PutKeyPolicy', () => refuse('MalformedPolicyDocumentException', 'it would lock you out'));
    const { code, output } = await live({ CLOUDTRAIL_KMS_LIVE_ACCOUNT: ACCOUNT, ...credentials });
    assert.equal(code, 0, output);
    assert.match(output, /^not asked +1 .*KMS does not take the policy: it would lock you out$/m);
    assertRemoved();
  });

  it('removes everything after an error, too', async () => {
    wire.on('cloudtrail', 'UpdateTrail', () => refuse('S3BucketDoesNotExistException'));
    const { code, output } = await live({ CLOUDTRAIL_KMS_LIVE_ACCOUNT: ACCOUNT, ...credentials });
    assert.equal(code, 1);
    assert.match(output, /S3BucketDoesNotExistException/);
    assertRemoved();
  });

  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    it(`removes everything when ${signal} stops it`, async () => {
      const run = start({ CLOUDTRAIL_KMS_LIVE_ACCOUNT: ACCOUNT, ...credentials });
      wire.on('cloudtrail', 'UpdateTrail', () => {
        run.child.kill(signal);
        return 'forward';
      });
      const { code, output } = await run.ended;
      assert.notEqual(code, 0, output);
      assertRemoved();
    });
  }

  it('removes what was made when the sandbox cannot be completed', async () => {
    wire.on('cloudtrail', 'CreateTrail', () => refuse('MaximumNumberOfTrailsExceededException'));
    const { code } = await live({ CLOUDTRAIL_KMS_LIVE_ACCOUNT: ACCOUNT, ...credentials });
    assert.equal(code, 1);
    assert.equal(wire.calls('kms', 'ScheduleKeyDeletion').length, 1);
    assert.equal(operations().at(-1), 's3:DELETE bucket');
  });

  it('says what a person must remove', async () => {
    wire.on('kms', 'ScheduleKeyDeletion', () => refuse('AccessDeniedException'));
    wire.on('kms', 'PutKeyPolicy', () => refuse('MalformedPolicyDocumentException'));
    const { code, output } = await live({ CLOUDTRAIL_KMS_LIVE_ACCOUNT: ACCOUNT, ...credentials });
    assert.equal(code, 1);
    assert.match(output, /^remove by hand: key arn:aws:kms:us-east-1:123456789012:key\//m);
    assert.equal(operations().at(-1), 's3:DELETE bucket');
  });

  const live = (environment: Readonly<Record<string, string>>) => start(environment).ended;

  function start(environment: Readonly<Record<string, string>>) {
    const env = { PATH: process.env.PATH, AWS_ENDPOINT_URL: wire.url, ...environment };
    const child = spawn(process.execPath, [script], { env, stdio: ['ignore', 'pipe', 'pipe'] });
    const output: string[] = [];
    child.stdout.on('data', (chunk) => output.push(String(chunk)));
    child.stderr.on('data', (chunk) => output.push(String(chunk)));
    const ended = new Promise<{ code: number | null; output: string }>((resolve, reject) => {
      child.once('error', reject);
      child.once('close', (code) => resolve({ code, output: output.join('') }));
    });
    return { child, ended };
  }

  const operations = () =>
    wire.requests.map(({ service, operation }) => `${service}:${operation.replace(/\/.*/, 'bucket')}`);

  function assertRemoved() {
    assert.equal(wire.calls('cloudtrail', 'DeleteTrail').length, 1);
    assert.equal(wire.calls('kms', 'ScheduleKeyDeletion').length, 1);
    assert.equal(operations().at(-1), 's3:DELETE bucket');
  }
});
