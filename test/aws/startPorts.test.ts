import {
  CloudTrailClient,
  DescribeTrailsCommand,
  GetEventDataStoreCommand,
  ListEventDataStoresCommand,
} from '@aws-sdk/client-cloudtrail';
import {
  BatchGetAggregateResourceConfigCommand,
  type ConfigRule,
  ConfigServiceClient,
  DescribeConfigRulesCommand,
  SelectAggregateResourceConfigCommand,
  StartConfigRulesEvaluationCommand,
} from '@aws-sdk/client-config-service';
import { AssumeRoleCommand, STSClient } from '@aws-sdk/client-sts';
import { mockClient } from 'aws-sdk-client-mock';
import { createClients } from '../../src/aws/clients.ts';
import { type StartBinding, startPorts } from '../../src/aws/startPorts.ts';
import { ACCOUNT, denied, OTHER_ACCOUNT, reach, refused, trail } from './support/answers.ts';

const config = mockClient(ConfigServiceClient);
const cloudtrail = mockClient(CloudTrailClient);
const sts = mockClient(STSClient);
const FUNCTION = `arn:aws:lambda:us-east-1:${ACCOUNT}:function:rule`;
const HERE = { accountId: ACCOUNT, region: 'us-east-1' };

beforeEach(() => {
  for (const mock of [config, cloudtrail, sts]) mock.reset();
  config.on(StartConfigRulesEvaluationCommand).resolves({});
});

const ports = (binding: Partial<StartBinding> = {}) =>
  startPorts(createClients(), {
    reach: reach(),
    aggregatorName: null,
    ruleFunctionArn: FUNCTION,
    caller: 'the role of the function',
    signal: new AbortController().signal,
    ...binding,
  });

const rule = (ConfigRuleName: string, SourceIdentifier: string): ConfigRule => ({
  ConfigRuleName,
  Source: { Owner: 'CUSTOM_LAMBDA', SourceIdentifier },
});
const started = () =>
  config.commandCalls(StartConfigRulesEvaluationCommand).map(({ args }) => args[0].input.ConfigRuleNames);

describe('event data stores', () => {
  const STORE = `arn:aws:cloudtrail:us-east-1:${ACCOUNT}:eventdatastore/EXAMPLE-1`;
  beforeEach(() => {
    cloudtrail.on(ListEventDataStoresCommand).resolves({ EventDataStores: [{ EventDataStoreArn: STORE }] });
    cloudtrail.on(GetEventDataStoreCommand).resolves({ EventDataStoreArn: STORE, KmsKeyId: trail.kmsKeyId ?? '' });
  });

  it('are listed only where somebody says so', async () => {
    expect(ports()).not.toHaveProperty('eventDataStores');
    const stores = await ports({ evaluateEventDataStores: true }).eventDataStores?.();
    expect(stores).toMatchObject([{ arn: STORE, kmsKeyId: trail.kmsKeyId }]);
  });

  it('that cannot be listed are an error that names the permission', async () => {
    cloudtrail.on(ListEventDataStoresCommand).rejects(denied('cloudtrail:ListEventDataStores'));
    await expect(ports({ evaluateEventDataStores: true }).eventDataStores?.()).rejects.toThrow(
      'lacks cloudtrail:ListEventDataStores',
    );
  });

  it('come from the aggregator where there is one, and CloudTrail is asked for none', async () => {
    const row = { accountId: OTHER_ACCOUNT, awsRegion: 'us-east-1', resourceId: STORE, arn: STORE };
    config.on(SelectAggregateResourceConfigCommand).resolves({ Results: [JSON.stringify(row)] });
    config.on(BatchGetAggregateResourceConfigCommand).resolves({
      BaseConfigurationItems: [
        { ...row, configuration: JSON.stringify({ EventDataStoreArn: STORE, KmsKeyId: trail.kmsKeyId }) },
      ],
    });
    const stores = await ports({ evaluateEventDataStores: true, aggregatorName: 'all' }).eventDataStores?.();
    expect(stores).toMatchObject([{ arn: STORE, kmsKeyId: trail.kmsKeyId }]);
    expect(cloudtrail.calls()).toHaveLength(0);
  });
});

