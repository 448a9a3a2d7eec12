import { checkOf } from '../checks/index.ts';
import type { TrailFacts } from '../facts.ts';
import type { CheckId, Finding } from '../finding.ts';
import { byHand } from '../remedy/remedy.ts';
import type { Remaining } from './plan.ts';

/** Whether a finding stands between its trail and compliance. */
export const isOpen = ({ check, status }: Finding): boolean =>
  status === 'fail' || (status === 'unknown' && checkOf(check).isDecisive);

export interface TrailFindings {
  readonly trail: TrailFacts;
  readonly findings: readonly Finding[];
}

/**
 * The open findings, those that say the same of several trails as one.
 *
 * @param advice what a person must do, where the planner knows better than the check
 */
export function remainingOf(
  all: readonly TrailFindings[],
  advice: (check: CheckId) => string | null,
): readonly Remaining[] {
  const merged = new Map<string, Remaining>();
  for (const { trail, findings } of all)
    for (const { check, severity, message, remedy } of findings) {
      const id = JSON.stringify([check, message]);
      const known = merged.get(id);
      const trailArns = [...(known?.trailArns ?? []), trail.arn];
      merged.set(id, {
        check,
        trailArns,
        severity,
        message,
        remediation: advice(check) ?? known?.remediation ?? byHand({ remedy }),
      });
    }
  return [...merged.values()];
}
