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
