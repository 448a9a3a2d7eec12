// Slow: `npm run quick` leaves it out.
import { policyRefusals } from '../../../src/policy/policyRefusals.ts';
import { evaluateTrail } from '../../../src/trail/evaluateTrail.ts';
import type { Finding } from '../../../src/trail/finding.ts';
import type { RemedyStep } from '../../../src/trail/remedy/steps.ts';
import type { PolicyDocument, StatementDocument } from '../../../src/trail/statements.ts';
import { someOf } from '../../runs.ts';
import { checkOptions, keyFacts, type TrailCase, trailFacts } from '../cases.ts';
import { FAULTS } from '../faults/kinds.ts';
import { faulty, PLACES } from '../faults/policies.ts';
import { DENIES } from '../repair/denies.ts';
import { follow, type Policies } from './follow.ts';

const evaluated = (given: TrailCase): readonly Finding[] =>
  evaluateTrail(trailFacts(given), keyFacts(given), checkOptions(given));

const controlsOf = ({ key }: TrailCase): readonly PolicyDocument[] => {
  const given = key?.resourceControlPolicies;
  return Array.isArray(given) ? given : [];
};

const withPolicies = (given: TrailCase, { key, controls }: Policies): TrailCase => ({
  ...given,
  policy: key,
  key: { ...given.key, resourceControlPolicies: controls },
});

const GRAVITY = ['pass', 'not-applicable', 'unknown', 'fail'];
const worseThan = (before: readonly Finding[], after: readonly Finding[]): readonly string[] =>
  after.flatMap(({ check, status, message }, at) =>
    GRAVITY.indexOf(status) > GRAVITY.indexOf(before[at]?.status ?? 'fail') ? `${check} ${status}: ${message}` : [],
  );

function unbound(statement: unknown): StatementDocument {
  const { Condition, ...open } = statement as StatementDocument;
  return open.Effect === 'Allow' && open.Action === 'kms:GenerateDataKey*' ? open : (statement as StatementDocument);
}

const isEdit = (step: RemedyStep): step is Extract<RemedyStep, { do: 'edit-policy' }> => step.do === 'edit-policy';

/** What becomes of a finding when one way of its remedy is followed to the letter. */
interface Followed {
  readonly kind: string;
  readonly partition: string;
  readonly check: string;
  readonly edits: readonly string[];
  readonly worse: readonly string[];
  /** Why KMS would not take the policy. */
  readonly refused: readonly string[];
  readonly status: string | undefined;
}

function followed(kind: string, partition: string, given: TrailCase): readonly Followed[] {
  const before = evaluated(given);
  const start: Policies = { key: given.policy as PolicyDocument, controls: controlsOf(given) };
  return before.flatMap(({ check, status, remedy }) => {
    if (status !== 'fail') return [];
    return remedy.flatMap((way) => {
      const edits = way.filter(isEdit);
      let policies: Policies | null = edits.length === 0 ? null : start;
      for (const edit of edits) policies = policies === null ? null : follow(policies, edit);
      if (policies === null) return [];
      const after = evaluated(withPolicies(given, policies));
      return {
        kind,
        partition,
        check,
        edits: edits.map(({ edit }) => edit),
        worse: worseThan(before, after),
        refused: policyRefusals(policies.key).map(({ message }) => message),
        status: after.find((one) => one.check === check)?.status,
      };
    });
  });
}

const ALL = someOf(PLACES, 1).flatMap((at) =>
  FAULTS.map(({ kind, change }) => ({ kind, at, given: faulty(at, change(at)) })),
);
/** Behind each Deny a statement for every trail, which is shut for others by that Deny alone. */
const GUARDED = someOf(DENIES, DENIES.length / 8).map(({ one, given: { statements = [], ...given } }) => ({
  kind: one.name,
  given: { ...given, policy: { Version: '2012-10-17', Statement: statements.map(unbound) } },
}));
const FOLLOWED = [
  ...ALL.flatMap(({ kind, at, given }) => followed(kind, at.partition, given)),
  ...GUARDED.flatMap(({ kind, given }) => followed(kind, 'aws', given)),
];

test('no other check is worse when a remedy is followed to the letter, and KMS takes the policy', () => {
  process.stdout.write(
    `${FOLLOWED.length} remedies of ${ALL.length} faults (${FAULTS.length} kinds) followed: ${FOLLOWED.filter(({ status }) => status === 'pass').length} pass\n`,
  );
  expect(FOLLOWED.filter(({ worse, refused }) => worse.length > 0 || refused.length > 0)).toEqual([]);
});

test('what a remedy says is enough: its check passes', () => {
  expect(FOLLOWED.filter(({ status }) => status !== 'pass')).toEqual([]);
});

test('the remedies of every kind of edit that is told word for word were followed', () => {
  expect([...new Set(FOLLOWED.flatMap(({ edits }) => edits))].sort()).toEqual([
    'add-statement',
    'exempt-in-resource-control-policy',
    'exempt-services',
    'exempt-trail',
    'leave-needed-actions',
    'pin-to-trail',
    'replace-statement',
  ]);
});
