import * as v from 'valibot';
import { describeEventDataStore } from '../../facts/eventDataStores.ts';
import { describeTrail } from '../../facts/trails.ts';
import type { TrailDescription } from '../../trail/facts.ts';
import { InvalidInvocationError } from '../errors.ts';
import { quote } from '../quote.ts';
import { flag, type InputError, optionalText, parseWith } from './schema.ts';

const trailSchema = v.object(
  {
    trailARN: optionalText,
    name: optionalText,
    homeRegion: optionalText,
    kmsKeyId: optionalText,
    s3BucketName: optionalText,
    s3KeyPrefix: optionalText,
    isMultiRegionTrail: flag,
    isOrganizationTrail: flag,
    logFileValidationEnabled: flag,
    hasInsightSelectors: flag,
    hasCustomEventSelectors: flag,
  },
  'a JSON object',
);

/** The ARN of a trail: partition, home Region, owner, name. */
const TRAIL_ARN = /^arn:aws[a-z-]*:cloudtrail:[a-z0-9-]+:\d{12}:trail\/[^/:]+$/;

const MEMBER = 'configurationItem.configuration';

const invalid: InputError = (member, problem) => new InvalidInvocationError(member, problem);

/**
 * A trail from the `configuration` of an AWS::CloudTrail::Trail item. Members that are missing are unknown, but for
 * `kmsKeyId`: the item of an unencrypted trail leaves it out.
 *
 * @param itemArn the item's own ARN, for a configuration without `trailARN`
 * @throws InvalidInvocationError when the trail's ARN cannot be known, or a member is of the wrong type
 */
export function describeConfiguredTrail(configuration: unknown, itemArn: string | null): TrailDescription {
  const trail = parseWith(trailSchema, configuration, MEMBER, invalid);
  const arn = trail.trailARN ?? itemArn;
  if (arn === null) throw invalid(`${MEMBER}.trailARN`, 'is missing');
  if (!TRAIL_ARN.test(arn)) throw invalid(`${MEMBER}.trailARN`, `is ${quote(arn)}, accepted is the ARN of a trail`);
  return describeTrail({
    TrailARN: arn,
    Name: trail.name,
    HomeRegion: trail.homeRegion,
    KmsKeyId: trail.kmsKeyId,
    S3BucketName: trail.s3BucketName,
    S3KeyPrefix: trail.s3KeyPrefix,
    IsMultiRegionTrail: trail.isMultiRegionTrail,
    IsOrganizationTrail: trail.isOrganizationTrail,
    LogFileValidationEnabled: trail.logFileValidationEnabled,
    HasInsightSelectors: trail.hasInsightSelectors,
    HasCustomEventSelectors: trail.hasCustomEventSelectors,
  });
}

const eventDataStoreSchema = v.object(
  {
    EventDataStoreArn: optionalText,
    Name: optionalText,
    KmsKeyId: optionalText,
    MultiRegionEnabled: flag,
    OrganizationEnabled: flag,
  },
  'a JSON object',
);

const EVENT_DATA_STORE_ARN = /^arn:aws[a-z-]*:cloudtrail:[a-z0-9-]+:\d{12}:eventdatastore\/[^/:]+$/;

/**
 * An event data store from the `configuration` of its item, which spells members as CloudFormation does.
 *
 * @throws InvalidInvocationError when its ARN cannot be known, or a member is of the wrong type
 */
export function describeConfiguredEventDataStore(configuration: unknown, itemArn: string | null): TrailDescription {
  const store = parseWith(eventDataStoreSchema, configuration, MEMBER, invalid);
  const arn = store.EventDataStoreArn ?? itemArn;
  if (arn === null) throw invalid(`${MEMBER}.EventDataStoreArn`, 'is missing');
  if (!EVENT_DATA_STORE_ARN.test(arn))
    throw invalid(`${MEMBER}.EventDataStoreArn`, `is ${quote(arn)}, accepted is the ARN of an event data store`);
  return describeEventDataStore({ EventDataStore: { ...store, EventDataStoreArn: arn } });
}

/** What `describeConfiguredTrail` reads so, as AWS Config records it: without the members that do not apply. */
export function configurationOf(trail: TrailDescription): Readonly<Record<string, unknown>> {
  const members = {
    trailARN: trail.arn,
    name: trail.name,
    homeRegion: trail.homeRegion,
    kmsKeyId: trail.kmsKeyId,
    s3BucketName: trail.bucketName,
    s3KeyPrefix: trail.keyPrefix,
    isMultiRegionTrail: trail.isMultiRegion,
    isOrganizationTrail: trail.isOrganization,
    logFileValidationEnabled: trail.logFileValidation,
    hasInsightSelectors: trail.hasInsightSelectors,
    hasCustomEventSelectors: trail.hasCustomEventSelectors ?? null,
  };
  return known(members);
}

/** What `describeConfiguredEventDataStore` reads so. */
export const storeConfigurationOf = (store: TrailDescription): Readonly<Record<string, unknown>> =>
  known({
    EventDataStoreArn: store.arn,
    Name: store.name,
    KmsKeyId: store.kmsKeyId,
    MultiRegionEnabled: store.isMultiRegion,
    OrganizationEnabled: store.isOrganization,
  });

const known = (members: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> =>
  Object.fromEntries(Object.entries(members).filter(([, value]) => value !== null));
