import assert from 'node:assert/strict';
import { after, afterEach, before, beforeEach, describe, it } from 'node:test';
import { ACCOUNT, type Account, accountAt, awsPolicy, REGION, type Trail, trailArn } from './support/account.ts';
import { cli } from './support/cli.ts';
import { type Moto, startMoto } from './support/moto.ts';
import { unlisted } from './support/permissions.ts';
import { ok, refuse, startWire, type Wire, type WireRequest } from './support/wire.ts';

const ADMIN = `arn:aws:iam::${ACCOUNT}:role/admin`;
const seconds = (hoursAgo: number): number => Math.ceil(Date.now() / 1000 - hoursAgo * 3600);

/** Open: nobody documents whether CloudTrail's requests carry kms:ViaService. */
const openPolicy = (name: string) => {
  const policy = awsPolicy(trailArn(name));
  const [administer, encrypt, ...rest] = policy.Statement;
  const { StringEquals, ...others } = (encrypt?.Condition ?? {}) as { readonly StringEquals: object };
  const Condition = { ...others, StringEquals: { ...StringEquals, 'kms:ViaService': `s3.${REGION}.amazonaws.com` } };
  return { ...policy, Statement: [administer, { ...encrypt, Condition }, ...rest] };
};
const REFUSING = { ...awsPolicy(trailArn('broken')), Statement: awsPolicy(trailArn('broken')).Statement.slice(0, 1) };

const event = (id: string, name: string, hoursAgo: number, { keyArn }: Trail, members: object) => ({
  EventId: id,
  EventName: name,
  EventTime: seconds(hoursAgo),
  CloudTrailEvent: JSON.stringify({
    eventSource: 'kms.amazonaws.com',
    eventName: name,
    resources: [{ ARN: keyArn }],
    ...members,
  }),
});

const logFile = (id: string, trail: Trail, members: object) =>
  // Later than the key, which was made just now.
  event(id, 'GenerateDataKey', -0.001, trail, {
    userIdentity: { type: 'AWSService', invokedBy: 'cloudtrail.amazonaws.com' },
    requestParameters: {
      encryptionContext: {
        'aws:cloudtrail:arn': trail.arn,
        'aws:s3:arn': `arn:aws:s3:::${trail.bucket}/AWSLogs/${ACCOUNT}/CloudTrail/${REGION}/2026/x.json.gz`,
      },
    },
    ...members,
  });

const written = (id: string, hoursAgo: number, trail: Trail, policy: unknown) =>
  event(id, 'PutKeyPolicy', hoursAgo, trail, {
    userIdentity: { arn: ADMIN },
    requestParameters: { policy: JSON.stringify(policy) },
  });

interface Finding {
  readonly check: string;
  readonly status: string;
  readonly message: string;
  readonly since?: { readonly eventId: string; readonly by: string; readonly isCause: boolean } | null;
}

