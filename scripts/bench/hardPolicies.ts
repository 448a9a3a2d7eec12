import { decide, HARD_POLICIES } from '../../test/policy/hardPolicies.ts';
import { longestOf, type Measurement, processorTime } from './budget.ts';

/** Time on a processor for the policies that the tests call hard; the longest of them. */
export function hardestPolicy(): Measurement {
  const times = HARD_POLICIES.map(({ name, statements, context, otherKeys = 'absent' }) => ({
    name,
    took: processorTime(() => decide(statements, context, { otherKeys })),
  }));
  return { what: `authorize: the hardest of ${times.length} hard policies`, limit: 1_000, ...longestOf(times) };
}
