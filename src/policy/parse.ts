import { type CompiledStatement, compileStatement } from './compile.ts';
import type { PolicyIssue } from './decision.ts';
import { findDuplicateMember } from './duplicateMembers.ts';
import { parseStatement } from './parseStatement.ts';
import { isMembers } from './report.ts';
import type { Statement } from './statement.ts';

/** A parsed policy, compiled once for many decisions. */
export interface KeyPolicy {
  /** The policy as parsed JSON: a repair keeps what it does not fix, to the letter. */
  readonly document: unknown;
  /** The policy as it was written, where it was given as text; otherwise `null`. */
  readonly text: string | null;
  readonly version: '2012-10-17' | '2008-10-17' | null;
  readonly statements: readonly Statement[];
  readonly issues: readonly PolicyIssue[];
  /** For `authorize` and `explain`. */
  readonly compiled: readonly CompiledStatement[];
}

export type KeyPolicyParse =
  | { readonly valid: true; readonly policy: KeyPolicy }
  | { readonly valid: false; readonly error: string };

/** Largest key policy that KMS takes, in bytes (AWS KMS Developer Guide, Resource quotas). */
export const POLICY_SIZE = 32_768;

/**
 * Parses a key policy, given as JSON text or as the parsed document.
 *
 * Never throws. Invalid are only: text that is not JSON, a member given twice, a wrong Version, Effect or Statement, and
 * more than 32 KB. Everything else stays evaluable; what AWS would refuse or ignore is listed in `issues`.
 */
export function parseKeyPolicy(input: unknown): KeyPolicyParse {
  try {
    const text = typeof input === 'string' ? input : (JSON.stringify(input) ?? '');
    if (byteLength(text) > POLICY_SIZE) return invalid(`the policy is larger than ${POLICY_SIZE} bytes`);
    if (typeof input !== 'string') return parseDocument(input, null);
    const document: unknown = JSON.parse(text);
    const duplicate = findDuplicateMember(text);
    return duplicate === null ? parseDocument(document, text) : invalid(`the policy holds \`${duplicate}\` twice`);
  } catch (error) {
    return invalid(`the policy is not JSON: ${error instanceof Error ? firstLine(error.message) : 'unreadable'}`);
  }
}

const invalid = (error: string): KeyPolicyParse => ({ valid: false, error });

const firstLine = (text: string): string => text.replace(/\s+/g, ' ').slice(0, 120);

function byteLength(text: string): number {
  // INVARIANT: a UTF-16 unit is at least one byte, so long texts need no counting.
  return text.length > POLICY_SIZE ? text.length : new TextEncoder().encode(text).length;
}

const VERSIONS = ['2012-10-17', '2008-10-17'] as const;

function parseDocument(document: unknown, text: string | null): KeyPolicyParse {
  if (!isMembers(document)) return invalid('the policy is not a JSON object');
  const version = document.Version === undefined ? null : VERSIONS.find((known) => known === document.Version);
  if (version === undefined)
    return invalid(`Version is ${show(document.Version)}, accepted are \`2012-10-17\` and \`2008-10-17\``);
  const list = Array.isArray(document.Statement) ? document.Statement : [document.Statement];
  if (document.Statement === undefined) return invalid('the policy has no Statement');
  const statements: Statement[] = [];
  const issues: PolicyIssue[] = [];
  for (const [index, members] of list.entries()) {
    if (!isMembers(members)) return invalid(`Statement[${index}] is not a JSON object`);
    const effect = members.Effect;
    if (effect !== 'Allow' && effect !== 'Deny')
      return invalid(`Statement[${index}].Effect is ${show(effect)}, accepted are \`Allow\` and \`Deny\``);
    const parsed = parseStatement(members, effect, index);
    statements.push(parsed.statement);
    issues.push(...parsed.issues);
  }
  issues.push(...documentIssues(document, statements));
  const compiled = statements.map((statement) => compileStatement(statement, version === '2012-10-17'));
  return { valid: true, policy: { document, text, version, statements, issues, compiled } };
}

const show = (value: unknown): string => (value === undefined ? 'missing' : `\`${firstLine(JSON.stringify(value))}\``);

function documentIssues(document: Readonly<Record<string, unknown>>, statements: readonly Statement[]): PolicyIssue[] {
  const issues: PolicyIssue[] = [];
  for (const member of Object.keys(document))
    if (!['Version', 'Id', 'Statement'].includes(member))
      issues.push({ statement: null, kind: 'malformed', message: `\`${member}\` is no element of a policy` });
  const labels = new Set<string>();
  for (const { label } of statements) {
    if (labels.has(label)) issues.push({ statement: label, kind: 'sid-twice', message: 'the Sid is used twice' });
    labels.add(label);
  }
  return issues;
}
