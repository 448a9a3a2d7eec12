import { readFileSync } from 'node:fs';
import { policyRefusals } from '../../../src/policy/policyRefusals.ts';
import { spread } from '../../runs.ts';
import { checkOptions } from '../cases.ts';
import { strays } from './samples.ts';
import { planOf, type RepairCase, statusesOf, subjectsOf, withPolicy } from './support.ts';

interface DenyCase {
  readonly name: string;
  readonly kind: string;
  readonly principal?: unknown;
  readonly notPrincipal?: unknown;
  readonly action?: unknown;
  readonly condition?: unknown;
  /** Part of the reason why a person must decide. */
  readonly decides?: string;
}

const { policies, cases } = JSON.parse(readFileSync('test/cases/repair/denies.json', 'utf8')) as {
  readonly policies: Readonly<Record<string, readonly unknown[]>>;
  readonly cases: readonly DenyCase[];
};

const denyOf = ({ principal = '*', notPrincipal, action = 'kms:*', condition }: DenyCase) => ({
  Sid: 'Perimeter',
  Effect: 'Deny',
  ...(notPrincipal === undefined ? { Principal: principal } : { NotPrincipal: notPrincipal }),
  Action: action,
  Resource: '*',
  ...(condition === undefined ? {} : { Condition: condition }),
});

const rows = Object.entries(policies).flatMap(([policy, statements]) =>
  cases.map((one) => {
    const given: RepairCase = { name: one.name, expect: {}, statements: [...statements, denyOf(one)] };
    return [policy, one.name, one, given] as const;
  }),
);

describe.each(Object.keys(policies))('%s', (policy) => {
  test.each(
    spread(
      rows.filter(([of]) => of === policy),
      20,
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

test('the share of Deny faults repaired, by kind', () => {
  const shares = new Map<string, { repaired: number; all: number }>();
  const tried = spread(rows, 60);
  for (const [, , { kind }, given] of tried) {
    const share = shares.get(kind) ?? { repaired: 0, all: 0 };
    share.all += 1;
    if (planOf(given).status === 'repaired') share.repaired += 1;
    shares.set(kind, share);
  }
  const said = [...shares].map(([kind, { repaired, all }]) => `${kind}: ${repaired} of ${all}`);
  process.stdout.write(`Deny faults repaired\n  ${said.join('\n  ')}\n`);
  const repaired = [...shares.values()].reduce((sum, share) => sum + share.repaired, 0);
  expect(cases.length).toBeGreaterThanOrEqual(42);
  expect(repaired / tried.length).toBeGreaterThanOrEqual(40 / 42);
});
