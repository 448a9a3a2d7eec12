import type { Condition, Statement } from '../../policy/statement.ts';
import type { TrailFacts } from '../facts.ts';
import { comparesText, namedTrail, TRAIL_KEYS } from './cloudTrailStatement.ts';
import { list } from './correctCondition.ts';
import { withAddedCondition, withCondition } from './document.ts';
import type { StatementEdit } from './plan.ts';
import { type PolicyDraft, statementAt } from './policyDraft.ts';
import { sparingTrails } from './spareTrails.ts';
import { arnsOf } from './trailStatements.ts';

const IS_SERVICE = 'aws:PrincipalIsAWSService';

/**
 * Ways to narrow a Deny so that it spares CloudTrail acting for trails, in the order in which they are tried: name the
 * trails among those that it spares already; AWS's exemption for its services (IAM User Guide, AWS global condition
 * context keys, aws:PrincipalIsAWSService). As a last resort spare exactly the trails, and every Deny in that way, so that
 * alike ones stay alike. `obstacle`, a sentence part, says why there is no exemption for services.
 */
export function narrowings(
  draft: PolicyDraft,
  index: number,
  trails: readonly TrailFacts[],
): { readonly ways: readonly (readonly StatementEdit[])[]; readonly obstacle: string } {
  const { statement, raw } = statementAt(draft, index);
  const common = { index, label: statement.label, loses: [] };
  const ways: (readonly StatementEdit[])[] = statement.conditions.flatMap((condition) => {
    const values = spared(condition, trails);
    if (values.length === 0) return [];
    const to = { key: condition.key, values: [...condition.values, ...values] };
    const message = `${condition.key} also spares ${list(values)}`;
    const narrowed = withCondition(raw, condition.operator, condition.key, to);
    return [[{ ...common, statement: narrowed, change: 'condition-value-added', message }]];
  });
  const obstacle = whyNotExempt(statement, trails);
  const exempt = obstacle === null ? withAddedCondition(raw, 'BoolIfExists', IS_SERVICE, ['false']) : null;
  if (exempt !== null) {
    const message = `the Deny no longer covers AWS services (${IS_SERVICE}), so it no longer blocks CloudTrail`;
    ways.push([{ ...common, statement: exempt, change: 'deny-narrowed', message }]);
  }
  if (draft.keyUnderRepair.lastResorts) ways.unshift(...sparingTrails(draft, index, trails));
  return { ways, obstacle: obstacle ?? 'it already has a condition on BoolIfExists for services' };
}

/** Values that a negated condition has to hold for the trails to be spared. */
function spared(condition: Condition, trails: readonly TrailFacts[]): readonly string[] {
  if (!comparesText(condition, true)) return [];
  const key = condition.key.toLowerCase();
  const values = TRAIL_KEYS.includes(key)
    ? arnsOf(trails)
    : key === 'aws:sourceaccount'
      ? [...new Set(trails.map(({ accountId }) => accountId))]
      : [];
  return values.filter((value) => !condition.values.includes(value));
}

/** A Deny that somebody wrote against services, or against the trail, must not lose its meaning. */
function whyNotExempt(statement: Statement, trails: readonly TrailFacts[]): string | null {
  const { principal, conditions, undecidable, grammarErrors } = statement;
  const unclear = undecidable ?? grammarErrors[0]?.message;
  if (unclear !== undefined) return `nobody can say what it does: ${unclear}`;
  const named = namedTrail(statement, arnsOf(trails));
  if (named !== null) return `it names \`${named}\` itself`;
  if (!principal.negated && principal.service.length > 0) return `it names ${list(principal.service)} itself`;
  if (conditions.some(({ key }) => key.toLowerCase() === IS_SERVICE.toLowerCase()))
    return `it decides by ${IS_SERVICE} already`;
  return null;
}
