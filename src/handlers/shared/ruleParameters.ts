import { InvalidParameterError } from '../../rule/errors.ts';
import { parseWrittenJson } from '../../rule/event/schema.ts';
import { quote } from '../../rule/quote.ts';

/**
 * The rule's parameters of a function that no AWS Config rule hands them to: the environment variable `RULE_PARAMETERS`,
 * the JSON that would be the rule's InputParameters. An empty variable is the same as none.
 *
 * @throws InvalidParameterError when it is not JSON; `parseParameters` checks the rest
 */
export function ruleParameters(environment: Readonly<Record<string, string | undefined>>): unknown {
  const text = environment.RULE_PARAMETERS?.trim() || '{}';
  return parseWrittenJson(text, 'RULE_PARAMETERS', (member, problem) => new InvalidParameterError(member, problem));
}

/**
 * The function behind the rules that a change of a key starts: the environment variable `RULE_FUNCTION_ARN`, without
 * version or alias.
 *
 * @throws InvalidParameterError when it is missing or no such ARN
 */
export function ruleFunctionArn(environment: Readonly<Record<string, string | undefined>>): string {
  const arn = environment.RULE_FUNCTION_ARN?.trim() ?? '';
  if (/^arn:[a-z-]+:lambda:[a-z0-9-]+:\d{12}:function:[\w-]+$/.test(arn)) return arn;
  throw new InvalidParameterError(
    'RULE_FUNCTION_ARN',
    `is ${quote(arn)}, accepted is the ARN of the function behind the rule, without version or alias`,
  );
}
