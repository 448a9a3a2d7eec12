import type { KeyFacts, KeyMetadata } from '../trail/facts.ts';
import type { Grant } from '../trail/grant.ts';
import type { KeyShare } from '../trail/keyShare.ts';
import type { Json } from './json.ts';

/** Where something stands in a file; line and column start at 1. */
export interface Location {
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

/** A value that the file settles, or the sentence part that says why it does not. */
export type Settled<T> =
  | { readonly settled: true; readonly value: T }
  | { readonly settled: false; readonly why: string };

export const settled = <T>(value: T): Settled<T> => ({ settled: true, value });
export const unsettled = (why: string): Settled<never> => ({ settled: false, why });

/** Where a trail or key is deployed; texts may hold tokens. */
export interface DeploymentPlace {
  readonly partition: string;
  readonly accountId: string;
  readonly region: string;
}

/** A trail as a template or a plan describes it. Texts may hold tokens. */
export interface TrailModel {
  readonly place: DeploymentPlace;
  readonly name: string;
  /** `null`: the trail has no bucket that the file names. */
  readonly bucketName: string | null;
  readonly keyPrefix: string | null;
  readonly isMultiRegion: Settled<boolean>;
  readonly isOrganization: Settled<boolean>;
  readonly logFileValidation: Settled<boolean>;
  readonly hasInsightSelectors: Settled<boolean>;
  /** The category of events that each advanced event selector chooses; `null`: the file does not settle it. */
  readonly eventCategories: Settled<readonly (string | null)[]>;
  /** Whether aggregated events are delivered. */
  readonly aggregates: Settled<boolean>;
  /** False: the trail is declared as stopped. */
  readonly isLogging: Settled<boolean>;
  readonly bucket: BucketModel;
  /** The log group and the topic that the file declares; `null` or left out: it has none, or the file declares another. */
  readonly logGroup?: LogGroupModel | null;
  readonly topic?: TopicModel | null;
  /** `null`: the trail names no key. */
  readonly key: KeyModel | null;
  /** What writes the policy of the key and need not come before the trail; `null`: nothing. */
  readonly lateWriter: string | null;
  /** It is no trail: an event data store, of which only the key matters. */
  readonly isEventDataStore?: boolean;
}

export interface BucketModel {
  /** May hold tokens. */
  readonly region: Settled<string>;
  readonly encryption: Settled<{ readonly algorithm: string | null; readonly bucketKeyEnabled: boolean }>;
  /** As JSON whose texts may hold tokens; `null` or left out: the file declares none. */
  readonly policy?: Settled<Json> | null;
}

export interface LogGroupModel {
  /** May hold tokens. */
  readonly name: string;
  readonly kmsKeyId: Settled<string | null>;
}

export interface TopicModel {
  /** May hold tokens. */
  readonly name: string;
  readonly key: Settled<KeyModel | null>;
}

export type KeyModel = DeclaredKey | KnownKey | DeployedKey | ElsewhereKey;

/** A key that the file declares. */
export interface DeclaredKey {
  readonly is: 'declared';
  /** No other key of the given files has it. */
  readonly id: string;
  /** Logical id or resource address. */
  readonly address: string;
  readonly cdkPath: string | null;
  /** As the trail names it. */
  readonly reference: string;
  readonly arn: string;
  readonly enabled: Settled<boolean>;
  readonly spec: Settled<string>;
  readonly usage: Settled<string>;
  readonly origin: Settled<string>;
  /** Imported material: when it expires. */
  readonly validTo: Date | null;
  readonly isMultiRegion: Settled<boolean>;
  readonly rotation: Settled<'on' | 'off'>;
  /** Those that the file gives; there may be others. */
  readonly grants: readonly Grant[];
  readonly shares: readonly ShareModel[];
  /** The key policy as JSON whose texts may hold tokens. */
  readonly policy: Settled<Json>;
  /** BypassPolicyLockoutSafetyCheck. */
  readonly skipsLockoutCheck: Settled<boolean>;
}

/** A key that stands elsewhere and of which the file knows something all the same (a data source, an AWS managed key). */
export interface KnownKey {
  readonly is: 'known';
  /** Of the data source that read it; `null` where none did. */
  readonly address: string | null;
  readonly reference: string;
  readonly arn: string | null;
  readonly metadata: KeyMetadata;
  /** Those that the file gives; there may be others. */
  readonly grants: readonly Grant[];
  readonly shares: readonly ShareModel[];
  readonly policy: Settled<Json>;
}

/** A key that is deployed already, as a snapshot holds it. */
export interface DeployedKey {
  readonly is: 'deployed';
  readonly reference: string;
  readonly arn: string;
  readonly facts: KeyFacts;
}

/** A share through AWS RAM that a file declares; texts may hold tokens. */
export interface ShareModel extends KeyShare {
  /** Why nobody can say whether it is of this key; `null` where it is. */
  readonly doubt: string | null;
}

/** A key that the file only names, or a reference that it does not resolve. */
export interface ElsewhereKey {
  readonly is: 'elsewhere';
  readonly reference: string;
  /** The key's ARN where the reference is one. */
  readonly arn: string | null;
  /** Why nothing more is known, or why it is no key. */
  readonly why: string;
  /** What is named can be no KMS key in any world. */
  readonly isImpossible: boolean;
}

/** A trail of a file: its address, and what it is under some values of what the file leaves open. */
export interface TrailSource {
  /** No other trail or key of the given files has it. */
  readonly id: string;
  readonly address: string;
  /** `aws:cdk:path`: what the author of a CDK app calls it; `null` where there is none. */
  readonly cdkPath: string | null;
  readonly location: Location;
  /** How the file calls the property that names the key. */
  readonly keyProperty: string;
  /** A property in its place that there is not, as a sentence part; `null`: none. */
  readonly misspeltKeyProperty: string | null;
  /** The trail in a world; `null` where the trail is not created there. */
  readonly model: (world: Assignment) => Resolution;
  /** Anything where the trail is not created, `null` where it is; itself `null`: it is created in every world. */
  readonly absent: ((world: Assignment) => Resolution) | null;
}

/** The keys that a file declares. */
export interface DeclaredKeys {
  /** Those that are meant for CloudTrail, each with a trail that stands for the ones that it will have. */
  readonly forCloudTrail: readonly TrailSource[];
  /** Addresses of those whose policy does not name CloudTrail. */
  readonly others: readonly string[];
}

export interface Resolution {
  readonly trail: TrailModel | null;
  /** Values that a reference was compared with while the model was made, by id. */
  readonly compared: ReadonlyMap<string, ReadonlySet<string>>;
}

/** Values that references are given, by id; the others keep their tokens. */
export type Assignment = ReadonlyMap<string, string>;

/** KMS's policy for a key that is made without one (AWS KMS Developer Guide, Default key policy). */
export const defaultPolicy = ({ partition, accountId }: DeploymentPlace): Json => ({
  Version: '2012-10-17',
  Id: 'key-default-1',
  Statement: [
    {
      Sid: 'Enable IAM User Permissions',
      Effect: 'Allow',
      Principal: { AWS: `arn:${partition}:iam::${accountId}:root` },
      Action: 'kms:*',
      Resource: '*',
    },
  ],
});

export const arnOf = (service: string, { partition, accountId, region }: DeploymentPlace, resource: string): string =>
  `arn:${partition}:${service}:${region}:${accountId}:${resource}`;
