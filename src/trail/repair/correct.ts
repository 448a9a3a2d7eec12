import type { Mismatch } from '../../policy/decision.ts';
import { explain } from '../../policy/explain.ts';
import type { KeyPolicy } from '../../policy/parse.ts';
import type { AccessRequest } from '../../policy/request.ts';
import type { TrailFacts } from '../facts.ts';
import { isKmsAction } from '../kmsActions.ts';
import type { StatementDocument } from '../statements.ts';
import { conditionHolds } from './conditionHolds.ts';
import {
  type ConditionFix,
  correctedCondition,
  forCloudTrail,
  type Known,
  type Precision,
} from './correctCondition.ts';
import { inForm, listOf, withAddedCondition, withCondition } from './document.ts';
import type { PolicyChange, StatementEdit } from './plan.ts';
import { type PolicyDraft, statementAt } from './policyDraft.ts';
import { ACTION, arnsOf, ENTRY, SOURCE_ARN, type TrailAccess } from './trailStatements.ts';

/** What a statement has to let through: CloudTrail's requests for some trails. */
export interface Wanted {
  readonly access: TrailAccess;
  readonly trails: readonly TrailFacts[];
  readonly requests: readonly AccessRequest[];
}

/**
 * Ways to correct one Allow statement for CloudTrail alone in its place, the gentlest first; empty where it cannot be: it
 * misses by something that names no trail.
 */
export function corrections(draft: PolicyDraft, index: number, wanted: Wanted, known: Known): readonly StatementEdit[] {
  const { statement, raw } = statementAt(draft, index);
  if (statement.undecidable !== null || statement.grammarErrors.length > 0) return [];
  const mismatches = wanted.requests.flatMap((request) => mismatchesOf(draft.policy, index, request));
  if (mismatches.length === 0) return [];
  return VARIANTS.flatMap(({ precision, pinned }) => {
    const corrected = correct(draft, index, raw, mismatches, wanted, known, precision);
    const edit = corrected !== null && pinned ? pin(corrected, wanted.trails) : corrected;
    if (edit === null) return [];
    const { parts, loses, change, statement: document } = edit;
    return [{ index, label: statement.label, statement: document, change, message: parts.join('; '), loses }];
  });
}

const VARIANTS: readonly { readonly precision: Precision; readonly pinned: boolean }[] = [
  { precision: 'segments', pinned: false },
  { precision: 'exact', pinned: false },
  { precision: 'segments', pinned: true },
];

/** How far a statement misses: fewer and lesser misses first. */
export const missesOf = (draft: PolicyDraft, index: number, { requests }: Wanted): number =>
  requests.reduce((sum, request) => sum + mismatchesOf(draft.policy, index, request).length, 0);

function mismatchesOf(policy: KeyPolicy, index: number, request: AccessRequest): readonly Mismatch[] {
  const compiled = policy.compiled.slice(index, index + 1);
  const conditions = compiled.flatMap(({ statement }) => statement.conditions);
  return explain({ ...policy, compiled }, request)
    .flatMap(({ mismatches }) => mismatches)
    .filter((mismatch) => {
      // A value that is one of many, such as the path of a log file, may fit the condition in every case.
      if (mismatch.part !== 'condition' || mismatch.result === 'no') return true;
      const { operator, key } = mismatch;
      return !conditions.some(
        (one) => one.operator === operator && one.key === key && conditionHolds(policy, one, request),
      );
    });
}

interface Correction {
  readonly statement: StatementDocument;
  readonly change: PolicyChange;
  readonly parts: readonly string[];
  readonly loses: readonly StatementDocument[];
}

