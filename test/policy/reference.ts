import type { AccessRequest, Principal } from '../../src/policy/request.ts';

/**
 * A second, naive reading of the policy language, to hold the engine against: one world at a time, nothing compiled,
 * nothing shared with src but the type of a request. It understands what the generators of `arbitraries.ts` make.
 */

export interface PolicyDocument {
  readonly Version?: string;
  readonly Statement: readonly StatementDocument[];
}

export interface StatementDocument {
  readonly Sid?: string;
  readonly Effect: 'Allow' | 'Deny';
  readonly Principal?: PrincipalDocument;
  readonly NotPrincipal?: PrincipalDocument;
  readonly Action?: readonly string[];
  readonly NotAction?: readonly string[];
  readonly Resource?: readonly string[];
  readonly NotResource?: readonly string[];
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>>;
}

type PrincipalDocument = '*' | Readonly<Record<string, readonly string[]>>;

export type Value = string | readonly string[] | null;
export type ReferenceWorld = Readonly<Record<string, Value>>;
export type ReferenceAnswer = 'allowed' | 'denied' | 'delegated' | 'open';

/** `open` is the third truth value: the documentation does not say. */
type Ternary = boolean | 'open';

const and = (all: readonly Ternary[]): Ternary => (all.includes(false) ? false : all.includes('open') ? 'open' : true);
const or = (all: readonly Ternary[]): Ternary => (all.includes(true) ? true : all.includes('open') ? 'open' : false);
const not = (one: Ternary): Ternary => (one === 'open' ? one : !one);

export function referenceAnswer(
  policy: PolicyDocument,
  { principal, action, resource }: Pick<AccessRequest, 'principal' | 'action' | 'resource'>,
  world: ReferenceWorld,
): ReferenceAnswer {
  const keys = new Map(Object.entries(world).map(([key, value]) => [key.toLowerCase(), value]));
  const hasVariables = policy.Version === '2012-10-17';
  const verdicts = policy.Statement.map((statement) => {
    const covered = coverage(statement, principal);
    const truth = and([
      covered === 'delegated' ? true : covered,
      element(statement.Action, statement.NotAction, (text) => globs(text.toLowerCase(), action.toLowerCase())),
      element(statement.Resource, statement.NotResource, (text) => {
        const pattern = hasVariables ? fill(text, keys) : tokens(text);
        return pattern === null ? false : pattern === 'open' ? 'open' : matchesTokens(pattern, resource);
      }),
      ...Object.entries(statement.Condition ?? {}).flatMap(([operator, entries]) =>
        Object.entries(entries).map(([key, values]) =>
          condition(operator, values, keys.get(key.toLowerCase()) ?? null, keys, hasVariables),
        ),
      ),
    ]);
    return { statement, truth, delegates: covered === 'delegated' };
  });
  const of = (effect: string, delegates: boolean): Ternary =>
    or(
      verdicts.filter((one) => one.statement.Effect === effect && one.delegates === delegates).map((one) => one.truth),
    );
  const deny = or([of('Deny', false), of('Deny', true)]);
  const [allow, delegate] = [of('Allow', false), of('Allow', true)];
  if (deny === true || (allow === false && delegate === false)) return 'denied';
  if (deny === 'open' || allow === 'open') return 'open';
  if (allow) return 'allowed';
  return delegate === true ? 'delegated' : 'open';
}

function element(
  plain: readonly string[] | undefined,
  negated: readonly string[] | undefined,
  matches: (text: string) => Ternary,
): Ternary {
  if (plain !== undefined) return or(plain.map(matches));
  return negated === undefined || negated.length === 0 ? false : not(or(negated.map(matches)));
}

/** Whom a statement covers; `delegated` where an Allow names the principal's account. */
function coverage({ Principal: plain, NotPrincipal: negated, Effect }: StatementDocument, who: Principal) {
  const named = plain ?? negated ?? {};
  if (named === '*') return negated === undefined;
  const has = (type: string, name: string): boolean => named[type]?.includes(name) ?? false;
  if ('service' in who) {
    const covered = has('Service', who.service) ? true : has('AWS', '*') ? 'open' : false;
    return negated === undefined ? covered : not(covered);
  }
  const account = who.aws.split(':')[4] ?? '';
  const isNamed = has('AWS', '*') || has('AWS', who.aws);
  const isAccountNamed = has('AWS', account) || has('AWS', `arn:aws:iam::${account}:root`);
  if (negated !== undefined && isNamed) return Effect === 'Deny' && !isAccountNamed ? 'open' : false;
  if (negated !== undefined) return isAccountNamed && Effect === 'Allow' ? 'open' : true;
  if (isNamed) return true;
  return isAccountNamed && (Effect === 'Deny' || 'delegated');
}

type Keys = ReadonlyMap<string, Value>;

