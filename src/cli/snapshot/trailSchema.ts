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
import { accountId, event, keyArn, tags } from './sharedSchemas.ts';

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

const previousKeySource = objectOf(
  {
    Source: v.picklist(
      ['GetResourceConfigHistory', 'LookupEvents'],
      'must be `GetResourceConfigHistory` or `LookupEvents`',
    ),
    Error: maybe(errorCause),
  },
  'must be an object with Source',
);

export const trailEntry = v.lazy((input) =>
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
          PreviousKeySources: maybe(listOf(previousKeySource)),
          ReaderDryRuns: maybe(
            listOf(objectOf({ RoleArn: required, Error: errorCause }, 'must be an object with RoleArn')),
          ),
          ChangeEvents: reading(listOf(event)),
        },
        'must be an object with Trail',
      ),
);
