// Slow: `npm run quick` leaves it out.
import fc from 'fast-check';
import { authorize } from '../../../src/policy/authorize.ts';
import { comparePolicies } from '../../../src/trail/compare/comparePolicies.ts';
import { trailCases } from '../../caseFiles.ts';
import { runs, spread } from '../../runs.ts';
import { requests } from '../repair/samples.ts';
import { parsed, planOf, type RepairCase } from '../repair/support.ts';

/** Plans and the comparison of their policies are two readings of one change. */

const cases = [...trailCases<RepairCase>('trail/policies.json'), ...trailCases<RepairCase>('repair/plans.json')];
const plans = spread(cases, 90)
  .map((one) => [one.name, planOf(one)] as const)
  .filter(([, { work, policy }]) => work !== null && work.policyEdits.length > 0 && policy !== null);

test('there are plans', () => expect(plans.length).toBeGreaterThan(40));

test.each(plans)('%s', (_, plan) => {
  const [before, after, keyArn] = [plan.work!.before, parsed(plan.policy), plan.keyArn!];
  const { relation, reason } = comparePolicies(before, after, keyArn);
  if (relation === 'unknown') expect(reason).not.toBeNull();
  const ranks = ['denied', 'delegated', 'allowed'];
  const samples = fc.sample(requests([before, after], plan.trailArns, keyArn), { numRuns: runs(300), seed: 8 });
  for (const request of samples) {
    const [was, is] = [before, after].map((policy) => ranks.indexOf(authorize(policy, request).outcome));
    if (was! < 0 || is! < 0) continue;
    if (is! > was!) expect(['wider', 'incomparable', 'unknown']).toContain(relation);
    if (is! < was!) expect(['narrower', 'incomparable', 'unknown']).toContain(relation);
  }
});

test('all are decided but for three, about which the documentation says nothing', () => {
  const open = plans.filter(
    ([, { work, policy, keyArn }]) => comparePolicies(work!.before, parsed(policy), keyArn).relation === 'unknown',
  );
  const left = [
    '19 Deny with NotPrincipal = a role',
    '20 `{"AWS":"*"}` kms:* unconditioned',
    'a deleted principal in NotPrincipal is taken out',
  ];
  expect(open.map(([name]) => name)).toEqual(left.filter((name) => plans.some(([planned]) => planned === name)));
});
