import { isList, isObject, type Json, type JsonObject, member, textsIn } from '../json.ts';
import { hasToken, idsIn } from '../reference.ts';
import { boundCondition } from './boundCondition.ts';
import { boundPrincipal } from './boundPrincipal.ts';
import type { Bounds, Cover } from './bounds.ts';

/** The policy without tokens. Statements that could cover nothing are left out; the others keep their labels. */
export function boundPolicy(policy: Json, bounds: Bounds): Json {
  if (!isObject(policy) || !hasTokens(policy)) return policy;
  const statements = member(policy, 'Statement');
  const list = isList(statements) ? statements : [statements ?? null];
  const bounded = list.flatMap((statement, index): readonly Json[] => {
    if (!isObject(statement)) return [statement];
    const labelled = isLabel(statement.Sid) ? statement : { ...statement, Sid: `#${index}` };
    return hasTokens(statement) ? boundStatement(labelled, bounds) : [labelled];
  });
  const { Id: id, ...rest } = policy;
  return { ...rest, ...(typeof id === 'string' && !hasToken(id) ? { Id: id } : {}), Statement: bounded };
}

const isLabel = (sid: Json | undefined): boolean => typeof sid === 'string' && sid !== '' && !hasToken(sid);

function boundStatement(statement: JsonObject, bounds: Bounds): readonly JsonObject[] {
  const bounded: (readonly [string, Json])[] = [];
  for (const [name, value] of Object.entries(statement)) {
    const element = hasTokens(value) ? boundElement(name, value, coverOf(statement, value, bounds)) : { [name]: value };
    if (element === null) return [];
    bounded.push(...Object.entries(element));
  }
  return [Object.fromEntries(bounded)];
}

function coverOf({ Effect: effect }: JsonObject, value: Json, bounds: Bounds): Cover {
  const ofReferences = idsOf(value).map(bounds.boundOf);
  const bound = ofReferences.find((one) => one === 'least') ?? ofReferences.find((one) => one !== 'most') ?? 'most';
  return { wide: (effect === 'Allow') === (bound !== 'least'), bound, bounds };
}

/** The element without tokens; `null` where the statement can cover nothing any more. */
function boundElement(name: string, value: Json, cover: Cover): JsonObject | null {
  switch (name) {
    case 'Action':
    case 'Resource':
      return boundPatterns(name, value, cover);
    case 'NotAction':
    case 'NotResource':
      return boundExceptions(name, value, cover);
    case 'Principal':
    case 'NotPrincipal':
      return boundPrincipal(name, value, cover);
    case 'Condition':
      return boundCondition(value, cover);
    default:
      // No element that decides anything.
      return {};
  }
}

function boundPatterns(name: string, value: Json, { wide, bound }: Cover): JsonObject | null {
  const entries = (isList(value) ? value : [value]).flatMap((entry) => {
    if (typeof entry !== 'string' || !hasToken(entry)) return [entry];
    if (!wide) return [];
    // Some resource, but not this one.
    if (name === 'Resource' && (bound === 'own' || bound === 'foreign')) return ['arn:aws:unresolved:::unresolved'];
    return [entry.replace(/\uE000[^\uE001]*\uE001/g, '*')];
  });
  return entries.length === 0 ? null : { [name]: entries };
}

/** NotAction and NotResource cover more, the fewer they list. */
function boundExceptions(name: string, value: Json, { wide }: Cover): JsonObject | null {
  if (!wide) return null;
  const entries = (isList(value) ? value : [value]).filter((entry) => typeof entry !== 'string' || !hasToken(entry));
  return entries.length === 0 ? { [name.slice('Not'.length)]: '*' } : { [name]: entries };
}

// Not in JSON, where the quotes of an id are escaped.
const idsOf = (value: Json): readonly string[] => idsIn(textsIn(value).join(' '));

const hasTokens = (value: Json): boolean => hasToken(JSON.stringify(value));
