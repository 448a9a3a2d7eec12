import { parseJsonText } from '../rule/jsonText.ts';
import { isList, isObject, type Json, member } from './json.ts';
import { type Settled, settled, unsettled } from './model.ts';
import { hasToken, isToken, type References } from './reference.ts';

/**
 * A key policy as JSON, from the policy or its text, whose texts may hold tokens. Not settled where what its statements
 * are is open.
 */
export function readPolicy(policy: Json, references: References): Settled<Json> {
  const open = (text: string): Settled<never> =>
    unsettled(`${references.names(text)} ${references.in(text).length > 1 ? 'are' : 'is'} not resolved`);
  if (typeof policy === 'string') {
    if (isToken(policy)) return open(policy);
    // A text without tokens is left to the policy parser, which says what is wrong with it.
    if (!hasToken(policy)) return settled(policy);
    const document = parsed(policy);
    return document === undefined ? open(policy) : readPolicy(document, references);
  }
  const statements = member(policy, 'Statement');
  const entries = isList(statements) ? statements : [statements];
  const unclear = [...entries, member(policy, 'Version'), ...entries.map((entry) => member(entry, 'Effect'))].find(
    (part) => typeof part === 'string' && hasToken(part),
  );
  if (typeof unclear === 'string') return open(unclear);
  const names = memberNames(policy);
  const macro = names.find((name) => name.startsWith('Fn::'));
  if (macro !== undefined) return unsettled(`\`${macro}\` is not resolved`);
  const unclearName = names.find(hasToken);
  return unclearName === undefined ? settled(policy) : open(unclearName);
}

function parsed(text: string): Json | undefined {
  try {
    return parseJsonText(text) as Json;
  } catch {
    return undefined;
  }
}

/** The names of all members, at every depth. */
function memberNames(value: Json): readonly string[] {
  if (isList(value)) return value.flatMap(memberNames);
  return isObject(value) ? Object.entries(value).flatMap(([name, entry]) => [name, ...memberNames(entry)]) : [];
}
