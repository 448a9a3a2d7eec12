import { CloudTrailClient, DescribeTrailsCommand, GetTrailStatusCommand } from '@aws-sdk/client-cloudtrail';
import {
  BatchGetAggregateResourceConfigCommand,
  ConfigServiceClient,
  SelectAggregateResourceConfigCommand,
} from '@aws-sdk/client-config-service';
import {
  DescribeAccountCommand,
  DescribeOrganizationCommand,
  OrganizationsClient,
} from '@aws-sdk/client-organizations';
import { mockClient } from 'aws-sdk-client-mock';
import { centralPorts } from '../../src/aws/centralPorts.ts';
import { createClients } from '../../src/aws/clients.ts';
import { InfrastructureError } from '../../src/aws/errors.ts';
import { InvalidParameterError } from '../../src/rule/errors.ts';
import { ACCOUNT, denied, OTHER_ACCOUNT, reach, refused, trail } from './support/answers.ts';

const config = mockClient(ConfigServiceClient);
const cloudtrail = mockClient(CloudTrailClient);
const organizations = mockClient(OrganizationsClient);

beforeEach(() => {
  for (const mock of [config, cloudtrail, organizations]) mock.reset();
});

const ports = (evaluateEventDataStores = false) =>
  centralPorts(createClients(), {
    evaluateEventDataStores,
    readRotation: false,
    readResourceControlPolicies: false,
    aggregatorName: 'everything',
    caller: 'the role of the function',
    reach: reach(),
    signal: new AbortController().signal,
  });

const configuration = { trailARN: trail.arn, name: 'main', homeRegion: 'us-east-1', isMultiRegionTrail: true };
const row = (members: object = {}) =>
  JSON.stringify({
    accountId: ACCOUNT,
    awsRegion: 'us-east-1',
    resourceId: 'main',
    arn: trail.arn,
    configurationItemCaptureTime: '2026-11-20T00:00:00.000Z',
    configuration,
    ...members,
  });
const record = {
  accountId: ACCOUNT,
  region: 'us-east-1',
  resourceId: 'main',
  arn: trail.arn,
  capturedAt: new Date('2026-11-20T00:00:00Z'),
  configuration,
};

