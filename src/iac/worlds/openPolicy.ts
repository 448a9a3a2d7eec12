import { isList, isObject, type Json, type JsonObject, member, textsIn } from '../json.ts';
import { hasToken, idsIn } from '../reference.ts';
import type { Closing, Cover } from './closing.ts';
import { closeCondition } from './openCondition.ts';
import { closePrincipal } from './openPrincipal.ts';

/** The policy without tokens. Statements that could cover nothing are left out; the others keep their labels. */
export function closePolicy(policy: Json, closing: Closing): Json {
  if (!isObject(policy) || !hasTokens(policy)) return policy;
  const statements = member(policy, 'Statement');
  const list = isList(statements) ? statements : [statements ?? null];
  const closed = list.flatMap((statement, index): readonly Json[] => {
    if (!isObject(statement)) return [statement];
    const labelled = isLabel(statement.Sid) ? statement : { ...statement, Sid: `#${index}` };
    return hasTokens(statement) ? closeStatement(labelled, closing) : [labelled];
  });
  const { Id: id, ...rest } = policy;
  return { ...rest, ...(typeof id === 'string' && !hasToken(id) ? { Id: id } : {}), Statement: closed };
}

const isLabel = (sid: Json | undefined): boolean => typeof sid === 'string' && sid !== '' && !hasToken(sid);

function closeStatement(statement: JsonObject, closing: Closing): readonly JsonObject[] {
  const closed: (readonly [string, Json])[] = [];
  for (const [name, value] of Object.entries(statement)) {
    const element = hasTokens(value)
      ? closeElement(name, value, coverOf(statement, value, closing))
      : { [name]: value };
    if (element === null) return [];
    closed.push(...Object.entries(element));
  }
  return [Object.fromEntries(closed)];
}

function coverOf({ Effect: effect }: JsonObject, value: Json, closing: Closing): Cover {
  const stances = idsOf(value).map(closing.stanceOf);
  const stance = stances.find((one) => one === 'least') ?? stances.find((one) => one !== 'most') ?? 'most';
  return { wide: (effect === 'Allow') === (stance !== 'least'), stance, closing };
}

/** The element without tokens; `null` where the statement can cover nothing any more. */
function closeElement(name: string, value: Json, cover: Cover): JsonObject | null {
  switch (name) {
    case 'Action':
    case 'Resource':
      return closePatterns(name, value, cover);
    case 'NotAction':
    case 'NotResource':
      return closeExceptions(name, value, cover);
    case 'Principal':
    case 'NotPrincipal':
      return closePrincipal(name, value, cover);
    case 'Condition':
      return closeCondition(value, cover);
    default:
      // No element that decides anything.
      return {};
  }
}

function closePatterns(name: string, value: Json, { wide, stance }: Cover): JsonObject | null {
  const entries = (isList(value) ? value : [value]).flatMap((entry) => {
    if (typeof entry !== 'string' || !hasToken(entry)) return [entry];
    if (!wide) return [];
    // Some resource, but not this one.
    if (name === 'Resource' && (stance === 'own' || stance === 'foreign')) return ['arn:aws:unresolved:::unresolved'];
    return [entry.replace(/\uE000[^\uE001]*\uE001/g, '*')];
  });
  return entries.length === 0 ? null : { [name]: entries };
}

/** NotAction and NotResource cover more, the fewer they list. */
function closeExceptions(name: string, value: Json, { wide }: Cover): JsonObject | null {
  if (!wide) return null;
  const entries = (isList(value) ? value : [value]).filter((entry) => typeof entry !== 'string' || !hasToken(entry));
  return entries.length === 0 ? { [name.slice('Not'.length)]: '*' } : { [name]: entries };
}

// Not in JSON, where the quotes of an id are escaped.
const idsOf = (value: Json): readonly string[] => idsIn(textsIn(value).join(' '));

export const hasTokens = (value: Json): boolean => hasToken(JSON.stringify(value));
