import { policyRefusals } from '../../../src/policy/policyRefusals.ts';
import { spread } from '../../runs.ts';
import { checkOptions } from '../cases.ts';
import { DENIES } from './denies.ts';
import { strays } from './samples.ts';
import { planOf, statusesOf, subjectsOf, withPolicy } from './support.ts';

const rows = DENIES.map(({ policy, one, given }) => [policy, one.name, one, given] as const);

describe.each([...new Set(DENIES.map(({ policy }) => policy))])('%s', (policy) => {
  test.each(
    spread(
      rows.filter(([of]) => of === policy),
      10,
    ).map(([, name, one, given]) => [name, one, given] as const),
  )('%s', (_, { decides }, given) => {
    const subjects = subjectsOf(given);
    const before = statusesOf(subjects);
    const [encrypt] = [...before].filter(([id]) => id.endsWith(' cloudtrail-can-encrypt'));
    expect(encrypt![1]).not.toBe('pass');
    const plan = planOf(given);
    expect([plan.status, plan.reason]).toEqual(
      decides === undefined ? ['repaired', null] : ['declined', expect.stringContaining(decides)],
    );
    if (plan.status !== 'repaired') return;
    expect(policyRefusals(plan.policy)).toEqual([]);
    expect(strays(plan, 60)).toEqual([]);
    for (const [id, status] of statusesOf(withPolicy(subjects, plan.policy, checkOptions(given))))
      if (before.get(id) === 'pass' || id.endsWith('cloudtrail-can-encrypt'))
        expect([id, status]).toEqual([id, 'pass']);
  });
});
