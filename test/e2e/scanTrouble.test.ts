import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, it } from 'node:test';
import { ACCOUNT } from './support/account.ts';
import { cli } from './support/cli.ts';
import { BOTH, type Estate, EVERYWHERE, OTHER, openEstate, timeless, verdicts } from './support/estate.ts';
import { type Answer, refuse, type Wire } from './support/wire.ts';

/** As STS and EC2 refuse: in XML. */
const refuseXml = (code: string): Answer => {
  const body = `<ErrorResponse><Error><Code>${code}</Code><Message>no</Message></Error></ErrorResponse>`;
  return () => ({ status: 403, headers: { 'content-type': 'text/xml' }, body });
};

describe('a scan that cannot read everything', () => {
  let estate: Estate;
  let wire: Wire;
  before(async () => {
    estate = await openEstate();
    wire = estate.wire;
  });
  after(() => estate.close());
  beforeEach(() => wire.reset());

  it('a Region that cannot be read is named and does not stop the rest; exit code 3, also of evaluate', async () => {
    const denied: Answer = ({ region }) => (region === 'eu-west-1' ? refuse('AccessDeniedException') : 'forward');
    wire.on('cloudtrail', 'DescribeTrails', denied);
    const scan = await estate.json(['scan', ...EVERYWHERE]);
    assert.deepEqual(Object.keys(verdicts(scan.report)), [
      estate.trails.bare.arn,
      estate.trails.good.arn,
      estate.trails.other.arn,
    ]);
    assert.equal(scan.code, 3, 'outranks NON_COMPLIANT');
    assert.match(
      scan.stderr,
      new RegExp(`account ${ACCOUNT} in eu-west-1 could not be read: .*cloudtrail:DescribeTrails`),
    );
    assert.match(scan.stderr, new RegExp(`account ${OTHER} in eu-west-1 could not be read`));
    const { collect, code, stderr, report } = await estate.collected(EVERYWHERE);
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
      const { code, stderr, report } = await estate.json(['scan', '--all-regions', ...BOTH]);
      assert.deepEqual(Object.keys(verdicts(report)), [
        estate.trails.bare.arn,
        estate.trails.ireland.arn,
        estate.trails.good.arn,
      ]);
      assert.match(stderr, new RegExp(`account ${OTHER} could not be read: .*${operation}`));
      assert.equal(code, 3);
    });
  }

  it('a denied read becomes an unknown finding that names the permission, and is no failure to finish', async () => {
    wire.on('kms', 'GetKeyPolicy', () => refuse('AccessDeniedException'));
    const scan = await estate.json(['scan']);
    const [trail] = scan.report.trails;
    const finding = trail?.findings.find(({ check }) => check === 'public-excluded');
    assert.equal(finding?.status, 'unknown');
    assert.match(finding?.message ?? '', /kms:GetKeyPolicy/);
    assert.match(trail?.annotation ?? '', /^UNDECIDED:/);
    assert.equal(scan.code, 1);
    const { snapshot, report } = await estate.collected([]);
    assert.deepEqual(
      snapshot.keys.map(({ Policy }) => (Policy as { Error?: { Code: string } }).Error?.Code),
      ['AccessDeniedException'],
    );
    assert.deepEqual(timeless(report), timeless(scan.report));
  });

  it('throttling is no verdict: the trail is named, missing, and the exit code is 3', async () => {
    wire.on('kms', 'GetKeyPolicy', ({ body }) =>
      body.KeyId === estate.trails.ireland.keyArn ? refuse('ThrottlingException', 'Rate exceeded') : 'forward',
    );
    const { code, stderr, report } = await estate.json(['scan', '--regions', 'us-east-1,eu-west-1']);
    assert.deepEqual(verdicts(report), { [estate.trails.good.arn]: 'COMPLIANT' });
    assert.match(stderr, new RegExp(`trail ${estate.trails.ireland.arn} could not be read: .*ThrottlingException`));
    assert.equal(code, 3);
  });

  it('--quiet leaves only what could not be read', async () => {
    const { stderr } = await cli(['scan', '--quiet'], estate.environment);
    assert.equal(stderr, '');
  });

  it('no credentials: one clear line and exit code 3', async () => {
    const { code, stdout, stderr } = await cli(['scan'], { AWS_REGION: 'us-east-1', AWS_ENDPOINT_URL: wire.url });
    assert.match(stderr, /^cloudtrail-kms: no AWS credentials were found[^\n]*\n$/);
    assert.deepEqual({ code, stdout }, { code: 3, stdout: '' });
  });

  it('other accounts without a role: bad usage', async () => {
    const { code, stderr } = await cli(['scan', '--accounts', OTHER], estate.environment);
    assert.match(stderr, new RegExp(`^cloudtrail-kms: .*\`${OTHER}\`.*\`--role-name\`\n$`));
    assert.equal(code, 2);
  });
});
