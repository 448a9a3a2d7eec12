/** Members of an answer of AWS's: one that is missing, null or empty is not known. */
type Members<T> = { readonly [Name in keyof T]?: T[Name] | null | undefined };

/** Who asked AWS for what, in vain. */
export interface RefusedRequest {
  /** The principal, as an ARN or in words. */
  readonly Principal: string;
  /** The account whose credentials signed. */
  readonly AccountId: string;
  /** The IAM action that it takes. */
  readonly Action: string;
  /** What it was about: an ARN or a name. */
  readonly Resource: string;
}

/** Why a member is not there: AWS's code and message, or codes of this project's own (`OWN_CODES` in readings.ts). */
export interface ErrorCause {
  readonly Code: string | null;
  readonly Message: string | null;
  /** Left out where the snapshot was filled by hand. */
  readonly Request?: RefusedRequest | null;
}

/** What stands in the place of a member that could not be read. */
export interface ErrorMember {
  readonly Error: ErrorCause;
}

/** A member as an AWS API returned it, or why it was not to be had. */
export type Member<T> = T | ErrorMember;

/** True of `{"Error": {...}}`, which may stand in the place of any member. */
export function isErrorMember(value: unknown): value is ErrorMember {
  return typeof value === 'object' && value !== null && Object.hasOwn(value, 'Error');
}

/** From DescribeTrails, or from AWS Config. */
export type TrailMember = { readonly TrailARN: string } & Members<{
  Name: string;
  HomeRegion: string;
  KmsKeyId: string;
  S3BucketName: string;
  S3KeyPrefix: string;
  IsMultiRegionTrail: boolean;
  IsOrganizationTrail: boolean;
  LogFileValidationEnabled: boolean;
  HasInsightSelectors: boolean;
  HasCustomEventSelectors: boolean;
  CloudWatchLogsLogGroupArn: string;
  SnsTopicARN: string;
}>;

/** From GetTrailStatus. */
export type StatusMember = Members<{
  IsLogging: boolean;
  LatestDeliveryTime: Date;
  LatestDeliveryError: string;
  LatestDigestDeliveryTime: Date;
  LatestDigestDeliveryError: string;
  StartLoggingTime: Date;
  /** ISO 8601: what AWS gave before StartLoggingTime. */
  TimeLoggingStarted: string;
  /** Not AWS's: the account whose credentials signed. */
  AccountId: string;
}>;

/** What an advanced event selector asks of one field of an event. */
type FieldSelectorMember = Members<{ Field: string; Equals: readonly string[] }>;

/** From GetEventSelectors. */
export type EventSelectorsMember = Members<{
  EventSelectors: readonly unknown[];
  AdvancedEventSelectors: readonly Members<{ Name: string; FieldSelectors: readonly FieldSelectorMember[] }>[];
}>;

/** From GetEventConfiguration. */
export type EventConfigurationMember = Members<{ AggregationConfigurations: readonly unknown[] }>;

/** From DescribeKey. */
export type KeyMetadataMember = Members<{
  Arn: string;
  KeyState: string;
  KeyManager: string;
  KeySpec: string;
  CustomerMasterKeySpec: string;
  KeyUsage: string;
  Origin: string;
  DeletionDate: Date;
  ValidTo: Date;
  MultiRegion: boolean;
  CreationDate: Date;
  MultiRegionConfiguration: MultiRegionMember;
}>;

type MultiRegionMember = Members<{
  MultiRegionKeyType: string;
  PrimaryKey: Members<{ Arn: string }>;
  ReplicaKeys: readonly Members<{ Arn: string }>[];
}>;

/** A tag as ListTags of CloudTrail or ListResourceTags of KMS returns it. */
export type TagMember = Members<{ Key: string; Value: string; TagKey: string; TagValue: string }>;

/** From ListGrants. */
export type GrantMember = { readonly Operations: readonly string[] } & Members<{
  GrantId: string;
  GranteePrincipal: string;
  GranteeServicePrincipal: string;
  IssuingAccount: string;
  RetiringPrincipal: string;
  RetiringServicePrincipal: string;
  /** Of constraints that are not known here, too. */
  Constraints: object;
}>;

/** The policies of a key beside `default`. `null`: there is none of that name; left out: not known. */
interface FurtherPolicies {
  /** As text or as a document. */
  readonly AWS_RAM?: unknown;
}

/** A thing of which nothing at all could be read: the error stands for every member that is not there. */
interface Whole {
  readonly Error?: ErrorCause | null;
}

