/**
 * A naive reading of IAM's policy language: one concrete request at a time, patterns as regular expressions, nothing
 * compiled and nothing shared with src. `open` is the third truth value: the documentation does not say.
 */

export interface PolicyDocument {
  readonly Version?: string;
  readonly Statement: readonly StatementDocument[];
}

type Texts = string | readonly string[];
type Who = string | null | Readonly<Record<string, Texts>>;

export interface StatementDocument {
  readonly Sid?: string;
  readonly Effect: 'Allow' | 'Deny';
  readonly Principal?: Who;
  readonly NotPrincipal?: Who;
  readonly Action?: Texts;
  readonly NotAction?: Texts;
  readonly Resource?: Texts;
  readonly NotResource?: Texts;
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

export type Truth = boolean | 'open';
export type Value = string | readonly string[] | null;
/** Values by the key's name in lower case; a key that is missing is absent from the request. */
export type World = ReadonlyMap<string, Value>;

/** `service` is a service principal, `aws` the ARN of a user, a role (for its sessions) or a root user. */
export type Principal = { readonly service: string } | { readonly aws: string };

export interface ConcreteRequest {
  readonly principal: Principal;
  readonly action: string;
  readonly resource: string;
  readonly world: World;
}

/** What a statement comes to: for an Allow that only names the principal's account `delegated`. */
export interface StatementTruth {
  readonly effect: 'Allow' | 'Deny';
  readonly delegates: boolean;
  readonly truth: Truth;
}

export const every = (all: readonly Truth[]): Truth =>
  all.includes(false) ? false : all.includes('open') ? 'open' : true;
export const some = (all: readonly Truth[]): Truth =>
  all.includes(true) ? true : all.includes('open') ? 'open' : false;
export const not = (one: Truth): Truth => (one === 'open' ? one : !one);

export const list = (texts: unknown): readonly string[] =>
  texts === undefined || texts === null ? [] : (Array.isArray(texts) ? texts : [texts]).map(String);

/** Whether a key has an object where its values have to be. */
const isNested = (values: unknown): boolean => typeof values === 'object' && values !== null && !Array.isArray(values);

/** Whether key policies and resource control policies let a request through; `directly`: without help of IAM policies. */
export function allows(
  keyPolicies: readonly PolicyDocument[],
  controls: readonly PolicyDocument[],
  request: ConcreteRequest,
  directly = false,
): Truth {
  const own = keyPolicies.flatMap((policy) => policy.Statement.map((one) => statementTruth(policy, one, request)));
  const isServiceLinked = 'aws' in request.principal && request.principal.aws.includes(':role/aws-service-role/');
  const above = (isServiceLinked ? [] : controls).flatMap((policy) =>
    policy.Statement.map((one) => statementTruth(policy, one, request)),
  );
  const denies = some([...own, ...above].filter(({ effect }) => effect === 'Deny').map(({ truth }) => truth));
  const granted = own.filter(({ effect, delegates }) => effect === 'Allow' && !(directly && delegates));
  return every([not(denies), some(granted.map(({ truth }) => truth))]);
}

function statementTruth(policy: PolicyDocument, one: StatementDocument, request: ConcreteRequest): StatementTruth {
  const { Effect: effect } = one;
  if (isIllFormed(one) && effect === 'Allow') return { effect, delegates: false, truth: false };
  const covered = coverage(one, request.principal);
  const truth = every([
    covered === 'delegated' ? true : covered,
    speaksOf(one, request.action),
    concerns(policy, one, request),
    conditions(policy, one, request.world),
  ]);
  return { effect, delegates: covered === 'delegated', truth };
}

const OPERATOR =
  /^(?:(ForAllValues|ForAnyValue):)?(String(?:Not)?(?:Equals(?:IgnoreCase)?|Like)|Arn(?:Not)?(?:Equals|Like)|(?:Numeric|Date)(?:Not)?(?:Equals|LessThan(?:Equals)?|GreaterThan(?:Equals)?)|Bool|BinaryEquals|(?:Not)?IpAddress|Null)(IfExists)?$/;

/** What IAM's grammar refuses: an Allow of this kind lets nobody in, of a Deny the part that is refused is open. */
export function isIllFormed({ Principal, NotPrincipal, Condition = {} }: StatementDocument): boolean {
  const who = Principal === undefined ? NotPrincipal : Principal;
  if (who === null || (typeof who === 'string' && who !== '*')) return true;
  return Object.entries(Condition).some(
    ([operator, keys]) => !OPERATOR.test(operator) || Object.values(keys).some(isNested),
  );
}

/** Whether Action or NotAction takes an action in; without either a statement has no effect. */
export function speaksOf({ Action, NotAction }: StatementDocument, action: string): boolean {
  const takes = (entries: Texts) => list(entries).some((entry) => wildcards(entry, true).test(action));
  if (Action !== undefined) return takes(Action);
  return NotAction !== undefined && list(NotAction).length > 0 && !takes(NotAction);
}

function concerns(
  policy: PolicyDocument,
  { Resource, NotResource }: StatementDocument,
  request: ConcreteRequest,
): Truth {
  const is = (entries: Texts) =>
    some(
      list(entries).map((entry) => {
        const pattern = substituted(policy, entry, request.world);
        return 'text' in pattern ? wildcards(pattern.text).test(request.resource) : pattern.is;
      }),
    );
  if (Resource !== undefined) return is(Resource);
  return NotResource === undefined || list(NotResource).length === 0 ? false : not(is(NotResource));
}

const ARN_ACCOUNT = /^arn:[^:]+:[^:]*:[^:]*:(\d{12}):/;

/** Whom Principal or NotPrincipal covers. */
export function coverage({ Effect, Principal, NotPrincipal }: StatementDocument, who: Principal): Truth | 'delegated' {
  const isNegated = Principal === undefined;
  const element = isNegated ? NotPrincipal : Principal;
  if (element === undefined) return false;
  if (element === null || (typeof element === 'string' && element !== '*')) return 'open';
  if (typeof element === 'string') return !isNegated;
  if ('service' in who) {
    const named = list(element.Service).includes(who.service) || (list(element.AWS).includes('*') && 'open');
    return isNegated ? not(named) : named;
  }
  const [, account = ''] = ARN_ACCOUNT.exec(who.aws) ?? [];
  const partition = who.aws.split(':')[1];
  const names = list(element.AWS);
  const root = `arn:${partition}:iam::${account}:root`;
  const isAccountNamed = names.includes(account) || names.includes(root) || names.includes('*');
  const isNamed = names.includes(who.aws) || names.includes('*') || (who.aws === root && isAccountNamed);
  if (!isNegated) return isNamed || (isAccountNamed && (Effect === 'Deny' || 'delegated'));
  if (Effect === 'Deny') return isNamed ? !isAccountNamed && 'open' : true;
  return isNamed ? false : isAccountNamed ? 'open' : true;
}

export function conditions(policy: PolicyDocument, { Condition = {} }: StatementDocument, world: World): Truth {
  return every(
    Object.entries(Condition).flatMap(([operator, keys]) =>
      Object.entries(keys).map(([key, values]) =>
        condition(policy, operator, key, isNested(values) ? [] : list(values), world),
      ),
    ),
  );
}

/** One operator on one key. */
export function condition(
  policy: PolicyDocument,
  operator: string,
  key: string,
  values: readonly string[],
  world: World,
): Truth {
  const [, set, name = '', ifExists] = OPERATOR.exec(operator) ?? [];
  const actual = world.get(key.toLowerCase()) ?? null;
  if (name === '' || values.length === 0) return 'open';
  if (name === 'Null') {
    if (ifExists !== undefined || values.some((value) => !/^(true|false)$/.test(value))) return 'open';
    return values.some((value) => (value === 'true') === (actual === null));
  }
  const isNegated = name.includes('Not');
  if (actual === null) return ifExists !== undefined || (set === undefined ? isNegated : set === 'ForAllValues');
  const holds = (one: string): Truth => {
    const matched = some(
      values.map((value) => {
        const wanted = substituted(policy, value, world);
        return 'text' in wanted ? compare(name.replace('Not', ''), wanted.text, one) : wanted.is;
      }),
    );
    return isNegated ? not(matched) : matched;
  };
  if (typeof actual === 'string') return holds(actual);
  if (set === undefined) return 'open';
  return set === 'ForAllValues' ? every(actual.map(holds)) : some(actual.map(holds));
}

function compare(name: string, wanted: string, actual: string): Truth {
  if (name === 'StringEquals' || name === 'BinaryEquals') return plain(wanted) === actual;
  if (name === 'StringEqualsIgnoreCase') return plain(wanted).toLowerCase() === actual.toLowerCase();
  if (name === 'StringLike') return wildcards(wanted).test(actual);
  if (name.startsWith('Arn')) {
    const [pattern, arn] = [segments(wanted), segments(actual)];
    if (pattern.length < 6) return /^[*?]+$/.test(wanted) ? 'open' : false;
    return arn.length === 6 && pattern.every((segment, at) => wildcards(segment).test(arn[at] ?? ''));
  }
  if (name === 'Bool') return /^(true|false)$/i.test(wanted) ? wanted.toLowerCase() === actual.toLowerCase() : 'open';
  if (name === 'IpAddress') return inBlock(wanted, actual);
  const parse = name.startsWith('Date')
    ? (text: string) => (/^\d+$/.test(text) ? Number(text) * 1000 : Date.parse(text))
    : Number;
  const [bound, number] = [parse(plain(wanted)), parse(actual)];
  if (Number.isNaN(bound)) return 'open';
  if (Number.isNaN(number)) return false;
  const order = name.replace(/^(Date|Numeric)/, '');
  if (order.endsWith('Equals') && number === bound) return true;
  return order.startsWith('Less') ? number < bound : order.startsWith('Greater') && number > bound;
}

/** Wildcards that came in by a variable's value are none; while a text is worked on they look like this. */
const LITERAL: Readonly<Record<string, string>> = { '*': '\uE000', '?': '\uE001' };
const shielded = (text: string): string => text.replaceAll(/[*?]/g, (one) => LITERAL[one] ?? one);
const plain = (text: string): string => text.replaceAll('\uE000', '*').replaceAll('\uE001', '?');

export function wildcards(pattern: string, ignoreCase = false): RegExp {
  const source = pattern
    .split(/([*?])/)
    .map((part) => (part === '*' ? '.*' : part === '?' ? '.' : plain(part).replaceAll(/[.+^${}()|[\]\\/*?-]/g, '\\$&')))
    .join('');
  return new RegExp(`^${source}$`, ignoreCase ? 'is' : 's');
}

/** The first five segments between colons, and the rest. */
function segments(arn: string): readonly string[] {
  const parts = arn.split(':');
  return parts.length < 6 ? parts : [...parts.slice(0, 5), parts.slice(5).join(':')];
}

const VARIABLE = /\$\{\s*([^,}]*?)\s*(?:,\s*'([^']*)'\s*)?\}/g;

/** Or what comes of it: a variable without a value matches nothing, what one with several values means is open. */
type Substituted = { readonly text: string } | { readonly is: false | 'open' };

function substituted({ Version }: PolicyDocument, text: string, world: World): Substituted {
  if (Version !== '2012-10-17' || !text.includes('${')) return { text };
  let isMissing = false;
  let isSeveral = false;
  const filled = text.replaceAll(VARIABLE, (_, key: string, fallback: string | undefined) => {
    if (['*', '?', '$'].includes(key)) return shielded(key);
    const value = world.get(key.toLowerCase()) ?? fallback ?? null;
    if (value === null) isMissing = true;
    else if (typeof value !== 'string') isSeveral = true;
    else return shielded(value);
    return '';
  });
  return isMissing ? { is: false } : isSeveral ? { is: 'open' } : { text: filled };
}

/** Whether an address lies in a block; both of one family. */
function inBlock(block: string, address: string): boolean {
  const [base = '', length] = block.split('/');
  const [one, other] = [bits(base), bits(address)];
  if (one.length !== other.length) return false;
  return other.startsWith(one.slice(0, length === undefined ? one.length : Number(length)));
}

function bits(address: string): string {
  if (!address.includes(':'))
    return address
      .split('.')
      .map((part) => Number(part).toString(2).padStart(8, '0'))
      .join('');
  const [head = '', tail] = address.split('::');
  const parts = (text: string) => (text === '' ? [] : text.split(':'));
  const [first, last] = [parts(head), parts(tail ?? '')];
  const middle = tail === undefined ? [] : Array<string>(8 - first.length - last.length).fill('0');
  return [...first, ...middle, ...last].map((part) => Number.parseInt(part, 16).toString(2).padStart(16, '0')).join('');
}
