import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, it } from 'node:test';
import { awsPolicy, trailArn } from './support/account.ts';
import { reportedOn } from './support/awsConfig.ts';
import { samBundle } from './support/bundle.ts';
import { changed } from './support/events.ts';
import { startLambda } from './support/lambda.ts';
import { openStage, type Stage } from './support/stage.ts';
import { ok } from './support/wire.ts';

/** One change of a trail in the function's own account: the budget. */
const CALLS_FOR_ONE_CHANGE = 8;

describe('the calls on the wire', () => {
  let stage: Stage;
  before(async () => {
    stage = await openStage();
  });
  after(() => stage.close());
  beforeEach(() => stage.reset());

  it(`one change of a trail takes at most ${CALLS_FOR_ONE_CHANGE}`, async (test) => {
    const trail = await stage.account.createTrail('main');
    await stage.lambda.invoke(changed(trail));
    const calls = stage.wire.requests.map(({ service, operation }) => `${service}:${operation}`);
    test.diagnostic(`${calls.length} calls: ${calls.join(' ')}`);
    assert.equal(reportedOn(stage.wire).length, 1);
    assert.ok(calls.length <= CALLS_FOR_ONE_CHANGE, calls.join(' '));
    assert.equal(new Set(calls).size, calls.length, `asked twice: ${calls.join(' ')}`);
  });

  for (const [name, condition, more] of [
    ['no organization', { StringEquals: { 'kms:CallerAccount': '123456789012' } }, []],
    ['one', { StringEquals: { 'aws:PrincipalOrgID': 'o-exampleorgid' } }, ['organizations:DescribeOrganization']],
  ] as const) {
    it(`rotation takes one call more where the policy names ${name}, and the organization is asked only where it matters`, async () => {
      const policy = awsPolicy(trailArn('main')) as { Statement: object[] };
      const Statement = [
        ...policy.Statement,
        { Effect: 'Allow', Principal: '*', Action: 'kms:Decrypt', Resource: '*', Condition: condition },
      ];
      const trail = await stage.account.createTrail('main', { policy: { ...policy, Statement } });
      stage.wire.on('organizations', 'DescribeOrganization', () => ok({ Organization: { Id: 'o-exampleorgid' } }));
      await stage.lambda.invoke(changed(trail, {}, { parameters: { requireKeyRotation: 'true' } }));
      const calls = stage.wire.requests.map(({ service, operation }) => `${service}:${operation}`);
      assert.equal(reportedOn(stage.wire).length, 1);
      assert.equal(calls.length, CALLS_FOR_ONE_CHANGE + 1 + more.length, calls.join(' '));
      assert.deepEqual(
        calls.filter((call) => call.startsWith('organizations')),
        [...more],
      );
    });
  }

  it('none is made while the function starts, and it starts with Lambda’s standard variables alone', async () => {
    const { folder, handler } = samBundle();
    const lambda = await startLambda({ folder, handler });
    lambda.stop();
    assert.ok(lambda.initMilliseconds > 0);
    assert.deepEqual(stage.wire.requests, []);
  });

  it('rotation is read only where it is required', async () => {
    const trail = await stage.account.createTrail('main');
    await stage.lambda.invoke(changed(trail));
    assert.equal(stage.wire.calls('kms', 'GetKeyRotationStatus').length, 0);
    await stage.lambda.invoke(changed(trail, {}, { parameters: { requireKeyRotation: 'true' } }));
    assert.equal(stage.wire.calls('kms', 'GetKeyRotationStatus').length, 1);
  });

  it('each is signed for the Region where its subject lives', async () => {
    const keyArn = await stage.account.createKey(awsPolicy(trailArn('main', 'us-west-2')), 'eu-west-1');
    const trail = await stage.account.createTrail('main', { region: 'us-west-2', keyArn });
    const event = changed(trail);
    await stage.lambda.invoke({ ...event, configRuleArn: event.configRuleArn.replace('us-east-1', 'us-west-2') });
    const regions = (service: string) => [
      ...new Set(stage.wire.requests.filter((each) => each.service === service).map(({ region }) => region)),
    ];
    assert.deepEqual(regions('kms'), ['eu-west-1'], 'KMS: the key’s Region');
    assert.deepEqual(regions('cloudtrail'), ['us-west-2'], 'CloudTrail: the trail’s home Region');
    assert.deepEqual(regions('config'), ['us-west-2'], 'Config: the rule’s Region');
    assert.deepEqual(regions('s3'), ['us-west-2'], 'S3: the bucket’s Region');
    assert.match(reportedOn(stage.wire)[0]?.Annotation ?? '', /eu-west-1/);
  });
});
