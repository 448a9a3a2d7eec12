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
import { anything, event, keyArn, tags } from './sharedSchemas.ts';

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
      MultiRegionKeyType: maybe(text),
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

const lastUsage = objectOf({
  KeyLastUsage: maybe(objectOf({ Operation: maybe(text), Timestamp: maybe(time), CloudTrailEventId: maybe(text) })),
  TrackingStartDate: maybe(time),
  KeyCreationDate: maybe(time),
});

export const keyEntry = objectOf({
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
