import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, it } from 'node:test';
import { ACCOUNT, accountAt, awsPolicy, REGION, type Trail, trailArn } from './support/account.ts';
import { type AggregatedTrail, keyItems, queryAnswer, RECORDED_AT } from './support/aggregator.ts';
import { handlerBundle } from './support/handlerBundle.ts';
import { type Lambda, startLambda } from './support/lambda.ts';
import { type Moto, startMoto } from './support/moto.ts';
import { accountOf, LOG_ARCHIVE, MANAGEMENT, MEMBER, signers } from './support/organization.ts';
import { ok, refuse, startWire, type Wire } from './support/wire.ts';

const SCHEDULE = { source: 'aws.events', 'detail-type': 'Scheduled Event', detail: {} };
const RECORDED_KEY = `arn:aws:kms:${REGION}:${LOG_ARCHIVE}:key/1234abcd-12ab-34cd-56ef-1234567890ab`;
const everyone = trailArn('everyone', REGION, MANAGEMENT);

interface Line {
  readonly message: string;
  readonly trailArn?: string;
  readonly complianceType?: string;
  readonly [member: string]: unknown;
}

describe('the central function, under the real runtime client', () => {
  let moto: Moto;
  let wire: Wire;
  let bundle: Awaited<ReturnType<typeof handlerBundle>>;
  let own: Trail;
  let member: Trail;
  const started: Lambda[] = [];

  before(async () => {
    moto = await startMoto();
    wire = await startWire(moto.port);
    bundle = await handlerBundle('centralEvaluation');
    own = await accountAt(motoUrl()).createTrail('own');
    const theirs = await accountOf(motoUrl(), MEMBER);
    member = await theirs.createTrail('main', {
      keyArn: await theirs.createKey(awsPolicy(trailArn('main', REGION, MEMBER), MEMBER)),
    });
  });
  after(() => {
    for (const lambda of started) lambda.stop();
    wire.close();
    moto.stop();
  });
  beforeEach(() => {
    wire.reset();
    shows([aggregated(own), aggregated(own, 'eu-west-1'), aggregated(member), plain]);
    // moto shows a trail of a member to nobody else.
    wire.on('cloudtrail', 'DescribeTrails', () => ok({ trailList: [] }));
    wire.on('organizations', 'DescribeOrganization', () =>
      ok({ Organization: { Id: 'o-exampleorgid', MasterAccountId: MANAGEMENT } }),
    );
  });

  const plain: AggregatedTrail = { arn: trailArn('plain', REGION, MEMBER), keyArn: null, bucket: 'logs' };
  const motoUrl = () => `http://127.0.0.1:${moto.port}`;
  const aggregated = ({ arn, keyArn, bucket }: Trail, region = REGION): AggregatedTrail => ({
    arn,
    keyArn,
    bucket,
    region,
  });
  const shows = (trails: readonly AggregatedTrail[], policies: Readonly<Record<string, unknown>> = {}) => {
    wire.on('config', 'SelectAggregateResourceConfig', queryAnswer(trails));
    wire.on('config', 'BatchGetAggregateResourceConfig', keyItems(policies));
  };

  /** A function with its parameters; what it logged in the invocation. */
  async function central(parameters: object, environment: Readonly<Record<string, string>> = {}) {
    const RULE_PARAMETERS = JSON.stringify({ aggregatorName: 'organization', ...parameters });
    const lambda = await startLambda({
      ...bundle,
      environment: { RULE_PARAMETERS, AWS_ENDPOINT_URL: wire.url, ...environment },
    });
    started.push(lambda);
    return async (event: unknown = SCHEDULE) => {
      const before = lambda.logs().length;
      const outcome = await lambda.invoke(event);
      const written = lambda.logs().slice(before).split('\n');
      const lines = written.filter((line) => line.startsWith('{')).map((line) => JSON.parse(line) as Line);
      const verdicts = lines.filter(({ message }) => message === 'evaluated');
      return { outcome, lines, verdicts: verdicts.map((line) => [line.trailArn, line.complianceType]) };
    };
  }

  const roles = { memberRoleName: 'audit/member', keyReaderRoleName: 'key-reader', deliveryEvidenceHours: '0' };

  it('judges each trail once, page by page, and each call is signed in the account that it is about', async () => {
    const invoke = await central(roles);
    const { outcome, verdicts, lines } = await invoke();
    assert.deepEqual(outcome, { ok: true, payload: null });
    assert.deepEqual(verdicts, [
      [own.arn, 'COMPLIANT'],
      [member.arn, 'COMPLIANT'],
      [plain.arn, 'NON_COMPLIANT'],
    ]);
    const { kms, config, cloudtrail } = await signers(motoUrl(), wire.requests);
    assert.deepEqual(config, ['function']);
    assert.deepEqual(kms?.toSorted(), [`${MEMBER}/key-reader`, 'function'].toSorted());
    assert.deepEqual(cloudtrail?.toSorted(), [`${MEMBER}/member`, 'function'].toSorted());
    assert.equal(wire.calls('config', 'SelectAggregateResourceConfig').length, 2);
    assert.equal(wire.calls('kms', 'DescribeKey').length, 2);
    assert.equal(wire.calls('kms', 'GetKeyPolicy').length, 2);
    assert.equal(wire.calls('config', 'PutEvaluations').length, 0);
    const summary = lines.find(({ message }) => message === 'evaluation finished');
    assert.deepEqual(summary?.summary, { COMPLIANT: 2, NON_COMPLIANT: 1, NOT_APPLICABLE: 0 });
    const metrics = lines.find((line) => 'TrailsJudged' in line);
    assert.equal(metrics?.TrailsJudged, 3);
  });

  it('evaluates event data stores by their records, where it is told to, and asks CloudTrail for none', async () => {
    const store = `arn:aws:cloudtrail:${REGION}:${ACCOUNT}:eventdatastore/EXAMPLE-1`;
    const item = { accountId: ACCOUNT, awsRegion: REGION, resourceId: store, arn: store };
    wire.on('config', 'SelectAggregateResourceConfig', (request) =>
      String(request.body.Expression).includes('EventDataStore')
        ? ok({ Results: [JSON.stringify(item)] })
        : queryAnswer([plain])(request),
    );
    wire.on('config', 'BatchGetAggregateResourceConfig', () =>
      ok({
        BaseConfigurationItems: [
          { ...item, configuration: JSON.stringify({ EventDataStoreArn: store, KmsKeyId: own.keyArn }) },
        ],
      }),
    );
    const off = await (await central(roles))();
    assert.deepEqual(off.verdicts, [[plain.arn, 'NON_COMPLIANT']]);
    const { outcome, verdicts, lines } = await (await central(roles, { EVALUATE_EVENT_DATA_STORES: 'true' }))();
    assert.deepEqual(outcome, { ok: true, payload: null });
    // The key's policy names a trail as the source of the request.
    assert.deepEqual(verdicts, [
      [store, 'NON_COMPLIANT'],
      [plain.arn, 'NON_COMPLIANT'],
    ]);
    const line = lines.find(({ trailArn: arn }) => arn === store);
    assert.match(String(line?.annotation), /^cloudtrail-can-encrypt: /);
    assert.deepEqual(wire.calls('cloudtrail', 'ListEventDataStores'), []);
    assert.deepEqual(wire.calls('cloudtrail', 'GetEventDataStore'), []);
  });

  it('judges an organization trail that only CloudTrail shows, by the recorded item of its key, without any role', async () => {
    shows([], { [RECORDED_KEY]: awsPolicy(everyone, MANAGEMENT, LOG_ARCHIVE) });
    wire.on('cloudtrail', 'DescribeTrails', () =>
      ok({
        trailList: [
          {
            TrailARN: everyone,
            Name: 'everyone',
            HomeRegion: REGION,
            S3BucketName: 'logs',
            IsOrganizationTrail: true,
            IsMultiRegionTrail: true,
            LogFileValidationEnabled: true,
            HasInsightSelectors: false,
            KmsKeyId: RECORDED_KEY,
          },
        ],
      }),
    );
    wire.on('cloudtrail', 'GetTrailStatus', () => ok({ IsLogging: true }));
    wire.on('s3', 'HeadBucket', () => ({ status: 200, headers: { 'x-amz-bucket-region': REGION }, body: '' }));
    wire.on('s3', 'GetBucketEncryption', () => ({
      status: 403,
      headers: { 'content-type': 'application/xml' },
      body: '<Error><Code>AccessDenied</Code><Message>Access Denied</Message></Error>',
    }));
    for (const operation of ['DescribeKey', 'ListGrants']) {
      wire.on('kms', operation, () => refuse('AccessDeniedException', 'not authorized'));
    }
    const invoke = await central({ deliveryEvidenceHours: '0' }, { EXPECTED_ORGANIZATION_TRAILS: everyone });
    const { outcome, verdicts, lines } = await invoke();
    assert.deepEqual(outcome, { ok: true, payload: null });
    assert.deepEqual(verdicts, [[everyone, 'COMPLIANT']]);
    const [line] = lines.filter(({ message }) => message === 'evaluated');
    assert.equal(line?.trailKnownFrom, 'live');
    assert.equal(wire.calls('sts', 'AssumeRole').length, 0);
    assert.deepEqual(
      Object.values(await signers(motoUrl(), wire.requests))
        .flat()
        .filter((who) => who !== 'function'),
      [],
    );
    const asked = wire.calls('cloudtrail', 'GetTrailStatus').map(({ body }) => body.Name);
    assert.deepEqual(asked, [everyone]);
    const judged = lines.find((each) => 'OrganizationTrailJudged' in each);
    assert.equal(judged?.TrailArn, everyone);
  });

  it('publishes the others and fails when an account is throttled, and says when an organization trail is missing', async () => {
    wire.on('cloudtrail', 'GetTrailStatus', ({ body }) =>
      String(body.Name) === member.arn ? refuse('ThrottlingException', 'Rate exceeded') : 'forward',
    );
    const invoke = await central(roles, { EXPECTED_ORGANIZATION_TRAILS: everyone });
    const { outcome, verdicts, lines } = await invoke();
    assert.ok(!outcome.ok);
    assert.equal(outcome.errorType, 'UnevaluatedTrailsError');
    assert.deepEqual(
      verdicts.map(([arn]) => arn),
      [own.arn, plain.arn],
    );
    const missed = lines.filter(({ message }) => message === 'no verdict').map((line) => line.trailArn);
    assert.deepEqual(missed, [everyone, member.arn]);
    assert.equal(lines.find((line) => 'TrailsJudged' in line)?.OrganizationTrailsWithoutVerdict, 1);
  });

  it('judges only the trails of a key that changed', async () => {
    const invoke = await central(roles);
    const detail = { eventName: 'PutKeyPolicy', requestParameters: { keyId: own.keyArn } };
    const { outcome, verdicts } = await invoke({ source: 'aws.kms', detail });
    assert.deepEqual(outcome, { ok: true, payload: null });
    assert.deepEqual(verdicts, [[own.arn, 'COMPLIANT']]);
  });

  it('refuses parameters without an aggregator before it asks anything', async () => {
    const invoke = await central({ aggregatorName: '' });
    const { outcome } = await invoke();
    assert.ok(!outcome.ok);
    assert.match(outcome.errorMessage, /`aggregatorName` is missing/);
    assert.deepEqual(wire.requests, []);
  });

  it('names an aggregator that is not there', async () => {
    wire.on('config', 'SelectAggregateResourceConfig', () => refuse('NoSuchConfigurationAggregatorException'));
    const invoke = await central({});
    const { outcome } = await invoke();
    assert.ok(!outcome.ok);
    assert.match(outcome.errorMessage, new RegExp(`no aggregator of account ${ACCOUNT} in ${REGION}`));
  });

  it(`keeps the time of the record in mind: ${RECORDED_AT}`, async () => {
    const invoke = await central(roles);
    const { lines } = await invoke();
    const recorded = lines.filter(({ message }) => message === 'evaluated').map((line) => line.trailRecordedAt);
    assert.deepEqual(new Set(recorded), new Set([RECORDED_AT]));
  });
});

describe('each function beside the rule’s', () => {
  for (const name of ['centralEvaluation', 'keyEvent']) {
    it(`${name} starts with Lambda’s standard variables alone`, async () => {
      const lambda = await startLambda(await handlerBundle(name));
      lambda.stop();
      assert.ok(lambda.initMilliseconds > 0);
    });
  }
});
