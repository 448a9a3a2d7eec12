import { isList, type Json, member } from '../json.ts';
import { hasToken, isToken, splitOutsideTokens } from '../reference.ts';
import { type Resolved, refer, type Scope } from './scope.ts';
import { allowedValues, isListType, isLookedUp } from './template.ts';

/** The value of a parameter of the template. */
export function parameterValue(scope: Scope, name: string): Resolved {
  const parameter = scope.template.parameters.get(name) ?? {};
  const type = typeof parameter.Type === 'string' ? parameter.Type : null;
  const given = passedDown(scope, name) ?? member(scope.template.deployment.parameters, name);
  const value = given ?? parameter.Default;
  if (isLookedUp(type)) {
    const found = lookedUp(scope, value ?? null, given !== undefined);
    if (found !== null) return asType(/<(.*)>$/.exec(type ?? '')?.[1] ?? null, found);
  } else if (isList(value) && isListType(type)) return value;
  else if (value !== undefined && value !== null && typeof value !== 'object') return asType(type, String(value));
  const choices = isListType(type) || isLookedUp(type) ? null : allowedValues(parameter);
  const settledBy = isLookedUp(type) ? 'deployment' : 'parameter';
  return refer(scope, { id: `${scope.template.id} parameter ${name}`, name, kind: 'text', choices, settledBy });
}

/** What the template that nests this one gives a parameter. */
function passedDown(scope: Scope, name: string): Resolved {
  const parent = scope.links.parentOf(scope.template);
  const given = member(parent?.parameters, name);
  return parent === null || given === undefined ? undefined : scope.at(parent.template).resolve(given);
}

/** What no name of an SSM parameter looks like: the value itself is given. */
const SSM_VALUE = /^(arn:(?![^:]*:ssm:)|alias\/|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$)/;

/** The value of the SSM parameter that a parameter names, where somebody tells it. */
function lookedUp(scope: Scope, name: Json, isGiven: boolean): string | null {
  if (typeof name !== 'string' || hasToken(name)) return null;
  return ssmValue(scope, name, null) ?? (isGiven && SSM_VALUE.test(name) ? name : null);
}

function asType(type: string | null, value: string): Json {
  // A token alone may stand for any number of entries.
  if (!isListType(type) || isToken(value)) return value;
  return splitOutsideTokens(value, ',').map((entry) => entry.trim());
}

/** The value of an SSM parameter: as somebody tells it, or as the one template that declares it gives it. */
export function ssmValue(scope: Scope, name: string, version: string | null): string | null {
  const told = scope.links.ssmParameter(name, version);
  if (told !== null || version !== null) return told;
  const [only, ...others] = scope.links.named(scope.template, 'AWS::SSM::Parameter', name);
  if (only === undefined || others.length > 0) return null;
  const value = scope.at(only.template).resolve(only.resource.properties.Value);
  return typeof value === 'string' ? value : null;
}