/** From DescribeKey, GetKeyPolicy, GetKeyRotationStatus, ListAliases and ListGrants. */
export interface KeyEntry extends Whole {
  /** Of the key; or of an alias, under which stands what DescribeKey answers for it. */
  readonly KeyArn: string;
  readonly KeyMetadata?: Member<KeyMetadataMember> | null;
  /** A policy as text or as a document. */
  readonly Policy?: unknown;
  readonly Policies?: Member<FurtherPolicies> | null;
  readonly KeyRotationEnabled?: Member<boolean> | null;
  readonly Aliases?: Member<readonly string[]> | null;
  readonly Grants?: Member<readonly GrantMember[]> | null;
  readonly Tags?: Member<readonly TagMember[]> | null;
  /** From LookupEvents, by the key as resource; left out: nobody asked. */
  readonly KeyEvents?: Member<readonly EventMember[]> | null;
  readonly LastUsage?: Member<LastUsageMember> | null;
  /** From LookupEvents, by the names of calls that change a key; left out: nobody asked. */
  readonly ChangeEvents?: Member<readonly EventMember[]> | null;
}

/** From GetKeyLastUsage; left out: nobody asked. */
export type LastUsageMember = Members<{
  KeyLastUsage: Members<{ Operation: string; Timestamp: Date; CloudTrailEventId: string }>;
  TrackingStartDate: Date;
  KeyCreationDate: Date;
}>;

/** From LookupEvents. */
export type EventMember = Members<{
  EventId: string;
  EventName: string;
  EventTime: Date;
  /** The event as JSON text. */
  CloudTrailEvent: string;
}>;

/** From DescribeLogGroups and GetTopicAttributes. */
export type LogGroupMember = { readonly Arn: string } & Members<{ KmsKeyId: string }>;
export type TopicMember = { readonly Arn: string } & Members<{ KmsMasterKeyId: string }>;

/** What is read of a trail's other outputs, of the keys that it named before, and of what changed it. */
export interface OutputMembers {
  readonly LogGroup?: Member<LogGroupMember> | null;
  readonly Topic?: Member<TopicMember> | null;
  readonly PreviousKeys?: Member<readonly string[]> | null;
  /** Where they were looked for; left out: nobody knows. */
  readonly PreviousKeySources?: readonly PreviousKeySourceMember[] | null;
  readonly ReaderDryRuns?: readonly ReaderDryRunMember[] | null;
  /** From LookupEvents, by the names of calls that change a trail; left out: nobody asked. */
  readonly ChangeEvents?: Member<readonly EventMember[]> | null;
}

/** `Error`: it could not be read. */
export interface PreviousKeySourceMember extends Whole {
  readonly Source: 'GetResourceConfigHistory' | 'LookupEvents';
}

/** What KMS answered to Decrypt with DryRun as a role: always an error, DryRunOperationException where it would decrypt. */
export interface ReaderDryRunMember extends ErrorMember {
  readonly RoleArn: string;
}

/** From ListEventDataStores and GetEventDataStore. */
type EventDataStoreMember = { readonly EventDataStoreArn: string } & Members<{
  Name: string;
  Status: string;
  KmsKeyId: string;
  MultiRegionEnabled: boolean;
  OrganizationEnabled: boolean;
}>;

/** `Error`: only its ARN is known; that of a list that could not be read ends in `eventdatastore/*`. */
export interface EventDataStoreEntry extends Whole {
  readonly EventDataStore: EventDataStoreMember;
}

/** From HeadBucket and GetBucketEncryption. */
export interface BucketEntry extends Whole {
  readonly Name: string;
  readonly Region?: Member<string> | null;
  readonly SSEAlgorithm?: Member<string> | null;
  readonly BucketKeyEnabled?: Member<boolean> | null;
  /** From GetBucketPolicy, as text or as a document; left out: nobody asked. */
  readonly Policy?: unknown;
}

/** From DescribePolicy. */
export interface NamedPolicyMember {
  readonly PolicySummary?: Members<{ Id: string; Name: string }> | null;
  /** As text or as a document. */
  readonly Content: unknown;
}

/** The resource control policies of an account: as text, as documents, or as DescribePolicy returns them. */
export interface PoliciesEntry extends Whole {
  readonly AccountId: string;
  readonly Policies?: Member<readonly unknown[]> | null;
}

/** From DescribeOrganization. */
export interface OrganizationEntry extends Whole {
  readonly AccountId: string;
  readonly Id?: Member<string> | null;
  readonly ManagementAccountId?: string | null;
}
