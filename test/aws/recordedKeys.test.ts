import {
  type BaseConfigurationItem,
  BatchGetAggregateResourceConfigCommand,
  ConfigServiceClient,
} from '@aws-sdk/client-config-service';
import { DescribeKeyCommand, GetKeyPolicyCommand, KMSClient, ListGrantsCommand } from '@aws-sdk/client-kms';
import { mockClient } from 'aws-sdk-client-mock';
import {
  denied,
  FOREIGN_KEY_ARN,
  KEY_ARN,
  OF_RAM,
  OTHER_ACCOUNT,
  ports,
  refused,
  trail,
  UNSHARED,
} from './support/answers.ts';

const kms = mockClient(KMSClient);
const config = mockClient(ConfigServiceClient);

const KEY_ID = '1234abcd-12ab-34cd-56ef-1234567890ab';
const CAPTURED = new Date('2026-11-19T08:00:00Z');
const POLICY = JSON.stringify({
  Version: '2012-10-17',
  Statement: [{ Sid: 'Admin', Effect: 'Allow', Principal: '*', Action: 'kms:*', Resource: '*' }],
});
const item = (members: Partial<BaseConfigurationItem> = {}): BaseConfigurationItem => ({
  accountId: OTHER_ACCOUNT,
  awsRegion: 'eu-west-1',
  resourceType: 'AWS::KMS::Key',
  resourceId: KEY_ID,
  configurationItemStatus: 'OK',
  configurationItemCaptureTime: CAPTURED,
  configuration: JSON.stringify({
    keyId: KEY_ID,
    keyState: 'Enabled',
    keyManager: 'CUSTOMER',
    customerMasterKeySpec: 'SYMMETRIC_DEFAULT',
    keyUsage: 'ENCRYPT_DECRYPT',
    origin: 'AWS_KMS',
    multiRegion: false,
  }),
  supplementaryConfiguration: { Policy: JSON.stringify(POLICY), Tags: '[]' },
  ...members,
});

const answer = (...items: BaseConfigurationItem[]) =>
  config.on(BatchGetAggregateResourceConfigCommand).resolves({ BaseConfigurationItems: items });
const reader = () => ports({ aggregatorName: 'everything' });

beforeEach(() => {
  kms.reset();
  config.reset();
  kms.on(DescribeKeyCommand).rejects(refused('NotFoundException'));
  kms.on(ListGrantsCommand).rejects(refused('NotFoundException'));
});

