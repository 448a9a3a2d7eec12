import type { CompiledCondition, Lookup } from './condition.ts';
import { wildcardPattern } from './pattern.ts';
import { matches } from './patternMatch.ts';
import { parseTemplate, substitute } from './variables.ts';

/** The parts of an ARN by the names that people have for them; the last one is the resource's own. */
type ArnPart = 'partition' | 'service' | 'Region' | 'account' | 'type' | 'name' | 'bucket' | 'path';

/** Where a policy's value and a request's value differ. */
export type Difference =
  | {
      readonly is: 'part';
      readonly part: ArnPart;
      readonly policy: string;
      readonly request: string;
      /** What the request's ARN names: `trail`, `key`; `request` where it does not say. */
      readonly of: string;
      readonly onlyCase: boolean;
    }
  /** A text that is no ARN, in another case. */
  | { readonly is: 'case' }
  | OddCharacter
  | { readonly is: 'literal-wildcard'; readonly wildcard: '*' | '?' }
  /** Without Version 2012-10-17 there are no policy variables. */
  | { readonly is: 'literal-variable' }
  | { readonly is: 'variable-without-value'; readonly variables: readonly string[] }
  | { readonly is: 'few-parts'; readonly parts: number }
  | { readonly is: 'no-arn' | 'no-account-id' };

/** Quotes around the text, or a character that nobody sees or that only looks like another one. */
export type OddCharacter =
  | { readonly is: 'quotes' }
  | { readonly is: 'character'; readonly character: string; readonly at: 'start' | 'end' | 'inside' };

/** The value of a policy that comes nearest to the request's, and where they differ. */
export interface NearestValue {
  readonly value: string;
  readonly differences: readonly Difference[];
}

/** @param actual the request's value, or what it looks like; `null` where no value tells a difference */
export function nearestValue(condition: CompiledCondition, actual: string, lookup: Lookup): NearestValue | null {
  const { operator, source, isTemplate } = condition;
  if (operator === null || (operator.family !== 'text' && operator.family !== 'arn')) return null;
  const { wildcards, ignoresCase } = operator;
  const how = { wildcards, isArn: operator.family === 'arn', ignoresCase, hasVariables: isTemplate, lookup };
  return nearestOf(source.values, actual, how);
}

/** Differences between a pattern of Resource, where `*` is a wildcard, and the request's resource. */
export function nearestPattern(patterns: readonly string[], actual: string, lookup: Lookup): NearestValue | null {
  return nearestOf(patterns, actual, { wildcards: true, isArn: false, ignoresCase: false, hasVariables: true, lookup });
}

/** The one with the fewest differences, and among those the one that begins most like the request's. */
function nearestOf(values: readonly string[], actual: string, how: Comparing): NearestValue | null {
  const all = values.map((value) => ({ value, differences: differencesOf(value, actual, how) }));
  const told = all.filter(({ differences }) => differences.length > 0);
  const alike = ({ value }: NearestValue) => commonStart(value, actual);
  return told.sort((a, b) => a.differences.length - b.differences.length || alike(b) - alike(a))[0] ?? null;
}

/** How many characters two texts begin with alike. */
export function commonStart(a: string, b: string): number {
  let length = 0;
  while (length < a.length && a[length] === b[length]) length += 1;
  return length;
}

interface Comparing {
  readonly wildcards: boolean;
  readonly isArn: boolean;
  readonly ignoresCase: boolean;
  readonly hasVariables: boolean;
  readonly lookup: Lookup;
}

function differencesOf(written: string, actual: string, how: Comparing): readonly Difference[] {
  const { text: filled, missing } = fill(written, how.lookup);
  if (how.hasVariables && missing.length > 0) return [{ is: 'variable-without-value', variables: missing }];
  const isLiteral = !how.hasVariables && filled !== written;
  const { text, odd } = withoutOddCharacters(filled, actual);
  const wildcard = how.wildcards ? undefined : /[*?]/.exec(text)?.[0];
  return [
    ...(isLiteral ? [{ is: 'literal-variable' } as const] : []),
    ...odd,
    ...(wildcard === undefined ? [] : [{ is: 'literal-wildcard', wildcard: wildcard === '*' ? '*' : '?' } as const]),
    ...betweenTexts(text, actual, how),
  ];
}