describe('scan with evidence of events', () => {
  let moto: Moto;
  let wire: Wire;
  let trails: Readonly<Record<'unused' | 'denied' | 'byId' | 'broken', Trail>>;
  before(async () => {
    moto = await startMoto();
    wire = await startWire(moto.port);
    const account: Account = accountAt(`http://127.0.0.1:${moto.port}`);
    trails = {
      unused: await account.createTrail('unused', { policy: openPolicy('unused') }),
      denied: await account.createTrail('denied', { policy: openPolicy('denied') }),
      byId: await account.createTrail('byId', { policy: openPolicy('byId') }),
      broken: await account.createTrail('broken', { policy: REFUSING }),
    };
  });
  after(() => {
    wire.close();
    moto.stop();
  });
  beforeEach(() => {
    wire.reset();
    // No delivery settles anything.
    wire.on('cloudtrail', 'GetTrailStatus', () => ok({ IsLogging: true }));
  });
  afterEach(() => assert.deepEqual(unlisted(wire.requests, 'scan'), [], 'calls that no printed policy is for'));

  /** The finding of each trail that says whether CloudTrail can encrypt. */
  async function scan(...more: readonly string[]): Promise<Readonly<Record<string, Finding>>> {
    const environment = {
      AWS_ENDPOINT_URL: wire.url,
      AWS_ACCESS_KEY_ID: 'AKIAEXAMPLE',
      AWS_SECRET_ACCESS_KEY: 'secret',
      AWS_REGION: REGION,
    };
    const { stdout, stderr } = await cli(['scan', '--format', 'json', ...more], environment);
    const report: { trails: { trailArn: string; findings: Finding[] }[] } = JSON.parse(stdout || `"${stderr}"`);
    return Object.fromEntries(
      report.trails.map(({ trailArn: arn, findings }) => [
        arn.split('/')[1] ?? '',
        findings.find(({ check }) => check === 'cloudtrail-can-encrypt') as Finding,
      ]),
    );
  }

  const attributeOf = ({ body }: WireRequest) =>
    (body.LookupAttributes as readonly { AttributeKey: string; AttributeValue: string }[])[0];

  function answerEvents(): void {
    wire.on('kms', 'GetKeyLastUsage', ({ body }) => {
      if (body.KeyId === trails.denied.keyArn) return refuse('AccessDeniedException', 'denied');
      const times = { TrackingStartDate: seconds(48), KeyCreationDate: seconds(48) };
      const used = { Operation: 'GenerateDataKey', Timestamp: seconds(1), CloudTrailEventId: 'by-id' };
      return ok({ KeyId: body.KeyId, KeyLastUsage: body.KeyId === trails.byId.keyArn ? used : {}, ...times });
    });
    wire.on('cloudtrail', 'LookupEvents', (request) => {
      const { AttributeKey, AttributeValue } = attributeOf(request) ?? {};
      const of = (name: string) => AttributeKey === 'EventName' && AttributeValue === name;
      if (AttributeValue === trails.denied.keyArn)
        return ok({ Events: [logFile('refused', trails.denied, { errorCode: 'AccessDenied', errorMessage: 'no' })] });
      if (AttributeKey === 'EventId' && AttributeValue === 'by-id')
        return ok({ Events: [logFile('by-id', trails.byId, {})] });
      if (of('PutKeyPolicy'))
        return ok({
          Events: [
            written('bad', 2, trails.broken, REFUSING),
            written('good', 30, trails.broken, awsPolicy(trails.broken.arn)),
          ],
        });
      return ok({ Events: [] });
    });
  }

  it('asks for none of it by default', async () => {
    answerEvents();
    const found = await scan();
    assert.deepEqual(wire.calls('cloudtrail', 'LookupEvents'), []);
    assert.deepEqual(wire.calls('kms', 'GetKeyLastUsage'), []);
    assert.deepEqual(
      Object.entries(found)
        .map(([name, { status }]) => `${name} ${status}`)
        .toSorted(),
      ['broken fail', 'byId unknown', 'denied unknown', 'unused unknown'],
    );
  });

  it('a key that was never used, a refusal, an event by its id, and since when a trail fails', async (test) => {
    answerEvents();
    const found = await scan('--read', 'key-events,history');
    for (const [name, { status, message, since }] of Object.entries(found))
      test.diagnostic(`${name}: ${status}: ${message} ${JSON.stringify(since)}`);
    assert.equal(found.unused?.status, 'unknown');
    assert.match(found.unused?.message ?? '', /KMS records that the key was never used with success since/);
    assert.equal(found.denied?.status, 'unknown');
    assert.match(
      found.denied?.message ?? '',
      /CloudTrail was refused a log file .* with `AccessDenied` \(event `refused`\)/,
    );
    assert.equal(found.byId?.status, 'pass');
    assert.match(found.byId?.message ?? '', /encrypted a log file .*\(event `by-id`\)/);
    assert.equal(found.broken?.status, 'fail');
    assert.equal(found.broken?.since?.eventId, 'bad');
    assert.deepEqual([found.broken?.since?.by, found.broken?.since?.isCause], [ADMIN, true]);
    const asked = wire.calls('cloudtrail', 'LookupEvents').map((call) => attributeOf(call)?.AttributeKey ?? '');
    const count = (key: string) => asked.filter((one) => one === key).length;
    // Not for the keys that were never used; the names of calls once for all four trails.
    assert.deepEqual([count('ResourceName'), count('EventId'), count('EventName')], [2, 1, 8]);
    assert.equal(wire.calls('kms', 'GetKeyLastUsage').length, 4);
  });
});
