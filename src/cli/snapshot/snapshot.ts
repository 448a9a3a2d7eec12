import type { KeyParts } from '../../facts/keys.ts';
import type { NamedOutputs } from '../../facts/outputs.ts';
import type { TrailEvents } from '../../facts/trailEvents.ts';
import type { KeyPolicyParse } from '../../policy/parse.ts';
import type { Coverage } from '../../report/coverage.ts';
import type { BucketFacts, Reading, TrailDescription, TrailStatus, Unread } from '../../trail/facts.ts';

/** A snapshot of trails and of everything that their evaluation needs: what `collect` writes and `evaluate` reads. */
export interface Snapshot {
  /** When the facts were read, where the snapshot says so. */
  readonly collectedAt: Date | null;
  readonly trails: readonly SnapshotTrail[];
  /** Trails, or whole lists of trails, that the snapshot could not hold: one sentence part each. */
  readonly unreadTrails: readonly string[];
  /** By ARN; unread when the list itself could not be read. */
  readonly keys: Reading<ReadonlyMap<string, KeyParts>>;
  /** What is known of a key that is not among them; `null`: that it does not exist. */
  readonly otherKeys: Unread | null;
  /** By the ARN of a trail, keys that its files are encrypted with as their own events show. */
  readonly keysUsed: ReadonlyMap<string, readonly string[]>;
  /** By name; a bucket that is not listed is not known. */
  readonly buckets: Reading<ReadonlyMap<string, Reading<BucketFacts>>>;
  /** By account id. */
  readonly resourceControlPolicies: Reading<ReadonlyMap<string, Reading<readonly KeyPolicyParse[]>>>;
  /** By account id; an account that is not listed is not known. */
  readonly organizations: ReadonlyMap<string, Reading<string | null>>;
  /** Accounts that own an organization trail, or that a listed organization names as its management account. */
  readonly managementAccounts: Pick<ReadonlySet<string>, 'has' | 'keys'>;
  /** As trails of which only the key is known. */
  readonly eventDataStores: readonly TrailDescription[];
  /** Names by account id. */
  readonly accountNames: ReadonlyMap<string, string>;
  /** `null`: the snapshot does not say. */
  readonly coverage: Coverage | null;
  /** Values of SSM parameters, for `check`. */
  readonly ssmParameters: readonly SnapshotParameter[];
}

/** As GetParameter returns it. */
export interface SnapshotParameter {
  readonly Name: string;
  readonly Value: string | null;
  readonly Version: number | null;
}

export interface SnapshotTrail {
  readonly description: TrailDescription;
  readonly status: Reading<TrailStatus>;
  readonly events: TrailEvents;
  readonly outputs: NamedOutputs;
}
