import type { Mismatch, StatementExplanation } from './decision.ts';
import type { KeyPolicy } from './parse.ts';
import type { AccessRequest } from './request.ts';

/** Why each statement does or does not apply to the request; those that apply first, then the nearest miss. */
export function explain(_policy: KeyPolicy, _request: AccessRequest): readonly StatementExplanation[] {
  throw new Error('not yet');
}

/** One mismatch in words: "aws:SourceArn is `...`, the policy expects `...`". */
export function describeMismatch(_mismatch: Mismatch): string {
  throw new Error('not yet');
}
