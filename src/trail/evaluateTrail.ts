import { withoutEditsOfAws } from './awsManagedKey.ts';
import { CHECKS } from './checks/index.ts';
import { evaluateEventDataStore } from './eventDataStore.ts';
import type { KeyFacts, TrailFacts } from './facts.ts';
import type { CheckOptions, Finding } from './finding.ts';
import { handOver } from './handOver.ts';
import { nameRepair } from './nameRepair.ts';
import { sinceOf } from './since.ts';

/** Every check's finding on one trail, in the registry's order; `key` is `null` when the trail names none. */
export const evaluateTrail = (trail: TrailFacts, key: KeyFacts | null, options: CheckOptions): readonly Finding[] =>
  CHECKS.map((check) => {
    const finding = evaluateCheck(check, trail, key, options);
    const since = finding.status === 'fail' ? sinceOf(check, trail, key, options) : undefined;
    return since === undefined ? finding : { ...finding, since };
  });

/** One check's finding on one trail. */
export const evaluateCheck = (
  check: (typeof CHECKS)[number],
  trail: TrailFacts,
  key: KeyFacts | null,
  options: CheckOptions,
): Finding => {
  if (trail.eventDataStore !== undefined) return evaluateEventDataStore(check, trail, key, options);
  const finding = withoutEditsOfAws(check.evaluate(trail, key, options), trail, key);
  return handOver(nameRepair(finding, check.repairedBy, trail), trail, key);
};
