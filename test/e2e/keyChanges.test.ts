import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, it } from 'node:test';
import { ACCOUNT, type Account, accountAt, awsPolicy, REGION, type Trail, trailArn } from './support/account.ts';
import { answerAsConfig, inTurn, reportedOn } from './support/awsConfig.ts';
import { CAPTURED_AT, event } from './support/events.ts';
import { handlerBundle } from './support/handlerBundle.ts';
import { type Lambda, startLambda } from './support/lambda.ts';
import { type Moto, startMoto } from './support/moto.ts';
import { ok, refuse, startWire, type Wire } from './support/wire.ts';

const FUNCTION = `arn:aws:lambda:${REGION}:${ACCOUNT}:function:rule`;

describe('a change of a key', () => {
  let moto: Moto;
  let wire: Wire;
  let account: Account;
  let rule: Lambda;
  let keyEvent: Lambda;
  let disabled: Trail;
  let unused: string;

  before(async () => {
    moto = await startMoto();
    wire = await startWire(moto.port);
    account = accountAt(`http://127.0.0.1:${moto.port}`);
    disabled = await account.createTrail('disabled');
    await account.createTrail('other');
    await account.disableKey(disabled.keyArn ?? '');
    unused = await account.createKey(awsPolicy(trailArn('nobody')));
    const start = async (handler: string, environment: Readonly<Record<string, string>> = {}) =>
      startLambda({ ...(await handlerBundle(handler)), environment: { ...environment, AWS_ENDPOINT_URL: wire.url } });
    rule = await start('configRule');
    keyEvent = await start('keyEvent', { RULE_FUNCTION_ARN: FUNCTION });
  });
  after(() => {
    rule.stop();
    keyEvent.stop();
    wire.close();
    moto.stop();
  });
  beforeEach(() => {
    wire.reset();
    answerAsConfig(wire);
  });

  const calls = () => wire.requests.map(({ service, operation }) => `${service}:${operation}`);

  describe('in the rule’s scope', () => {
    it('evaluates the trails that use it, and nothing else', async () => {
      await succeeds(rule, changedKey(disabled.keyArn ?? ''));
      const [evaluation, ...others] = reportedOn(wire);
      assert.deepEqual(others, []);
      assert.equal(evaluation?.ComplianceResourceType, 'AWS::CloudTrail::Trail');
      assert.equal(evaluation?.ComplianceResourceId, 'disabled');
      assert.equal(evaluation?.ComplianceType, 'NON_COMPLIANT');
      assert.match(evaluation?.Annotation ?? '', /^key-usable: /);
      assert.equal(evaluation?.OrderingTimestamp, Date.parse(CAPTURED_AT) / 1000);
    });

    it('costs one list of the trails where no trail uses it: no call to KMS, no evaluation', async () => {
      await succeeds(rule, changedKey(unused));
      assert.deepEqual(calls(), ['cloudtrail:DescribeTrails']);
    });
  });

  describe('of event data stores, where they are evaluated', () => {
    const arnOf = (name: string) => `arn:aws:cloudtrail:${REGION}:${ACCOUNT}:eventdatastore/${name}`;
    const keys = () => ({ [arnOf('disabled')]: disabled.keyArn, [arnOf('other')]: unused });
    const schedule = () =>
      event({ messageType: 'ScheduledNotification', notificationCreationTime: CAPTURED_AT, awsAccountId: ACCOUNT });
    let lambda: Lambda;
    let starter: Lambda;
    before(async () => {
      const on = { EVALUATE_EVENT_DATA_STORES: 'true', RULE_FUNCTION_ARN: FUNCTION };
      const start = async (handler: string) =>
        startLambda({ ...(await handlerBundle(handler)), environment: { ...on, AWS_ENDPOINT_URL: wire.url } });
      lambda = await start('configRule');
      starter = await start('keyEvent');
    });
    after(() => {
      lambda.stop();
      starter.stop();
    });
    beforeEach(() => {
      wire.on('cloudtrail', 'ListEventDataStores', () =>
        ok({ EventDataStores: Object.keys(keys()).map((EventDataStoreArn) => ({ EventDataStoreArn })) }),
      );
      wire.on('cloudtrail', 'GetEventDataStore', ({ body: { EventDataStore } }) =>
        ok({ EventDataStoreArn: EventDataStore, KmsKeyId: keys()[String(EventDataStore)] }),
      );
    });
    const told = () =>
      reportedOn(wire).map((one) => [one.ComplianceResourceType?.split('::')[2], one.ComplianceResourceId]);

    it('evaluates those that use it beside the trails', async () => {
      await succeeds(lambda, changedKey(disabled.keyArn ?? ''));
      assert.deepEqual(told(), [
        ['Trail', 'disabled'],
        ['EventDataStore', arnOf('disabled')],
      ]);
      assert.match(reportedOn(wire)[1]?.Annotation ?? '', /^key-usable: /);
    });

    it('the schedule evaluates all of them, and marks one that is gone', async () => {
      const result = (ResourceId: string) => ({
        ComplianceType: 'COMPLIANT',
        EvaluationResultIdentifier: {
          EvaluationResultQualifier: { ResourceType: 'AWS::CloudTrail::EventDataStore', ResourceId },
        },
      });
      wire.on('config', 'GetComplianceDetailsByConfigRule', () =>
        ok({ EvaluationResults: [result(arnOf('disabled')), result(arnOf('gone'))] }),
      );
      await succeeds(lambda, schedule());
      assert.deepEqual(told().toSorted(), [
        ['EventDataStore', arnOf('disabled')],
        ['EventDataStore', arnOf('gone')],
        ['EventDataStore', arnOf('other')],
        ['Trail', 'disabled'],
        ['Trail', 'other'],
      ]);
      const gone = reportedOn(wire).find((one) => one.ComplianceResourceId === arnOf('gone'));
      assert.equal(gone?.ComplianceType, 'NOT_APPLICABLE');
    });

    it('without the permission the trails are told, and the invocation fails', async () => {
      wire.on('cloudtrail', 'ListEventDataStores', () => refuse('AccessDeniedException', 'not authorized'));
      const outcome = await lambda.invoke(changedKey(disabled.keyArn ?? ''));
      assert.ok(!outcome.ok);
      assert.deepEqual(told(), [['Trail', 'disabled']]);
    });

    it('an event of KMS starts the rule for a key that one of them alone uses', async () => {
      wire.on('config', 'DescribeConfigRules', () =>
        ok({
          ConfigRules: [{ ConfigRuleName: 'trails', Source: { Owner: 'CUSTOM_LAMBDA', SourceIdentifier: FUNCTION } }],
        }),
      );
      wire.on('config', 'StartConfigRulesEvaluation', () => ok({}));
      const requestParameters = { keyId: unused };
      const detail = { eventName: 'DisableKey', awsRegion: REGION, recipientAccountId: ACCOUNT, requestParameters };
      await succeeds(starter, { source: 'aws.kms', 'detail-type': 'AWS API Call via CloudTrail', detail });
      assert.equal(wire.calls('config', 'StartConfigRulesEvaluation').length, 1);
    });
  });

  describe('as an event of KMS', () => {
    const disable = (keyId: string) => ({
      source: 'aws.kms',
      'detail-type': 'AWS API Call via CloudTrail',
      detail: { eventName: 'DisableKey', awsRegion: REGION, recipientAccountId: ACCOUNT, requestParameters: { keyId } },
    });
    const rules = () =>
      ok({
        ConfigRules: [{ ConfigRuleName: 'trails', Source: { Owner: 'CUSTOM_LAMBDA', SourceIdentifier: FUNCTION } }],
      });
    beforeEach(() => {
      wire.on('config', 'DescribeConfigRules', rules);
      wire.on('config', 'StartConfigRulesEvaluation', () => ok({}));
    });

    it('starts the rule that judges its trail', async () => {
      await succeeds(keyEvent, disable(disabled.keyArn?.split('/')[1] ?? ''));
      const started = wire.calls('config', 'StartConfigRulesEvaluation').map(({ body }) => body);
      assert.deepEqual(started, [{ ConfigRuleNames: ['trails'] }]);
    });

    it('starts nothing where no trail uses it', async () => {
      await succeeds(keyEvent, disable(unused));
      assert.deepEqual(calls(), ['cloudtrail:DescribeTrails']);
    });

    it('fails while the rule is being evaluated and the time is too short to ask again', async () => {
      wire.on(
        'config',
        'StartConfigRulesEvaluation',
        inTurn(() => refuse('LimitExceededException')),
      );
      const outcome = await keyEvent.invoke(disable(disabled.keyArn ?? ''), { timeout: 2_000 });
      assert.ok(!outcome.ok);
    });
  });

  async function succeeds(lambda: Lambda, input: unknown) {
    assert.deepEqual(await lambda.invoke(input), { ok: true, payload: null });
  }
});

/** The item of a key, as AWS Config sends it. */
function changedKey(arn: string) {
  const keyId = arn.split('/')[1] ?? '';
  return event({
    messageType: 'ConfigurationItemChangeNotification',
    configurationItemDiff: { changedProperties: {}, changeType: 'UPDATE' },
    notificationCreationTime: CAPTURED_AT,
    recordVersion: '1.3',
    configurationItem: {
      configurationItemVersion: '1.3',
      configurationItemCaptureTime: CAPTURED_AT,
      configurationStateId: 1763629200000,
      awsAccountId: ACCOUNT,
      configurationItemStatus: 'OK',
      resourceType: 'AWS::KMS::Key',
      resourceId: keyId,
      ARN: arn,
      awsRegion: REGION,
      configuration: { keyId, arn, keyState: 'Disabled', keyManager: 'CUSTOMER' },
      supplementaryConfiguration: { Policy: '{}' },
    },
  });
}
