import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, it } from 'node:test';
import { awsPolicy, REGION, type Trail, trailArn } from './support/account.ts';
import { answerAsConfig, evaluationResult, inTurn, putEvaluations, reportedOn } from './support/awsConfig.ts';
import {
  CAPTURED_AT,
  changed,
  event,
  historyItem,
  NOTIFIED_AT,
  oversized,
  RULE_ARN,
  scheduled,
  snapshotDelivered,
} from './support/events.ts';
import { openStage, type Stage } from './support/stage.ts';
import { ok } from './support/wire.ts';

const seconds = (iso: string) => Date.parse(iso) / 1000;

/** A trail that is in no account: enough where the event alone decides. */
const elsewhere: Trail = {
  name: 'main',
  arn: trailArn('main'),
  region: REGION,
  bucket: 'logs',
  keyArn: null,
};

describe('what AWS Config sends', () => {
  let stage: Stage;
  before(async () => {
    stage = await openStage();
  });
  after(() => stage.close());
  beforeEach(() => stage.reset());

  it('a change: one evaluation, with the item’s own identity and time', async () => {
    const trail = await stage.account.createTrail('main');
    assert.deepEqual(await stage.lambda.invoke(changed(trail)), { ok: true, payload: null });
    const [call, ...more] = putEvaluations(stage.wire);
    assert.equal(more.length, 0);
    assert.equal(call?.ResultToken, 'the-result-token');
    assert.equal(call?.TestMode ?? false, false);
    const [evaluation, ...others] = call?.Evaluations ?? [];
    assert.equal(others.length, 0);
    assert.equal(evaluation?.ComplianceResourceType, 'AWS::CloudTrail::Trail');
    assert.equal(evaluation?.ComplianceResourceId, 'main');
    assert.equal(evaluation?.ComplianceType, 'COMPLIANT', evaluation?.Annotation);
    assert.equal(evaluation?.OrderingTimestamp, seconds(CAPTURED_AT));
  });

  it('a change with nothing but the members that are certain', async () => {
    const trail = await stage.account.createTrail('main');
    const whole = changed(trail);
    const { configurationItem, messageType } = JSON.parse(whole.invokingEvent);
    const outcome = await stage.lambda.invoke({
      invokingEvent: JSON.stringify({ configurationItem, messageType }),
      resultToken: whole.resultToken,
      eventLeftScope: false,
      configRuleArn: RULE_ARN,
      configRuleName: whole.configRuleName,
      accountId: whole.accountId,
    });
    assert.equal(outcome.ok, true, JSON.stringify(outcome));
    assert.deepEqual(verdicts(), { main: 'COMPLIANT' });
  });

  it('an oversized change: the item comes from the history, past an empty page', async () => {
    const trail = await stage.account.createTrail('main');
    stage.wire.on(
      'config',
      'GetResourceConfigHistory',
      inTurn(
        () => ok({ configurationItems: [], nextToken: 'page-2' }),
        () => ok({ configurationItems: [historyItem(trail)] }),
      ),
    );
    await succeeds(oversized(trail));
    const asked = stage.wire.calls('config', 'GetResourceConfigHistory').map(({ body }) => body);
    assert.equal(asked.length, 2);
    assert.equal(asked[0]?.resourceType, 'AWS::CloudTrail::Trail');
    assert.equal(asked[0]?.resourceId, 'main');
    assert.equal(asked[0]?.laterTime, seconds(CAPTURED_AT));
    assert.equal(asked[1]?.nextToken, 'page-2');
    assert.deepEqual(verdicts(), { main: 'COMPLIANT' });
    assert.equal(reportedOn(stage.wire)[0]?.OrderingTimestamp, seconds(CAPTURED_AT));
  });

  it('an oversized change that the history does not hold: an error, nothing reported', async () => {
    const trail = await stage.account.createTrail('main');
    await fails(oversized(trail), /history/i);
  });

  it('a schedule: every trail of the Region, each key once, and what is gone is taken back', async () => {
    const shared = await stage.account.createKey(awsPolicy('arn:aws:cloudtrail:us-east-1:123456789012:trail/first'));
    await stage.account.createTrail('first', { keyArn: shared });
    await stage.account.createTrail('second', { keyArn: shared });
    await stage.account.createTrail('plain', { policy: null });
    await stage.account.createTrail('other-region', { region: 'eu-west-1' });
    answerAsConfig(stage.wire, ['first', 'gone']);
    await succeeds(scheduled());
    assert.deepEqual(verdicts(), {
      first: 'COMPLIANT',
      second: 'NON_COMPLIANT',
      plain: 'NON_COMPLIANT',
      gone: 'NOT_APPLICABLE',
    });
    for (const operation of ['DescribeKey', 'GetKeyPolicy', 'ListGrants']) {
      assert.equal(stage.wire.calls('kms', operation).length, 1, operation);
    }
    const times = new Set(reportedOn(stage.wire).map((evaluation) => evaluation.OrderingTimestamp));
    assert.deepEqual([...times], [seconds(NOTIFIED_AT)]);
  });

  it('a schedule reads every page of what was reported before', async () => {
    const results = Array.from({ length: 150 }, (_, index) => evaluationResult(`gone-${index}`));
    stage.wire.on(
      'config',
      'GetComplianceDetailsByConfigRule',
      inTurn(
        () => ok({ EvaluationResults: results.slice(0, 100), NextToken: 'page-2' }),
        () => ok({ EvaluationResults: results.slice(100) }),
      ),
    );
    await succeeds(scheduled());
    assert.equal(Object.keys(verdicts()).length, 150);
    assert.deepEqual([...new Set(Object.values(verdicts()))], ['NOT_APPLICABLE']);
    assert.deepEqual(
      putEvaluations(stage.wire).map(({ Evaluations }) => Evaluations.length),
      [100, 50],
    );
  });

  it('a schedule over no trail at all', async () => {
    await succeeds(scheduled());
    assert.deepEqual(reportedOn(stage.wire), []);
  });

  const departures: readonly (readonly [string, unknown])[] = [
    ['deleted', changed(elsewhere, { configurationItemStatus: 'ResourceDeleted', configuration: null })],
    ['deleted, not recorded', changed(elsewhere, { configurationItemStatus: 'ResourceDeletedNotRecorded' })],
    ['not recorded', changed(elsewhere, { configurationItemStatus: 'ResourceNotRecorded' })],
    ['left the scope', changed(elsewhere, {}, { eventLeftScope: true })],
    ['left the scope with a null configuration', changed(elsewhere, { configuration: null }, { eventLeftScope: true })],
    ['a null configuration alone', changed(elsewhere, { configuration: null })],
    [
      'the shadow of a trail of another Region',
      changed({ ...elsewhere, arn: trailArn('main', 'eu-west-1') }, shadow()),
    ],
  ];
  for (const [name, gone] of departures) {
    it(`a trail that is not to be judged (${name}): NOT_APPLICABLE, without a read`, async () => {
      await succeeds(gone);
      assert.deepEqual(verdicts(), { main: 'NOT_APPLICABLE' });
      assert.equal(stage.wire.requests.length, 1);
    });
  }

  it('the token of a trial run switches test mode on', async () => {
    const trail = await stage.account.createTrail('plain', { policy: null });
    await succeeds(changed(trail, {}, { resultToken: 'TESTMODE' }));
    assert.equal(putEvaluations(stage.wire)[0]?.TestMode, true);
  });

  const refused: readonly (readonly [string, unknown, RegExp])[] = [
    ['a delivered snapshot', snapshotDelivered(), /ConfigurationSnapshotDeliveryCompleted/],
    ['an unknown message type', event({ messageType: 'SomethingNew' }), /SomethingNew/],
    ['another resource type', changed(elsewhere, { resourceType: 'AWS::S3::Bucket' }), /AWS::S3::Bucket/],
    ['an item without its type', changed(elsewhere, { resourceType: undefined }), /resourceType/],
    ['an invoking event that is not JSON', event('{"messageType":'), /invokingEvent/],
    ['no event at all', {}, /invokingEvent/],
    ['an unknown parameter', scheduled({ parameters: { minimumSeverty: 'LOW' } }), /minimumSeverty/],
    ['a bad parameter', scheduled({ parameters: { minimumSeverity: 'SEVERE' } }), /minimumSeverity.*SEVERE.*CRITICAL/],
  ];
  for (const [name, bad, message] of refused) {
    it(`${name}: one clear sentence, the invocation fails, nothing is reported`, () => fails(bad, message));
  }

  async function succeeds(invocation: unknown) {
    const outcome = await stage.lambda.invoke(invocation);
    assert.equal(outcome.ok, true, JSON.stringify(outcome));
  }

  async function fails(invocation: unknown, message: RegExp) {
    const outcome = await stage.lambda.invoke(invocation);
    assert.ok(!outcome.ok, 'the invocation succeeded');
    assert.match(outcome.errorMessage, message);
    assert.doesNotMatch(outcome.errorMessage, /\n/);
    assert.deepEqual(putEvaluations(stage.wire), []);
  }

  const verdicts = () =>
    Object.fromEntries(reportedOn(stage.wire).map((each) => [each.ComplianceResourceId, each.ComplianceType]));
});

function shadow() {
  const item = changed({ ...elsewhere, arn: trailArn('main', 'eu-west-1'), region: 'eu-west-1' });
  const { configuration } = JSON.parse(item.invokingEvent).configurationItem;
  return { awsRegion: REGION, configuration };
}
