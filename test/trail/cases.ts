import { type KeyPolicyParse, parseKeyPolicy } from '../../src/policy/parse.ts';
import { keyIdentity, trailIdentity } from '../../src/trail/arn.ts';
import {
  type BucketEncryption,
  type KeyFacts,
  type KeyMetadata,
  type KeyRotation,
  type LogGroupFacts,
  type PlannedPolicy,
  type PreviousKeySource,
  type ReaderDryRun,
  type Reading,
  read,
  type TopicFacts,
  type TrailDescription,
  type TrailFacts,
  type TrailStatus,
  unread,
} from '../../src/trail/facts.ts';
import type { CheckId, CheckOptions, FindingStatus } from '../../src/trail/finding.ts';
import { type Grant, type GrantConstraints, UNCONSTRAINED } from '../../src/trail/grant.ts';
import type { KeyShare } from '../../src/trail/keyShare.ts';
import type { KeyEvent } from '../../src/trail/keyUse.ts';
import type { Owner } from '../../src/trail/owner.ts';

/** A value in a case, or why it could not be read. */
type Unread = { readonly unread: string };
type Maybe<T> = T | Unread;

/** Dates are ISO 8601 texts in a case. */
type Dated<T> = { readonly [Name in keyof T]: T[Name] extends Date | null | undefined ? string | null : T[Name] };

type GrantCase = Omit<Partial<Grant>, 'constraints'> & { readonly constraints?: Partial<GrantConstraints> };

interface BucketCase {
  readonly region?: Maybe<string>;
  readonly encryption?: Maybe<BucketEncryption>;
  /** The statements of its policy, or that policy; `null`: there is none. */
  readonly policy?: unknown;
}

/** An event of the key: one of CloudTrail's for the trail, but for these members. */
interface EventCase {
  readonly at: string;
  readonly name?: string;
  readonly trail?: string;
  readonly path?: string;
  readonly key?: string;
  readonly error?: string;
}

/** A key beside the trail's own: one that is healthy, but for these members. */
interface OtherKeyCase {
  readonly arn?: string;
  readonly exists?: Maybe<boolean>;
  readonly metadata?: Maybe<Partial<Dated<KeyMetadata>>>;
  /** In place of AWS's statements for the trail. */
  readonly statements?: readonly unknown[];
  readonly policy?: unknown;
}

/** One case: what differs from a healthy trail with AWS's key policy, and what the checks say. */
export interface TrailCase {
  readonly name: string;
  readonly trailArn?: string;
  readonly trail?: Partial<TrailDescription>;
  readonly status?: Maybe<Partial<Dated<TrailStatus>>>;
  readonly eventCategories?: Maybe<readonly (string | null)[]>;
  readonly aggregates?: Maybe<boolean>;
  readonly isDeclaredLogging?: boolean;
  /** When trail and key last changed. */
  readonly changes?: { readonly trail?: string; readonly key?: string };
  readonly bucket?: Maybe<BucketCase>;
  readonly logGroup?: Maybe<LogGroupFacts>;
  readonly topic?: Maybe<{ readonly arn: string; readonly key: OtherKeyCase | null }>;
  readonly previousKeys?: Maybe<readonly OtherKeyCase[]>;
  readonly previousKeySources?: readonly PreviousKeySource[];
  readonly readerDryRuns?: readonly (Pick<ReaderDryRun, 'roleArn' | 'outcome'> & Partial<ReaderDryRun>)[];
  readonly organizationId?: Maybe<string | null>;
  /** `null`: the trail names no key. */
  readonly key?: null | {
    readonly arn?: string | null;
    readonly reference?: string;
    readonly exists?: Maybe<boolean>;
    readonly metadata?: Maybe<Partial<Dated<KeyMetadata>>>;
    readonly grants?: Maybe<readonly GrantCase[]>;
    /** Further statements of the policy that AWS RAM manages, or that policy; `null`, and left out: there is none. */
    readonly ramPolicy?: unknown;
    readonly shares?: readonly KeyShare[];
    /** Policies of other keys of the same multi-Region key, by ARN. */
    readonly relatedPolicies?: Readonly<Record<string, unknown>>;
    readonly rotation?: Maybe<KeyRotation>;
    readonly organizationId?: Maybe<string | null>;
    readonly resourceControlPolicies?: Maybe<readonly unknown[]>;
    /** When metadata, policy, grants and rotation were recorded, where they were not read live. */
    readonly aliases?: Maybe<readonly string[]>;
    readonly events?: Maybe<readonly EventCase[]>;
    readonly owner?: Owner;
    readonly capturedAt?: string;
    /** The key is not there yet: a file declares it, with the policy of the case. */
    readonly planned?: { readonly skipsLockoutCheck?: boolean | null; readonly document?: Unread };
  };
  readonly statements?: readonly unknown[];
  readonly policyVersion?: string;
  /** In place of `statements`: the whole policy, as JSON text where it is not valid. */
  readonly policy?: unknown;
  readonly options?: Partial<CheckOptions>;
  readonly expect: Partial<Record<CheckId, FindingStatus>>;
  /** What the message or the remediation of a finding holds. */
  readonly says?: Partial<Record<CheckId, string | readonly string[]>>;
  /** What neither the message nor the remediation of a finding holds. */
  readonly saysNot?: Partial<Record<CheckId, string>>;
  /** Statements in the evidence of a finding. */
  readonly decides?: Partial<Record<CheckId, readonly string[]>>;
  /** No check of at least HIGH fails or is unknown. */
  readonly noAlarm?: boolean;
}

