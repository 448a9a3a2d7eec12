import type { Refusal } from '../../aws/errors.ts';

/** What stands in the place of a member that could not be read. */
export interface Unreadable {
  readonly Error: { readonly Code: string; readonly Message: string };
}

/** A member as an AWS API returned it, or why it was not to be had. */
export type Member<T> = T | Unreadable;

/** A snapshot as `collect` writes it and `evaluate` reads it: members are what the AWS APIs return. */
export interface SnapshotDocument {
  readonly version: 1;
  /** ISO 8601: the clock of every evaluation of this snapshot. */
  readonly collectedAt: string;
  readonly trails: readonly Member<TrailEntry>[];
  readonly keys: readonly KeyEntry[];
  readonly buckets: readonly BucketEntry[];
  readonly resourceControlPolicies: readonly PoliciesEntry[];
  readonly organizations: readonly OrganizationEntry[];
}

/** From DescribeTrails and GetTrailStatus. */
export interface TrailEntry {
  readonly Trail: Readonly<Record<string, unknown>>;
  readonly Status: Member<Readonly<Record<string, unknown>>>;
}

/** From DescribeKey, GetKeyPolicy, GetKeyRotationStatus, ListAliases and ListGrants; or nothing but why not. */
export type KeyEntry =
  | { readonly KeyArn: string; readonly Error: Unreadable['Error'] }
  | {
      readonly KeyArn: string;
      readonly KeyMetadata: Member<Readonly<Record<string, unknown>>>;
      readonly Policy: Member<string>;
      readonly KeyRotationEnabled: Member<boolean> | null;
      readonly Aliases: Member<readonly string[]>;
      readonly Grants: Member<readonly Readonly<Record<string, unknown>>[]>;
    };

export interface BucketEntry {
  readonly Name: string;
  readonly Region: Member<string>;
  readonly SSEAlgorithm: Member<string> | null;
  readonly BucketKeyEnabled: Member<boolean> | null;
}

export interface PoliciesEntry {
  readonly AccountId: string;
  readonly Policies: Member<readonly Member<string>[]>;
}

export interface OrganizationEntry {
  readonly AccountId: string;
  readonly Id: Member<string>;
  readonly ManagementAccountId: string | null;
}

export const isUnreadable = (member: unknown): member is Unreadable =>
  typeof member === 'object' && member !== null && Object.hasOwn(member, 'Error');

/** @param Code AWS's own where it answered with one */
export const unreadable = (Code: string, Message: string): Unreadable => ({ Error: { Code, Message } });

/** A refusal in AWS's words, or in `reason`'s where AWS does not say who lacks what. */
export function refused(refusal: Refusal, reason: string): Unreadable {
  return unreadable(refusal.code, /not authorized/.test(refusal.message) ? refusal.message : reason);
}
