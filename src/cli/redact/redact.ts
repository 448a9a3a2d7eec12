import { changeEssentialsOf, isChange } from '../../facts/changeEvents.ts';
import { essentialsOf } from '../../facts/keyEvents.ts';
import { type Replacement, replacement } from './names.ts';

/** Members that hold a name and nothing else. */
const NAMES: ReadonlySet<string> = new Set([
  ...['Name', 'name', 'S3BucketName', 'S3KeyPrefix', 'AliasName', 'Aliases', 'Sid', 'Value', 'TagValue', 'owner'],
]);
/** Members in people's or AWS's words, which may hold any name that stands elsewhere. */
const WORDING: ReadonlySet<string> = new Set(['Message', 'reason', 'deniedBy', 'Principal', 'Resource']);
/** Members that say nothing to the rule, and may say anything. */
const LEFT_OUT: ReadonlySet<string> = new Set(['Description', 'TagKey', 'AccessKeyId', 'Username', 'Resources']);
/** Shorter ones would be found within words. */
const SHORTEST = 3;

/**
 * A snapshot in which account ids, ids of keys, organizations and principals, and names are replaced: the same one by the same
 * everywhere, and always so that it is still what it was. Regions, services, conditions, times and addresses are kept.
 */
export function redacted(document: unknown): unknown {
  const replace = replacement();
  return redactValue(document, null, replace, namesIn(document));
}

function redactValue(value: unknown, member: string | null, replace: Replacement, names: RegExp | null): unknown {
  if (typeof value === 'string') return redactText(value, member, replace, names);
  // An account id that somebody forgot to quote.
  if (typeof value === 'number' && /^\d{12}$/.test(String(value))) return Number(replace.inText(String(value)));
  if (Array.isArray(value)) return value.map((one) => redactValue(one, member, replace, names));
  if (typeof value !== 'object' || value === null || value instanceof Date) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([name]) => !LEFT_OUT.has(name))
      .map(([name, inner]) => [replace.inText(name), redactValue(inner, name, replace, names)]),
  );
}

function redactText(text: string, member: string | null, replace: Replacement, names: RegExp | null): string {
  if (member !== null && NAMES.has(member) && !text.startsWith('arn:')) return replace.ofName(text);
  if (member === 'CloudTrailEvent')
    return JSON.stringify(
      redactValue(JSON.parse((isChange(text) ? changeEssentialsOf : essentialsOf)(text)), null, replace, names),
    );
  // The id of a key alone, which need not look like one.
  if (member === 'KmsKeyId' && !/[:/]/.test(text)) return replace.ofName(text);
  if (names === null || member === null || !WORDING.has(member)) return replace.inText(text);
  // What is no name is text, and the other way round: no stand-in is replaced again.
  return text
    .split(names)
    .map((part, at) => (at % 2 === 1 ? replace.ofName(part) : replace.inText(part)))
    .join('');
}

/** Every name of the document, as a whole; `null`: there is none. */
function namesIn(document: unknown): RegExp | null {
  const names = new Set<string>();
  const visit = (value: unknown, member: string | null): void => {
    if (typeof value === 'string' && member !== null && NAMES.has(member) && value.length >= SHORTEST) names.add(value);
    if (typeof value !== 'object' || value === null) return;
    for (const [name, inner] of Object.entries(value)) visit(inner, Array.isArray(value) ? member : name);
  };
  visit(document, null);
  const longestFirst = [...names].sort((one, other) => other.length - one.length);
  if (longestFirst.length === 0) return null;
  const escaped = longestFirst.map((name) => name.replaceAll(/[\\^$.*+?()[\]{}|]/g, '\\$&'));
  return new RegExp(`(?<![\\p{L}\\p{N}-])(${escaped.join('|')})(?![\\p{L}\\p{N}-])`, 'u');
}
