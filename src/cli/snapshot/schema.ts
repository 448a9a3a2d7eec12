import * as v from 'valibot';
import { isErrorMember } from '../../facts/members.ts';
import { keyEntry } from './keySchema.ts';
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
import { accountId, anything } from './sharedSchemas.ts';
import { trailEntry } from './trailSchema.ts';

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
