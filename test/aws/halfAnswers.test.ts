// Slow: `npm run quick` leaves it out.
import * as cloudtrail from '@aws-sdk/client-cloudtrail';
import * as logs from '@aws-sdk/client-cloudwatch-logs';
import * as config from '@aws-sdk/client-config-service';
import * as ec2 from '@aws-sdk/client-ec2';
import * as kms from '@aws-sdk/client-kms';
import * as organizations from '@aws-sdk/client-organizations';
import * as s3 from '@aws-sdk/client-s3';
import * as hub from '@aws-sdk/client-securityhub';
import * as sns from '@aws-sdk/client-sns';
import * as ssm from '@aws-sdk/client-ssm';
import * as sts from '@aws-sdk/client-sts';
import { mockClient } from 'aws-sdk-client-mock';
import { createClients } from '../../src/aws/clients.ts';
import { InfrastructureError } from '../../src/aws/errors.ts';
import { unexpectedReason } from '../../src/aws/expectedAccounts.ts';
import { membershipReader } from '../../src/aws/membership.ts';
import { namedAggregator } from '../../src/aws/namedAggregator.ts';
import { organizationAccounts } from '../../src/aws/read/accounts.ts';
import { keyItem } from '../../src/aws/read/aggregator.ts';
import { readAutomation } from '../../src/aws/read/automation.ts';
import { withBucketPolicy } from '../../src/aws/read/bucketPolicy.ts';
import { readEventDataStores } from '../../src/aws/read/eventDataStores.ts';
import { keyEventReader } from '../../src/aws/read/keyEvents.ts';
import { readLogGroup } from '../../src/aws/read/logGroup.ts';
import { readPreviousKeys } from '../../src/aws/read/previousKeys.ts';
import { recordedTrails } from '../../src/aws/read/recordedTrails.ts';
import { enabledRegions } from '../../src/aws/read/regions.ts';
import { resourceControlPolicyReader } from '../../src/aws/read/resourceControlPolicies.ts';
import { readTopic } from '../../src/aws/read/topic.ts';
import { findTrail, listOrganizationTrails } from '../../src/aws/read/trail.ts';
import { readRecordedTrails } from '../../src/aws/read/trailRecords.ts';
import { startRules } from '../../src/aws/ruleStarts.ts';
import { findingStore } from '../../src/aws/securityHub.ts';
import { startSession } from '../../src/aws/session.ts';
import { readKeyPolicy } from '../../src/aws/write/keyPolicy.ts';
import { ownerOfKey, ownerOfTrail } from '../../src/aws/write/owners.ts';
import { findCaller } from '../../src/cli/live/caller.ts';
import { reachOf } from '../../src/cli/live/reach.ts';
import { ACCOUNT, HOME, KEY_ARN, OTHER_ACCOUNT, ports, trail } from './support/answers.ts';

const CLIENTS = {
  cloudtrail: mockClient(cloudtrail.CloudTrailClient),
  config: mockClient(config.ConfigServiceClient),
  ec2: mockClient(ec2.EC2Client),
  kms: mockClient(kms.KMSClient),
  logs: mockClient(logs.CloudWatchLogsClient),
  organizations: mockClient(organizations.OrganizationsClient),
  s3: mockClient(s3.S3Client),
  hub: mockClient(hub.SecurityHubClient),
  sns: mockClient(sns.SNSClient),
  ssm: mockClient(ssm.SSMClient),
  sts: mockClient(sts.STSClient),
};
type Service = keyof typeof CLIENTS;

/** Half of every answer: nothing at all, unless a row says what is there. */
beforeEach(() => {
  for (const client of Object.values(CLIENTS)) {
    client.reset();
    client.resolves({});
  }
});

const signal = new AbortController().signal;
const access = () => ({ session: startSession(ACCOUNT, 'the caller', signal), clients: createClients() });
const aggregator = namedAggregator({ home: HOME }, 'all');
const key = { arn: KEY_ARN, isAlias: false, accountId: ACCOUNT, region: 'eu-west-1' };
const summary = {
  resourceType: 'AWS::CloudTrail::Trail',
  resourceId: 'main',
  arn: trail.arn,
  accountId: ACCOUNT,
  region: 'us-east-1',
  status: 'OK',
  captureTime: new Date(0),
  stateId: '1',
};
const store = () => findingStore(createClients(), { home: HOME, caller: 'c', signal }, async () => {});
const metadata = { Arn: KEY_ARN, KeyId: 'k' };
const organization = { Organization: { Id: 'o-exampleorgid', MasterAccountId: '999999999999' } };
const expected = { accounts: [], organizationId: 'o-exampleorgid' };
const bucket = async () => (await ports().bucket({ ...trail, bucketName: 'logs' })) as unknown;
const policies = () => resourceControlPolicyReader(access(), HOME)(ACCOUNT);

