import { checkOf } from '../../src/trail/checks/index.ts';
import type { Finding } from '../../src/trail/finding.ts';
import { trailCases } from '../caseFiles.ts';
import { checkOptions, keyFacts, type TrailCase, trailFacts } from './cases.ts';

const ID = 'bucket-admits-delivery';
const CASES: readonly TrailCase[] = trailCases(`trail/checks/${ID}.json`);
const evaluated = (given: TrailCase): Finding =>
  checkOf(ID).evaluate(trailFacts(given), keyFacts(given), checkOptions(given));

const statementsOf = (policy: unknown): readonly unknown[] =>
  Array.isArray(policy) ? policy : [((policy ?? { Statement: [] }) as { Statement: unknown }).Statement].flat();

/** The case with the statements of the finding's remedy added to the bucket policy; `null` where it adds none. */
function followed(given: TrailCase): TrailCase | null {
  const [step] = evaluated(given).remedy.flat();
  if (step?.do !== 'allow-in-bucket-policy') return null;
  const policy = (given.bucket as { policy: unknown }).policy;
  if (typeof policy === 'string') return null;
  return { ...given, bucket: { ...given.bucket, policy: [...statementsOf(policy), ...step.add] } };
}

const FIXED = CASES.flatMap((given): [string, TrailCase][] => {
  const after = followed(given);
  return after === null ? [] : [[given.name, after]];
});

test('some remedies add statements', () => {
  expect(FIXED.length).toBeGreaterThan(15);
});

test.each(FIXED)('its statements are all that the policy lacks: %s', (_, given) => {
  expect(evaluated(given).status).toBe('pass');
});

test('a Deny never turns a refusal into anything else, an Allow never a pass', () => {
  const deny = { Effect: 'Deny', Principal: '*', Action: 's3:*', Resource: '*' };
  const allow = { Effect: 'Allow', Principal: '*', Action: 's3:*', Resource: '*' };
  const withStatement = (given: TrailCase, statement: unknown): string => {
    const policy = [...statementsOf((given.bucket as { policy: unknown }).policy), statement];
    return evaluated({ ...given, bucket: { ...given.bucket, policy } }).status;
  };
  const of = (status: string) =>
    CASES.filter(({ bucket, expect: { [ID]: said } }) => {
      const policy = (bucket as { policy?: unknown } | undefined)?.policy;
      return said === status && typeof policy === 'object';
    });
  expect(new Set(of('fail').map((given) => withStatement(given, deny)))).toEqual(new Set(['fail']));
  expect(new Set(of('pass').map((given) => withStatement(given, deny)))).toEqual(new Set(['fail']));
  expect(new Set(of('pass').map((given) => withStatement(given, allow)))).toEqual(new Set(['pass']));
});