describe('a key that cannot be read live', () => {
  it('is read from its item in the aggregator, with the time of the record', async () => {
    answer(item());
    const key = await reader().key(FOREIGN_KEY_ARN, trail);
    expect(config.commandCalls(BatchGetAggregateResourceConfigCommand).map(({ args }) => args[0].input)).toEqual([
      {
        ConfigurationAggregatorName: 'everything',
        ResourceIdentifiers: [
          {
            SourceAccountId: OTHER_ACCOUNT,
            SourceRegion: 'eu-west-1',
            ResourceId: KEY_ID,
            ResourceType: 'AWS::KMS::Key',
          },
        ],
      },
    ]);
    expect(key).toMatchObject({
      arn: FOREIGN_KEY_ARN,
      exists: { read: true, value: true, capturedAt: CAPTURED },
      metadata: {
        read: true,
        capturedAt: CAPTURED,
        value: { state: 'Enabled', manager: 'CUSTOMER', spec: 'SYMMETRIC_DEFAULT', usage: 'ENCRYPT_DECRYPT' },
      },
      policy: { read: true, capturedAt: CAPTURED, value: { valid: true } },
      grants: { read: false },
      rotation: { read: false },
    });
    expect(kms.commandCalls(GetKeyPolicyCommand)).toHaveLength(0);
  });

  it.each([
    ['a string of a string, as the history writes it', JSON.stringify(POLICY)],
    ['a string, as the event writes it', POLICY],
  ])('has its policy as %s', async (_, Policy) => {
    answer(item({ supplementaryConfiguration: { Policy } }));
    const { policy } = await reader().key(FOREIGN_KEY_ARN, trail);
    expect(policy).toMatchObject({ value: { valid: true, policy: { statements: [{ label: 'Admin' }] } } });
  });

  it('keeps what is read live: only the rest comes from the record', async () => {
    kms.on(DescribeKeyCommand).resolves({ KeyMetadata: { Arn: FOREIGN_KEY_ARN, KeyId: 'x', KeyState: 'Disabled' } });
    answer(item());
    const key = await reader().key(FOREIGN_KEY_ARN, trail);
    expect(key.metadata).toEqual({ read: true, value: expect.objectContaining({ state: 'Disabled' }) });
    expect(key.policy).toMatchObject({ read: true, capturedAt: CAPTURED });
    expect(config.calls()).toHaveLength(1);
  });

  it('keeps the dates of a key that goes away', async () => {
    const configuration = JSON.stringify({
      keyState: 'PendingDeletion',
      deletionDate: 1_798_761_600_000,
      validTo: '2027-01-01T00:00:00.000Z',
    });
    answer(item({ configuration }));
    const { metadata } = await reader().key(FOREIGN_KEY_ARN, trail);
    const date = new Date('2027-01-01T00:00:00Z');
    expect(metadata).toMatchObject({ value: { state: 'PendingDeletion', deletionDate: date, validTo: date } });
  });

  it('does not exist where the record says that it was deleted', async () => {
    answer(item({ configurationItemStatus: 'ResourceDeleted' }));
    const key = await reader().key(FOREIGN_KEY_ARN, trail);
    expect(key).toMatchObject({
      exists: { read: true, value: false, capturedAt: CAPTURED },
      metadata: { read: false },
    });
  });

  it.each([
    ['no item', [], 'the aggregator `everything` holds no item of'],
    ['an item without a time', [item({ configurationItemCaptureTime: undefined })], 'does not say when'],
    ['an item that is not recorded', [item({ configurationItemStatus: 'ResourceNotRecorded' })], 'has the status'],
    ['an item without configuration', [item({ configuration: '' })], 'carries no configuration'],
    ['an item whose configuration is no object', [item({ configuration: '[1' })], 'carries no configuration'],
  ])('stays unread with %s, for both reasons', async (_, items, why) => {
    answer(...items);
    const { metadata } = await reader().key(FOREIGN_KEY_ARN, trail);
    const reason = metadata.read ? '' : metadata.reason;
    expect(reason).toContain('it may be gone or not be shared');
    expect(reason).toContain(why);
  });

  it('stays unread without a policy in the item', async () => {
    answer(item({ supplementaryConfiguration: {} }));
    const { policy } = await reader().key(FOREIGN_KEY_ARN, trail);
    expect(policy).toMatchObject({ reason: expect.stringMatching(/GetKeyPolicy does not work.*carries no policy/) });
  });

  it('stays unread where the aggregator may not be asked, and says which permission is missing', async () => {
    config.on(BatchGetAggregateResourceConfigCommand).rejects(denied('config:BatchGetAggregateResourceConfig'));
    const { policy } = await reader().key(FOREIGN_KEY_ARN, trail);
    expect(policy).toMatchObject({ reason: expect.stringContaining('lacks config:BatchGetAggregateResourceConfig') });
  });
});

it('a key that can be read live costs the aggregator nothing', async () => {
  kms.on(DescribeKeyCommand).resolves({ KeyMetadata: { Arn: KEY_ARN, KeyId: 'x' } });
  kms.on(GetKeyPolicyCommand).resolves({ Policy: POLICY });
  kms.on(GetKeyPolicyCommand, OF_RAM).rejects(UNSHARED);
  kms.on(ListGrantsCommand).resolves({ Grants: [] });
  await reader().key(KEY_ARN, trail);
  expect(config.calls()).toHaveLength(0);
});

it('an aggregator that is not there is an error that names the parameter', async () => {
  config.on(BatchGetAggregateResourceConfigCommand).rejects(refused('NoSuchConfigurationAggregatorException'));
  await expect(reader().key(FOREIGN_KEY_ARN, trail)).rejects.toThrow(
    '`aggregatorName` is `everything`, which is no aggregator of account 111122223333 in us-east-1',
  );
});

it('throttling is thrown', async () => {
  config.on(BatchGetAggregateResourceConfigCommand).rejects(refused('ThrottlingException', 'slow down'));
  await expect(reader().key(FOREIGN_KEY_ARN, trail)).rejects.toThrow('ThrottlingException: slow down');
});
