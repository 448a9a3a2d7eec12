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
  /** What IAM's grammar refuses in it, so that no policy with it can be written; empty where it is well formed. */
  readonly grammarErrors: readonly GrammarError[];
  /** Why the documentation does not say what a statement that may be well formed means; otherwise `null`. */
  readonly undecidable: string | null;
}

/** One breach of IAM's grammar (IAM User Guide, Grammar of the IAM JSON policy language). */
export interface GrammarError {
  readonly code: GrammarCode;
  readonly message: string;
}

/**
 * - `unknown-element`, `sid-form`, `both-forms`: the statement's members are not those of a statement.
 * - `principal-form`, `principal-type`, `principal-name`, `principal-wildcard`: the principal is none.
 * - `patterns-form`: Action or Resource holds something other than text.
 * - `condition-form`: Condition, or what one of its operators holds, is no object.
 * - `unknown-operator`, `no-values`, `value-form`: one condition cannot be one; the others can be read.
 */
export type GrammarCode =
  | 'unknown-element'
  | 'sid-form'
  | 'both-forms'
  | 'principal-form'
  | 'principal-type'
  | 'principal-name'
  | 'principal-wildcard'
  | 'patterns-form'
  | 'condition-form'
  | 'unknown-operator'
  | 'no-values'
  | 'value-form';

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
