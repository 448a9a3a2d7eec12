import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, beforeEach, describe, it } from 'node:test';
import { AssumeRoleCommand, STSClient } from '@aws-sdk/client-sts';
import { ACCOUNT, type AwsCredentials, accountAt, awsPolicy, type Trail, trailArn } from './support/account.ts';
import { cli } from './support/cli.ts';
import { type Moto, startMoto } from './support/moto.ts';
import { type Answer, ok, refuse, startWire, type Wire } from './support/wire.ts';

const OTHER = '444455556666';
const ROLE = 'audit/Reader';
const REGIONS = ['us-east-1', 'eu-west-1', 'ap-southeast-2'];
const BOTH = ['--accounts', `${ACCOUNT},${OTHER}`, '--role-name', ROLE];
const EVERYWHERE = ['--regions', REGIONS.join(','), ...BOTH];

interface Report {
  readonly summary: Readonly<Record<string, number>>;
  readonly trails: readonly {
    readonly trailArn: string;
    readonly complianceType: string;
    readonly annotation: string;
    readonly findings: readonly { readonly check: string; readonly status: string; readonly message: string }[];
  }[];
}

/** As STS and EC2 refuse: in XML. */
const refuseXml = (code: string): Answer => {
  const body = `<ErrorResponse><Error><Code>${code}</Code><Message>no</Message></Error></ErrorResponse>`;
  return () => ({ status: 403, headers: { 'content-type': 'text/xml' }, body });
};

