import type { PolicyIssue } from './decision.ts';
import type { Statement } from './statement.ts';

/** A parsed and compiled policy. */
export interface KeyPolicy {
  readonly version: '2012-10-17' | '2008-10-17' | null;
  readonly statements: readonly Statement[];
  readonly issues: readonly PolicyIssue[];
}

export type KeyPolicyParse =
  | { readonly valid: true; readonly policy: KeyPolicy }
  | { readonly valid: false; readonly error: string };

/**
 * Parses a key policy, given as JSON text or as the parsed document.
 *
 * Never throws. Invalid are only: text that is not JSON, a member given twice, a wrong Version, Effect or Statement, and
 * more than 32 KB. Everything else stays evaluable; what AWS would refuse or ignore is listed in `issues`.
 */
export function parseKeyPolicy(_input: unknown): KeyPolicyParse {
  throw new Error('not yet');
}
