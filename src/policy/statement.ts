/** The parsed elements of one policy statement. Element lists are empty where the statement leaves them out. */
export interface Statement {
  /** The Sid, or `#index` (from 0) where there is none. */
  readonly label: string;
  readonly effect: 'Allow' | 'Deny';
  readonly principal: PrincipalElement;
  /** `null` when the statement has neither Action nor NotAction: it has no effect. */
  readonly action: PatternElement | null;
  /** `null` when the statement has neither Resource nor NotResource: it has no effect. */
  readonly resource: PatternElement | null;
  readonly conditions: readonly Condition[];
  /** Why AWS would refuse the statement on write, so that nobody can say what it does; `null` where it is well formed. */
  readonly undecidable: string | null;
}

/** Principal or NotPrincipal. */
export interface PrincipalElement {
  /** NotPrincipal. */
  readonly negated: boolean;
  /** `"Principal": "*"`: everyone, service principals too. */
  readonly everyone: boolean;
  /** Account ids, ARNs, `*`, unique ids of deleted principals. */
  readonly aws: readonly string[];
  readonly service: readonly string[];
  readonly federated: readonly string[];
  readonly canonicalUser: readonly string[];
}

/** Action, Resource, or their Not forms. */
export interface PatternElement {
  readonly negated: boolean;
  readonly patterns: readonly string[];
}

/** One condition operator with one key and its values. */
export interface Condition {
  /** As written: `ForAllValues:StringLikeIfExists`. */
  readonly operator: string;
  /** As written. */
  readonly key: string;
  /** Numbers and booleans as text; empty where the value is neither text, number, boolean nor a list of those. */
  readonly values: readonly string[];
}
