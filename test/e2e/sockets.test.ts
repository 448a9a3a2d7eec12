import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, it } from 'node:test';
import { ACCOUNT, REGION, type Trail } from './support/account.ts';
import { accountIds, answerAsAws, DEFAULT_REGIONS, trailsOf } from './support/aws.ts';
import { cli } from './support/cli.ts';
import { handlerBundle } from './support/handlerBundle.ts';
import { type Hosts, startHosts } from './support/hosts.ts';
import { startLambda } from './support/lambda.ts';

/** What AWS Lambda gives a function (AWS Lambda Developer Guide, "Lambda quotas"), and most shells a command. */
const DESCRIPTORS = 1_024;
const FOR_ONE_ROLE = 4;
/** Requests at once and idle connections, and some that are about to close. */
const MOST_OPEN = 512;

describe(`${DESCRIPTORS} file descriptors, and AWS at its own host names`, () => {
  let hosts: Hosts;
  before(async () => {
    hosts = await startHosts();
  });
  after(() => hosts.wire.close());
  beforeEach(() => hosts.reset());

  /** How many different requests there were; on a busy machine the SDK repeats some, and nothing else does. */
  function asked(service: string, operation: string): number {
    const calls = hosts.wire.calls(service, operation);
    const count = new Set(
      calls.map(({ accessKey, region, path, body, form }) => JSON.stringify([accessKey, region, path, body, form])),
    ).size;
    assert.ok(calls.filter(({ attempt }) => attempt === 1).length <= count, `${operation} was asked for twice`);
    return count;
  }

  /** At most so many requests or connections at once, and what the SDK gave up and sent again. */
  function isAtMost(most: number, measured: number): void {
    assert.ok(measured <= most + hosts.repeated(), `${measured} at once, ${hosts.repeated()} requests repeated`);
  }

  async function scan(trails: readonly Trail[], ...args: readonly string[]) {
    answerAsAws(hosts.wire, trails);
    const { code, stdout, stderr } = await cli(
      ['scan', '--all-regions', '--format', 'json', ...args],
      {
        AWS_ACCESS_KEY_ID: 'AKIAEXAMPLE',
        AWS_SECRET_ACCESS_KEY: 'secret',
        AWS_REGION: REGION,
        ...hosts.environment,
      },
      '',
      { descriptors: DESCRIPTORS },
    );
    assert.doesNotMatch(stderr, /could not be read/);
    assert.equal(code, 0, stderr);
    const { summary } = JSON.parse(stdout) as { summary: Readonly<Record<string, number>> };
    assert.deepEqual(summary, { COMPLIANT: trails.length, NON_COMPLIANT: 0, NOT_APPLICABLE: 0 });
  }

  it('scan, 17 Regions: every trail is read, over at most 4 connections a host', async () => {
    await scan(trailsOf([ACCOUNT], DEFAULT_REGIONS, 3));
    assert.equal(asked('cloudtrail', 'DescribeTrails'), 17);
    assert.equal(asked('cloudtrail', 'GetTrailStatus'), 51);
    assert.equal(asked('kms', 'GetKeyPolicy'), 17);
    isAtMost(FOR_ONE_ROLE, hosts.mostAtOnceForOne());
    isAtMost(FOR_ONE_ROLE, hosts.mostOpenToOne());
  });

  it('scan, 8 accounts with 17 Regions: every trail is read, over at most 4 connections a host and role', async () => {
    const accounts = accountIds(8);
    await scan(trailsOf(accounts, DEFAULT_REGIONS, 3), '--organization', '--role-name', 'audit');
    assert.equal(asked('cloudtrail', 'DescribeTrails'), 8 * 17);
    assert.equal(asked('cloudtrail', 'GetTrailStatus'), 8 * 51);
    assert.equal(asked('kms', 'GetKeyPolicy'), 8 * 17);
    assert.equal(asked('s3', 'HeadBucket'), 8 * 17);
    assert.equal(asked('sts', 'AssumeRole'), 7);
    isAtMost(FOR_ONE_ROLE, hosts.mostAtOnceForOne());
    isAtMost(FOR_ONE_ROLE * 8, hosts.mostOpenToOne());
    isAtMost(MOST_OPEN, hosts.mostOpen());
  });

  it('the central function, 400 accounts: every trail is evaluated, over at most 4 connections a host and role', async () => {
    const trails = trailsOf(accountIds(400), DEFAULT_REGIONS.slice(-3), 1);
    answerAsAws(hosts.wire, trails);
    const lambda = await startLambda({
      ...(await handlerBundle('centralEvaluation')),
      descriptors: DESCRIPTORS,
      environment: {
        ...hosts.environment,
        RULE_PARAMETERS: JSON.stringify({
          aggregatorName: 'organization',
          memberRoleName: 'audit',
          keyReaderRoleName: 'keys',
        }),
        EXPECTED_ORGANIZATION: 'o-exampleorgid',
      },
    });
    try {
      const outcome = await lambda.invoke({}, { timeout: 240_000 });
      assert.ok(outcome.ok, JSON.stringify(outcome));
      const lines = lambda
        .logs()
        .split('\n')
        .filter((line) => line.includes('"message":"evaluated"'));
      const arns = lines.map((line) => (JSON.parse(line) as { readonly trailArn: string }).trailArn);
      assert.deepEqual(arns.sort(), trails.map(({ arn }) => arn).sort());
      assert.doesNotMatch(lambda.logs(), /no verdict/);
    } finally {
      lambda.stop();
    }
    assert.equal(asked('cloudtrail', 'GetTrailStatus'), trails.length);
    assert.equal(asked('kms', 'GetKeyPolicy'), trails.length);
    assert.equal(asked('s3', 'GetBucketEncryption'), trails.length);
    // Each role once, that of the trail's account and that of the key's; the function's own account takes none.
    assert.equal(asked('sts', 'AssumeRole'), 2 * 399);
    isAtMost(FOR_ONE_ROLE, hosts.mostAtOnceForOne());
    isAtMost(MOST_OPEN, hosts.mostOpen());
  });
});
