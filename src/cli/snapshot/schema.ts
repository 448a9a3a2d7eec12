import * as v from 'valibot';
import { isErrorMember } from '../../facts/members.ts';
import {
  errorCause,
  errorMember,
  flag,
  listOf,
  maybe,
  objectOf,
  reading,
  required,
  text,
  time,
} from './schemaParts.ts';

const accountId = v.pipe(text, v.regex(/^\d{12}$/, 'must be an account id of twelve digits'));

const trail = objectOf({
  TrailARN: v.pipe(
    text,
    v.regex(/^arn:[^:]+:cloudtrail:[^:]+:\d{12}:trail\/.+$/, 'must be the ARN of a CloudTrail trail'),
  ),
  Name: maybe(text),
  HomeRegion: maybe(text),
  KmsKeyId: maybe(text),
  S3BucketName: maybe(text),
  S3KeyPrefix: maybe(text),
  IsMultiRegionTrail: maybe(flag),
  IsOrganizationTrail: maybe(flag),
  LogFileValidationEnabled: maybe(flag),
  HasInsightSelectors: maybe(flag),
  HasCustomEventSelectors: maybe(flag),
});

const status = objectOf({
  IsLogging: maybe(flag),
  LatestDeliveryTime: maybe(time),
  LatestDeliveryError: maybe(text),
  LatestDigestDeliveryTime: maybe(time),
  LatestDigestDeliveryError: maybe(text),
  StartLoggingTime: maybe(time),
  TimeLoggingStarted: maybe(text),
  AccountId: maybe(accountId),
});

const eventSelectors = objectOf({
  EventSelectors: maybe(listOf(v.unknown())),
  AdvancedEventSelectors: maybe(
    listOf(
      objectOf({
        Name: maybe(text),
        FieldSelectors: maybe(listOf(objectOf({ Field: maybe(text), Equals: maybe(listOf(text)) }))),
      }),
    ),
  ),
});

const eventConfiguration = objectOf({ AggregationConfigurations: maybe(listOf(v.unknown())) });

const keyArn = v.pipe(text, v.regex(/^arn:[^:]+:kms:[^:]+:\d{12}:key\/.+$/, 'must be the ARN of a KMS key'));

/** Under an alias stands what DescribeKey answers for it: a key has its own ARN. */
const keyOrAliasArn = v.pipe(
  text,
  v.regex(/^arn:[^:]+:kms:[^:]+:\d{12}:(?:key|alias)\/.+$/, 'must be the ARN of a KMS key'),
);

const keyMetadata = objectOf({
  Arn: maybe(keyArn),
  KeyState: maybe(text),
  KeyManager: maybe(text),
  KeySpec: maybe(text),
  CustomerMasterKeySpec: maybe(text),
  KeyUsage: maybe(text),
  Origin: maybe(text),
  DeletionDate: maybe(time),
  ValidTo: maybe(time),
  MultiRegion: maybe(flag),
  CreationDate: maybe(time),
  MultiRegionConfiguration: maybe(
    objectOf({
      PrimaryKey: maybe(objectOf({ Arn: maybe(text) })),
      ReplicaKeys: maybe(listOf(objectOf({ Arn: maybe(text) }))),
    }),
  ),
});

const alias = v.lazy((input) =>
  typeof input === 'string'
    ? required
    : v.pipe(
        objectOf({ AliasName: required }, 'must be an alias name'),
        v.transform(({ AliasName }) => AliasName),
      ),
);

const grant = objectOf({
  GrantId: maybe(text),
  GranteePrincipal: maybe(text),
  GranteeServicePrincipal: maybe(text),
  Operations: listOf(text),
  IssuingAccount: maybe(text),
  RetiringPrincipal: maybe(text),
  RetiringServicePrincipal: maybe(text),
  /** Its members are kept: one that nobody here knows is a reason not to know what the grant gives. */
  Constraints: maybe(v.record(v.string(), v.unknown(), 'must be an object')),
});

const event = objectOf({
  EventId: maybe(text),
  EventName: maybe(text),
  EventTime: maybe(time),
  CloudTrailEvent: maybe(text),
});

const lastUsage = objectOf({
  KeyLastUsage: maybe(objectOf({ Operation: maybe(text), Timestamp: maybe(time), CloudTrailEventId: maybe(text) })),
  TrackingStartDate: maybe(time),
  KeyCreationDate: maybe(time),
});

/** As CloudTrail or KMS writes them, or as an object by key, which AWS Config has. */
const tags = v.lazy((input) =>
  Array.isArray(input)
    ? listOf(objectOf({ Key: maybe(text), Value: maybe(text), TagKey: maybe(text), TagValue: maybe(text) }))
    : v.pipe(
        v.record(text, text, 'must be a list of tags'),
        v.transform((byKey) => Object.entries(byKey).map(([Key, Value]) => ({ Key, Value }))),
      ),
);

const anything = v.unknown();

