import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, afterEach, before, beforeEach, describe, it } from 'node:test';
import { ACCOUNT, type Trail } from './support/account.ts';
import { cli } from './support/cli.ts';
import {
  BOTH,
  type Estate,
  EVERYWHERE,
  OTHER,
  openEstate,
  REGIONS,
  ROLE,
  timeless,
  verdicts,
} from './support/estate.ts';
import { neverMade, unlisted } from './support/permissions.ts';
import { ok, type Wire } from './support/wire.ts';

describe('scan and collect, over trails in three Regions and two accounts', () => {
  let estate: Estate;
  let wire: Wire;
  before(async () => {
    estate = await openEstate();
    wire = estate.wire;
  });
  after(() => estate.close());
  beforeEach(() => wire.reset());
  afterEach(() => assert.deepEqual(unlisted(wire.requests, 'scan'), [], 'calls that no printed policy is for'));

  it('each call that the table of permissions calls needed always is made', async () => {
    await estate.json(['scan', ...EVERYWHERE]);
    assert.deepEqual(neverMade(wire.requests, 'scan'), []);
  });

  it('every trail has its verdict, and each account is read with its own credentials', async (test) => {
    const { code, stderr, report } = await estate.json(['scan', ...EVERYWHERE]);
    assert.deepEqual(verdicts(report), estate.expected);
    assert.equal(code, 1);
    assert.match(stderr, new RegExp(`account ${OTHER}: 2 trails`));
    assert.match(stderr, /read 5 trails, 4 keys/);
    const roles = wire.calls('sts', 'AssumeRole');
    assert.equal(roles.length, 1, 'the own account takes no role, the other one is entered once');
    const signers = (region: string) =>
      new Set(
        wire
          .calls('cloudtrail', 'DescribeTrails')
          .filter((call) => call.region === region)
          .map((c) => c.accessKey),
      );
    for (const region of REGIONS) assert.equal(signers(region).size, 2, region);
    const policies = wire.calls('kms', 'GetKeyPolicy');
    assert.equal(policies.length, 4, 'each key once');
    const wrong = policies.find(({ body }) => body.KeyId === estate.trails.wrong.keyArn);
    assert.notEqual(wrong?.accessKey, 'AKIAEXAMPLE');
    const { stdout } = await cli(['scan', ...EVERYWHERE], estate.environment);
    for (const line of stdout.split('\n')) test.diagnostic(line);
  });

  it('what collect writes is evaluated offline to the same verdicts, findings and exit code', async () => {
    const scan = await estate.json(['scan', ...EVERYWHERE]);
    const { collect, snapshot, code, report } = await estate.collected(EVERYWHERE);
    assert.deepEqual(timeless(report), timeless(scan.report));
    assert.deepEqual([collect.code, collect.stdout, code, scan.code], [0, '', 1, 1]);
    const [first] = snapshot.trails;
    assert.equal(first?.Trail.TrailARN, estate.trails.bare.arn);
    assert.equal(first?.Status.IsLogging, true);
    const key = snapshot.keys.find((entry) => entry.KeyArn === estate.trails.good.keyArn);
    assert.equal(key?.KeyMetadata.Arn, estate.trails.good.keyArn);
    assert.equal(typeof key?.Policy, 'string');
    // Nothing looks at the key's aliases, so nobody asks for them.
    assert.deepEqual([key?.KeyRotationEnabled, key?.Aliases, key?.Grants], [false, undefined, []]);
    assert.ok(snapshot.buckets.some((bucket) => bucket.Name === estate.trails.good.bucket));
  });

  it('collect writes to standard output, and evaluate reads it from there', async () => {
    const { code, stdout } = await cli(['collect', '--quiet'], estate.environment);
    assert.equal(code, 0);
    const evaluated = await cli(['evaluate', '--snapshot', '-', '--format', 'json'], {}, stdout);
    assert.deepEqual(verdicts(JSON.parse(evaluated.stdout)), { [estate.trails.good.arn]: 'COMPLIANT' });
  });

  it('--all-regions reads every enabled Region of each account once', async () => {
    const { report } = await estate.json(['scan', '--all-regions', ...BOTH]);
    assert.deepEqual(verdicts(report), estate.expected);
    const asked = wire.calls('cloudtrail', 'DescribeTrails').map(({ accessKey, region }) => `${accessKey} ${region}`);
    assert.ok(asked.length > 20);
    assert.equal(new Set(asked).size, asked.length);
  });

  it('without Regions and accounts: the own account in the Region of the profile', async () => {
    const config = join(estate.folder, 'config');
    writeFileSync(
      config,
      '[profile audit]\nregion = eu-west-1\naws_access_key_id = AKIAPROFILE\naws_secret_access_key = secret\n',
    );
    const variables = {
      AWS_ENDPOINT_URL: wire.url,
      AWS_CONFIG_FILE: config,
      AWS_SHARED_CREDENTIALS_FILE: '/nonexistent',
    };
    for (const [args, more] of [
      [['--profile', 'audit'], { AWS_REGION: 'us-east-1' }],
      [[], { AWS_PROFILE: 'audit' }],
    ] as const) {
      wire.reset();
      const { stdout } = await cli(['scan', ...args, '--format', 'json'], { ...variables, ...more });
      assert.deepEqual(Object.keys(verdicts(JSON.parse(stdout))), [estate.trails.ireland.arn]);
      assert.deepEqual([...new Set(wire.requests.map(({ accessKey }) => accessKey))], ['AKIAPROFILE']);
    }
  });

  it('--organization reads the active accounts', async () => {
    const accounts = [
      { Id: OTHER, State: 'ACTIVE', Status: 'ACTIVE' },
      { Id: ACCOUNT, Status: 'ACTIVE' },
      { Id: '777788889999', State: 'SUSPENDED' },
    ];
    wire.on('organizations', 'ListAccounts', ({ body }) =>
      body.NextToken ? ok({ Accounts: accounts.slice(1) }) : ok({ Accounts: accounts.slice(0, 1), NextToken: 'more' }),
    );
    const { report } = await estate.json([
      'scan',
      '--organization',
      '--role-name',
      ROLE,
      '--regions',
      REGIONS.join(','),
    ]);
    assert.deepEqual(verdicts(report), estate.expected);
    assert.equal(wire.calls('sts', 'AssumeRole').length, 1);
  });

  it('--aggregator lists every trail by one query, and each once', async () => {
    const item = (trail: Trail, accountId: string, awsRegion: string, more: object = {}) =>
      JSON.stringify({
        accountId,
        awsRegion,
        configuration: {
          trailARN: trail.arn,
          name: trail.name,
          homeRegion: trail.region,
          s3BucketName: trail.bucket,
          ...(trail.keyArn === null ? {} : { kmsKeyId: trail.keyArn }),
          ...more,
        },
      });
    wire.on('config', 'SelectAggregateResourceConfig', ({ body }) =>
      body.NextToken
        ? ok({ Results: [item(estate.trails.other, OTHER, 'us-east-1')] })
        : ok({
            // A shadow of the trail in another Region is recorded beside it, and is older.
            Results: [
              item(estate.trails.good, ACCOUNT, 'eu-west-1', { kmsKeyId: null }),
              item(estate.trails.good, ACCOUNT, 'us-east-1'),
            ],
            NextToken: 'more',
          }),
    );
    const { report } = await estate.json(['scan', '--organization', '--aggregator', 'all', '--role-name', ROLE]);
    assert.deepEqual(verdicts(report), {
      [estate.trails.good.arn]: 'COMPLIANT',
      [estate.trails.other.arn]: 'COMPLIANT',
    });
    assert.equal(wire.calls('cloudtrail', 'DescribeTrails').length, 0);
    assert.equal(wire.calls('organizations', 'ListAccounts').length, 0);
  });
});
