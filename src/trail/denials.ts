import type { StatementExplanation } from '../policy/decision.ts';
import type { KeyPolicy } from '../policy/parse.ts';
import type { PrincipalElement } from '../policy/statement.ts';
import { CLOUDTRAIL } from './cloudTrail.ts';

/** Why a Deny statement applies to CloudTrail's request: its conditions as they hold; whom it covers, where that tells more. */
export function whyDenied(
  { statement, matched }: StatementExplanation,
  { statements }: KeyPolicy,
  words: 'why' | 'brief',
): string {
  const named = statements.find(({ label }) => label === statement);
  const whom = named === undefined ? [] : whomInWords(named.principal, matched.length === 0);
  return [...matched.map((condition) => condition[words]), ...whom].join('; ');
}

function whomInWords(principal: PrincipalElement, isAll: boolean): readonly string[] {
  if (principal.negated) {
    const spared = principal.everyone ? ['*'] : [...principal.aws, ...principal.service, ...principal.federated];
    return [`NotPrincipal spares \`${spared.slice(0, 2).join('`, `')}\`, not \`${CLOUDTRAIL}\``];
  }
  if (!isAll) return [];
  return [principal.everyone ? 'it covers every principal and has no condition' : `it names \`${CLOUDTRAIL}\``];
}