export const AS_OF = new Date('2026-11-20T12:00:00Z');
const TRAIL_ARN = 'arn:aws:cloudtrail:us-east-1:111111111111:trail/main';
const NO_EVIDENCE = unread('not-asked', 'not read in this case');

function reading<T>(given: Maybe<T> | undefined, otherwise: Reading<T>): Reading<T> {
  if (given === undefined) return otherwise;
  if (typeof given === 'object' && given !== null && 'unread' in given) return unread('denied', given.unread);
  return read(given as T);
}

const date = (text: string | null | undefined): Date | null => (text ? new Date(text) : null);
const dateOr = (text: string | null | undefined, otherwise: string): Date | null =>
  date(text === undefined ? otherwise : text);

/** A digest is written every hour. */
const RECENTLY = '2026-11-20T11:00:00Z';
const LONG_AGO = '2026-01-12T08:00:00Z';

export function trailFacts(given: TrailCase): TrailFacts {
  const identity = trailIdentity(given.trailArn ?? TRAIL_ARN)!;
  const status = reading<Partial<Dated<TrailStatus>>>(given.status, read({}));
  const bucket = reading<BucketCase>(given.bucket, read({}));
  return {
    ...identity,
    kmsKeyId: given.key === null ? null : (given.key?.reference ?? keyArn(given) ?? null),
    bucketName: 'logs',
    keyPrefix: null,
    isMultiRegion: true,
    isOrganization: false,
    logFileValidation: true,
    hasInsightSelectors: false,
    hasCustomEventSelectors: false,
    ...given.trail,
    status: status.read
      ? read({
          isLogging: true,
          latestDeliveryError: null,
          latestDigestDeliveryError: null,
          isOwners: null,
          ...status.value,
          latestDeliveryTime: date(status.value.latestDeliveryTime),
          latestDigestDeliveryTime: dateOr(status.value.latestDigestDeliveryTime, RECENTLY),
          startedLoggingAt: dateOr(status.value.startedLoggingAt, LONG_AGO),
        })
      : status,
    bucket: bucket.read
      ? read({
          region: reading(bucket.value.region, read(identity.homeRegion)),
          encryption: reading(bucket.value.encryption, read({ algorithm: 'AES256', bucketKeyEnabled: false })),
          ...(bucket.value.policy !== undefined && { policy: otherPolicy(bucket.value.policy) }),
        })
      : bucket,
    organizationId: reading(given.organizationId, NO_EVIDENCE),
    eventCategories: reading<readonly (string | null)[]>(given.eventCategories, NO_EVIDENCE),
    aggregates: reading(given.aggregates, read(false)),
    isDeclaredLogging: given.isDeclaredLogging ?? null,
    changes: { trail: date(given.changes?.trail), key: date(given.changes?.key) },
    ...outputsOf(given),
    asOf: AS_OF,
  };
}

