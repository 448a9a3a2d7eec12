import { CLOUDTRAIL } from '../cloudTrail.ts';
import type { TrailFacts } from '../facts.ts';
import type { StatementDocument } from '../statements.ts';
import { namedTrail } from './cloudTrailStatement.ts';
import { list } from './correctCondition.ts';
import { unusedSid, withAddedCondition } from './document.ts';
import type { StatementEdit } from './plan.ts';
import { type PolicyDraft, statementAt } from './policyDraft.ts';
import { arnsOf, SOURCE_ARN } from './trailStatements.ts';

/**
 * The last resorts for a Deny: it spares exactly the trails. A negated operator holds where its key is absent, so whoever
 * carries no aws:SourceArn stays denied. Where others than CloudTrail could carry a trail's ARN, for all that is known,
 * a second Deny keeps them out: together they deny whatever the one denied, but CloudTrail acting for the trails.
 */
export function sparingTrails(
  draft: PolicyDraft,
  index: number,
  trails: readonly TrailFacts[],
): readonly (readonly StatementEdit[])[] {
  const { statement, raw } = statementAt(draft, index);
  const { negated, service } = statement.principal;
  const arns = arnsOf(trails);
  // Whoever wrote this meant CloudTrail, or the trail, and nothing else.
  if (!negated && service.includes(CLOUDTRAIL) && statement.conditions.length === 0) return [];
  if (namedTrail(statement, arns) !== null) return [];
  const sparing = withNegated(raw, SOURCE_ARN, arns);
  const others = withNegated(raw, 'aws:PrincipalServiceName', [CLOUDTRAIL]);
  if (sparing === null) return [];
  const spares = `${SOURCE_ARN} spares exactly ${list(arns)}`;
  const common = { index, label: statement.label, change: 'deny-narrowed', loses: [], statement: sparing } as const;
  const alone = { ...common, message: `${spares}; whoever carries no ${SOURCE_ARN} stays denied` };
  if (others === null) return [[alone]];
  const stem = typeof raw.Sid === 'string' && raw.Sid !== '' ? raw.Sid : 'Deny';
  const sid = unusedSid(draft.keyUnderRepair.document, draft.edits, `${stem}ForOthers`);
  const rest: StatementEdit = {
    index: null,
    label: sid,
    statement: { ...others, Sid: sid },
    change: 'statement-added',
    message: `whoever is not CloudTrail stays denied as by \`${statement.label}\`, whatever ${SOURCE_ARN} says`,
    loses: [],
  };
  return [[alone], [{ ...common, message: `${spares}, for CloudTrail alone: \`${sid}\` denies all others` }, rest]];
}

/** The statement with a condition that holds where the key is absent or has none of the values. */
function withNegated(raw: StatementDocument, key: string, values: readonly string[]): StatementDocument | null {
  return (
    withAddedCondition(raw, 'StringNotEquals', key, values) ?? withAddedCondition(raw, 'StringNotLike', key, values)
  );
}
