import { findDuplicateMember } from '../../policy/duplicateMembers.ts';
import type { KeyPolicyParse } from '../../policy/parse.ts';
import { parseKeyPolicy } from '../../policy/parse.ts';
import { type AccessRequest, type KeyState, type Principal, present, unknown } from '../../policy/request.ts';
import { refuseTooDeep, TOO_DEEP, TooDeepError } from '../../rule/jsonText.ts';
import { quote } from '../../rule/quote.ts';

/** One line of `simulate`: a request and the policy that decides it. */
interface Query {
  readonly policy: KeyPolicyParse;
  readonly request: AccessRequest;
}

/** The id of a line, `null` where it cannot be read, and the query or what is wrong with it. */
type ReadQuery = { readonly id: unknown } & ({ readonly query: Query } | { readonly error: string });

type Members = Readonly<Record<string, unknown>>;

/** Reads one line; never throws. */
export function readQuery(line: string): ReadQuery {
  let id: unknown = null;
  try {
    const value = parseLine(line);
    // An id that is one of the deep parts could not be answered with.
    if (isObject(value) && typeof value.id !== 'object') id = value.id ?? null;
    const members = objectOf(refuseTooDeep(value), 'the line');
    id = members.id ?? null;
    const duplicate = findDuplicateMember(line);
    if (duplicate !== null) throw new QueryError(`\`${duplicate}\` stands twice`);
    if (members.policy === undefined) throw new QueryError('policy is missing');
    return { id, query: { policy: parseKeyPolicy(members.policy), request: readRequest(members.request) } };
  } catch (error) {
    if (error instanceof QueryError) return { id, error: error.message };
    if (error instanceof TooDeepError) return { id, error: `the line ${TOO_DEEP}` };
    return { id, error: 'the line cannot be read' };
  }
}

/** What is wrong with a line, in one sentence. */
class QueryError extends Error {
  override readonly name = 'QueryError';
}

function parseLine(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    throw new QueryError(`the line is not JSON: ${quote(line)}`);
  }
}

const REQUEST_MEMBERS: readonly string[] = ['principal', 'action', 'resource', 'context', 'unknown'];

function readRequest(value: unknown): AccessRequest {
  const members = objectOf(value, 'request');
  const stranger = Object.keys(members).find((member) => !REQUEST_MEMBERS.includes(member));
  if (stranger !== undefined)
    throw new QueryError(`request.${stranger} is not known, accepted are ${REQUEST_MEMBERS.join(', ')}`);
  return {
    principal: readPrincipal(members.principal),
    action: readAction(members.action),
    resource: textOf(members.resource, 'request.resource', 'the ARN of a key'),
    context: readContext(members.context ?? {}, members.unknown ?? []),
    otherKeys: members.unknown === '*' ? 'unknown' : 'absent',
  };
}

function readPrincipal(value: unknown): Principal {
  const accepted = '{"Service": name} or {"AWS": ARN}';
  if (value === undefined) throw new QueryError(`request.principal is missing, accepted is ${accepted}`);
  const [first, ...others] = isObject(value) ? Object.entries(value) : [];
  const [type, name] = first ?? [];
  if (others.length === 0 && typeof name === 'string' && name !== '') {
    if (type === 'Service') return { service: name };
    if (type === 'AWS' && name.startsWith('arn:')) return { aws: name };
  }
  throw new QueryError(`request.principal is ${quote(value)}, accepted is ${accepted}`);
}

function readAction(value: unknown): string {
  const action = textOf(value, 'request.action', 'one action such as kms:GenerateDataKey');
  if (/^[\w-]+:[\w-]+$/.test(action)) return action;
  throw new QueryError(`request.action is ${quote(action)}, accepted is one action such as kms:GenerateDataKey`);
}

function readContext(known: unknown, open: unknown): Readonly<Record<string, KeyState>> {
  // Without a prototype, so that a key may be called __proto__.
  const context: Record<string, KeyState> = Object.create(null);
  const seen = new Set<string>();
  const add = (key: string, state: KeyState): void => {
    if (seen.has(key.toLowerCase())) throw new QueryError(`condition key \`${key}\` is given twice`);
    seen.add(key.toLowerCase());
    context[key] = state;
  };
  for (const [key, value] of Object.entries(objectOf(known, 'request.context'))) add(key, readState(key, value));
  for (const key of readUnknown(open)) add(key, unknown);
  return context;
}

function readState(key: string, value: unknown): KeyState {
  if (value === null) return { is: 'absent' };
  if (typeof value === 'string') return present(value);
  if (Array.isArray(value) && value.every((one) => typeof one === 'string')) return present(value);
  throw new QueryError(
    `request.context.${key} is ${quote(value)}, accepted is text, a list of texts, or null for absent`,
  );
}

function readUnknown(value: unknown): readonly string[] {
  if (value === '*') return [];
  if (Array.isArray(value) && value.every((one) => typeof one === 'string')) return value;
  throw new QueryError(`request.unknown is ${quote(value)}, accepted is a list of condition keys or "*"`);
}

function textOf(value: unknown, member: string, accepted: string): string {
  if (typeof value === 'string' && value !== '') return value;
  throw new QueryError(`${member} is ${value === undefined ? 'missing' : quote(value)}, accepted is ${accepted}`);
}

function objectOf(value: unknown, what: string): Members {
  if (isObject(value)) return value;
  throw new QueryError(`${what} is ${value === undefined ? 'missing' : quote(value)}, accepted is a JSON object`);
}

const isObject = (value: unknown): value is Members =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
