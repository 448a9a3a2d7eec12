import { matchesPattern, principalAccount } from './arn.ts';
import { CLOUDTRAIL, TRAIL_CONTEXT_KEY } from './cloudTrail.ts';
import type { Grant } from './grant.ts';

/** For whom a grant works: an account that is inside or nobody at all, one that is not, or nobody can say. */
export type Beneficiary = 'insider' | 'outsider' | 'unclear';

/** @param inside accounts that may have it */
export function beneficiaryOf(grant: Grant, inside: ReadonlySet<string>): Beneficiary {
  if (DELETED.test(grant.granteePrincipal)) return 'insider';
  const account = principalAccount(grant.granteePrincipal);
  const who = account === null ? servedBy(grant, inside) : inside.has(account) ? 'insider' : 'outsider';
  if (who === 'outsider' && isNeverMet(grant)) return 'insider';
  // A constraint that is not known may keep an outsider out, or be what says for whom a service works.
  return grant.constraints.unknown.length > 0 && (account === null || who === 'outsider') ? 'unclear' : who;
}

/** The unique id of a deleted principal, which is nobody. */
const DELETED = /^A[A-Z]{3}[A-Z0-9]{12,}$/;

/** A service works for the account of its SourceArn, or for the key's own. */
function servedBy({ granteePrincipal, constraints: { sourceArn } }: Grant, inside: ReadonlySet<string>): Beneficiary {
  if (!isService(granteePrincipal)) return 'unclear';
  if (sourceArn === null) return 'insider';
  const account = sourceAccount(sourceArn);
  if (/[*?]/.test(account)) return 'outsider';
  if (!/^\d{12}$/.test(account)) return 'unclear';
  return inside.has(account) ? 'insider' : 'outsider';
}

const isService = (name: string): boolean => /^[a-z0-9.-]+\.amazonaws\.[a-z.]+$/.test(name);

/** The account of an ARN, or what stands for it: a wildcard in its place, or one that takes the places before it in. */
function sourceAccount(arn: string): string {
  const segments = arn.split(':');
  return segments[4] ?? (/[*]/.test(arn) ? '*' : '');
}

/** CloudTrail sends the ARN of the trail that it works for as encryption context, but for CreateGrant. */
function isNeverMet({ granteePrincipal, operations, constraints }: Grant): boolean {
  const { sourceArn, encryptionContextEquals: whole, encryptionContextSubset: part } = constraints;
  if (granteePrincipal !== CLOUDTRAIL || sourceArn === null || operations.includes('CreateGrant')) return false;
  const isTrail = (key: string) => `kms:EncryptionContext:${key}`.toLowerCase() === TRAIL_CONTEXT_KEY.toLowerCase();
  const pairs = [part, whole].flatMap((context) => Object.entries(context ?? {}));
  return pairs.some(([key, arn]) => isTrail(key) && !matchesPattern(arn, sourceArn));
}

/** "`ROLE`", "`SERVICE` for `SOURCE_ARN`". */
export const granteeInWords = ({ granteePrincipal, constraints: { sourceArn } }: Grant): string =>
  `\`${granteePrincipal}\`${sourceArn === null ? '' : ` for \`${sourceArn}\``}`;

export function whyUnclear(grant: Grant): string {
  const { grantId, granteePrincipal, constraints } = grant;
  if (granteePrincipal === '') return `grant \`${grantId}\` names no grantee`;
  if (constraints.unknown.length > 0)
    return `grant \`${grantId}\` has the constraint \`${constraints.unknown.join('`, `')}\`, and nobody here knows what it asks for`;
  return `the account of ${granteeInWords(grant)}, the grantee of grant \`${grantId}\`, is not known`;
}
