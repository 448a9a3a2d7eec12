import { wildcardPattern } from '../../policy/pattern.ts';
import { covers, matches } from '../../policy/patternMatch.ts';
import type { Statement } from '../../policy/statement.ts';
import { CLOUDTRAIL } from '../cloudTrail.ts';
import { isCloudTrailOnly, namesCloudTrail } from '../cloudTrailOnly.ts';
import { KMS_ACTIONS } from '../kmsActions.ts';
import { distinct } from '../policyNames.ts';
import type { StatementDocument } from '../statements.ts';
import { forCloudTrail, list } from './correctCondition.ts';
import { inForm, listOf, unusedSid, withAddedCondition } from './document.ts';
import type { StatementEdit } from './plan.ts';
import { type PolicyDraft, statementAt } from './policyDraft.ts';
import { arnsOf, ENTRY, SOURCE_ARN } from './trailStatements.ts';

/**
 * Binds a statement that allows trails of any account to the trails that use the key. A statement for others too is split,
 * because they do not carry aws:SourceArn. Only for a key that serves nothing but these trails.
 */
export function bindToTrails(draft: PolicyDraft, index: number): readonly StatementEdit[] {
  const { statement, raw } = statementAt(draft, index);
  if (statement.effect !== 'Allow' || !namesCloudTrail(statement.principal)) return [];
  const arns = arnsOf(draft.keyUnderRepair.trails);
  const loses = [forCloudTrail({ Action: '*', Condition: { StringNotEquals: { [SOURCE_ARN]: arns } } })];
  const names = `${list(arns)} alone: whatever else CloudTrail did with it ends`;
  if (isCloudTrailOnly(statement.principal)) {
    const bound = withAddedCondition(raw, 'StringEquals', SOURCE_ARN, arns);
    if (bound === null) return [];
    const message = `${SOURCE_ARN} binds the statement to ${names}`;
    return [{ index, label: statement.label, statement: bound, change: 'statement-narrowed', message, loses }];
  }
  return split(draft, index, statement, raw, arns, loses);
}

function split(
  draft: PolicyDraft,
  index: number,
  statement: Statement,
  raw: StatementDocument,
  arns: readonly string[],
  loses: readonly StatementDocument[],
): readonly StatementEdit[] {
  const stem = typeof raw.Sid === 'string' && raw.Sid !== '' ? raw.Sid : 'Statement';
  const sid = unusedSid(draft.keyUnderRepair.document, draft.edits, `${stem}ForCloudTrail`);
  const entries = neededOf(statement);
  const action = entries === null ? {} : { Action: inForm(raw.Action, entries) };
  const own = withAddedCondition(
    { ...raw, ...action, Sid: sid, Principal: { Service: CLOUDTRAIL } },
    'StringEquals',
    SOURCE_ARN,
    arns,
  );
  if (own === null) return [];
  return [
    {
      index,
      label: statement.label,
      statement: withoutCloudTrail(raw),
      change: 'statement-split',
      message: `CloudTrail gets a statement of its own, \`${sid}\`, because the other principals carry no ${SOURCE_ARN}`,
      loses: entries === null ? loses : [...loses, forCloudTrail({ NotAction: entries })],
    },
    {
      index: null,
      label: sid,
      statement: own,
      change: 'statement-added',
      message: `the part of \`${statement.label}\` for CloudTrail, bound to ${list(arns)} alone: whatever else CloudTrail did with it ends`,
      loses: [],
    },
  ];
}

/**
 * Takes CloudTrail out of a statement for others too, where other statements allow it; empty where the statement is
 * CloudTrail's alone.
 */
export function takeOut(draft: PolicyDraft, index: number): readonly StatementEdit[] {
  const { statement, raw } = statementAt(draft, index);
  if (!namesCloudTrail(statement.principal) || isCloudTrailOnly(statement.principal)) return [];
  const message =
    'CloudTrail is taken out of it, because other statements allow it for its trails: whatever else CloudTrail did with it ends';
  const loses = [forCloudTrail({ Action: '*' })];
  return [
    { index, label: statement.label, statement: withoutCloudTrail(raw), change: 'statement-split', message, loses },
  ];
}

/** The statement for its other principals. */
function withoutCloudTrail(raw: StatementDocument): StatementDocument {
  // INVARIANT: a statement that names a service has an object of principals.
  const principal = raw.Principal as Readonly<Record<string, unknown>>;
  const { Service: services, ...rest } = principal;
  const left = listOf(services).filter((service) => service !== CLOUDTRAIL);
  const kept = left.length === 0 ? rest : { ...principal, Service: inForm(services, left.map(String)) };
  return { ...raw, Principal: kept };
}

/** Actions that CloudTrail needs for trails, as entries of Action. */
const NEEDED = Object.values(ENTRY);

/** Takes the actions away that CloudTrail does not need for trails. */
export function dropExcessActions(draft: PolicyDraft, index: number): readonly StatementEdit[] {
  const { statement, raw } = statementAt(draft, index);
  if (statement.effect !== 'Allow' || !isCloudTrailOnly(statement.principal)) return [];
  if (statement.action?.negated !== false) return [];
  const before = statement.action.patterns;
  const after = neededOf(statement);
  if (after === null || (after.length === before.length && after.every((entry) => before.includes(entry)))) return [];
  const dropped = before.filter((entry) => !after.includes(entry));
  const message = `${list(dropped)} ends for CloudTrail: a trail needs no more than ${list(after)}`;
  return [
    {
      index,
      label: statement.label,
      statement: { ...raw, Action: inForm(raw.Action, after) },
      change: 'statement-narrowed',
      message,
      loses: [forCloudTrail({ NotAction: after })],
    },
  ];
}

/** The entries of Action that CloudTrail needs; `null` where none is left, or they are what is left out. */
function neededOf({ action }: Statement): readonly string[] | null {
  if (action?.negated !== false) return null;
  const entries = distinct(action.patterns.flatMap(withoutExcess));
  return entries.length === 0 ? null : entries;
}

function withoutExcess(entry: string): readonly string[] {
  const pattern = wildcardPattern(entry, true);
  const isNeeded = (action: string): boolean => NEEDED.some((needed) => matches(wildcardPattern(needed, true), action));
  if (KMS_ACTIONS.every((action) => !matches(pattern, action) || isNeeded(action))) return [entry];
  return NEEDED.flatMap((needed) => {
    if (covers(pattern, wildcardPattern(needed, true))) return [needed];
    const plain = needed.replace('*', '');
    return matches(pattern, plain) ? [plain] : [];
  });
}
