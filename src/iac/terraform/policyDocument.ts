import { isList, isObject, type Json, type JsonObject, member, objectsIn, textAt } from '../json.ts';
import { type Settled, unsettled } from '../model.ts';
import { readPolicy } from '../policyText.ts';
import { hasToken, inWords, type References } from '../reference.ts';
import type { Instance } from './plan.ts';
import { referencesOf } from './targets.ts';

/**
 * The policy that `data.aws_iam_policy_document` makes of its blocks, for one that is only read while applying: values
 * that are open then are tokens, named by what they refer to.
 */
export function policyDocument(source: Instance, references: References): Settled<Json> {
  const { values, unknown, configuration, address } = source;
  const open = unknown === true ? true : member(unknown, 'statement');
  const isOpen = open === true || (isList(open) && open.includes(true)) || member(unknown, 'version') === true;
  if (isOpen) return unsettled(`\`${address}\` is not resolved`);
  const sources = ['source_policy_documents', 'override_policy_documents', 'source_json', 'override_json'];
  const merged = sources.filter((name) => isGiven(member(values, name)) || isGiven(member(unknown, name)));
  if (merged.length > 0) {
    const names = merged.flatMap((name) => referencesOf(member(configuration, name)));
    return unsettled(`${inWords([address, ...names])} are not resolved`);
  }
  const opened = withTokens(values.statement ?? null, open ?? false, member(configuration, 'statement'), {
    references,
    address: `${address}.statement`,
  });
  const statements = objectsIn({ statement: opened }, 'statement').map(statementOf);
  return readPolicy({ Version: textAt(values, 'version') ?? '2012-10-17', Statement: statements }, references);
}

const isGiven = (value: Json | undefined): boolean =>
  isList(value) ? value.length > 0 : value !== undefined && value !== null && value !== false && value !== '';

interface Naming {
  readonly references: References;
  readonly address: string;
}

/** The value, with a token wherever it is open. */
function withTokens(value: Json, open: Json, expression: Json | undefined, naming: Naming): Json {
  if (open === true) {
    const refersTo = referencesOf(expression).join(', ');
    const name = refersTo === '' ? naming.address : refersTo;
    return naming.references.token({ id: naming.address, name, kind: 'text', choices: null, settledBy: 'deployment' });
  }
  const at = (name: string): Naming => ({ ...naming, address: `${naming.address}${name}` });
  if (isList(value) || isList(open)) {
    const [known, unknown] = [isList(value) ? value : [], isList(open) ? open : []];
    return Array.from({ length: Math.max(known.length, unknown.length) }, (_, index) =>
      withTokens(
        known[index] ?? null,
        unknown[index] ?? false,
        isList(expression) ? expression[index] : expression,
        at(`[${index}]`),
      ),
    );
  }
  if (!isObject(value)) return value;
  const names = new Set([...Object.keys(value), ...(isObject(open) ? Object.keys(open) : [])]);
  return Object.fromEntries(
    [...names].map((name) => [
      name,
      withTokens(member(value, name) ?? null, member(open, name) ?? false, member(expression, name), at(`.${name}`)),
    ]),
  );
}

/** The elements of a statement by the arguments that they are made of. */
const LISTS = { actions: 'Action', not_actions: 'NotAction', resources: 'Resource', not_resources: 'NotResource' };

function statementOf(block: JsonObject): JsonObject {
  const statement: Record<string, Json> = { Effect: textAt(block, 'effect') ?? 'Allow' };
  const sid = textAt(block, 'sid');
  if (sid) statement.Sid = sid;
  for (const [argument, element] of Object.entries(LISTS)) {
    const list = asList(block[argument]);
    if (list.length > 0) statement[element] = list;
  }
  for (const [argument, element] of Object.entries({ principals: 'Principal', not_principals: 'NotPrincipal' })) {
    const principal = principalOf(block[argument]);
    if (principal !== null) statement[element] = principal;
  }
  const condition = conditionOf(block.condition);
  if (condition !== null) statement.Condition = condition;
  return statement;
}

function principalOf(blocks: Json | undefined): Json | null {
  const open = openPart(blocks, ['type']);
  if (open !== null) return open;
  const principals = asList(blocks).filter(isObject);
  if (principals.length === 0) return null;
  const byType = new Map<string, readonly Json[]>();
  for (const block of principals) {
    const type = textAt(block, 'type') ?? 'AWS';
    byType.set(type, [...(byType.get(type) ?? []), ...asList(block.identifiers)]);
  }
  return byType.has('*') ? '*' : Object.fromEntries(byType);
}

/** What leaves the shape of an element open: its token stands for the element as a whole. */
function openPart(blocks: Json | undefined, shaping: readonly string[]): string | null {
  const parts = asList(blocks).flatMap((block) => (isObject(block) ? shaping.map((name) => block[name]) : [block]));
  return parts.find((part): part is string => typeof part === 'string' && hasToken(part)) ?? null;
}

function conditionOf(blocks: Json | undefined): Json | null {
  const open = openPart(blocks, ['test', 'variable']);
  if (open !== null) return open;
  const condition = new Map<string, Map<string, Json>>();
  for (const block of asList(blocks).filter(isObject)) {
    const keys = condition.get(textAt(block, 'test') ?? '') ?? new Map<string, Json>();
    const variable = textAt(block, 'variable') ?? '';
    // The provider puts values of two blocks for one key together.
    keys.set(variable, [...asList(keys.get(variable)), ...asList(block.values)]);
    condition.set(textAt(block, 'test') ?? '', keys);
  }
  const operators = [...condition].map(([operator, keys]): [string, Json] => [operator, Object.fromEntries(keys)]);
  return operators.length === 0 ? null : Object.fromEntries(operators);
}

/** `&{...}` is how the provider writes a policy variable. */
function asList(value: Json | undefined): readonly Json[] {
  if (value === undefined || value === null) return [];
  return (isList(value) ? value : [value]).map((entry) =>
    typeof entry === 'string' ? entry.replaceAll('&{', '${') : entry,
  );
}
