import { isList, isObject, type Json, type JsonObject } from '../json.ts';
import type { Assignment } from '../model.ts';
import { hasToken, replaceTokens } from '../reference.ts';
import { attributeOf, referTo } from './attributes.ts';
import { holds } from './conditions.ts';
import { importedValue } from './imports.ts';
import type { Links } from './links.ts';
import { ssmValue } from './parameters.ts';
import { type Resolved, type Scope, shown, unresolved } from './scope.ts';
import type { Template } from './template.ts';
import { join, select, split, substitute } from './textFunctions.ts';

/** What one trail is resolved with in one world. */
export function newScope(template: Template, world: Assignment, links: Links): Scope {
  const scopes = new Map<Template, Scope>();
  const compared = new Map<string, Set<string>>();
  const at = (other: Template): Scope => {
    const known = scopes.get(other);
    if (known !== undefined) return known;
    const scope: Scope = {
      template: other,
      links,
      at,
      world,
      compared,
      open: new Set(),
      resolve: (value) => resolve(scope, value),
    };
    scopes.set(other, scope);
    return scope;
  };
  return at(template);
}

/**
 * A value of a template with its intrinsic functions evaluated. What cannot be settled becomes the token of a reference;
 * AWS::NoValue removes its member or entry.
 */
function resolve(scope: Scope, value: Json | undefined): Resolved {
  if (typeof value === 'string') return dynamicReferences(scope, worldly(scope, value));
  if (isList(value)) return value.map((entry) => resolve(scope, entry)).filter((entry) => entry !== undefined);
  if (!isObject(value)) return value;
  const [name, ...others] = Object.keys(value);
  if (name !== undefined && others.length === 0 && isFunction(name)) return call(scope, name, value[name] ?? null);
  return resolveMembers(scope, value);
}

function resolveMembers(scope: Scope, value: JsonObject): Resolved {
  const members: [string, Json][] = [];
  for (const [name, entry] of Object.entries(value)) {
    const resolved = name.startsWith('Fn::') ? unresolved(scope, name) : resolve(scope, entry);
    if (resolved !== undefined) members.push([name, resolved]);
  }
  return Object.fromEntries(members);
}

const isFunction = (name: string): boolean => name === 'Ref' || name.startsWith('Fn::');

/** The text of an inline template may hold references of the template that it stands in. */
const worldly = ({ world, template }: Scope, text: string): string =>
  replaceTokens(text, (id) => world.get(id) ?? template.references.token(template.references.get(id)));

/** `{{resolve:ssm:/path}}` and its kind, which CloudFormation fills in when it deploys. */
function dynamicReferences(scope: Scope, text: string): string {
  if (!text.includes('{{resolve:')) return text;
  return text.replace(/\{\{resolve:([^}]*)\}\}/g, (reference, what: string) => {
    const [, name, version = null] = /^ssm:([^:]+)(?::(\d+))?$/.exec(what) ?? [];
    const value = name === undefined || hasToken(name) ? null : ssmValue(scope, name, version);
    return value ?? unresolved(scope, reference);
  });
}

function call(scope: Scope, name: string, argument: Json): Resolved {
  // INVARIANT: a circle comes back to the same function with the same argument.
  const id = `${name} ${JSON.stringify(argument)}`;
  if (scope.open.has(id)) return unresolved(scope, id.slice(0, 100));
  scope.open.add(id);
  try {
    const value = apply(scope, name, argument);
    if (typeof value === 'string') return dynamicReferences(scope, value);
    return value ?? (name === 'Ref' || name === 'Fn::If' ? undefined : '');
  } finally {
    scope.open.delete(id);
  }
}

function apply(scope: Scope, name: string, argument: Json): Resolved {
  const list = isList(argument) ? argument : [];
  const resolved = (index: number): Resolved => resolve(scope, list[index]);
  switch (name) {
    case 'Ref':
      return typeof argument === 'string' ? referTo(scope, argument) : unresolved(scope, 'Ref');
    case 'Fn::GetAtt':
      return getAttribute(scope, argument);
    case 'Fn::Sub':
      return substitute(scope, argument);
    case 'Fn::Join':
      return join(scope, resolved(0), resolved(1));
    case 'Fn::Split':
      return split(scope, resolved(0), resolved(1));
    case 'Fn::Select':
      return select(scope, resolved(0), resolved(1));
    case 'Fn::If':
      return resolve(scope, list[typeof list[0] === 'string' && holds(scope, { Condition: list[0] }) ? 1 : 2]);
    case 'Fn::FindInMap':
      return findInMap(scope, list);
    case 'Fn::ImportValue':
      return importedValue(scope, resolve(scope, argument));
    case 'Fn::ToJsonString':
      return JSON.stringify(resolve(scope, argument) ?? null);
    default:
      return unresolved(scope, `${name} ${JSON.stringify(argument)}`.slice(0, 100));
  }
}

/** `[Resource, "Attribute"]`, or `"Resource.Attribute"`. */
function getAttribute(scope: Scope, argument: Json): Resolved {
  const parts = isList(argument) ? argument.map((part) => resolve(scope, part)) : [];
  const [id, ...path] = parts.filter((part) => typeof part === 'string');
  if (id !== undefined && path.length === parts.length - 1) return attributeOf(scope, id, path.join('.'));
  if (typeof argument !== 'string') return unresolved(scope, 'Fn::GetAtt');
  const dot = argument.indexOf('.');
  return attributeOf(scope, argument.slice(0, dot), argument.slice(dot + 1));
}

/** `[Map, key, key]`, with `{"DefaultValue": ...}` as a fourth entry. */
function findInMap(scope: Scope, list: readonly Json[]): Resolved {
  const keys = list.slice(0, 3).map((key) => String(resolve(scope, key) ?? ''));
  let found: Json | undefined = scope.template.mappings;
  let isKnown = keys.every((key) => !hasToken(key));
  for (const key of keys) {
    // What a macro adds here may hold the key.
    if (isObject(found) && Object.keys(found).some((name) => name.startsWith('Fn::'))) isKnown = false;
    found = isObject(found) && Object.hasOwn(found, key) ? found[key] : undefined;
  }
  if (found !== undefined && !isObject(found)) return resolve(scope, found);
  const [, , , options] = list;
  if (isKnown && isObject(options)) return resolve(scope, options.DefaultValue);
  return unresolved(scope, `Fn::FindInMap ${keys.map((key) => shown(scope, key)).join(' ')}`);
}