describe('starting an evaluation', () => {
  it('is for the rules of the function, whatever they are called, on every page', async () => {
    config
      .on(DescribeConfigRulesCommand)
      .resolvesOnce({
        ConfigRules: [
          rule('OrgConfigRule-trails-abcdefgh', FUNCTION),
          rule('other', `${FUNCTION}-other`),
          { ConfigRuleName: 'managed', Source: { Owner: 'AWS', SourceIdentifier: 'CLOUD_TRAIL_ENABLED' } },
        ],
        NextToken: 'more',
      })
      .resolves({ ConfigRules: [rule('trails-conformance-pack-x', `${FUNCTION}:live`)] });
    expect(await ports().startEvaluation(HERE)).toBe('started');
    expect(started()).toEqual([['OrgConfigRule-trails-abcdefgh', 'trails-conformance-pack-x']]);
  });

  it('takes 25 rules in one call', async () => {
    const ConfigRules = Array.from({ length: 26 }, (_, index) => rule(`r${index}`, FUNCTION));
    config.on(DescribeConfigRulesCommand).resolves({ ConfigRules });
    await ports().startEvaluation(HERE);
    expect(started().map((names) => names?.length)).toEqual([25, 1]);
  });

  it('finds no rule where there is none', async () => {
    config.on(DescribeConfigRulesCommand).resolves({ ConfigRules: [] });
    expect(await ports().startEvaluation(HERE)).toBe('no-rule');
    expect(started()).toEqual([]);
  });

  it('goes on as a renewed session where that of the role has expired', async () => {
    let sessions = 0;
    sts.on(AssumeRoleCommand).callsFake(() => {
      sessions += 1;
      return { Credentials: { AccessKeyId: `session-${sessions}`, SecretAccessKey: 's', SessionToken: 't' } };
    });
    config
      .on(DescribeConfigRulesCommand)
      .rejectsOnce(refused('ExpiredTokenException', 'expired', 403))
      .resolves({ ConfigRules: [rule('r', FUNCTION)] });
    const there = { accountId: OTHER_ACCOUNT, region: 'us-east-1' };
    const member = reach({ memberRoleName: 'reader', expected: { accounts: [OTHER_ACCOUNT], organizationId: null } });
    expect(await ports({ reach: member }).startEvaluation(there)).toBe('started');
    const signers = config
      .calls()
      .map(async ({ thisValue }) => (await (thisValue as ConfigServiceClient).config.credentials()).accessKeyId);
    expect(await Promise.all(signers)).toEqual(['session-1', 'session-2', 'session-2']);
  });

  it('is refused while one runs, or within a minute after one', async () => {
    config.on(DescribeConfigRulesCommand).resolves({ ConfigRules: [rule('r', FUNCTION)] });
    config.on(StartConfigRulesEvaluationCommand).rejects(refused('LimitExceededException'));
    expect(await ports().startEvaluation(HERE)).toBe('busy');
  });

  it('fails where AWS Config refuses it otherwise', async () => {
    config.on(DescribeConfigRulesCommand).rejects(denied('config:DescribeConfigRules'));
    await expect(ports().startEvaluation(HERE)).rejects.toThrow('lacks config:DescribeConfigRules');
  });

  const THERE = { accountId: OTHER_ACCOUNT, region: 'eu-west-1' };

  it('goes through the role of the account, in the trail’s Region', async () => {
    sts.on(AssumeRoleCommand).resolves({
      Credentials: {
        AccessKeyId: 'ASIAMEMBER',
        SecretAccessKey: 's',
        SessionToken: 't',
        Expiration: new Date(Date.now() + 3_600_000),
      },
    });
    config.on(DescribeConfigRulesCommand).resolves({ ConfigRules: [rule('r', FUNCTION)] });
    expect(await ports({ reach: reach({ memberRoleName: 'member' }) }).startEvaluation(THERE)).toBe('started');
    expect(sts.commandCalls(AssumeRoleCommand)[0]?.args[0].input.RoleArn).toBe(
      `arn:aws:iam::${OTHER_ACCOUNT}:role/member`,
    );
    const [call] = config.commandCalls(StartConfigRulesEvaluationCommand);
    const client = call?.thisValue as ConfigServiceClient;
    expect(await client.config.region()).toBe('eu-west-1');
    expect((await client.config.credentials()).accessKeyId).toBe('ASIAMEMBER');
  });

  it('fails where there is no role', async () => {
    await expect(ports().startEvaluation(THERE)).rejects.toThrow(
      `Config StartConfigRulesEvaluation for \`account ${OTHER_ACCOUNT}\` in eu-west-1 failed: \`memberRoleName\` is not set`,
    );
    expect(config.calls()).toHaveLength(0);
  });
});

describe('the trails that may use a key', () => {
  it('are those of the function’s account and Region without an aggregator', async () => {
    cloudtrail.on(DescribeTrailsCommand).resolves({ trailList: [{ TrailARN: trail.arn, Name: 'main' }] });
    expect(await ports().trails()).toMatchObject([{ arn: trail.arn }]);
    expect(config.calls()).toHaveLength(0);
  });

  it('are the aggregator’s, each once, with those that CloudTrail shows', async () => {
    const all = trail.arn.replace(ACCOUNT, '999999999999');
    cloudtrail
      .on(DescribeTrailsCommand)
      .resolves({ trailList: [{ TrailARN: all, Name: 'all', IsOrganizationTrail: true }] });
    const row = (awsRegion: string) =>
      JSON.stringify({ accountId: ACCOUNT, awsRegion, resourceId: 'main', configuration: { trailARN: trail.arn } });
    config.on(SelectAggregateResourceConfigCommand).resolves({ Results: [row('us-east-1'), row('eu-west-1')] });
    const trails = await ports({ aggregatorName: 'everything' }).trails();
    expect(trails.map(({ arn }) => arn)).toEqual([all, trail.arn]);
  });
});