const trailEntry = v.lazy((input) =>
  isErrorMember(input)
    ? errorMember
    : objectOf(
        {
          Trail: v.lazy((inner) => (isErrorMember(inner) ? errorMember : trail)),
          Status: reading(status),
          EventSelectors: reading(eventSelectors),
          EventConfiguration: reading(eventConfiguration),
          Tags: reading(tags),
          LogGroup: reading(objectOf({ Arn: required, KmsKeyId: maybe(text) }, 'must be an object with Arn')),
          Topic: reading(objectOf({ Arn: required, KmsMasterKeyId: maybe(text) }, 'must be an object with Arn')),
          PreviousKeys: reading(listOf(keyArn)),
          ReaderDryRuns: maybe(
            listOf(objectOf({ RoleArn: required, Error: errorCause }, 'must be an object with RoleArn')),
          ),
          ChangeEvents: reading(listOf(event)),
        },
        'must be an object with Trail',
      ),
);

const keyEntry = objectOf({
  KeyArn: maybe(keyOrAliasArn),
  Error: maybe(errorCause),
  KeyMetadata: reading(keyMetadata),
  Policy: reading(anything),
  Policies: reading(
    objectOf({
      // `null` says that there is none.
      AWS_RAM: v.optional(v.lazy((input) => (isErrorMember(input) ? errorMember : anything))),
    }),
  ),
  KeyRotationEnabled: reading(flag),
  Aliases: reading(listOf(alias)),
  Grants: reading(listOf(grant)),
  Tags: reading(tags),
  KeyEvents: reading(listOf(event)),
  LastUsage: reading(lastUsage),
  ChangeEvents: reading(listOf(event)),
});

const bucketEntry = objectOf(
  {
    Name: required,
    Error: maybe(errorCause),
    Region: reading(text),
    BucketKeyEnabled: reading(flag),
    SSEAlgorithm: reading(text),
    Policy: reading(anything),
  },
  'must be an object with Name',
);

const policiesEntry = objectOf(
  {
    AccountId: accountId,
    Error: maybe(errorCause),
    Policies: reading(listOf(v.lazy((input) => (isErrorMember(input) ? errorMember : anything)))),
  },
  'must be an object with AccountId and Policies',
);

const organizationEntry = objectOf(
  {
    AccountId: accountId,
    Error: maybe(errorCause),
    Id: reading(v.pipe(text, v.regex(/^o-[a-z0-9]+$/, 'must be an organization id such as `o-a1b2c3d4e5`'))),
    ManagementAccountId: maybe(accountId),
  },
  'must be an object with AccountId and Id',
);

const eventDataStoreEntry = objectOf(
  {
    EventDataStore: objectOf({
      EventDataStoreArn: v.pipe(
        text,
        v.regex(/^arn:[^:]+:cloudtrail:[^:]+:\d{12}:eventdatastore\/.+$/, 'must be the ARN of an event data store'),
      ),
      Name: maybe(text),
      Status: maybe(text),
      KmsKeyId: maybe(text),
      MultiRegionEnabled: maybe(flag),
      OrganizationEnabled: maybe(flag),
    }),
    Error: maybe(errorCause),
  },
  'must be an object with EventDataStore',
);

const accountEntry = objectOf({ AccountId: accountId, Name: maybe(text) }, 'must be an object with AccountId and Name');

const count = v.pipe(
  v.number('must be a number'),
  v.integer('must be a whole number'),
  v.minValue(0, 'must not be negative'),
);

const coverage = objectOf({
  accounts: listOf(
    objectOf({
      accountId,
      name: maybe(text),
      regions: listOf(
        objectOf({
          region: maybe(text),
          status: v.picklist(['read', 'failed', 'skipped'], 'must be `read`, `failed` or `skipped`'),
          trails: maybe(count),
          reason: maybe(text),
          deniedBy: v.optional(text),
        }),
      ),
    }),
  ),
});

const ssmParameter = objectOf(
  { Name: required, Value: maybe(text), Version: maybe(v.number('must be a number')) },
  'must be an object with Name and Value',
);

/** The document as it stands in the file, with every value checked and every timestamp a date. */
export const snapshotSchema = objectOf(
  {
    version: v.literal(1, 'must be 1, the only version that this release reads'),
    collectedAt: maybe(time),
    trails: v.lazy((input) => (isErrorMember(input) ? errorMember : listOf(trailEntry))),
    keys: v.lazy((input) => (isErrorMember(input) ? errorMember : listOf(keyEntry))),
    buckets: reading(listOf(bucketEntry)),
    resourceControlPolicies: reading(listOf(policiesEntry)),
    organizations: reading(listOf(organizationEntry)),
    accounts: reading(listOf(accountEntry)),
    eventDataStores: maybe(listOf(eventDataStoreEntry)),
    coverage: maybe(coverage),
    ssmParameters: reading(listOf(ssmParameter)),
  },
  'must be a JSON object',
);

export type RawTrailEntry = v.InferOutput<typeof trailEntry>;
export type RawKeyEntry = v.InferOutput<typeof keyEntry>;
export type RawBucketEntry = v.InferOutput<typeof bucketEntry>;
export type RawPoliciesEntry = v.InferOutput<typeof policiesEntry>;
export type RawOrganizationEntry = v.InferOutput<typeof organizationEntry>;
