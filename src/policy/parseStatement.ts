import type { PolicyIssue } from './decision.ts';
import { compileMatcher } from './matcher.ts';
import { type Operator, parseOperator } from './operator.ts';
import { isLivingPrincipal } from './principal.ts';
import type { Condition, PatternElement, PrincipalElement, Statement } from './statement.ts';

type Members = Readonly<Record<string, unknown>>;
type Report = (kind: PolicyIssue['kind'], message: string) => void;

const MEMBERS: readonly string[] = [
  'Sid',
  'Effect',
  'Principal',
  'NotPrincipal',
  'Action',
  'NotAction',
  'Resource',
  'NotResource',
  'Condition',
];

export const isMembers = (value: unknown): value is Members =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

interface ParsedStatement {
  readonly statement: Statement;
  readonly issues: readonly PolicyIssue[];
}

/** Reads one statement whose Effect is already known to be one. */
export function parseStatement(members: Members, effect: 'Allow' | 'Deny', index: number): ParsedStatement {
  const { Sid: sid } = members;
  const label = typeof sid === 'string' && sid !== '' ? sid : `#${index}`;
  const issues: PolicyIssue[] = [];
  const report: Report = (kind, message) => issues.push({ statement: label, kind, message });

  if (sid !== undefined && typeof sid !== 'string') report('malformed', 'Sid is not text');
  for (const member of Object.keys(members))
    if (!MEMBERS.includes(member)) report('malformed', `\`${member}\` is no element of a policy statement`);

  const principal = parsePrincipal(members, report);
  const action = parsePatterns(members, 'Action', report);
  const resource = parsePatterns(members, 'Resource', report);
  const conditions = parseConditions(members.Condition, report);
  const undecidable = issues.find((issue) => issue.kind === 'malformed')?.message ?? null;
  return { statement: { label, effect, principal, action, resource, conditions, undecidable }, issues };
}

/** The one of an element and its Not form that the statement has. */
function pick(members: Members, name: string, report: Report): { value: unknown; negated: boolean } | null {
  const not = `Not${name}`;
  if (name in members && not in members) report('malformed', `both ${name} and ${not} are given`);
  if (name in members) return { value: members[name], negated: false };
  if (not in members) return { value: members[not], negated: true };
  report('inert', `there is no ${name}, so the statement has no effect`);
  return null;
}

function parsePatterns(members: Members, name: 'Action' | 'Resource', report: Report): PatternElement | null {
  const picked = pick(members, name, report);
  if (picked === null) return null;
  const patterns = listOf(picked.value).filter((value) => typeof value === 'string');
  if (patterns.length < listOf(picked.value).length) report('malformed', `${name} holds something other than text`);
  else if (patterns.length === 0) report('inert', `${name} is an empty list, so the statement has no effect`);
  return patterns.length === 0 ? null : { negated: picked.negated, patterns };
}

const NOBODY: PrincipalElement = {
  negated: false,
  everyone: false,
  aws: [],
  service: [],
  federated: [],
  canonicalUser: [],
};

const PRINCIPAL_TYPES = {
  AWS: 'aws',
  Service: 'service',
  Federated: 'federated',
  CanonicalUser: 'canonicalUser',
} as const;

function parsePrincipal(members: Members, report: Report): PrincipalElement {
  const picked = pick(members, 'Principal', report);
  if (picked === null) return NOBODY;
  const { value, negated } = picked;
  if (value === '*') return { ...NOBODY, negated, everyone: true };
  if (Array.isArray(value) && value.length === 0) {
    report('inert', 'Principal is an empty list, so the statement has no effect');
    return NOBODY;
  }
  if (!isMembers(value)) {
    report('malformed', 'Principal is neither `"*"` nor an object');
    return { ...NOBODY, negated };
  }
  const lists = { aws: [], service: [], federated: [], canonicalUser: [] } as Record<string, string[]>;
  for (const [type, names] of Object.entries(value)) {
    const list = lists[PRINCIPAL_TYPES[type as keyof typeof PRINCIPAL_TYPES]];
    if (list === undefined) report('malformed', `\`${type}\` is no type of principal`);
    else list.push(...listOf(names).flatMap((name) => parsePrincipalName(name, type, report)));
  }
  const element = { ...NOBODY, negated, ...lists };
  reportInertPrincipal(element, report);
  return element;
}

function parsePrincipalName(name: unknown, type: string, report: Report): string[] {
  if (typeof name === 'string') return [name];
  if (type === 'AWS' && typeof name === 'number') {
    report('unquoted-account-id', `account id ${name} stands without quotes, so leading zeros are lost`);
    return [String(name)];
  }
  report('malformed', `Principal ${type} holds something other than text`);
  return [];
}

function reportInertPrincipal(element: PrincipalElement, report: Report): void {
  for (const name of element.aws)
    if (!isLivingPrincipal(name))
      report('inert', `principal \`${name}\` is no account, ARN or \`*\`, so it covers nobody`);
  const { aws, service, federated, canonicalUser } = element;
  if (!element.negated && [aws, service, federated, canonicalUser].every((list) => list.length === 0))
    report('inert', 'Principal names nobody, so the statement has no effect');
}

function parseConditions(value: unknown, report: Report): readonly Condition[] {
  if (value === undefined) return [];
  if (!isMembers(value)) {
    report('malformed', 'Condition is not an object');
    return [];
  }
  return Object.entries(value).flatMap(([operator, keys]) => {
    if (parseOperator(operator) === null)
      report('unknown-operator', `\`${operator}\` is no documented condition operator`);
    if (!isMembers(keys) || Object.keys(keys).length === 0) {
      report('malformed', `condition operator ${operator} holds no keys`);
      return [];
    }
    reportKeysThatDifferInCase(operator, Object.keys(keys), report);
    return Object.entries(keys).map(([key, values]) => parseCondition(operator, key, values, report));
  });
}

function reportKeysThatDifferInCase(operator: string, keys: readonly string[], report: Report): void {
  const seen = new Set<string>();
  const twice = keys.find((key) => seen.size === seen.add(key.toLowerCase()).size);
  if (twice !== undefined) report('malformed', `${operator} holds \`${twice}\` twice, in different case`);
}

function parseCondition(operator: string, key: string, value: unknown, report: Report): Condition {
  const given = listOf(value);
  const scalars = given.filter((one) => ['string', 'number', 'boolean'].includes(typeof one));
  const parsed = parseOperator(operator);
  const family = parsed?.family;
  if (given.length === 0) report('inert', `${operator} on ${key} has no values`);
  if (scalars.length < given.length) {
    report('inert', `${operator} on ${key} holds something other than text, numbers and booleans`);
    return { operator, key, values: [] };
  }
  if ((family === 'text' || family === 'arn') && scalars.some((one) => typeof one === 'number'))
    report('unquoted-account-id', `${operator} on ${key} holds a number without quotes, so leading zeros are lost`);
  const values = scalars.map(String);
  const unreadable = values.find((one) => parsed !== null && !isReadable(parsed, one));
  if (unreadable !== undefined)
    report('unreadable-value', `\`${unreadable}\` is no value that ${operator} is documented to take`);
  return { operator, key, values };
}

/** Whether an operator for numbers, dates, addresses or booleans can read a value; whether `True` is one is left open. */
function isReadable(operator: Operator, value: string): boolean {
  if (operator.family === 'text' || operator.family === 'arn') return true;
  const isTruth = operator.family === 'bool' || operator.family === 'null';
  return compileMatcher(operator, [{ text: isTruth ? value.toLowerCase() : value, wildcards: false }]) !== null;
}

const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : [value]);
