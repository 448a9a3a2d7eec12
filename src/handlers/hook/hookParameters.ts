import { InvalidParameterError } from '../../rule/errors.ts';
import { parseParameters, type RuleParameters } from '../../rule/parameters.ts';
import { PARAMETER_NAMES, PARAMETERS } from '../../rule/parameterTable.ts';
import { quote } from '../../rule/quote.ts';
import { ruleParameters } from '../shared/ruleParameters.ts';

/** The hook reads no live account, so these could have no effect. */
export const WITHOUT_EFFECT = PARAMETER_NAMES.filter((name) => PARAMETERS[name].isForLiveAccounts === true);

/**
 * The rule parameters of the hook, from `RULE_PARAMETERS`; what is undecided does not block unless they say so.
 *
 * @throws InvalidParameterError
 */
export function hookParameters(environment: Readonly<Record<string, string | undefined>>): RuleParameters {
  const given = ruleParameters(environment);
  const isPlain = typeof given === 'object' && given !== null && !Array.isArray(given);
  const parameters = parseParameters(isPlain ? { whenUndecided: 'COMPLIANT', ...given } : given);
  for (const name of WITHOUT_EFFECT) {
    if (parameters[name] === null) continue;
    throw new InvalidParameterError(
      name,
      `is ${quote(parameters[name])}, which has no effect in the hook: leave it out`,
    );
  }
  return parameters;
}
