import type { PolicyIssue } from '../policy/decision.ts';
import { impossibleConditions } from '../policy/impossible.ts';
import type { KeyPolicy } from '../policy/parse.ts';
import type { KeyState } from '../policy/request.ts';
import { TRAIL_CONTEXT_KEY } from './cloudTrail.ts';
import { viaService } from './conditionKeys/domains.ts';

const ACCOUNT = '############';
const ARN = 'arn:?*:?*:*:*:?**';

/** What the values of condition keys look like, whoever asks. */
const SYNTAX: Readonly<Record<string, { readonly pattern: string; readonly says: string }>> = {
  'kms:CallerAccount': { pattern: ACCOUNT, says: 'an account id' },
  'aws:PrincipalAccount': { pattern: ACCOUNT, says: 'an account id' },
  'aws:SourceAccount': { pattern: ACCOUNT, says: 'an account id' },
  'aws:ResourceAccount': { pattern: ACCOUNT, says: 'an account id' },
  'aws:SourceArn': { pattern: ARN, says: 'an ARN' },
  'aws:PrincipalArn': { pattern: ARN, says: 'an ARN' },
  [TRAIL_CONTEXT_KEY]: { pattern: ARN, says: 'an ARN' },
};

/** Conditions with values that their keys never have, so that the statement has no effect. */
export function impossibleValues(policy: KeyPolicy, keyArn: string): readonly PolicyIssue[] {
  const domains: Record<string, KeyState> = Object.fromEntries(
    Object.entries(SYNTAX).map(([key, { pattern, says }]) => [key, perhapsLike(pattern, says)]),
  );
  const service = viaService(keyArn);
  if (service !== null) domains['kms:ViaService'] = service;
  return impossibleConditions(policy, domains).map(({ statement, condition: { operator, key, values } }) => {
    const literal = values.some((value) => /[*?]/.test(value)) && !/like|arnequals/i.test(operator);
    const why = literal ? `: ${operator} takes \`*\` and \`?\` literally` : '';
    return {
      statement,
      kind: 'inert',
      message: `${key} is never \`${values.join('` or `')}\`${why}, so the statement has no effect`,
    };
  });
}

const perhapsLike = (pattern: string, says: string): KeyState => ({
  is: 'constrained',
  matching: [pattern],
  outside: [],
  orAbsent: true,
  says,
});
