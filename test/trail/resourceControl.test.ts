import { parseKeyPolicy } from '../../src/policy/parse.ts';
import { evaluateTrail } from '../../src/trail/evaluateTrail.ts';
import { type KeyFacts, read } from '../../src/trail/facts.ts';
import type { CheckId } from '../../src/trail/finding.ts';
import type { PolicyEdit } from '../../src/trail/remedy/policyEdits.ts';
import { trailCases } from '../caseFiles.ts';
import { checkOptions, keyFacts, type TrailCase, trailFacts } from './cases.ts';

type Exemption = Extract<PolicyEdit, { edit: 'exempt-in-resource-control-policy' }>;
type Conditions = Readonly<Record<string, Readonly<Record<string, unknown>>>>;

/** What the remedy says is added to the conditions of a statement. */
const conditionOf = (exemption: Exemption): readonly [operator: string, key: string, value: string] =>
  exemption.exempts === 'trail'
    ? ['StringNotEquals', 'aws:SourceArn', exemption.trailArn]
    : ['BoolIfExists', 'aws:PrincipalIsAWSService', 'false'];

const followed = (document: unknown, exemption: Exemption): unknown => {
  const { Statement, ...rest } = document as { Statement: readonly { Sid: string; Condition?: Conditions }[] };
  const [operator, key, value] = conditionOf(exemption);
  const exempted = Statement.map((statement) =>
    exemption.statements.includes(statement.Sid)
      ? {
          ...statement,
          Condition: { ...statement.Condition, [operator]: { ...statement.Condition?.[operator], [key]: value } },
        }
      : statement,
  );
  return { ...rest, Statement: exempted };
};

const findingsOf = (given: TrailCase, key: KeyFacts | null) =>
  evaluateTrail(trailFacts(given), key, checkOptions(given));
const CHECK: CheckId = 'cloudtrail-can-encrypt';

const cases = trailCases<TrailCase>('trail/resource-control.json').flatMap((given) => {
  const findings = findingsOf(given, keyFacts(given));
  const [only, ...others] = findings.find(({ check }) => check === CHECK)?.remedy.flat() ?? [];
  const isExemption = only?.do === 'edit-policy' && only.edit === 'exempt-in-resource-control-policy';
  return isExemption && others.length === 0 ? [[given.name, given, only, findings] as const] : [];
});

test('services are exempted, and the trail alone where a statement is aimed at services', () =>
  expect(new Set(cases.map(([, , { exempts }]) => exempts))).toEqual(new Set(['services', 'trail'])));

test.each(cases)('followed, it lets CloudTrail encrypt, and makes nothing worse: %s', (_, given, exemption, before) => {
  const policies = given.key?.resourceControlPolicies as readonly unknown[];
  const exempted = policies.map((document) => parseKeyPolicy(followed(document, exemption)));
  const after = findingsOf(given, { ...keyFacts(given)!, resourceControlPolicies: read(exempted) });
  expect(after.find(({ check }) => check === CHECK)?.status).toBe('pass');
  for (const { check, status } of before) {
    if (status === 'pass') expect([check, after.find((one) => one.check === check)?.status]).toEqual([check, 'pass']);
  }
});
