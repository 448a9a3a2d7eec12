import type { Decision } from './decision.ts';
import type { KeyPolicy } from './parse.ts';
import type { AccessRequest } from './request.ts';

/**
 * Decides a request by a key policy and, where given, resource control policies, of which none may deny.
 *
 * Of `resourceControlPolicies` only the Deny statements count.
 */
export function authorize(
  _policy: KeyPolicy,
  _request: AccessRequest,
  _resourceControlPolicies: readonly KeyPolicy[] = [],
): Decision {
  throw new Error('not yet');
}
