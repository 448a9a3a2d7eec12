import { grantsToCloudTrail, withGrants } from './grantStatements.ts';
import type { KeyPolicySubject } from './keyPolicySubject.ts';
import { quoted } from './refusals.ts';
import type { CloudTrailRequest } from './requests.ts';
import { answers, deniedOf } from './serviceAccess.ts';

/**
 * Why it is open whether CloudTrail may do what no statement allows: a grant would allow it. `null` where none would, and
 * where a Deny applies. AWS documents that services use grants, and nowhere that CloudTrail does.
 */
export function grantedInstead(
  subject: KeyPolicySubject,
  requests: (granted: KeyPolicySubject) => readonly CloudTrailRequest[],
): string | null {
  const grants = grantsToCloudTrail(subject);
  if (grants.length === 0) return null;
  const granted = withGrants(subject, grants);
  if (deniedOf(answers(granted, requests(granted))).length > 0) return null;
  const names = quoted(grants.map(({ grantId }) => grantId));
  return `no statement allows it, and whether CloudTrail's requests count on grant ${names} nobody documents`;
}
