import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { after, before, beforeEach, describe, it } from 'node:test';
import { type Estate, EVERYWHERE, openEstate, type Reported, verdicts } from './support/estate.ts';
import { type Answer, refuse, type WireAnswer, type WireRequest } from './support/wire.ts';

const JSON_REQUESTS = [
  ['cloudtrail', 'DescribeTrails'],
  ['cloudtrail', 'GetTrailStatus'],
  ['kms', 'DescribeKey'],
  ['kms', 'GetKeyPolicy'],
  ['kms', 'GetKeyPolicy AWS_RAM'],
  ['kms', 'GetKeyRotationStatus'],
  ['kms', 'ListAliases'],
  ['kms', 'ListGrants'],
  ['organizations', 'DescribeOrganization'],
  ['s3', 'GetBucketEncryption'],
] as const;
/** What decides no verdict. */
const LESSER: ReadonlySet<string> = new Set(['GetBucketEncryption', 'GetKeyRotationStatus', 'ListAliases']);

const throttled = ({ service }: WireRequest): WireAnswer => {
  if (service !== 's3') return refuse('ThrottlingException', 'Rate exceeded');
  const body = '<Error><Code>SlowDown</Code><Message>Please reduce your request rate.</Message></Error>';
  return { status: 503, headers: { 'content-type': 'application/xml' }, body };
};

/**
 * Whether an attempt is among 30 %, the same whatever the order in which requests arrive; never the seventh in a row, so that
 * chance cannot use up the eight of the command line.
 */
function isAmong({ operation, path, region, body, attempt }: WireRequest, seed: number): boolean {
  const hash = createHash('sha256').update(JSON.stringify([seed, operation, path, region, body, attempt]));
  return attempt < 7 && hash.digest().readUInt32BE() / 2 ** 32 < 0.3;
}

describe('a scan while AWS throttles', () => {
  let estate: Estate;
  let calls: number;
  let refusals: number;
  before(async () => {
    estate = await openEstate();
  });
  after(() => estate.close());
  beforeEach(() => {
    estate.wire.reset();
    calls = refusals = 0;
  });

  /** @param isThrottled whether this attempt is refused */
  function throttling(isThrottled: (request: WireRequest) => boolean): void {
    const answer: Answer = (request) => {
      calls += 1;
      if (!isThrottled(request)) return 'forward';
      refusals += 1;
      return throttled(request);
    };
    for (const [service, operation] of JSON_REQUESTS) estate.wire.on(service, operation, answer);
  }

  const scan = async (): Promise<Reported> => {
    const scanned = await estate.json(['scan', ...EVERYWHERE, '--parameters', '{"requireKeyRotation":"true"}']);
    process.stdout.write(`throttled ${refusals} of ${calls} calls, ${scanned.report.trails.length} verdicts\n`);
    return scanned;
  };

  it('30 % of all calls: every trail gets the verdict that it deserves', async () => {
    for (const seed of [1, 2, 3, 4, 5]) {
      throttling((request) => isAmong(request, seed));
      const { report, code, stderr } = await scan();
      assert.deepEqual(verdicts(report), estate.expected);
      assert.equal(code, 1, stderr);
    }
    assert.ok(refusals / calls > 0.2 && refusals / calls < 0.4, `${refusals} of ${calls}`);
  });

  it('what decides nothing, to the last attempt: every trail gets its verdict, and findings say what is not known', async () => {
    throttling((request) => LESSER.has(request.operation) || isAmong(request, 0));
    const { report, code, stderr } = await scan();
    assert.deepEqual(verdicts(report), estate.expected);
    assert.equal(code, 1, stderr);
    const good = report.trails.find(({ trailArn }) => trailArn === estate.trails.good.arn);
    const unknown = good?.findings.filter(
      ({ status, message }) => status === 'unknown' && /Throttl|SlowDown/.test(message),
    );
    assert.deepEqual(unknown?.map(({ check }) => check).toSorted(), ['cloudtrail-can-decrypt', 'key-rotates']);
  });
});
