import { ownedInWords } from '../owner.ts';
import { placeOf } from '../remedy/ownerWords.ts';
import { plain } from '../remedy/words.ts';
import type { RepairPlan, RepairSubject } from './plan.ts';

/** The plan for whoever deploys a trail of it or the key: what would change is shown, and nothing is run. */
export function handedOver(plan: RepairPlan, subjects: readonly Pick<RepairSubject, 'trail' | 'key'>[]): RepairPlan {
  if (plan.status === 'nothing-to-do') return plan;
  const reason = subjects.flatMap(reasonOf)[0];
  if (reason === undefined) return plan;
  const why = plan.reason === null ? '' : `; ${plan.reason}`;
  return { ...plan, status: 'handed-over', commands: [], reason: `${reason}${why}` };
}

function reasonOf({ trail, key }: Pick<RepairSubject, 'trail' | 'key'>): readonly string[] {
  const owner = trail.owner ?? key?.owner ?? null;
  if (owner === null) return [];
  const what = trail.owner ? `the trail \`${trail.arn}\`` : `the key \`${key?.arn ?? key?.reference}\``;
  return [`${ownedInWords(what, owner)}: the change is for its owner, ${plain(placeOf(owner))}`];
}