function correct(
  draft: PolicyDraft,
  index: number,
  raw: StatementDocument,
  mismatches: readonly Mismatch[],
  wanted: Wanted,
  known: Known,
  precision: Precision,
): Correction | null {
  const start: Correction = { statement: raw, change: 'condition-value-added', parts: [], loses: [] };
  let correction: Correction | null = start;
  if (mismatches.some(({ part }) => part === 'action')) correction = correctAction(correction, draft, index, wanted);
  if (mismatches.some(({ part }) => part === 'resource')) correction = correction && correctResource(correction);
  for (const { operator, key } of conditionsOf(mismatches)) {
    const { conditions } = statementAt(draft, index).statement;
    const condition = conditions.find((one) => one.operator === operator && one.key === key);
    if (correction === null || condition === undefined) return null;
    const fix = correctedCondition(condition, wanted, known, precision);
    correction = fix === null ? null : withFix(correction, operator, key, fix);
  }
  return correction;
}

function conditionsOf(mismatches: readonly Mismatch[]): readonly { readonly operator: string; readonly key: string }[] {
  const distinct = new Map<string, { readonly operator: string; readonly key: string }>();
  for (const mismatch of mismatches)
    if (mismatch.part === 'condition') distinct.set(`${mismatch.operator} ${mismatch.key}`, mismatch);
  return [...distinct.values()];
}

function withFix(correction: Correction, operator: string, key: string, fix: ConditionFix): Correction {
  return {
    statement: withCondition(correction.statement, operator, key, fix),
    change: correction.change === 'condition-value-added' ? fix.change : correction.change,
    parts: [...correction.parts, fix.message],
    loses: [...correction.loses, ...fix.loses],
  };
}

/** A name that means CloudTrail's action and matches none that KMS has, such as `kms=GenerateDataKey*`. */
function correctAction(
  correction: Correction,
  draft: PolicyDraft,
  index: number,
  { access }: Wanted,
): Correction | null {
  if (statementAt(draft, index).statement.action?.negated !== false) return null;
  const bare = ACTION[access].slice('kms:'.length).toLowerCase();
  const isMisspelt = (entry: unknown): entry is string =>
    typeof entry === 'string' && entry.toLowerCase().includes(bare) && !isKmsAction(entry);
  const entries = listOf(correction.statement.Action);
  const misspelt = entries.find(isMisspelt);
  if (misspelt === undefined) return null;
  const corrected = entries.map((entry) => (entry === misspelt ? ENTRY[access] : String(entry)));
  return {
    ...correction,
    statement: { ...correction.statement, Action: inForm(correction.statement.Action, corrected) },
    change: 'action-corrected',
    parts: [...correction.parts, `the action \`${misspelt}\`, which KMS does not know, becomes \`${ENTRY[access]}\``],
    loses: [...correction.loses, forCloudTrail({ Action: misspelt })],
  };
}

/** In a key policy `*` is this key, and everything else but the key's ARN matches nothing. */
function correctResource(correction: Correction): Correction | null {
  const { Resource: before, NotResource: negated } = correction.statement;
  if (negated !== undefined) return null;
  const was = before === undefined ? 'the missing Resource' : `the Resource \`${listOf(before).join('`, `')}\``;
  const { Condition: condition, ...rest } = correction.statement;
  const statement =
    before === undefined && condition !== undefined
      ? { ...rest, Resource: '*', Condition: condition }
      : { ...correction.statement, Resource: '*' };
  return {
    ...correction,
    statement,
    change: correction.parts.length === 0 ? 'resource-corrected' : correction.change,
    parts: [
      ...correction.parts,
      `${was} becomes \`*\`, which in a key policy means this key: the statement had no effect`,
    ],
  };
}

/** The statement bound to the trails, so that what is opened is open for nobody else. */
function pin(correction: Correction, trails: readonly TrailFacts[]): Correction | null {
  const arns = arnsOf(trails);
  const statement = withAddedCondition(correction.statement, 'StringEquals', SOURCE_ARN, arns);
  if (statement === null) return null;
  const part = `${SOURCE_ARN} binds it to \`${arns.join('`, `')}\``;
  return { ...correction, statement, parts: [...correction.parts, part] };
}
