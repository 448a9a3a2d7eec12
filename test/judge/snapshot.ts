import type { PolicyDocument } from './policyLanguage.ts';

/** A trail with its key: everything that the judged checks depend on. `undefined` where nobody could read it. */
export interface Snapshot {
  readonly seed: number;
  readonly partition: string;
  readonly trailArn: string;
  readonly isOrganization: boolean;
  readonly isMultiRegion: boolean;
  readonly keyPrefix: string | null;
  readonly logFileValidation: boolean;
  readonly insights: boolean;
  readonly bucketKey: boolean;
  readonly trailOrganization: string | null | undefined;
  readonly keyOrganization: string | null | undefined;
  readonly keyArn: string;
  readonly isMultiRegionKey: boolean;
  readonly aliases: readonly string[];
  readonly policy: PolicyDocument;
  readonly ramPolicy: PolicyDocument | null | undefined;
  readonly controls: readonly PolicyDocument[];
  readonly grants: readonly GrantDocument[];
  readonly trustedAccounts: readonly string[];
  readonly trustedOrganizations: readonly string[] | null;
}

export interface GrantDocument {
  readonly GrantId: string;
  readonly GranteePrincipal: string;
  readonly Operations: readonly string[];
  readonly SourceArn?: string;
  readonly EncryptionContextEquals?: Readonly<Record<string, string>>;
  readonly EncryptionContextSubset?: Readonly<Record<string, string>>;
  /** The name of a constraint that nobody knows. */
  readonly Strange?: string;
}

export const AS_OF = '2026-11-20T12:00:00.000Z';
export const SERVICE = 'cloudtrail.amazonaws.com';
export const BUCKET = 'logs';

export const accountOf = (arn: string): string => arn.split(':')[4] ?? '';
export const regionOf = (arn: string): string => arn.split(':')[3] ?? '';

/** Every policy of the key, each with its own Version. */
export const keyPolicies = ({ policy, ramPolicy }: Snapshot): readonly PolicyDocument[] =>
  ramPolicy ? [policy, ramPolicy] : [policy];

export const trustedOrganizationsOf = (one: Snapshot): readonly string[] =>
  one.trustedOrganizations ?? (one.trailOrganization ? [one.trailOrganization] : []);

/** Accounts that are nobody's outsiders. */
export const insidersOf = (one: Snapshot): readonly string[] => [
  accountOf(one.trailArn),
  accountOf(one.keyArn),
  ...one.trustedAccounts,
];
