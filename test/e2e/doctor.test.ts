import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, it } from 'node:test';
import { ACCOUNT } from './support/account.ts';
import { cli } from './support/cli.ts';
import { type Estate, EVERYWHERE, OTHER, openEstate, REGIONS } from './support/estate.ts';
import { unlisted } from './support/permissions.ts';
import { ok, refuse, type Wire } from './support/wire.ts';

const CALLER = 'arn:aws:sts::123456789012:user/moto';
const denied = (action: string, how: string) =>
  refuse('AccessDeniedException', `User: ${CALLER} is not authorized to perform: ${action} on resource: x ${how}`);

describe('doctor, over trails in three Regions and two accounts', () => {
  let estate: Estate;
  let wire: Wire;
  before(async () => {
    estate = await openEstate();
    wire = estate.wire;
  });
  after(() => estate.close());
  beforeEach(() => {
    wire.reset();
    // Which moto does not know.
    wire.on('cloudtrail', 'GetEventConfiguration', () => ok({ AggregationConfigurations: [] }));
  });

  const doctor = async (...args: readonly string[]) => {
    const { code, stdout, stderr } = await cli(['doctor', ...args, '--format', 'json'], estate.environment);
    return { code, stderr, diagnosis: JSON.parse(stdout) };
  };
  interface Call {
    readonly action: string | null;
    readonly status: string;
    readonly denied: readonly { readonly accountId: string; readonly deniedBy: unknown; readonly reason: string }[];
  }
  const missing = (calls: readonly Call[]) => calls.filter(({ status }) => status === 'denied');

  it('everything needed is there: exit code 0, and nothing was written', async (test) => {
    const { code, stderr, diagnosis } = await doctor(...EVERYWHERE);
    assert.deepEqual(
      diagnosis.calls.filter(({ failed }: { failed: readonly unknown[] }) => failed.length > 0),
      [],
    );
    assert.deepEqual([code, diagnosis.status, diagnosis.closedAccounts], [0, 'complete', []]);
    assert.deepEqual(diagnosis.accounts, [ACCOUNT, OTHER]);
    assert.equal(diagnosis.trails, 5);
    assert.match(stderr, new RegExp(`account ${OTHER}: 2 trails`));
    assert.deepEqual(unlisted(wire.requests, 'scan'), []);
    assert.equal(wire.calls('cloudtrail', 'DescribeTrails').length, 2 * REGIONS.length);
    // Of each account one trail, with its key, once.
    assert.equal(wire.calls('kms', 'GetKeyPolicy').length, 2);
    assert.equal(wire.calls('cloudtrail', 'GetTrailStatus').length, 2);
    const { stdout } = await cli(['doctor', ...EVERYWHERE], estate.environment);
    for (const line of stdout.split('\n')) test.diagnostic(line);
  });

  it('two denied permissions are told with their reason and the policy that adds them: exit code 1', async (test) => {
    wire.on('kms', 'GetKeyPolicy', ({ accessKey }) =>
      accessKey === 'AKIAEXAMPLE'
        ? denied('kms:GetKeyPolicy', 'because no identity-based policy allows the kms:GetKeyPolicy action')
        : 'forward',
    );
    wire.on('cloudtrail', 'GetTrailStatus', () =>
      denied('cloudtrail:GetTrailStatus', 'with an explicit deny in a service control policy'),
    );
    const { code, diagnosis } = await doctor(...EVERYWHERE);
    assert.deepEqual([code, diagnosis.status], [1, 'missing']);
    const found = missing(diagnosis.calls);
    assert.deepEqual(
      found.map(({ action, denied: by }) => [action, by.map(({ accountId, deniedBy }) => [accountId, deniedBy])]),
      [
        ['kms:GetKeyPolicy', [[ACCOUNT, { policy: 'identity', isExplicit: false }]]],
        [
          'cloudtrail:GetTrailStatus',
          [
            [ACCOUNT, { policy: 'scp', isExplicit: true }],
            [OTHER, { policy: 'scp', isExplicit: true }],
          ],
        ],
      ],
    );
    assert.match(found[0]?.denied[0]?.reason ?? '', new RegExp(`${CALLER} lacks kms:GetKeyPolicy on arn:aws:kms:`));
    // No permission opens what a service control policy closes.
    const [only, ...others] = diagnosis.policies;
    assert.deepEqual(
      [only.policy.Statement.map(({ Action }: { Action: string }) => Action), others],
      [['kms:GetKeyPolicy'], []],
    );
    const { stdout, code: again } = await cli(['doctor', ...EVERYWHERE], estate.environment);
    assert.match(stdout, /missing for `scan`: 1 needed call; 1 optional call missing\n$/);
    assert.equal(again, 1);
    for (const line of stdout.split('\n')) test.diagnostic(line);
  });

  it('an optional call alone is no failure', async () => {
    wire.on('s3', 'GetBucketEncryption', () => ({
      status: 403,
      headers: { 'content-type': 'application/xml' },
      body: '<Error><Code>AccessDenied</Code><Message>Access Denied</Message></Error>',
    }));
    const { code, diagnosis } = await doctor();
    assert.deepEqual(
      [code, missing(diagnosis.calls).map(({ action }) => action)],
      [0, ['s3:GetEncryptionConfiguration']],
    );
  });

  it('for repair nothing is written either', async () => {
    const { code } = await doctor('--for', 'repair', ...EVERYWHERE);
    assert.equal(code, 0);
    assert.deepEqual(unlisted(wire.requests, 'scan', 'repair'), []);
    const names = [...new Set(wire.requests.map(({ operation }) => operation))];
    assert.deepEqual(
      names.filter((name) => !/^(Get|List|Describe|Head|AssumeRole)/.test(name)),
      [],
    );
  });

  it('--print-policy asks AWS nothing', async () => {
    const { code, stdout } = await cli(['doctor', '--print-policy', 'repair'], estate.environment);
    assert.equal(code, 0);
    assert.ok(JSON.parse(stdout).Statement.length > 5);
    assert.deepEqual(wire.requests, []);
  });

  it('no credentials: one clear line and exit code 3', async () => {
    const { code, stdout, stderr } = await cli(['doctor'], { AWS_REGION: 'us-east-1', AWS_ENDPOINT_URL: wire.url });
    assert.match(stderr, /^cloudtrail-kms: no AWS credentials were found[^\n]*\n$/);
    assert.deepEqual({ code, stdout }, { code: 3, stdout: '' });
  });
});
