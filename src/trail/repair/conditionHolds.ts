import { authorize } from '../../policy/authorize.ts';
import { compileStatement } from '../../policy/compile.ts';
import type { KeyPolicy } from '../../policy/parse.ts';
import { parseStatement } from '../../policy/parseStatement.ts';
import type { AccessRequest } from '../../policy/request.ts';
import type { Condition } from '../../policy/statement.ts';

/** Whether a condition of a policy holds in every world of a request, whatever the rest of its statement says. */
export function conditionHolds({ version }: KeyPolicy, condition: Condition, request: AccessRequest): boolean {
  const everything = { Effect: 'Allow', Principal: '*', Action: '*', Resource: '*' };
  const statement = { ...parseStatement(everything, 'Allow', 0).statement, conditions: [condition] };
  const compiled = [compileStatement(statement, version === '2012-10-17')];
  const alone: KeyPolicy = { document: null, text: null, version, statements: [statement], issues: [], compiled };
  return authorize(alone, request).outcome === 'allowed';
}
