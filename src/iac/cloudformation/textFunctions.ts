import { isList, isObject, type Json } from '../json.ts';
import { hasToken, splitOutsideTokens } from '../reference.ts';
import { attributeOf, referTo } from './attributes.ts';
import { type Resolved, type Scope, unresolved } from './scope.ts';

/** Fn::Sub, with or without a map of its own variables. */
export function substitute(scope: Scope, argument: Json): Resolved {
  const [template, variables] = isList(argument) ? argument : [argument];
  // A dynamic reference may hold variables: whoever calls looks for it when they are filled in.
  const text = typeof template === 'string' ? template : scope.resolve(template);
  if (typeof text !== 'string') return unresolved(scope, 'Fn::Sub');
  return text.replace(/\$\{([^}]*)\}/g, (_, expression: string) => {
    if (expression.startsWith('!')) return `\${${expression.slice(1)}}`;
    const name = expression.trim();
    const value =
      isObject(variables) && Object.hasOwn(variables, name)
        ? scope.resolve(variables[name])
        : variableValue(scope, name);
    return textOf(scope, value, name);
  });
}

/** `${Name}` is a Ref, `${Name.Attribute}` a GetAtt. */
function variableValue(scope: Scope, name: string): Resolved {
  const dot = name.indexOf('.');
  return dot < 0 ? referTo(scope, name) : attributeOf(scope, name.slice(0, dot), name.slice(dot + 1));
}

export function join(scope: Scope, delimiter: Resolved, values: Resolved): Resolved {
  if (!isList(values)) return unresolved(scope, `Fn::Join ${describe(scope, values)}`);
  return values.map((value) => textOf(scope, value, 'Fn::Join')).join(String(delimiter ?? ''));
}

/** Splits a text. One with a reference that may hold the delimiter stays unresolved. */
export function split(scope: Scope, delimiter: Resolved, text: Resolved): Resolved {
  if (typeof text !== 'string' || typeof delimiter !== 'string' || delimiter === '')
    return unresolved(scope, `Fn::Split ${describe(scope, text)}`);
  const mayHold = scope.template.references
    .in(text)
    .some(({ kind }) => kind === 'text' || (kind === 'account' ? /^\d+$/ : /[\w-]/).test(delimiter));
  return mayHold ? unresolved(scope, `Fn::Split ${describe(scope, text)}`) : splitOutsideTokens(text, delimiter);
}

export function select(scope: Scope, index: Resolved, values: Resolved): Resolved {
  const at = typeof index === 'string' && /^\d+$/.test(index) ? Number(index) : index;
  if (isList(values) && typeof at === 'number') return values[at] ?? '';
  return unresolved(scope, `Fn::Select ${describe(scope, index)} of ${describe(scope, values)}`);
}

/** A value inside a text. A list or an object has no place there. */
function textOf(scope: Scope, value: Resolved, name: string): string {
  if (value === undefined || value === null) return '';
  return typeof value === 'object' ? unresolved(scope, name) : String(value);
}

function describe(scope: Scope, value: Resolved): string {
  if (typeof value !== 'string') return JSON.stringify(value ?? null).slice(0, 80);
  return hasToken(value) ? scope.template.references.names(value).replaceAll('`', '') : value.slice(0, 80);
}
