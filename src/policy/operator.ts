/** What kind of value an operator compares. */
type Family = 'text' | 'arn' | 'number' | 'date' | 'bool' | 'ip' | 'null';

export type Comparison = 'equals' | 'less' | 'lessOrEqual' | 'greater' | 'greaterOrEqual';

/** A condition operator, taken apart (IAM JSON policy elements: Condition operators). */
export interface Operator {
  readonly family: Family;
  /** No value of the policy may match. */
  readonly negated: boolean;
  /** ForAllValues, ForAnyValue. */
  readonly quantifier: 'none' | 'all' | 'any';
  readonly ifExists: boolean;
  readonly ignoresCase: boolean;
  /** `*` and `?` are wildcards. */
  readonly wildcards: boolean;
  readonly comparison: Comparison;
}

type Base = Pick<Operator, 'family' | 'negated' | 'ignoresCase' | 'wildcards' | 'comparison'>;

const base = (family: Family, traits: Partial<Base> = {}): Base => ({
  family,
  negated: false,
  ignoresCase: false,
  wildcards: false,
  comparison: 'equals',
  ...traits,
});

const ordered = (prefix: string, family: Family): [string, Base][] => [
  [`${prefix}Equals`, base(family)],
  [`${prefix}NotEquals`, base(family, { negated: true })],
  [`${prefix}LessThan`, base(family, { comparison: 'less' })],
  [`${prefix}LessThanEquals`, base(family, { comparison: 'lessOrEqual' })],
  [`${prefix}GreaterThan`, base(family, { comparison: 'greater' })],
  [`${prefix}GreaterThanEquals`, base(family, { comparison: 'greaterOrEqual' })],
];

const OPERATORS: ReadonlyMap<string, Base> = new Map<string, Base>([
  ['StringEquals', base('text')],
  ['StringNotEquals', base('text', { negated: true })],
  ['StringEqualsIgnoreCase', base('text', { ignoresCase: true })],
  ['StringNotEqualsIgnoreCase', base('text', { ignoresCase: true, negated: true })],
  ['StringLike', base('text', { wildcards: true })],
  ['StringNotLike', base('text', { wildcards: true, negated: true })],
  ['ArnEquals', base('arn', { wildcards: true })],
  ['ArnLike', base('arn', { wildcards: true })],
  ['ArnNotEquals', base('arn', { wildcards: true, negated: true })],
  ['ArnNotLike', base('arn', { wildcards: true, negated: true })],
  ['BinaryEquals', base('text')],
  ['Bool', base('bool')],
  ['IpAddress', base('ip')],
  ['NotIpAddress', base('ip', { negated: true })],
  ['Null', base('null')],
  ...ordered('Numeric', 'number'),
  ...ordered('Date', 'date'),
]);

const FORM = /^(?:(ForAllValues|ForAnyValue):)?(.*?)(IfExists)?$/;

const STEMS: ReadonlySet<string> = new Set([...OPERATORS.keys()].map((stem) => stem.toLowerCase()));

/** Whether AWS may take a name that it does not document: an operator in another case, or a set operator with Null. */
export function mayBeOperator(name: string): boolean {
  const [, stem = '', ifExists] = /^(?:forallvalues:|foranyvalue:)?(.*?)(ifexists)?$/i.exec(name) ?? [];
  return STEMS.has(stem.toLowerCase()) && !(stem.toLowerCase() === 'null' && ifExists !== undefined);
}

/** Takes an operator's name apart; `null` where AWS documents no such operator. */
export function parseOperator(name: string): Operator | null {
  const [, set, stem = '', ifExists] = FORM.exec(name) ?? [];
  const found = OPERATORS.get(stem);
  if (found === undefined) return null;
  if (found.family === 'null' && (ifExists !== undefined || set !== undefined)) return null;
  const quantifier = set === undefined ? 'none' : set === 'ForAllValues' ? 'all' : 'any';
  return { ...found, quantifier, ifExists: ifExists !== undefined };
}
