import {
  CloudTrailClient,
  DescribeTrailsCommand,
  GetEventConfigurationCommand,
  GetEventDataStoreCommand,
  GetEventSelectorsCommand,
  GetTrailStatusCommand,
  ListEventDataStoresCommand,
  ListTagsCommand,
  LookupEventsCommand,
} from '@aws-sdk/client-cloudtrail';
import { CloudWatchLogsClient, DescribeLogGroupsCommand } from '@aws-sdk/client-cloudwatch-logs';
import {
  ConfigServiceClient,
  GetResourceConfigHistoryCommand,
  SelectAggregateResourceConfigCommand,
  SelectResourceConfigCommand,
} from '@aws-sdk/client-config-service';
import { DescribeRegionsCommand, EC2Client } from '@aws-sdk/client-ec2';
import {
  DecryptCommand,
  DescribeKeyCommand,
  GetKeyLastUsageCommand,
  GetKeyPolicyCommand,
  GetKeyRotationStatusCommand,
  KMSClient,
  ListAliasesCommand,
  ListGrantsCommand,
  ListResourceTagsCommand,
} from '@aws-sdk/client-kms';
import {
  DescribeOrganizationCommand,
  DescribePolicyCommand,
  ListAccountsCommand,
  ListParentsCommand,
  ListPoliciesForTargetCommand,
  OrganizationsClient,
} from '@aws-sdk/client-organizations';
import { GetBucketEncryptionCommand, GetBucketPolicyCommand, HeadBucketCommand, S3Client } from '@aws-sdk/client-s3';
import { GetTopicAttributesCommand, SNSClient } from '@aws-sdk/client-sns';
import { AssumeRoleCommand, GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { mockClient } from 'aws-sdk-client-mock';
import { PERMISSIONS } from '../../../src/aws/permissions/table.ts';
import { ACCOUNT, KEY_ARN, OF_RAM, OTHER_ACCOUNT, refused, UNSHARED } from '../../aws/support/answers.ts';

export const CALLER = `arn:aws:iam::${ACCOUNT}:user/me`;
export const TRAIL = `arn:aws:cloudtrail:us-east-1:${ACCOUNT}:trail/main`;
export const LOG_GROUP = `arn:aws:logs:us-east-1:${ACCOUNT}:log-group:trail:*`;
export const STORE = `arn:aws:cloudtrail:us-east-1:${ACCOUNT}:eventdatastore/EXAMPLE-f852-4e8f-8bd1-bcf6cEXAMPLE`;
export const TOPIC = `arn:aws:sns:us-east-1:${ACCOUNT}:trail`;

export const cloudtrail = mockClient(CloudTrailClient);
export const config = mockClient(ConfigServiceClient);
export const ec2 = mockClient(EC2Client);
export const kms = mockClient(KMSClient);
export const logs = mockClient(CloudWatchLogsClient);
export const sns = mockClient(SNSClient);
export const s3 = mockClient(S3Client);
export const sts = mockClient(STSClient);
export const organizations = mockClient(OrganizationsClient);
/** Allows everything to everybody. */
const BUCKET_POLICY =
  '{"Version":"2012-10-17","Statement":{"Effect":"Allow","Principal":"*","Action":"s3:*","Resource":"*"}}';
const ALL = [cloudtrail, config, ec2, kms, logs, sns, s3, sts, organizations];

/** The name of every request that was sent, once, but for those of the caller's own identity. */
export const sent = (): readonly string[] =>
  [
    ...new Set(
      ALL.flatMap((mock) => mock.calls().map((call) => call.args[0].constructor.name.replace(/Command$/, ''))),
    ),
  ].toSorted();

const COMMANDS: Readonly<Record<string, () => { rejects(error: Error): unknown }>> = {
  DescribeRegions: () => ec2.on(DescribeRegionsCommand),
  ListAccounts: () => organizations.on(ListAccountsCommand),
  AssumeRole: () => sts.on(AssumeRoleCommand),
  SelectResourceConfig: () => config.on(SelectResourceConfigCommand),
  SelectAggregateResourceConfig: () => config.on(SelectAggregateResourceConfigCommand),
  DescribeTrails: () => cloudtrail.on(DescribeTrailsCommand),
  DescribeKey: () => kms.on(DescribeKeyCommand),
  GetKeyLastUsage: () => kms.on(GetKeyLastUsageCommand),
  GetKeyPolicy: () => kms.on(GetKeyPolicyCommand),
  ListGrants: () => kms.on(ListGrantsCommand),
  GetKeyRotationStatus: () => kms.on(GetKeyRotationStatusCommand),
  ListAliases: () => kms.on(ListAliasesCommand),
  ListResourceTags: () => kms.on(ListResourceTagsCommand),
  ListTags: () => cloudtrail.on(ListTagsCommand),
  GetTrailStatus: () => cloudtrail.on(GetTrailStatusCommand),
  GetEventSelectors: () => cloudtrail.on(GetEventSelectorsCommand),
  GetEventConfiguration: () => cloudtrail.on(GetEventConfigurationCommand),
  HeadBucket: () => s3.on(HeadBucketCommand),
  GetBucketEncryption: () => s3.on(GetBucketEncryptionCommand),
  GetBucketPolicy: () => s3.on(GetBucketPolicyCommand),
  DescribeLogGroups: () => logs.on(DescribeLogGroupsCommand),
  GetTopicAttributes: () => sns.on(GetTopicAttributesCommand),
  GetResourceConfigHistory: () => config.on(GetResourceConfigHistoryCommand),
  ListEventDataStores: () => cloudtrail.on(ListEventDataStoresCommand),
  GetEventDataStore: () => cloudtrail.on(GetEventDataStoreCommand),
  LookupEvents: () => cloudtrail.on(LookupEventsCommand),
  DescribeOrganization: () => organizations.on(DescribeOrganizationCommand),
  ListParents: () => organizations.on(ListParentsCommand),
  ListPoliciesForTarget: () => organizations.on(ListPoliciesForTargetCommand),
  DescribePolicy: () => organizations.on(DescribePolicyCommand),
};

/** From now on AWS denies an operation, in its own words. */
export function deny(operation: string, how = 'because no identity-based policy allows the action'): void {
  const { action = '' } = PERMISSIONS.find((row) => row.operation === operation) ?? {};
  const message = `User: ${CALLER} is not authorized to perform: ${action} on resource: x ${how}`;
  COMMANDS[operation]?.().rejects(refused('AccessDeniedException', message));
}

/** DescribeTrails lists these in every Region. */
export const listed = (...trails: readonly object[]): void => {
  const trailList = trails.map((trail) => ({
    TrailARN: TRAIL,
    HomeRegion: 'us-east-1',
    S3BucketName: 'logs',
    IsOrganizationTrail: false,
    IsMultiRegionTrail: false,
    LogFileValidationEnabled: true,
    HasInsightSelectors: false,
    ...trail,
  }));
  cloudtrail.on(DescribeTrailsCommand).resolves({ trailList });
};

/** An account of an organization that lets its reader do everything, with one trail that has a key. */
export function answerAll(): void {
  for (const mock of ALL) mock.reset();
  sts.on(GetCallerIdentityCommand).resolves({ Account: ACCOUNT, Arn: CALLER });
  sts.on(AssumeRoleCommand).resolves({
    Credentials: {
      AccessKeyId: 'a',
      SecretAccessKey: 's',
      SessionToken: 't',
      Expiration: new Date(Date.now() + 3_600_000),
    },
  });
  ec2.on(DescribeRegionsCommand).resolves({ Regions: [{ RegionName: 'us-east-1' }, { RegionName: 'eu-west-1' }] });
  listed({
    KmsKeyId: KEY_ARN,
    HasCustomEventSelectors: true,
    CloudWatchLogsLogGroupArn: LOG_GROUP,
    SnsTopicARN: TOPIC,
  });
  cloudtrail.on(GetTrailStatusCommand).resolves({
    IsLogging: true,
    StartLoggingTime: new Date('2026-11-01T00:00:00Z'),
    LatestDeliveryTime: new Date('2026-11-20T10:00:00Z'),
    LatestDigestDeliveryTime: new Date('2026-11-20T10:00:00Z'),
  });
  cloudtrail.on(GetEventSelectorsCommand).resolves({ EventSelectors: [] });
  cloudtrail.on(GetEventConfigurationCommand).resolves({ AggregationConfigurations: [] });
  cloudtrail.on(LookupEventsCommand).resolves({ Events: [] });
  cloudtrail.on(ListEventDataStoresCommand).resolves({ EventDataStores: [{ EventDataStoreArn: STORE }] });
  cloudtrail.on(GetEventDataStoreCommand).resolves({ EventDataStoreArn: STORE, Name: 'lake', KmsKeyId: KEY_ARN });
  cloudtrail.on(ListTagsCommand).resolves({ ResourceTagList: [{ ResourceId: TRAIL, TagsList: [] }] });
  logs.on(DescribeLogGroupsCommand).resolves({ logGroups: [{ logGroupName: 'trail', kmsKeyId: KEY_ARN }] });
  sns.on(GetTopicAttributesCommand).resolves({ Attributes: { TopicArn: TOPIC } });
  config.on(GetResourceConfigHistoryCommand).resolves({ configurationItems: [] });
  kms.on(DecryptCommand).rejects(refused('DryRunOperationException', 'it would have succeeded'));
  kms.on(DescribeKeyCommand).resolves({
    KeyMetadata: {
      Arn: KEY_ARN,
      KeyId: 'k',
      KeyState: 'Enabled',
      KeyManager: 'CUSTOMER',
      KeySpec: 'SYMMETRIC_DEFAULT',
      KeyUsage: 'ENCRYPT_DECRYPT',
      Origin: 'AWS_KMS',
    },
  });
  kms.on(GetKeyPolicyCommand).resolves({ Policy: '{"Version":"2012-10-17","Statement":[]}' });
  kms.on(GetKeyPolicyCommand, OF_RAM).rejects(UNSHARED);
  kms.on(GetKeyLastUsageCommand).resolves({});
  kms.on(GetKeyRotationStatusCommand).resolves({ KeyRotationEnabled: true });
  kms.on(ListAliasesCommand).resolves({ Aliases: [{ AliasName: 'alias/trail' }] });
  kms.on(ListGrantsCommand).resolves({ Grants: [] });
  kms.on(ListResourceTagsCommand).resolves({ Tags: [] });
  s3.on(HeadBucketCommand).resolves({ BucketRegion: 'eu-west-1' });
  s3.on(GetBucketPolicyCommand).resolves({ Policy: BUCKET_POLICY });
  s3.on(GetBucketEncryptionCommand).resolves({
    ServerSideEncryptionConfiguration: {
      Rules: [{ ApplyServerSideEncryptionByDefault: { SSEAlgorithm: 'aws:kms' }, BucketKeyEnabled: true }],
    },
  });
  organizations
    .on(DescribeOrganizationCommand)
    .resolves({ Organization: { Id: 'o-exampleorg1', MasterAccountId: '999988887777' } });
  organizations.on(ListParentsCommand).resolves({ Parents: [{ Id: 'r-1', Type: 'ROOT' }] });
  organizations.on(ListPoliciesForTargetCommand).resolves({ Policies: [{ Id: 'p-1' }] });
  organizations.on(DescribePolicyCommand).resolves({ Policy: { Content: '{"Version":"2012-10-17","Statement":[]}' } });
  organizations
    .on(ListAccountsCommand)
    .resolves({ Accounts: [ACCOUNT, OTHER_ACCOUNT].map((Id) => ({ Id, Name: `n${Id}`, State: 'ACTIVE' as const })) });
  config.on(SelectAggregateResourceConfigCommand).resolves({ Results: [] });
}
