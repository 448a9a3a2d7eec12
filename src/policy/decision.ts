import type { NearestValue } from './difference.ts';
import type { NearName } from './nearName.ts';
import type { GrammarCode } from './statement.ts';

/** Values of the condition keys in one world; `null` stands for a key that the request does not carry. */
export type World = Readonly<Record<string, string | readonly string[] | null>>;

/**
 * The answer to a request, with its reasons.
 *
 * - `allowed`, `denied`: so in every world that the documentation permits.
 * - `delegated`: the policy hands the decision to the IAM policies of the principal's account.
 * - `unknown`: worlds differ, or the documentation leaves the semantics open (then `reason` says which question).
 */
export interface Decision {
  readonly outcome: 'allowed' | 'denied' | 'delegated' | 'unknown';
  /** Sids (or `#index`, from 0) of the statements that decided. */
  readonly statements: readonly string[];
  /** On `unknown`: the condition keys that the answer depends on. */
  readonly dependsOn: readonly string[];
  /** On `unknown`: one world for each side, or `null` where the semantics are open or the cap was reached. */
  readonly witnesses: { readonly allowed: World | null; readonly denied: World | null } | null;
  /**
   * Why the answer is `unknown` without being provable either way; on `denied`, why statements that were meant to allow
   * allow nobody; otherwise `null`.
   */
  readonly reason: string | null;
}

/** One part of a statement that does not match a request, or that nobody can decide. */
export type Mismatch =
  | {
      /** IAM's grammar refuses the statement: such an Allow allows nobody, what such a Deny does nobody knows. */
      readonly part: 'grammar';
      readonly codes: readonly GrammarCode[];
      readonly result: 'no' | 'unknown';
      readonly why: string;
    }
  | {
      readonly part: 'principal' | 'action';
      readonly expected: readonly string[];
      readonly actual: string;
      /** NotPrincipal or NotAction. */
      readonly negated: boolean;
      /** The name that was surely meant to be the request's; `null` where the statement is about something else. */
      readonly near: NearName | null;
      readonly result: 'no' | 'unknown';
      readonly why: string;
    }
  | {
      readonly part: 'resource';
      readonly expected: readonly string[];
      readonly actual: string;
      readonly nearest: NearestValue | null;
      readonly result: 'no' | 'unknown';
      readonly why: string;
    }
  | ConditionMismatch;

/** A condition that does not hold, or that nobody can decide. */
export interface ConditionMismatch extends ComparedCondition {
  readonly part: 'condition';
  readonly result: 'no' | 'unknown';
}

/** A condition beside what the request carries. */
export interface ComparedCondition {
  readonly operator: string;
  readonly key: string;
  readonly expected: readonly string[];
  /** The request's value, `null` when the key is absent, `undefined` when its value is not known. */
  readonly actual: string | readonly string[] | null | undefined;
  /** The policy's value that comes nearest, and where it differs; `null` where no difference can be told. */
  readonly nearest: NearestValue | null;
  readonly why: string;
  /** The same where there is little room. */
  readonly brief: string;
}

/** Why one statement does or does not apply to a request. */
export interface StatementExplanation {
  /** Sid, or `#index` from 0. */
  readonly statement: string;
  readonly effect: 'Allow' | 'Deny';
  readonly applies: 'yes' | 'no' | 'unknown';
  /** The parts that do not match or cannot be decided, principal first; empty when the statement applies. */
  readonly mismatches: readonly Mismatch[];
  /** Of a Deny that applies: why its conditions hold; otherwise empty. */
  readonly matched: readonly ComparedCondition[];
}

/** Something in a policy that has no effect, or that AWS would not accept. */
export interface PolicyIssue {
  /** Sid, or `#index` from 0; `null` for the policy as a whole. */
  readonly statement: string | null;
  readonly kind: 'inert' | 'malformed' | 'sid-twice' | 'unknown-operator' | 'unreadable-value' | 'unquoted-account-id';
  readonly message: string;
}