function condition(name: string, values: readonly string[], actual: Value, keys: Keys, hasVariables: boolean): Ternary {
  const [, set, stem = '', ifExists] = /^(?:(ForAllValues|ForAnyValue):)?(.*?)(IfExists)?$/.exec(name) ?? [];
  if (stem === 'Null') return or(values.map((value) => (value === 'true') === (actual === null)));
  const isNegated = stem.includes('Not');
  if (actual === null) {
    if (ifExists !== undefined) return true;
    return set === undefined ? isNegated : set === 'ForAllValues';
  }
  const holds = (one: string): Ternary => {
    const matched = or(
      values.map((value) => {
        const pattern = hasVariables ? fill(value, keys) : tokens(value);
        return pattern === null ? false : pattern === 'open' ? 'open' : compare(stem.replace('Not', ''), pattern, one);
      }),
    );
    return isNegated ? not(matched) : matched;
  };
  if (typeof actual === 'string') return holds(actual);
  if (set === undefined) return 'open';
  return set === 'ForAllValues' ? and(actual.map(holds)) : or(actual.map(holds));
}

function compare(stem: string, pattern: readonly Token[], actual: string): Ternary {
  const text = pattern.map(({ character }) => character).join('');
  if (stem === 'StringEquals' || stem === 'BinaryEquals') return text === actual;
  if (stem === 'StringEqualsIgnoreCase') return text.toLowerCase() === actual.toLowerCase();
  if (stem === 'StringLike') return matchesTokens(pattern, actual);
  if (stem.startsWith('Arn')) {
    const [wanted, given] = [segments(pattern), segments(tokens(actual))];
    if (wanted.length < 6)
      return pattern.every(({ character, isWild }) => isWild && character !== ':') ? 'open' : false;
    return given.length === 6 && wanted.every((one, at) => matchesTokens(one, textOf(given[at] ?? [])));
  }
  if (stem === 'Bool') return text === actual;
  if (stem === 'IpAddress') return inBlock(text, actual);
  const [bound, number] = stem.startsWith('Date')
    ? [Date.parse(text), Date.parse(actual)]
    : [Number(text), Number(actual)];
  const order = stem.replace(/^(Date|Numeric)/, '');
  if (order === 'Equals') return number === bound;
  if (order.startsWith('Less')) return number < bound || (order.endsWith('Equals') && number === bound);
  return number > bound || (order.endsWith('Equals') && number === bound);
}

/** IPv4 by its bits; an IPv6 address is in a block of IPv6 that covers everything, or nowhere. */
function inBlock(block: string, address: string): boolean {
  if (block.includes(':') || address.includes(':')) return block === '::/0' && address.includes(':');
  const bits = (text: string): string =>
    text
      .split('.')
      .map((part) => Number(part).toString(2).padStart(8, '0'))
      .join('');
  const [first = '', length = '32'] = block.split('/');
  return bits(address).startsWith(bits(first).slice(0, Number(length)));
}

interface Token {
  readonly character: string;
  readonly isWild: boolean;
}

const tokens = (text: string, isPattern = true): Token[] =>
  text.split('').map((character) => ({ character, isWild: isPattern && (character === '*' || character === '?') }));

const textOf = (pattern: readonly Token[]): string => pattern.map(({ character }) => character).join('');

const globs = (pattern: string, text: string): boolean => matchesTokens(tokens(pattern), text);

function matchesTokens(pattern: readonly Token[], text: string): boolean {
  const [first, ...rest] = pattern;
  if (first === undefined) return text === '';
  if (first.isWild && first.character === '*')
    return matchesTokens(rest, text) || (text !== '' && matchesTokens(pattern, text.slice(1)));
  return text !== '' && (first.isWild || first.character === text.charAt(0)) && matchesTokens(rest, text.slice(1));
}

/** The first five segments between colons, and the rest. */
function segments(pattern: readonly Token[]): readonly (readonly Token[])[] {
  const found: Token[][] = [[]];
  for (const token of pattern)
    if (token.character === ':' && found.length < 6) found.push([]);
    else found.at(-1)?.push(token);
  return found;
}

/** `null`: a variable has no value; `open`: it has several. */
function fill(text: string, keys: Keys): Token[] | null | 'open' {
  const filled: Token[] = [];
  for (const part of text.split(/(\$\{[^}]*\})/)) {
    const inside = /^\$\{(.*)\}$/.exec(part)?.[1];
    if (inside === undefined) {
      filled.push(...tokens(part));
      continue;
    }
    const [, key = '', fallback] = /^([^,]+?)(?:, '(.*)')?$/.exec(inside) ?? [];
    const value = ['*', '?', '$'].includes(inside) ? inside : (keys.get(key.toLowerCase()) ?? fallback ?? null);
    if (value === null) return null;
    if (typeof value !== 'string') return 'open';
    filled.push(...tokens(value, false));
  }
  return filled;
}
