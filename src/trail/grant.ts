/** From ListGrants. */
export interface Grant {
  readonly grantId: string;
  /** An AWS principal or a service principal; empty where KMS names neither. */
  readonly granteePrincipal: string;
  readonly operations: readonly string[];
  readonly issuingAccount: string | null;
  /** An AWS principal or a service principal. */
  readonly retiringPrincipal: string | null;
  readonly constraints: GrantConstraints;
}

/** What has to hold of a request before a grant gives anything; `null`: nothing of the kind. */
export interface GrantConstraints {
  /** Has the effect of a condition on aws:SourceArn. */
  readonly sourceArn: string | null;
  /** The whole encryption context; and what has to be in it. KMS compares its keys without case, its values with case. */
  readonly encryptionContextEquals: Readonly<Record<string, string>> | null;
  readonly encryptionContextSubset: Readonly<Record<string, string>> | null;
  /** Names of constraints of which nobody here knows what they ask for. */
  readonly unknown: readonly string[];
}

export const UNCONSTRAINED: GrantConstraints = {
  sourceArn: null,
  encryptionContextEquals: null,
  encryptionContextSubset: null,
  unknown: [],
};