describe('scan and collect, over trails in three Regions and two accounts', () => {
  let moto: Moto;
  let wire: Wire;
  let folder: string;
  let environment: Record<string, string>;
  let trails: Record<'good' | 'ireland' | 'bare' | 'other' | 'wrong', Trail>;

  before(async () => {
    moto = await startMoto();
    wire = await startWire(moto.port);
    folder = mkdtempSync(join(tmpdir(), 'scan-'));
    environment = {
      AWS_ENDPOINT_URL: wire.url,
      AWS_ACCESS_KEY_ID: 'AKIAEXAMPLE',
      AWS_SECRET_ACCESS_KEY: 'secret',
      AWS_REGION: 'us-east-1',
    };
    const url = `http://127.0.0.1:${moto.port}`;
    const own = accountAt(url);
    const other = accountAt(url, await assumed(url));
    const policy = (name: string, region: string, account: string) => ({
      region,
      policy: awsPolicy(trailArn(name, region, account), account),
    });
    trails = {
      good: await own.createTrail('good', policy('good', 'us-east-1', ACCOUNT)),
      ireland: await own.createTrail('ireland', policy('ireland', 'eu-west-1', ACCOUNT)),
      bare: await own.createTrail('bare', { region: 'ap-southeast-2', policy: null }),
      other: await other.createTrail('other', policy('other', 'us-east-1', OTHER)),
      wrong: await other.createTrail('wrong', {
        region: 'eu-west-1',
        policy: awsPolicy(trailArn('wrong', 'eu-west-1', ACCOUNT), OTHER),
      }),
    };
  });
  after(() => {
    wire.close();
    moto.stop();
    rmSync(folder, { recursive: true, force: true });
  });
  beforeEach(() => wire.reset());

  const json = async (args: readonly string[]) => {
    const { stdout, ...ended } = await cli([...args, '--format', 'json'], environment);
    return { ...ended, stdout, report: stdout === '' ? null : (JSON.parse(stdout) as Report) };
  };
  const verdicts = (report: Report | null) =>
    Object.fromEntries((report?.trails ?? []).map(({ trailArn: arn, complianceType }) => [arn, complianceType]));
  const expected = () => ({
    [trails.good.arn]: 'COMPLIANT',
    [trails.ireland.arn]: 'COMPLIANT',
    [trails.bare.arn]: 'NON_COMPLIANT',
    [trails.other.arn]: 'COMPLIANT',
    [trails.wrong.arn]: 'NON_COMPLIANT',
  });
  /** Collects into a file, and evaluates that file where nothing can be asked. */
  const collected = async (args: readonly string[]) => {
    const file = join(folder, 'snapshot.json');
    const collect = await cli(['collect', ...args, '--output', file], environment);
    const { code, stdout, stderr } = await cli(['evaluate', '--snapshot', file, '--format', 'json'], {});
    return {
      collect,
      snapshot: JSON.parse(readFileSync(file, 'utf8')),
      code,
      stderr,
      report: JSON.parse(stdout) as Report,
    };
  };

  it('every trail has its verdict, and each account is read with its own credentials', async (test) => {
    const { code, stderr, report } = await json(['scan', ...EVERYWHERE]);
    assert.deepEqual(verdicts(report), expected());
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
    const wrong = policies.find(({ body }) => body.KeyId === trails.wrong.keyArn);
    assert.notEqual(wrong?.accessKey, 'AKIAEXAMPLE');
    const { stdout } = await cli(['scan', ...EVERYWHERE], environment);
    for (const line of stdout.split('\n')) test.diagnostic(line);
  });

  it('what collect writes is evaluated offline to the same verdicts, findings and exit code', async () => {
    const scan = await json(['scan', ...EVERYWHERE]);
    const { collect, snapshot, code, report } = await collected(EVERYWHERE);
    assert.deepEqual(timeless(report), timeless(scan.report));
    assert.deepEqual([collect.code, collect.stdout, code, scan.code], [0, '', 1, 1]);
    const [first] = snapshot.trails;
    assert.equal(first.Trail.TrailARN, trails.bare.arn);
    assert.equal(first.Status.IsLogging, true);
    const key = snapshot.keys.find((entry: { KeyArn: string }) => entry.KeyArn === trails.good.keyArn);
    assert.equal(key.KeyMetadata.Arn, trails.good.keyArn);
    assert.equal(typeof key.Policy, 'string');
    assert.deepEqual([key.KeyRotationEnabled, key.Aliases, key.Grants], [false, [], []]);
    assert.ok(snapshot.buckets.some((bucket: { Name: string }) => bucket.Name === trails.good.bucket));
  });

  it('collect writes to standard output, and evaluate reads it from there', async () => {
    const { code, stdout } = await cli(['collect', '--quiet'], environment);
    assert.equal(code, 0);
    const evaluated = await cli(['evaluate', '--snapshot', '-', '--format', 'json'], {}, stdout);
    assert.deepEqual(verdicts(JSON.parse(evaluated.stdout)), { [trails.good.arn]: 'COMPLIANT' });
  });

  it('--all-regions reads every enabled Region of each account once', async () => {
    const { report } = await json(['scan', '--all-regions', ...BOTH]);
    assert.deepEqual(verdicts(report), expected());
    const asked = wire.calls('cloudtrail', 'DescribeTrails').map(({ accessKey, region }) => `${accessKey} ${region}`);
    assert.ok(asked.length > 20);
    assert.equal(new Set(asked).size, asked.length);
  });

  it('without Regions and accounts: the own account in the Region of the profile', async () => {
    const config = join(folder, 'config');
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
      assert.deepEqual(Object.keys(verdicts(JSON.parse(stdout))), [trails.ireland.arn]);
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
    const { report } = await json(['scan', '--organization', '--role-name', ROLE, '--regions', REGIONS.join(',')]);
    assert.deepEqual(verdicts(report), expected());
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
        ? ok({ Results: [item(trails.other, OTHER, 'us-east-1')] })
        : ok({
            // A shadow of the trail in another Region is recorded beside it, and is older.
            Results: [
              item(trails.good, ACCOUNT, 'eu-west-1', { kmsKeyId: null }),
              item(trails.good, ACCOUNT, 'us-east-1'),
            ],
            NextToken: 'more',
          }),
    );
    const { report } = await json(['scan', '--organization', '--aggregator', 'all', '--role-name', ROLE]);
    assert.deepEqual(verdicts(report), { [trails.good.arn]: 'COMPLIANT', [trails.other.arn]: 'COMPLIANT' });
    assert.equal(wire.calls('cloudtrail', 'DescribeTrails').length, 0);
    assert.equal(wire.calls('organizations', 'ListAccounts').length, 0);
  });

  it('a Region that cannot be read is named and does not stop the rest; exit code 3, also of evaluate', async () => {
    const denied: Answer = ({ region }) => (region === 'eu-west-1' ? refuse('AccessDeniedException') : 'forward');
    wire.on('cloudtrail', 'DescribeTrails', denied);
    const scan = await json(['scan', ...EVERYWHERE]);
    assert.deepEqual(Object.keys(verdicts(scan.report)), [trails.bare.arn, trails.good.arn, trails.other.arn]);
    assert.equal(scan.code, 3, 'outranks NON_COMPLIANT');
    assert.match(
      scan.stderr,
      new RegExp(`account ${ACCOUNT} in eu-west-1 could not be read: .*cloudtrail:DescribeTrails`),
    );
    assert.match(scan.stderr, new RegExp(`account ${OTHER} in eu-west-1 could not be read`));
    const { collect, code, stderr, report } = await collected(EVERYWHERE);
    assert.deepEqual(timeless(report), timeless(scan.report));
    assert.deepEqual([collect.code, code], [3, 3]);
    assert.match(stderr, new RegExp(`account ${OTHER} in eu-west-1`));
  });

  for (const [name, service, operation, answer] of [
    ['a role that cannot be assumed', 'sts', 'AssumeRole', refuseXml('AccessDenied')],
    ['Regions that cannot be listed', 'ec2', 'DescribeRegions', refuseXml('UnauthorizedOperation')],
  ] as const) {
    it(`${name}: the account is named, and the exit code is 3`, async () => {
      const foreign: Answer = (request) =>
        operation === 'AssumeRole' || request.accessKey !== 'AKIAEXAMPLE' ? answer(request) : 'forward';
      wire.on(service, operation, foreign);
      const { code, stderr, report } = await json(['scan', '--all-regions', ...BOTH]);
      assert.deepEqual(Object.keys(verdicts(report)), [trails.bare.arn, trails.ireland.arn, trails.good.arn]);
      assert.match(stderr, new RegExp(`account ${OTHER} could not be read: .*${operation}`));
      assert.equal(code, 3);
    });
  }

  it('a denied read becomes an unknown finding that names the permission, and is no failure to finish', async () => {
    wire.on('kms', 'GetKeyPolicy', () => refuse('AccessDeniedException'));
    const scan = await json(['scan']);
    const [trail] = scan.report?.trails ?? [];
    const finding = trail?.findings.find(({ check }) => check === 'public-excluded');
    assert.equal(finding?.status, 'unknown');
    assert.match(finding?.message ?? '', /kms:GetKeyPolicy/);
    assert.match(trail?.annotation ?? '', /^UNDECIDED:/);
    assert.equal(scan.code, 1);
    const { snapshot, report } = await collected([]);
    assert.equal(snapshot.keys[0].Policy.Error.Code, 'AccessDeniedException');
    assert.deepEqual(timeless(report), timeless(scan.report));
  });

  it('throttling is no verdict: the trail is named, missing, and the exit code is 3', async () => {
    wire.on('kms', 'GetKeyPolicy', ({ body }) =>
      body.KeyId === trails.ireland.keyArn ? refuse('ThrottlingException', 'Rate exceeded') : 'forward',
    );
    const { code, stderr, report } = await json(['scan', '--regions', 'us-east-1,eu-west-1']);
    assert.deepEqual(verdicts(report), { [trails.good.arn]: 'COMPLIANT' });
    assert.match(stderr, new RegExp(`trail ${trails.ireland.arn} could not be read: .*ThrottlingException`));
    assert.equal(code, 3);
  });

  it('--quiet leaves only what could not be read', async () => {
    const { stderr } = await cli(['scan', '--quiet'], environment);
    assert.equal(stderr, '');
  });

  it('no credentials: one clear line and exit code 3', async () => {
    const { code, stdout, stderr } = await cli(['scan'], { AWS_REGION: 'us-east-1', AWS_ENDPOINT_URL: wire.url });
    assert.match(stderr, /^cloudtrail-kms: no AWS credentials were found[^\n]*\n$/);
    assert.deepEqual({ code, stdout }, { code: 3, stdout: '' });
  });

  it('other accounts without a role: bad usage', async () => {
    const { code, stderr } = await cli(['scan', '--accounts', OTHER], environment);
    assert.match(stderr, new RegExp(`^cloudtrail-kms: .*\`${OTHER}\`.*\`--role-name\`\n$`));
    assert.equal(code, 2);
  });
});

/** moto delivers whenever it is asked: what it delivered when differs between two scans. */
const timeless = (report: Report | null): unknown =>
  JSON.parse(JSON.stringify(report).replaceAll(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, 'a time'));

async function assumed(endpoint: string): Promise<AwsCredentials> {
  const sts = new STSClient({
    endpoint,
    region: 'us-east-1',
    credentials: { accessKeyId: 'AKIAEXAMPLE', secretAccessKey: 'secret' },
  });
  const RoleArn = `arn:aws:iam::${OTHER}:role/${ROLE}`;
  const { Credentials: given } = await sts.send(new AssumeRoleCommand({ RoleArn, RoleSessionName: 'setup' }));
  return {
    accessKeyId: given?.AccessKeyId ?? '',
    secretAccessKey: given?.SecretAccessKey ?? '',
    sessionToken: given?.SessionToken ?? '',
  };
}
