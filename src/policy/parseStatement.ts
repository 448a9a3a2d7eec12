import type { PolicyIssue } from './decision.ts';
import { parseConditions } from './parseCondition.ts';
import { type Picked, parsePrincipal } from './parsePrincipal.ts';
import type { GrammarError, PatternElement, Statement } from './statement.ts';
import { listOf, type Members, type StatementReport } from './statementReport.ts';

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

interface ParsedStatement {
  readonly statement: Statement;
  readonly issues: readonly PolicyIssue[];
}

/** Reads one statement whose Effect is already known to be one. */
export function parseStatement(members: Members, effect: 'Allow' | 'Deny', index: number): ParsedStatement {
  const { Sid: sid } = members;
  const label = typeof sid === 'string' && sid !== '' ? sid : `#${index}`;
  const issues: PolicyIssue[] = [];
  const grammarErrors: GrammarError[] = [];
  let undecidable: string | null = null;
  const report: StatementReport = {
    issue: (kind, message) => issues.push({ statement: label, kind, message }),
    refuse: (code, message, kind = 'malformed') => {
      report.issue(kind, message);
      grammarErrors.push({ code, message });
    },
    leaveOpen: (message) => {
      report.issue('malformed', message);
      undecidable ??= message;
    },
  };

  if (sid !== undefined && typeof sid !== 'string') report.refuse('sid-form', 'Sid is not text');
  for (const member of Object.keys(members))
    if (!MEMBERS.includes(member))
      report.refuse('unknown-element', `\`${member}\` is no element of a policy statement`);

  const picked = pick(members, 'Principal', report);
  const principal = parsePrincipal(picked, report);
  const action = parsePatterns(members, 'Action', report);
  const resource = parsePatterns(members, 'Resource', report);
  const conditions = parseConditions(members.Condition, report);
  return { statement: { label, effect, principal, action, resource, conditions, grammarErrors, undecidable }, issues };
}

/** The one of an element and its Not form that the statement has. */
function pick(members: Members, name: string, report: StatementReport): Picked | null {
  const not = `Not${name}`;
  if (name in members && not in members) report.refuse('both-forms', `both ${name} and ${not} are given`);
  if (name in members) return { value: members[name], negated: false };
  if (not in members) return { value: members[not], negated: true };
  report.issue('inert', `there is no ${name}, so the statement has no effect`);
  return null;
}

function parsePatterns(members: Members, name: 'Action' | 'Resource', report: StatementReport): PatternElement | null {
  const picked = pick(members, name, report);
  if (picked === null) return null;
  const patterns = listOf(picked.value).filter((value) => typeof value === 'string');
  if (patterns.length < listOf(picked.value).length)
    report.refuse('patterns-form', `${name} holds something other than text`);
  else if (patterns.length === 0) report.issue('inert', `${name} is an empty list, so the statement has no effect`);
  return patterns.length === 0 ? null : { negated: picked.negated, patterns };
}
