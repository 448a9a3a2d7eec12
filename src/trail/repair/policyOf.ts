import { compileStatement } from '../../policy/compile.ts';
import type { KeyPolicy } from '../../policy/parse.ts';
import type { Statement } from '../../policy/statement.ts';

/**
 * A policy of chosen statements, to put a question to the engine. Policy variables mean what they mean in the policy that
 * the statements come from; a repair never changes Version.
 */
export function policyOf({ version }: KeyPolicy, statements: readonly Statement[]): KeyPolicy {
  const compiled = statements.map((statement) => compileStatement(statement, version === '2012-10-17'));
  return { document: null, text: null, version, statements, issues: [], compiled };
}
