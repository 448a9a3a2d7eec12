import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { CreateAccountCommand, CreateOrganizationCommand, OrganizationsClient } from '@aws-sdk/client-organizations';
import type { Coverage } from '../../src/report/coverage.ts';
import { accountAt, awsPolicy, trailArn } from './support/account.ts';
import { cli } from './support/cli.ts';
import { type Moto, startMoto } from './support/moto.ts';
import { refuse, startWire, type Wire } from './support/wire.ts';

const MEMBERS = Array.from({ length: 12 }, (_, index) => `workload-${index + 1}`);
const CLOSED = 'eu-west-1';
const REFUSAL =
  'User: x is not authorized to perform: cloudtrail:DescribeTrails with an explicit deny in a service control policy';

describe('an organization of 13 accounts with one trail, in one of which a policy closes a Region', () => {
  let moto: Moto;
  let wire: Wire;
  /** The access key of the member's session. */
  let bound: string | null;
  before(async () => {
    moto = await startMoto();
    wire = await startWire(moto.port);
    const endpoint = `http://127.0.0.1:${moto.port}`;
    const credentials = { accessKeyId: 'AKIAEXAMPLE', secretAccessKey: 'secret' };
    const organizations = new OrganizationsClient({ region: 'us-east-1', endpoint, credentials });
    await organizations.send(new CreateOrganizationCommand({ FeatureSet: 'ALL' }));
    for (const AccountName of MEMBERS)
      await organizations.send(new CreateAccountCommand({ AccountName, Email: `${AccountName}@example.com` }));
    await accountAt(endpoint).createTrail('main', { policy: awsPolicy(trailArn('main')) });
    // moto enforces no service control policy: the first member that comes is the one that is bound.
    wire.on('cloudtrail', 'DescribeTrails', ({ region, accessKey }) => {
      if (region !== CLOSED || accessKey === 'AKIAEXAMPLE') return 'forward';
      bound ??= accessKey;
      return bound === accessKey ? refuse('AccessDeniedException', REFUSAL) : 'forward';
    });
  });
  after(() => {
    wire.close();
    moto.stop();
  });

  const scan = (...more: readonly string[]) => {
    bound = null;
    return cli(['scan', '--organization', '--role-name', 'audit/Reader', '--regions', `us-east-1,${CLOSED}`, ...more], {
      AWS_ENDPOINT_URL: wire.url,
      AWS_ACCESS_KEY_ID: 'AKIAEXAMPLE',
      AWS_SECRET_ACCESS_KEY: 'secret',
      AWS_REGION: 'us-east-1',
    });
  };

  it('the report tells of every account, by its name, what was read there, and why a Region was not', async () => {
    const { code, stdout } = await scan('--format', 'json');
    const { trails, coverage } = JSON.parse(stdout) as { trails: readonly object[]; coverage: Coverage };
    assert.equal(trails.length, 1);
    const places = coverage.accounts.map(({ name, regions }) => {
      const read = regions.map(({ region, status, trails: lives }) => `${region} ${status} ${lives}`);
      return [name, read.toSorted().join(', ')] as const;
    });
    const closed = coverage.accounts.find(({ regions }) => regions.some(({ status }) => status === 'failed'));
    assert.ok(closed !== undefined);
    assert.deepEqual(
      Object.fromEntries(places),
      Object.fromEntries([
        ['master', 'eu-west-1 read 0, us-east-1 read 1'],
        ...MEMBERS.map((name) => [name, 'eu-west-1 read 0, us-east-1 read 0'] as const),
        [closed.name, 'eu-west-1 failed null, us-east-1 read 0'],
      ]),
    );
    const place = closed.regions.find(({ status }) => status === 'failed');
    assert.equal(place?.deniedBy, 'a service control policy');
    assert.match(place?.reason ?? '', /x lacks cloudtrail:DescribeTrails on account \d{12} \(an explicit deny/);
    assert.equal(code, 3, 'something could not be read');
  });

  for (const format of ['text', 'html', 'csv'] as const) {
    it(`${format} names each account, those without a trail among them`, async (test) => {
      const { stdout } = await scan('--format', format);
      for (const name of MEMBERS) assert.ok(stdout.includes(name), name);
      assert.ok(stdout.includes('denied by a service control policy'));
      if (format !== 'text') return;
      assert.match(stdout, /^Coverage: 13 accounts, 25 Regions read, 1 not read, 11 accounts without a trail$/m);
      for (const line of stdout.split('\n')) test.diagnostic(line);
    });
  }
});
