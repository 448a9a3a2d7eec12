import type { KeyPolicyParse } from '../policy/parse.ts';
import type { ChangeEvent } from './changes.ts';
import type { Grant } from './grant.ts';
import type { KeyShare } from './keyShare.ts';
import type { KeyEvent, KeyLastUsage } from './keyUse.ts';
import type { Owner } from './owner.ts';

/** A value as AWS returned it, or the reason why it is not known. */
export type Reading<T> = Read<T> | Unread;

export interface Read<T> {
  readonly read: true;
  readonly value: T;
  /** When the value was recorded, where it was not read live (AWS Config aggregator). */
  readonly capturedAt?: Date;
}

export interface Unread {
  readonly read: false;
  readonly code: UnreadCode;
  /** One sentence part for a person: what is missing, such as the permission and the principal that lacks it. */
  readonly reason: string;
  /** What denied it; left out where it was not denied, or AWS does not say. */
  readonly deniedBy?: DeniedBy;
  /** What whoever reads would have to be allowed; left out where nobody knows who asked for what, or it was not denied. */
  readonly lacks?: MissingPermission;
}

export interface MissingPermission {
  /** Who was denied: an ARN or words; `null`: nobody asked, since there is no role for it in the account. */
  readonly principal: string | null;
  /** An IAM action. */
  readonly action: string;
  /** An ARN or a name. */
  readonly resource: string;
}

/** The kind of policy that denied a request, as AWS says. */
export interface DeniedBy {
  /** `resource`: of a key its key policy. */
  readonly policy: 'scp' | 'rcp' | 'boundary' | 'session' | 'endpoint' | 'identity' | 'resource';
  /** By a Deny statement; otherwise no policy of the kind allows it. */
  readonly isExplicit: boolean;
}

/**
 * - `denied`: a permission or a role is missing.
 * - `not-found`: what would tell is not there, or is not shown.
 * - `not-asked`: nobody asked for it, or nothing depends on it.
 * - `not-told`: the answer, the snapshot or the file leaves it out.
 * - `unresolved`: the file names it by a reference that nothing settles.
 * - `invalid`: it is there, and nothing can be made of it.
 * - `failed`: AWS answered with another error, which the reason carries.
 */
export type UnreadCode = 'denied' | 'not-found' | 'not-asked' | 'not-told' | 'unresolved' | 'invalid' | 'failed';

export const read = <T>(value: T): Read<T> => ({ read: true, value });
export const unread = (code: UnreadCode, reason: string): Unread => ({ read: false, code, reason });

/** How a trail is configured. `null` in a member means: not known, but for `kmsKeyId` and `keyPrefix`. */
export interface TrailDescription {
  readonly arn: string;
  readonly name: string;
  /** `aws`, `aws-cn`, `aws-us-gov`, ...: from the ARN. */
  readonly partition: string;
  /** The owner, from the ARN; for an organization trail the management account. */
  readonly accountId: string;
  readonly homeRegion: string;
  /** As the trail names it: a key ARN, a key id, an alias name or an alias ARN; `null` when the trail names no key. */
  readonly kmsKeyId: string | null;
  readonly bucketName: string | null;
  /** `null` or empty: none, because CloudTrail's APIs leave it out then; `**` stands for one that is not known. */
  readonly keyPrefix: string | null;
  readonly isMultiRegion: boolean | null;
  readonly isOrganization: boolean | null;
  readonly logFileValidation: boolean | null;
  readonly hasInsightSelectors: boolean | null;
  /** False: the trail logs management events alone. */
  readonly hasCustomEventSelectors?: boolean | null;
  /** Who deploys it, by its name or its tags; `null` or left out: nobody that is known, or the file at hand. */
  readonly owner?: Owner | null;
  /**
   * It is no trail: an event data store, which is evaluated as one of which only the key is known. `unread`: why nothing of it is;
   * `refused`: by whom, where somebody refused it.
   */
  readonly eventDataStore?: { readonly unread: string | null; readonly refused?: Unread };
}

/** What is known of one trail. */
export interface TrailFacts extends TrailDescription {
  readonly status: Reading<TrailStatus>;
  readonly bucket: Reading<BucketFacts>;
  /** The organization of the trail's account; `null` when the account belongs to none. */
  readonly organizationId: Reading<string | null>;
  /** When the facts were true. */
  readonly asOf: Date;
  /**
   * The category of events that each advanced event selector chooses; `null`: the selector does not say. Read where a
   * policy looks at the path of the file that is encrypted.
   */
  readonly eventCategories?: Reading<readonly (string | null)[]>;
  /** Whether aggregated events are delivered; read where `eventCategories` is. */
  readonly aggregates?: Reading<boolean>;
  /** Whether a file declares the trail as logging; `null` or left out: no file does. */
  readonly isDeclaredLogging?: boolean | null;
  readonly changes?: KnownChanges;
  /** The log group and the topic that it delivers to as well; left out where it has none, or nobody read it. */
  readonly logGroup?: Reading<LogGroupFacts>;
  readonly topic?: Reading<TopicFacts>;
  /** The keys that it named before; left out where nobody knows. */
  readonly previousKeys?: Reading<readonly KeyFacts[]>;
  /** Where they were looked for; left out where nobody knows. */
  readonly previousKeySources?: readonly PreviousKeySource[];
  /** Trials of kms:Decrypt as roles that read its logs; left out: none was asked for. */
  readonly readerDryRuns?: readonly ReaderDryRun[];
  /** What changed it in the last 90 days; left out: nobody asked. */
  readonly changeEvents?: Reading<readonly ChangeEvent[]>;
}