describe('the trails of an aggregator', () => {
  it('come from one query, page by page', async () => {
    config
      .on(SelectAggregateResourceConfigCommand)
      .resolvesOnce({ Results: [row()], NextToken: 'more' })
      .resolves({ Results: [row({ awsRegion: 'eu-west-1', configurationItemCaptureTime: undefined })] });
    expect(await ports().recordedTrails()).toEqual([record, { ...record, region: 'eu-west-1', capturedAt: null }]);
    const [first, second] = config.commandCalls(SelectAggregateResourceConfigCommand).map(({ args }) => args[0].input);
    expect(first).toMatchObject({ ConfigurationAggregatorName: 'everything', Limit: 100 });
    expect(first?.Expression).toMatch(
      /^SELECT accountId, awsRegion, .*configuration\.kmsKeyId.* WHERE resourceType = 'AWS::CloudTrail::Trail'$/,
    );
    expect(second).toMatchObject({ NextToken: 'more' });
    expect(config.commandCalls(BatchGetAggregateResourceConfigCommand)).toHaveLength(0);
  });

  it('without a configuration are read as items, what is left unprocessed once more', async () => {
    const bare = { configuration: undefined, configurationItemCaptureTime: null };
    const item = (accountId: string) => ({
      accountId,
      awsRegion: 'us-east-1',
      resourceId: 'main',
      configurationItemCaptureTime: record.capturedAt,
      configuration: JSON.stringify(configuration),
    });
    config.on(SelectAggregateResourceConfigCommand).resolves({
      Results: [row(bare), row({ ...bare, accountId: OTHER_ACCOUNT }), row({ ...bare, accountId: '777788889999' })],
    });
    config
      .on(BatchGetAggregateResourceConfigCommand)
      .resolvesOnce({ BaseConfigurationItems: [item(ACCOUNT)], UnprocessedResourceIdentifiers: [] })
      .resolves({ BaseConfigurationItems: [item(OTHER_ACCOUNT)] });
    expect(await ports().recordedTrails()).toEqual([
      record,
      { ...record, accountId: OTHER_ACCOUNT },
      { ...record, accountId: '777788889999', capturedAt: null, configuration: null },
    ]);
    const asked = config
      .commandCalls(BatchGetAggregateResourceConfigCommand)
      .map(({ args }) => args[0].input.ResourceIdentifiers?.map(({ SourceAccountId }) => SourceAccountId));
    expect(asked).toEqual([
      [ACCOUNT, OTHER_ACCOUNT, '777788889999'],
      [OTHER_ACCOUNT, '777788889999'],
      ['777788889999'],
    ]);
  });

  it('and event data stores, only where somebody says so, each from its item', async () => {
    expect(ports()).not.toHaveProperty('recordedEventDataStores');
    const STORE = `arn:aws:cloudtrail:us-east-1:${ACCOUNT}:eventdatastore/EXAMPLE-1`;
    const item = { accountId: ACCOUNT, awsRegion: 'us-east-1', resourceId: STORE, arn: STORE };
    const ofStore = { EventDataStoreArn: STORE, KmsKeyId: trail.kmsKeyId };
    config.on(SelectAggregateResourceConfigCommand).resolves({ Results: [JSON.stringify(item)] });
    config.on(BatchGetAggregateResourceConfigCommand).resolves({
      BaseConfigurationItems: [{ ...item, configuration: JSON.stringify(ofStore) }],
    });
    expect(await ports(true).recordedEventDataStores?.()).toEqual([
      {
        ...record,
        ...{ resourceId: STORE, arn: STORE, capturedAt: null, configuration: ofStore },
        resourceType: 'AWS::CloudTrail::EventDataStore',
      },
    ]);
    const [query] = config.commandCalls(SelectAggregateResourceConfigCommand).map(({ args }) => args[0].input);
    expect(query?.Expression).toMatch(/^SELECT [\w, ]+ WHERE resourceType = 'AWS::CloudTrail::EventDataStore'$/);
    const [batch] = config.commandCalls(BatchGetAggregateResourceConfigCommand).map(({ args }) => args[0].input);
    expect(batch?.ResourceIdentifiers).toEqual([
      expect.objectContaining({ ResourceId: STORE, ResourceType: 'AWS::CloudTrail::EventDataStore' }),
    ]);
    expect(cloudtrail.calls()).toHaveLength(0);
  });

  it('whose configuration names no trail are read as items, too', async () => {
    config.on(SelectAggregateResourceConfigCommand).resolves({ Results: [row({ configuration: { name: 'main' } })] });
    config.on(BatchGetAggregateResourceConfigCommand).resolves({
      BaseConfigurationItems: [
        {
          accountId: ACCOUNT,
          awsRegion: 'us-east-1',
          resourceId: 'main',
          configurationItemCaptureTime: record.capturedAt,
          configuration: JSON.stringify(configuration),
        },
      ],
    });
    expect(await ports().recordedTrails()).toEqual([record]);
  });

  it.each([
    [
      'there is no such aggregator',
      refused('NoSuchConfigurationAggregatorException'),
      InvalidParameterError,
      'is no aggregator of account 111122223333 in us-east-1',
    ],
    [
      'the function may not ask',
      denied('config:SelectAggregateResourceConfig'),
      InfrastructureError,
      'lacks config:SelectAggregateResourceConfig',
    ],
    ['the query is refused', refused('InvalidExpressionException'), InfrastructureError, 'InvalidExpressionException'],
  ])('cannot be had when %s', async (_, error, type, message) => {
    config.on(SelectAggregateResourceConfigCommand).rejects(error);
    await expect(ports().recordedTrails()).rejects.toThrow(type);
    await expect(ports().recordedTrails()).rejects.toThrow(message);
  });

  it.each(['{', '[]', '{"accountId":1}'])('are refused when a row is %s', async (bad) => {
    config.on(SelectAggregateResourceConfigCommand).resolves({ Results: [bad] });
    await expect(ports().recordedTrails()).rejects.toThrow('holds a row that is no item of a trail');
  });
});

