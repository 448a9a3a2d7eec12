import { repairShares } from '../../test/trail/repair/shares.ts';
import type { Measurement } from './budget.ts';

/** What the planner fixes at least, in percent; every fault in an Allow statement where nothing is said. */
const LEAST: Readonly<Record<string, number>> = {
  // What names CloudTrail or the trail itself, and a resource control policy, is for a person.
  Deny: 66,
  'Deny, by what it was meant for': 95,
  all: 96,
};

/** The share of policies with one fault that the planner fixes, by where the fault is. */
export const repairs = (): readonly Measurement[] =>
  repairShares().map(({ group, fixed, all, lockedOut, reasons }) => ({
    what: `repair: policies fixed, faults: ${group}`,
    measured: Math.floor((1_000 * fixed) / all) / 10,
    limit: LEAST[group] ?? 100,
    bound: 'at least',
    unit: ' %',
    note: [
      `${fixed} of ${all}`,
      ...(reasons.length > 0 ? [`${reasons.length} for a person, with the reason`] : []),
      ...(lockedOut > 0 ? [`${lockedOut} that nobody may write any more`] : []),
    ].join(', '),
  }));