function outputsOf({
  logGroup,
  topic,
  previousKeys,
  previousKeySources,
  readerDryRuns,
}: TrailCase): Partial<TrailFacts> {
  const otherKey = ({ arn, exists, metadata, ...policy }: OtherKeyCase): KeyFacts =>
    keyFacts({
      name: '',
      expect: {},
      ...policy,
      key: { ...OTHER_KEY, ...(arn && { arn }), exists, metadata },
    } as TrailCase)!;
  const topicOf = (value: { arn: string; key: OtherKeyCase | null }): TopicFacts => ({
    arn: value.arn,
    key: value.key === null ? null : otherKey(value.key),
  });
  const converted = <T, U>(given: Maybe<T>, convert: (value: T) => U): Reading<U> => {
    const known = reading<T>(given, NO_EVIDENCE);
    return known.read ? read(convert(known.value)) : known;
  };
  return {
    ...(logGroup && { logGroup: reading(logGroup, NO_EVIDENCE) }),
    ...(topic && { topic: converted(topic, topicOf) }),
    ...(previousKeys && { previousKeys: converted(previousKeys, (keys) => keys.map(otherKey)) }),
    ...(previousKeySources && { previousKeySources }),
    ...(readerDryRuns && {
      readerDryRuns: readerDryRuns.map((run) => ({ reason: 'as AWS says', deniedBy: null, ...run })),
    }),
  };
}

const OTHER_KEY = { arn: 'arn:aws:kms:us-east-1:111111111111:key/0000eeee-12ab-34cd-56ef-1234567890ab' };

function keyArn(given: TrailCase): string | null {
  if (given.key?.arn !== undefined) return given.key.arn;
  const { partition, homeRegion, accountId } = trailIdentity(given.trailArn ?? TRAIL_ARN)!;
  return `arn:${partition}:kms:${homeRegion}:${accountId}:key/1234abcd-12ab-34cd-56ef-1234567890ab`;
}

export function keyFacts(given: TrailCase): KeyFacts | null {
  if (given.key === null) return null;
  const key = given.key ?? {};
  const relatedKeys = Object.entries(key.relatedPolicies ?? {}).flatMap(([arn, policy]) => {
    const related = keyFacts({ ...given, policy, key: { ...key, arn, reference: arn, relatedPolicies: {} } });
    return related === null ? [] : [related];
  });
  const captured = <T>(value: Reading<T>): Reading<T> =>
    value.read && key.capturedAt ? { ...value, capturedAt: new Date(key.capturedAt) } : value;
  const metadata = reading<Partial<Dated<KeyMetadata>>>(key.metadata, read({}));
  const grants = reading<readonly GrantCase[]>(key.grants, read([]));
  const policies = reading(key.resourceControlPolicies, unread('denied', 'not permitted'));
  return {
    reference: key.reference ?? keyArn(given) ?? 'alias/trail',
    arn: keyArn(given),
    exists: reading(key.exists, read(true)),
    metadata: captured(
      metadata.read
        ? read({
            state: 'Enabled',
            manager: 'CUSTOMER',
            spec: 'SYMMETRIC_DEFAULT',
            usage: 'ENCRYPT_DECRYPT',
            origin: 'AWS_KMS',
            isMultiRegion: false,
            relatedKeys: [],
            ...metadata.value,
            deletionDate: date(metadata.value.deletionDate),
            validTo: date(metadata.value.validTo),
            creationDate: date(metadata.value.creationDate),
          })
        : metadata,
    ),
    aliases: reading(key.aliases, read([])),
    policy: captured(policyOf(given)),
    ramPolicy: ramPolicyOf(key.ramPolicy),
    ...(key.events !== undefined && { events: eventsOf(given, key.events) }),
    ...(key.owner !== undefined && { owner: key.owner }),
    ...(key.shares !== undefined && { shares: key.shares }),
    grants: captured(
      grants.read
        ? read(
            grants.value.map((grant) => ({
              grantId: 'g-1',
              granteePrincipal: 'arn:aws:iam::111111111111:role/reader',
              operations: ['Decrypt'],
              issuingAccount: null,
              retiringPrincipal: null,
              ...grant,
              constraints: { ...UNCONSTRAINED, ...grant.constraints },
            })),
          )
        : grants,
    ),
    rotation: captured(reading(key.rotation, read('on'))),
    ...(relatedKeys.length > 0 && { relatedKeys }),
    resourceControlPolicies: policies.read ? read(policies.value.map(parseKeyPolicy)) : policies,
    organizationId: reading(key.organizationId, NO_EVIDENCE),
    ...(key.planned === undefined ? {} : { planned: plannedPolicy(given, key.planned) }),
  };
}

