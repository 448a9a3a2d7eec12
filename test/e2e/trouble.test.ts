import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, it } from 'node:test';
import { inTurn, putEvaluations, reportedOn } from './support/awsConfig.ts';
import { changed, scheduled } from './support/events.ts';
import { openStage, type Stage } from './support/stage.ts';
import { type Answer, ok, refuse } from './support/wire.ts';

const throttled: Answer = () => refuse('ThrottlingException', 'Rate exceeded');
const forward: Answer = () => 'forward';
const hang: Answer = () => 'hang';
/** AWS Config does not take the first evaluation of the call. */
const firstRefused: Answer = ({ body }) => ok({ FailedEvaluations: (body.Evaluations as unknown[]).slice(0, 1) });
const taken: Answer = () => ok({ FailedEvaluations: [] });

describe('trouble with AWS is never a verdict', () => {
  let stage: Stage;
  before(async () => {
    stage = await openStage();
  });
  after(() => stage.close());
  beforeEach(() => stage.reset());

  it('throttled at first: asked again, then judged', async () => {
    const trail = await stage.account.createTrail('main');
    stage.wire.on('kms', 'GetKeyPolicy', inTurn(throttled, throttled, forward));
    await succeeds(changed(trail));
    assert.equal(stage.wire.calls('kms', 'GetKeyPolicy').length, 3);
    assert.equal(reportedOn(stage.wire)[0]?.ComplianceType, 'COMPLIANT');
  });

  for (const [service, operation] of [
    ['kms', 'DescribeKey'],
    ['kms', 'GetKeyPolicy'],
    ['kms', 'ListGrants'],
    ['cloudtrail', 'GetTrailStatus'],
  ] as const) {
    it(`${operation} throttled for ever: the invocation fails, nothing is reported`, async () => {
      const trail = await stage.account.createTrail('main');
      stage.wire.on(service, operation, throttled);
      await fails(changed(trail), new RegExp(`${operation}.*Throttling`));
      assert.deepEqual(putEvaluations(stage.wire), []);
    });
  }

  for (const [name, code, status] of [
    ['a server error for ever', 'KMSInternalException', 500],
    ['credentials that have expired', 'ExpiredTokenException', 400],
    ['credentials that nobody knows', 'UnrecognizedClientException', 403],
  ] as const) {
    it(`${name}: the invocation fails`, async () => {
      const trail = await stage.account.createTrail('main');
      stage.wire.on('kms', 'DescribeKey', () => refuse(code, 'not now', status));
      await fails(changed(trail), new RegExp(`DescribeKey.*${code}`));
      assert.deepEqual(putEvaluations(stage.wire), []);
    });
  }

  it('trails that may not be listed: the invocation fails and names the permission', async () => {
    stage.wire.on('cloudtrail', 'DescribeTrails', () => refuse('AccessDeniedException'));
    await fails(scheduled(), /cloudtrail:DescribeTrails/);
    assert.deepEqual(putEvaluations(stage.wire), []);
  });

  for (const [code, status] of [
    ['ThrottlingException', 400],
    ['AccessDeniedException', 400],
    ['InternalServiceError', 500],
  ] as const) {
    it(`what was reported before cannot be listed (${code}): the verdicts are sent once, then the invocation fails`, async () => {
      await stage.account.createTrail('one');
      await stage.account.createTrail('two', { policy: null });
      stage.wire.on('config', 'GetComplianceDetailsByConfigRule', () => refuse(code, code, status));
      await fails(scheduled(), /GetComplianceDetailsByConfigRule/);
      const verdicts = reportedOn(stage.wire).map((each) => [each.ComplianceResourceId, each.ComplianceType]);
      assert.deepEqual(verdicts.sort(), [
        ['one', 'COMPLIANT'],
        ['two', 'NON_COMPLIANT'],
      ]);
      assert.equal(putEvaluations(stage.wire).length, 1);
    });
  }

  for (const [name, answer] of [
    ['answers 500 for ever', () => refuse('KMSInternalException', 'not now', 500)],
    ['is throttled for ever', throttled],
    ['hangs for ever', hang],
  ] as const) {
    it(`a schedule where one key ${name}: the other trails are reported, then the invocation fails and names its trail`, async () => {
      const bad = await stage.account.createTrail('bad');
      await stage.account.createTrail('one');
      await stage.account.createTrail('two', { policy: null });
      stage.wire.on('kms', 'DescribeKey', (request) =>
        request.body.KeyId === bad.keyArn ? answer(request) : 'forward',
      );
      await fails(scheduled(), /trails without a verdict: 1, .*:trail\/bad`: KMS DescribeKey/, 9_000);
      const verdicts = reportedOn(stage.wire).map((each) => [each.ComplianceResourceId, each.ComplianceType]);
      assert.deepEqual(verdicts.sort(), [
        ['one', 'COMPLIANT'],
        ['two', 'NON_COMPLIANT'],
      ]);
    });
  }

  it('what was reported before is listed for ever: the verdicts are sent, and the invocation fails in words', async () => {
    await stage.account.createTrail('one');
    stage.wire.on('config', 'GetComplianceDetailsByConfigRule', hang);
    await fails(scheduled(), /GetComplianceDetailsByConfigRule/, 7_000);
    assert.deepEqual(
      reportedOn(stage.wire).map((each) => each.ComplianceResourceId),
      ['one'],
    );
  });

  it('an endpoint that hangs once: asked again, then judged', async () => {
    const trail = await stage.account.createTrail('main');
    stage.wire.on('kms', 'DescribeKey', inTurn(hang, forward));
    await succeeds(changed(trail));
    assert.equal(reportedOn(stage.wire)[0]?.ComplianceType, 'COMPLIANT');
  });

  for (const [service, operation] of [
    ['kms', 'DescribeKey'],
    ['s3', 'HeadBucket'],
    ['config', 'PutEvaluations'],
  ] as const) {
    it(`${operation} hangs for ever: the invocation fails in words before its time is up`, async () => {
      const trail = await stage.account.createTrail('main');
      stage.wire.on(service, operation, hang);
      const started = Date.now();
      await fails(changed(trail), new RegExp(operation), 7_000);
      assert.ok(Date.now() - started < 7_000, `it took ${Date.now() - started} ms of 7000`);
      assert.deepEqual(putEvaluations(stage.wire).length > 0, operation === 'PutEvaluations');
    });
  }

  it('the next invocation after a failed one works', async () => {
    const trail = await stage.account.createTrail('main');
    stage.wire.on('kms', 'DescribeKey', hang);
    await fails(changed(trail), /DescribeKey/, 3_000);
    stage.wire.on('kms', 'DescribeKey', forward);
    await succeeds(changed(trail));
    assert.equal(reportedOn(stage.wire)[0]?.ComplianceType, 'COMPLIANT');
  });

  it('an evaluation that AWS Config does not take is sent again', async () => {
    await stage.account.createTrail('one', { policy: null });
    await stage.account.createTrail('two', { policy: null });
    stage.wire.on('config', 'PutEvaluations', inTurn(firstRefused, taken));
    await succeeds(scheduled());
    const [first, second, ...more] = putEvaluations(stage.wire);
    assert.equal(more.length, 0);
    assert.deepEqual(second?.Evaluations, first?.Evaluations.slice(0, 1));
  });

  it('an evaluation that AWS Config never takes: the invocation fails and names it', async () => {
    const trail = await stage.account.createTrail('main', { policy: null });
    stage.wire.on('config', 'PutEvaluations', firstRefused);
    await fails(changed(trail), /main/);
    assert.ok(putEvaluations(stage.wire).length > 1);
  });

  for (const code of [
    'InvalidResultTokenException',
    'NoSuchConfigRuleException',
    'InvalidParameterValueException',
    'AccessDeniedException',
  ]) {
    it(`PutEvaluations answers ${code}: the invocation fails, without trying again`, async () => {
      const trail = await stage.account.createTrail('main', { policy: null });
      stage.wire.on('config', 'PutEvaluations', () => refuse(code));
      await fails(changed(trail), code.startsWith('AccessDenied') ? /config:PutEvaluations/ : new RegExp(code));
      assert.equal(putEvaluations(stage.wire).length, 1);
    });
  }

  it('a result token that AWS quotes is not in the error', async () => {
    const resultToken = 'eyJlbmNyeXB0ZWREYXRh'.repeat(130);
    const trail = await stage.account.createTrail('main', { policy: null });
    stage.wire.on('config', 'PutEvaluations', () =>
      refuse('InvalidResultTokenException', `Value '${resultToken}' at 'resultToken' is expired`),
    );
    const outcome = await stage.lambda.invoke(changed(trail, {}, { resultToken }));
    assert.equal(outcome.ok, false);
    assert.match(JSON.stringify(outcome), /InvalidResultTokenException.*<result token>/);
    assert.doesNotMatch(JSON.stringify(outcome), /eyJlbmNyeXB0ZWREYXRh/);
  });

  it('more than a hundred evaluations: batches of at most a hundred, none lost, none twice', async () => {
    const count = 230;
    stage.wire.on('cloudtrail', 'DescribeTrails', () => ok({ trailList: trails(count) }));
    await succeeds(scheduled());
    const sizes = putEvaluations(stage.wire).map(({ Evaluations }) => Evaluations.length);
    assert.ok(Math.max(...sizes) <= 100, `batches of ${sizes}`);
    assert.equal(new Set(reportedOn(stage.wire).map((each) => each.ComplianceResourceId)).size, count);
    assert.equal(reportedOn(stage.wire).length, count);
    assert.equal(sizes.length, 3);
  });

  async function succeeds(invocation: unknown) {
    const outcome = await stage.lambda.invoke(invocation);
    assert.equal(outcome.ok, true, JSON.stringify(outcome));
  }

  async function fails(invocation: unknown, message: RegExp, timeout = 60_000) {
    const outcome = await stage.lambda.invoke(invocation, { timeout });
    assert.ok(!outcome.ok, 'the invocation succeeded');
    assert.match(outcome.errorMessage, message);
    assert.doesNotMatch(outcome.errorMessage, /\n/);
  }
});

const trails = (count: number) =>
  Array.from({ length: count }, (_, index) => ({
    Name: `trail-${index}`,
    TrailARN: `arn:aws:cloudtrail:us-east-1:123456789012:trail/trail-${index}`,
    HomeRegion: 'us-east-1',
    S3BucketName: 'logs',
    IsMultiRegionTrail: false,
    IsOrganizationTrail: false,
  }));