/** The value with what its policy variables stand for, whether or not its Version has them. */
function fill(written: string, lookup: Lookup): { readonly text: string; readonly missing: readonly string[] } {
  const template = parseTemplate(written, true);
  if (template.malformed || !written.includes('${')) return { text: written, missing: [] };
  const known = (key: string) => {
    const value = lookup(key);
    return typeof value === 'string' ? value : null;
  };
  const pieces = substitute(template, known);
  if (pieces) return { text: pieces.map(({ text }) => text).join(''), missing: [] };
  return { text: written, missing: template.keys.filter((key) => known(key.toLowerCase()) === null) };
}

/** Blanks at either end, quotes around, and what no name of AWS holds. */
export function withoutOddCharacters(
  text: string,
  actual: string,
): { readonly text: string; readonly odd: readonly OddCharacter[] } {
  const quoted = /^(["'`])(.*)\1$/s.exec(text);
  if (quoted?.[2] !== undefined && !actual.startsWith(text.charAt(0)))
    return { text: quoted[2], odd: [{ is: 'quotes' }] };
  const odd = [...text].flatMap((character, at, all): OddCharacter[] => {
    if (/[!-~]/.test(character) || actual.includes(character)) return [];
    const isStart = all.slice(0, at).every((before) => before === character);
    const isEnd = all.slice(at).every((after) => after === character);
    return [{ is: 'character', character, at: isEnd ? 'end' : isStart ? 'start' : 'inside' }];
  });
  if (odd.length === 0) return { text, odd };
  const cleaned = [...text].filter((character) => /[!-~]/.test(character) || actual.includes(character)).join('');
  return { text: cleaned, odd: odd.slice(0, 1) };
}

function betweenTexts(text: string, actual: string, how: Comparing): readonly Difference[] {
  const isArn = actual.startsWith('arn:');
  const parts = text.split(':');
  if (isArn && !text.startsWith('arn:') && !/^[*?]/.test(text)) return [{ is: 'no-arn' }];
  if (isArn && parts.length < SEGMENTS && (how.isArn || !fits(text, actual)))
    return [{ is: 'few-parts', parts: parts.length }];
  if (fits(text, actual)) return [];
  if (isArn) return betweenArns(text, actual);
  if (/^\d{12}$/.test(actual) && !/^[\d*?]{12}$/.test(text)) return [{ is: 'no-account-id' }];
  return !how.ignoresCase && fits(text.toLowerCase(), actual.toLowerCase()) ? [{ is: 'case' }] : [];
}

const fits = (pattern: string, text: string): boolean => matches(wildcardPattern(pattern), text);

const SEGMENTS = 6;

/**
 * `arn:partition:service:Region:account:resource`; the resource of S3 is bucket and path, of others type and name. Beside
 * another service nothing else tells anything.
 */
function betweenArns(text: string, actual: string): readonly Difference[] {
  const [own, other] = [segmentsOf(text), segmentsOf(actual)];
  const isS3 = other[2] === 's3';
  const of = isS3 ? 'request' : (other[5] ?? 'request');
  const all = [...SEGMENT_NAMES, ...(isS3 ? OF_S3 : OF_OTHERS)].flatMap((part, index): Difference[] => {
    const [policy, request] = [own[index + 1] ?? '', other[index + 1] ?? ''];
    // A wildcard at the end of the resource's first half stands for the second half too.
    const isCovered = index === 5 && policy === '' && own[5]?.endsWith('*');
    if (isCovered || fits(policy, request)) return [];
    return [{ is: 'part', part, policy, request, of, onlyCase: fits(policy.toLowerCase(), request.toLowerCase()) }];
  });
  const service = all.findIndex((difference) => difference.is === 'part' && difference.part === 'service');
  return service < 0 ? all : all.slice(0, service + 1);
}

const SEGMENT_NAMES = ['partition', 'service', 'Region', 'account'] as const;
const OF_S3 = ['bucket', 'path'] as const;
const OF_OTHERS = ['type', 'name'] as const;

/** The segments, the last one in two. */
function segmentsOf(text: string): readonly string[] {
  const parts = text.split(':');
  const resource = parts.slice(SEGMENTS - 1).join(':');
  const slash = resource.indexOf('/');
  const split = slash < 0 ? [resource, ''] : [resource.slice(0, slash), resource.slice(slash + 1)];
  return [...parts.slice(0, SEGMENTS - 1), ...split];
}
