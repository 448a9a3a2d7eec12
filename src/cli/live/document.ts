import type { ListedAccount } from '../../aws/read/accounts.ts';
import type {
  BucketEntry,
  ErrorMember,
  EventMember,
  KeyEntry,
  Member,
  OrganizationEntry,
  PoliciesEntry,
  StatusMember,
  TrailMember,
} from '../../facts/members.ts';
import type { TrailEventMembers } from '../../facts/trailEvents.ts';
import type { Coverage } from '../../report/coverage.ts';

/** A snapshot as `collect` writes it and `evaluate` reads it: members are what the AWS APIs return. */
export interface SnapshotDocument {
  readonly version: 1;
  /** ISO 8601: the clock of every evaluation of this snapshot. */
  readonly collectedAt: string;
  /** An account, a Region or a trail that could not be read stands as its error. */
  readonly trails: readonly (TrailEntry | ErrorMember)[];
  readonly keys: readonly KeyEntry[];
  readonly buckets: readonly BucketEntry[];
  readonly resourceControlPolicies: readonly PoliciesEntry[];
  readonly organizations: readonly OrganizationEntry[];
  /** Names of accounts, where an organization was listed. */
  readonly accounts: readonly ListedAccount[];
  readonly coverage: Coverage | null;
}

/** From DescribeTrails, GetTrailStatus and, where a policy looks at the path of a file, what tells which files there are. */
export interface TrailEntry extends TrailEventMembers {
  readonly Trail: TrailMember;
  readonly Status: Member<StatusMember>;
  readonly ChangeEvents?: Member<readonly EventMember[]>;
}
