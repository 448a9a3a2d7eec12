import type { PolicyIssue } from '../policy/decision.ts';
import { impossibleConditions } from '../policy/impossible.ts';
import type { KeyPolicy } from '../policy/parse.ts';
import type { KeyState } from '../policy/request.ts';
import { TRAIL_CONTEXT_KEY } from './cloudTrail.ts';
import { viaService } from './conditionKeys/domains.ts';

const perhapsLike = (pattern: string, says: string): KeyState => ({
  is: 'constrained',
  matching: [pattern],
  outside: [],
  orAbsent: true,
  says,
});

const ACCOUNT = perhapsLike('############', 'an account id');
const ARN = perhapsLike('arn:?*:?*:*:*:?**', 'an ARN');

/** What the values of condition keys look like, whoever asks. */
const SYNTAX: Readonly<Record<string, KeyState>> = {
  'kms:CallerAccount': ACCOUNT,
  'aws:PrincipalAccount': ACCOUNT,
  'aws:SourceAccount': ACCOUNT,
  'aws:ResourceAccount': ACCOUNT,
  'aws:SourceArn': ARN,
  'aws:PrincipalArn': ARN,
  [TRAIL_CONTEXT_KEY]: ARN,
};

/** Conditions with values that their keys never have, so that the statement has no effect. */
export function impossibleValues(policy: KeyPolicy, keyArn: string): readonly PolicyIssue[] {
  const service = viaService(keyArn);
  const domains = service === null ? SYNTAX : { ...SYNTAX, 'kms:ViaService': service };
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