function eventsOf(given: TrailCase, events: Maybe<readonly EventCase[]>): Reading<readonly KeyEvent[]> {
  const known = reading<readonly EventCase[]>(events, read([]));
  if (!known.read) return known;
  const eventOf = ({ at, name = 'GenerateDataKey', trail, path = '', key, error }: EventCase): KeyEvent => ({
    id: `event-${at}`,
    at: new Date(at),
    name,
    invokedBy: 'cloudtrail.amazonaws.com',
    keyArns: [key ?? keyArn(given) ?? ''],
    encryptionContext: { 'aws:cloudtrail:arn': trail ?? given.trailArn ?? TRAIL_ARN, 'aws:s3:arn': path },
    error: error === undefined ? null : { code: error, message: '' },
  });
  return read(known.value.map(eventOf));
}

const ramPolicyOf = (given: unknown): KeyFacts['ramPolicy'] => otherPolicy(given ?? null);

/** Statements, or a policy; `null`: there is none. */
function otherPolicy(given: unknown): Reading<KeyPolicyParse | null> {
  if (given === null) return read(null);
  if (typeof given === 'object' && given !== null && 'unread' in given) return unread('denied', String(given.unread));
  return read(parseKeyPolicy(Array.isArray(given) ? { Version: '2012-10-17', Statement: given } : given));
}

const plannedPolicy = (
  given: TrailCase,
  { document, skipsLockoutCheck = false }: { document?: Unread; skipsLockoutCheck?: boolean | null },
): PlannedPolicy => ({ document: reading<unknown>(document, read(documentOf(given))), skipsLockoutCheck });

function policyOf(given: TrailCase): KeyFacts['policy'] {
  const { policy } = given;
  if (typeof policy === 'object' && policy !== null && 'unread' in policy)
    return unread('denied', String(policy.unread));
  return read(parseKeyPolicy(documentOf(given)));
}

function documentOf(given: TrailCase): unknown {
  if (given.policy !== undefined) return given.policy;
  const version = given.policyVersion === undefined ? { Version: '2012-10-17' } : { Version: given.policyVersion };
  return { ...version, Statement: given.statements ?? publishedStatements(given) };
}

/** The statement for the account, and AWS's two statements for CloudTrail. */
function publishedStatements(given: TrailCase): readonly unknown[] {
  const { arn, partition, accountId } = trailIdentity(given.trailArn ?? TRAIL_ARN)!;
  const owner = keyIdentity(keyArn(given) ?? '')?.accountId ?? accountId;
  const forCloudTrail = { Effect: 'Allow', Principal: { Service: 'cloudtrail.amazonaws.com' }, Resource: '*' };
  return [
    {
      Sid: 'Account',
      Effect: 'Allow',
      Principal: { AWS: `arn:${partition}:iam::${owner}:root` },
      Action: 'kms:*',
      Resource: '*',
    },
    {
      Sid: 'Encrypt',
      ...forCloudTrail,
      Action: 'kms:GenerateDataKey*',
      Condition: { StringEquals: { 'aws:SourceArn': arn } },
    },
    {
      Sid: 'Describe',
      ...forCloudTrail,
      Action: 'kms:DescribeKey',
      Condition: { StringEquals: { 'aws:SourceArn': arn } },
    },
  ];
}

export const checkOptions = (given: TrailCase): CheckOptions => ({
  allowedKmsKeys: null,
  trustedAccounts: [],
  trustedOrganizations: null,
  requireKeyRotation: false,
  requiredReaders: [],
  deliveryEvidenceHours: 6,
  deliveryWindowHours: 24,
  ...given.options,
});
