import { authorize } from '../../policy/authorize.ts';
import type { KeyPolicy } from '../../policy/parse.ts';
import { parseStatement } from '../../policy/parseStatement.ts';
import type { AccessRequest } from '../../policy/request.ts';
import type { Condition } from '../../policy/statement.ts';
import { policyOf } from './policyOf.ts';

/** Whether a condition of a policy holds in every world of a request, whatever the rest of its statement says. */
export function conditionHolds(policy: KeyPolicy, condition: Condition, request: AccessRequest): boolean {
  const everything = { Effect: 'Allow', Principal: '*', Action: '*', Resource: '*' };
  const statement = { ...parseStatement(everything, 'Allow', 0).statement, conditions: [condition] };
  return authorize(policyOf(policy, [statement]), request).outcome === 'allowed';
}