type Given = readonly (readonly [Service, unknown, object])[];
const described: Given = [['kms', kms.DescribeKeyCommand, { KeyMetadata: metadata }]];
const withPolicy: Given = [...described, ['kms', kms.GetKeyPolicyCommand, { Policy: '{}' }]];
const withGrants: Given = [...withPolicy, ['kms', kms.ListGrantsCommand, { Grants: [] }]];
const inOrganization: Given = [['organizations', organizations.DescribeOrganizationCommand, organization]];
const underRoot: Given = [
  ...inOrganization,
  ['organizations', organizations.ListParentsCommand, { Parents: [{ Id: 'r-root', Type: 'ROOT' }] }],
];
const moreGrants: Given = [...withPolicy, ['kms', kms.ListGrantsCommand, { Grants: [], Truncated: true }]];
const grantOfNothing: Given = [...withPolicy, ['kms', kms.ListGrantsCommand, { Grants: [{ GrantId: 'g' }] }]];

it.each<[missing: string, read: () => Promise<unknown>, given?: Given]>([
  ['DescribeTrails trailList', () => ports().listTrails()],
  ['DescribeTrails trailList', () => listOrganizationTrails(access(), 'us-east-1')],
  ['DescribeTrails trailList', () => findTrail(access(), trail.arn)],
  ['GetTrailStatus IsLogging', () => ports().trailStatus(trail)],
  ['ListTags ResourceTagList', () => ownerOfTrail(access(), trail.arn)],
  [
    'ListTags TagsList',
    () => ownerOfTrail(access(), trail.arn),
    [['cloudtrail', cloudtrail.ListTagsCommand, { ResourceTagList: [] }]],
  ],
  ['DescribeKey KeyMetadata', () => ports().key(KEY_ARN, trail)],
  ['GetKeyPolicy Policy', () => ports().key(KEY_ARN, trail), described],
  ['ListGrants Grants', () => ports().key(KEY_ARN, trail), withPolicy],
  ['ListGrants Operations', () => ports().key(KEY_ARN, trail), grantOfNothing],
  ['ListGrants NextMarker', () => ports().key(KEY_ARN, trail), moreGrants],
  ['GetKeyRotationStatus KeyRotationEnabled', () => ports({ readRotation: true }).key(KEY_ARN, trail), withGrants],
  ['GetKeyPolicy Policy', () => readKeyPolicy(access(), KEY_ARN)],
  ['ListResourceTags Tags', () => ownerOfKey(access(), KEY_ARN)],
  ['GetAutomationExecution AutomationExecution', () => readAutomation(access(), 'us-east-1', 'e-1', 'Approve')],
  ['ListAliases Aliases', () => ports().key('alias/trail', trail), withGrants],
  ['SelectAggregateResourceConfig Results', () => recordedTrails(access(), aggregator)],
  ['BatchGetAggregateResourceConfig BaseConfigurationItems', () => keyItem(access(), aggregator, key)],
  [
    'BatchGetAggregateResourceConfig BaseConfigurationItems',
    () => recordedTrails(access(), aggregator),
    [
      [
        'config',
        config.SelectAggregateResourceConfigCommand,
        { Results: [JSON.stringify({ accountId: ACCOUNT, awsRegion: 'us-east-1', resourceId: 'main' })] },
      ],
    ],
  ],
  ['GetResourceConfigHistory configurationItems', () => ports().configurationItem(summary)],
  ['GetComplianceDetailsByConfigRule EvaluationResults', () => ports().reportedResources()],
  ['DescribeConfigRules ConfigRules', () => startRules(access(), { accountId: ACCOUNT, region: 'us-east-1' }, 'arn')],
  ['DescribeOrganization Organization', () => ports().organizationId(ACCOUNT)],
  ['DescribeOrganization Organization', () => membershipReader(access(), HOME)(ACCOUNT)],
  ['DescribeOrganization Organization', policies],
  ['DescribeAccount Account', () => membershipReader(access(), HOME)(OTHER_ACCOUNT), inOrganization],
  ['DescribeAccount Account', () => unexpectedReason(access(), HOME, expected)(OTHER_ACCOUNT)],
  ['ListParents Parents', policies, inOrganization],
  ['ListPoliciesForTarget Policies', policies, underRoot],
  [
    'ListPoliciesForTarget Id',
    policies,
    [...underRoot, ['organizations', organizations.ListPoliciesForTargetCommand, { Policies: [{}] }]],
  ],
  [
    'DescribePolicy Policy',
    policies,
    [...underRoot, ['organizations', organizations.ListPoliciesForTargetCommand, { Policies: [{ Id: 'p-1' }] }]],
  ],
  ['ListAccounts Accounts', () => organizationAccounts(access(), 'us-east-1')],
  [
    'ListAccounts Id',
    () => organizationAccounts(access(), 'us-east-1'),
    [['organizations', organizations.ListAccountsCommand, { Accounts: [{ State: 'ACTIVE' }] }]],
  ],
  ['DescribeRegions Regions', () => enabledRegions(access(), 'us-east-1')],
  [
    'GetBucketEncryption ServerSideEncryptionConfiguration',
    bucket,
    [['s3', s3.HeadBucketCommand, { BucketRegion: 'us-east-1' }]],
  ],
  [
    'GetBucketPolicy Policy',
    () => withBucketPolicy(access(), { name: 'logs', partition: 'aws' }, { Name: 'logs', Region: 'us-east-1' }),
  ],
  ['LookupEvents Events', () => keyEventReader(async () => ({ ...access(), closed: null, readerArn: '' }))(key)],
  ['ListEventDataStores EventDataStores', () => readEventDataStores(access(), 'us-east-1', 'aws')],
  [
    'ListEventDataStores EventDataStoreArn',
    () => readEventDataStores(access(), 'us-east-1', 'aws'),
    [['cloudtrail', cloudtrail.ListEventDataStoresCommand, { EventDataStores: [{}] }]],
  ],
  [
    'GetEventDataStore EventDataStoreArn',
    () => readEventDataStores(access(), 'us-east-1', 'aws'),
    [['cloudtrail', cloudtrail.ListEventDataStoresCommand, { EventDataStores: [{ EventDataStoreArn: 'arn' }] }]],
  ],
  [
    'DescribeLogGroups logGroups',
    () => readLogGroup(access(), `arn:aws:logs:us-east-1:${ACCOUNT}:log-group:g:*`, null),
  ],
  ['GetTopicAttributes Attributes', () => readTopic(access(), `arn:aws:sns:us-east-1:${ACCOUNT}:t`)],
  ['GetResourceConfigHistory configurationItems', () => readPreviousKeys(access(), trail, null, async () => [])],
  ['SelectResourceConfig Results', () => readRecordedTrails(access(), 'us-east-1')],
  ['BatchImportFindings FailedCount', () => store().importFindings([{ Id: 'f', ProductArn: 'p' }])],
  ['GetFindings Findings', () => store().openFindingIds('generator')],
  ['GetParameter Parameter', () => ports().exceptionDocuments?.('/one') ?? Promise.reject()],
  ['GetParametersByPath Parameters', () => ports().exceptionDocuments?.('/many/') ?? Promise.reject()],
  ['AssumeRole Credentials', () => reachOf(access(), HOME, 'Reader', signal).enter(OTHER_ACCOUNT)],
  ['GetCallerIdentity Account', () => findCaller(undefined, 'us-east-1', signal)],
])('%s', async (missing, read, given = []) => {
  for (const [service, Command, answer] of given) {
    const client = CLIENTS[service] as unknown as { on(command: unknown): { resolves(answer: object): void } };
    client.on(Command).resolves(answer);
  }
  const [operation = '', member = ''] = missing.split(' ');
  const error = await read().catch((caught: unknown) => caught);
  expect(error).toBeInstanceOf(InfrastructureError);
  expect((error as Error).message).toMatch(
    new RegExp(`${operation} for .* failed: the answer is without \`${member}\`$`),
  );
});