/** What tells of the keys that a trail named before: AWS Config's history of it, calls that gave it a key, its uses of other keys. */
export interface PreviousKeySource {
  readonly from: 'config-history' | 'trail-events' | 'key-events';
  /** Why it could not be read; `null`: it was. */
  readonly unread: string | null;
}

/** What KMS answered to kms:Decrypt with `DryRun`, asked directly by a role that reads logs, with the trail's encryption context. */
export interface ReaderDryRun {
  readonly roleArn: string;
  /** `open`: it could not be asked, or the answer is another one. */
  readonly outcome: 'allowed' | 'denied' | 'open';
  readonly reason: string;
  /** The kind of policy that denied it, where AWS says so. */
  readonly deniedBy: DeniedBy['policy'] | null;
}

export interface LogGroupFacts {
  readonly arn: string;
  /** `null`: none. */
  readonly kmsKeyId: string | null;
}

export interface TopicFacts {
  readonly arn: string;
  /** The key that its messages are encrypted with; `null`: none. */
  readonly key: KeyFacts | null;
}

/** When what is evaluated last changed, as far as that is known. */
export interface KnownChanges {
  readonly trail: Date | null;
  readonly key: Date | null;
}

/** From GetTrailStatus in the trail's home Region. */
export interface TrailStatus {
  readonly isLogging: boolean | null;
  readonly latestDeliveryTime: Date | null;
  readonly latestDigestDeliveryTime?: Date | null;
  /** When logging was last started. */
  readonly startedLoggingAt?: Date | null;
  /** Whether it was read in the account that owns the trail: a member account may be shown another status. */
  readonly isOwners?: boolean | null;
  /** S3's or KMS's error code; `null` when none is set. */
  readonly latestDeliveryError: string | null;
  readonly latestDigestDeliveryError: string | null;
}

export interface BucketFacts {
  readonly region: Reading<string>;
  readonly encryption: Reading<BucketEncryption>;
  /** `null`: it has none. Left out where nobody asked for it. */
  readonly policy?: Reading<KeyPolicyParse | null>;
}

export interface BucketEncryption {
  /** `AES256`, `aws:kms`, `aws:kms:dsse`; `null` when not known. */
  readonly algorithm: string | null;
  readonly bucketKeyEnabled: boolean | null;
}

/** What is known of the key that a trail names. */
export interface KeyFacts {
  /** As the trail names it. */
  readonly reference: string;
  /** The key's ARN, where the reference could be resolved. */
  readonly arn: string | null;
  readonly exists: Reading<boolean>;
  readonly metadata: Reading<KeyMetadata>;
  /** The policy that the key's owner writes: `default`. */
  readonly policy: Reading<KeyPolicyParse>;
  /** The one that AWS RAM writes for a key that is shared through it: `AWS_RAM`; `null`: there is none. */
  readonly ramPolicy: Reading<KeyPolicyParse | null>;
  readonly grants: Reading<readonly Grant[]>;
  readonly rotation: Reading<KeyRotation>;
  /** With the `alias/` prefix. */
  readonly aliases: Reading<readonly string[]>;
  /** Resource control policies that apply to the key; an empty list where none can (management account). */
  readonly resourceControlPolicies: Reading<readonly KeyPolicyParse[]>;
  /** The organization of the key's account; `null` when the account belongs to none. */
  readonly organizationId: Reading<string | null>;
  /** Who deploys it, by its aliases or its tags; `null` or left out: nobody that is known, or the file at hand. */
  readonly owner?: Owner | null;
  /** Shares through AWS RAM that a file declares, whose policy RAM has still to write. */
  readonly shares?: readonly KeyShare[];
  /** Those of the same multi-Region key of which something is known, each with policies of its own. */
  readonly relatedKeys?: readonly KeyFacts[];
  /** Of a key that a file declares: what is to be written. A deployed key has none. */
  readonly planned?: PlannedPolicy;
  /** Its own latest events; left out: nobody asked for them. */
  readonly events?: Reading<readonly KeyEvent[]>;
  /** What changed it in the last 90 days; left out: nobody asked. */
  readonly changeEvents?: Reading<readonly ChangeEvent[]>;
  /** Left out: nobody asked for it. */
  readonly lastUsage?: Reading<KeyLastUsage>;
}

/** A key policy that KMS has not been asked to take yet. */
export interface PlannedPolicy {
  /** As JSON text or as a document; what the file leaves open stands for something that KMS takes. */
  readonly document: Reading<unknown>;
  /** KMS is told not to refuse a policy that locks its writer out; `null`: not known. */
  readonly skipsLockoutCheck: boolean | null;
}

/** From DescribeKey. `null` in a member means: not known. */
export interface KeyMetadata {
  readonly state: string | null;
  readonly manager: string | null;
  readonly spec: string | null;
  readonly usage: string | null;
  readonly origin: string | null;
  readonly deletionDate: Date | null;
  /** When imported key material expires; `null` when it does not, or the material is not imported. */
  readonly validTo: Date | null;
  readonly isMultiRegion: boolean | null;
  /** `PRIMARY` or `REPLICA`, of a multi-Region key. */
  readonly multiRegionKeyType?: string | null;
  readonly creationDate?: Date | null;
  /** ARNs of the primary key and the replicas of the same multi-Region key, without its own. */
  readonly relatedKeys: readonly string[] | null;
}

export type KeyRotation = 'on' | 'off' | 'unsupported';