describe('organization trails', () => {
  const shown = { TrailARN: trail.arn.replace(ACCOUNT, OTHER_ACCOUNT), Name: 'all', IsOrganizationTrail: true };

  it('are those that CloudTrail shows to the function’s account, shadows too, each once', async () => {
    const own = { TrailARN: trail.arn, Name: 'main', IsOrganizationTrail: false };
    cloudtrail.on(DescribeTrailsCommand).resolves({ trailList: [shown, own, shown] });
    expect(await ports().organizationTrails()).toMatchObject({
      read: true,
      value: [{ arn: shown.TrailARN, accountId: OTHER_ACCOUNT, isOrganization: true }],
    });
    expect(cloudtrail.commandCalls(DescribeTrailsCommand)[0]?.args[0].input).toEqual({ includeShadowTrails: true });
  });

  it('are unread where the function may not ask', async () => {
    cloudtrail.on(DescribeTrailsCommand).rejects(denied('cloudtrail:DescribeTrails'));
    expect(await ports().organizationTrails()).toMatchObject({
      code: 'denied',
      reason: expect.stringContaining('lacks'),
    });
  });
});

describe('the status of a trail in another account, without a role there', () => {
  const theirs = { ...trail, accountId: OTHER_ACCOUNT, arn: trail.arn.replace(ACCOUNT, OTHER_ACCOUNT) };

  it('is not asked for: CloudTrail would not know the trail', async () => {
    expect(await ports().trailStatus(theirs)).toMatchObject({
      read: false,
      code: 'denied',
      reason: `the status of the trail is not read in account ${OTHER_ACCOUNT}: \`memberRoleName\` is not set`,
    });
    expect(cloudtrail.calls()).toHaveLength(0);
  });

  it('is read from the function’s account where it is an organization trail', async () => {
    cloudtrail.on(GetTrailStatusCommand).resolves({ IsLogging: true });
    expect(await ports().trailStatus({ ...theirs, isOrganization: true })).toMatchObject({ read: true });
  });
});

describe('the organization of an account', () => {
  const id = 'o-exampleorgid';
  const MANAGEMENT = '999999999999';
  beforeEach(() => {
    organizations
      .on(DescribeOrganizationCommand)
      .resolves({ Organization: { Id: id, MasterAccountId: MANAGEMENT } })
      .on(DescribeAccountCommand)
      .callsFake(({ AccountId }) => {
        if (AccountId !== OTHER_ACCOUNT) throw refused('AccountNotFoundException');
        return { Account: { Id: AccountId } };
      });
  });

  it.each([
    ['of the function', ACCOUNT, 0],
    ['that manages the organization', MANAGEMENT, 0],
    ['of a member', OTHER_ACCOUNT, 1],
  ])('%s is the function’s own, without any role', async (_, account, described) => {
    expect(await ports().organizationId(account)).toEqual({ read: true, value: id });
    expect(organizations.commandCalls(DescribeAccountCommand)).toHaveLength(described);
  });

  it('that is a stranger’s is unread', async () => {
    expect(await ports().organizationId('777788889999')).toMatchObject({ read: false });
  });

  it.each([
    ['nobody tells members', denied('organizations:DescribeAccount'), DescribeAccountCommand],
    ['there is none', refused('AWSOrganizationsNotInUseException'), DescribeOrganizationCommand],
  ])('is unread where %s', async (_, error, command) => {
    organizations.on(command as typeof DescribeAccountCommand).rejects(error);
    expect(await ports().organizationId(OTHER_ACCOUNT)).toMatchObject({ read: false });
  });

  it('is an error where Organizations does not answer', async () => {
    organizations.on(DescribeAccountCommand).rejects(refused('TooManyRequestsException'));
    await expect(ports().organizationId(OTHER_ACCOUNT)).rejects.toThrow(InfrastructureError);
  });
});
