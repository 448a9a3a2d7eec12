import type { RepairedBy } from './check.ts';
import type { TrailFacts } from './facts.ts';
import type { Finding } from './finding.ts';
import type { RemedyStep } from './remedy/steps.ts';

/** The finding whose remedy names `repair` for its trail, wherever repair has a say in what is to be done. */
export function nameRepair(finding: Finding, repairedBy: RepairedBy, trail: TrailFacts): Finding {
  if (finding.remedy.length === 0) return finding;
  const plans = finding.remedy.map((way) => plansOf(way.at(-1), finding, repairedBy, trail));
  const first = plans.findIndex((one) => one !== null);
  if (first < 0) return finding;
  const repair = { do: 'repair', trailArn: trail.arn, plans: plans[first] ?? 'rest' } as const;
  return { ...finding, remedy: finding.remedy.map((way, at) => (at === first ? [...way, repair] : way)) };
}

/** What repair makes of a way that ends with this step; `null`: nothing. */
function plansOf(
  step: RemedyStep | undefined,
  { check, status }: Finding,
  repairedBy: RepairedBy,
  { kmsKeyId }: TrailFacts,
): Extract<RemedyStep, { do: 'repair' }>['plans'] | null {
  switch (step?.do) {
    case 'set-key':
      return kmsKeyId === null ? 'chosen-key' : 'another-key';
    case 'enable-key':
    case 'cancel-deletion':
      return 'all';
    // Where the primary key of a multi-Region key is repair does not know.
    case 'rotate-key':
      return step.isMultiRegion ? null : 'all';
    case 'write-policy':
      if (check === 'other-trails-excluded' && status === 'fail') return 'dedicated';
      return status === 'fail' && (repairedBy === 'planner' || repairedBy === 'runbook') ? 'all' : 'rest';
    case 'edit-policy':
      return step.edit === 'exempt-in-resource-control-policy' ? null : 'rest';
    default:
      return null;
  }
}
