import fc from 'fast-check';
import { answersOf } from '../judge/answers.ts';
import { generate } from '../judge/generate.ts';
import { JUDGED } from '../judge/judge.ts';
import type { PolicyDocument } from '../judge/policyLanguage.ts';
import type { GrantDocument, Snapshot } from '../judge/snapshot.ts';
import { runs } from '../runs.ts';

/** Laws about a key's second policy and its grants, over the judge's realistic snapshots. */

const CURRENT = '2012-10-17';
const NUM_RUNS = { numRuns: runs(1_000, 1 / 25) };

/** Checks that ask about policies and grants; those of how a policy is written speak of `default` alone. */
const statuses = (one: Snapshot): Readonly<Record<string, string>> => {
  const answers = answersOf(one);
  return Object.fromEntries(Object.keys(JUDGED).map((check) => [check, answers.get(check)?.status ?? '']));
};

const snapshot = fc.nat(1_000_000).map(generate);
const statementsOf = (one: Snapshot) => fc.subarray([...one.policy.Statement]);
const written = (Statement: PolicyDocument['Statement']): PolicyDocument => ({ Version: CURRENT, Statement });

test('a statement in AWS_RAM, an Allow or a Deny, says what it says in default', () => {
  fc.assert(
    fc.property(
      snapshot.chain((one) => fc.tuple(fc.constant(one), statementsOf(one))),
      ([one, moved]) => {
        const rest = one.policy.Statement.filter((statement) => !moved.includes(statement));
        const inDefault = { ...one, policy: written([...rest, ...moved]), ramPolicy: null };
        const inRam = { ...one, policy: written(rest), ramPolicy: written(moved) };
        expect(statuses(inRam)).toEqual(statuses(inDefault));
      },
    ),
    NUM_RUNS,
  );
});

test('the order of the statements of AWS_RAM changes nothing', () => {
  fc.assert(
    fc.property(snapshot, ({ ...one }) => {
      const both = { ...one, ramPolicy: one.policy, policy: one.ramPolicy ?? written([]) };
      const turned = { ...both, ramPolicy: { ...one.policy, Statement: one.policy.Statement.toReversed() } };
      expect(statuses(turned)).toEqual(statuses(both));
    }),
    NUM_RUNS,
  );
});

const CLOUDTRAIL = 'cloudtrail.amazonaws.com';
const STRANGER = 'arn:aws:cloudtrail:us-east-1:444444444444:trail/main';
const grant: fc.Arbitrary<GrantDocument> = fc
  .record({
    grantee: fc.constantFrom(CLOUDTRAIL, 'config.amazonaws.com', 'arn:aws:iam::444444444444:role/worker'),
    Operations: fc.subarray(['GenerateDataKey', 'Decrypt', 'DescribeKey', 'CreateGrant', 'Encrypt'], { minLength: 1 }),
    SourceArn: fc.constantFrom(
      undefined,
      STRANGER,
      'arn:aws:cloudtrail:us-east-1:111111111111:trail/main',
      'arn:aws:cloudtrail:*:*:trail/*',
    ),
    context: fc.constantFrom(undefined, STRANGER),
  })
  .map(({ grantee, Operations, SourceArn, context }) => ({
    GrantId: 'g-added',
    GranteePrincipal: grantee,
    Operations,
    ...(SourceArn !== undefined && { SourceArn }),
    ...(context !== undefined && { EncryptionContextSubset: { 'aws:cloudtrail:arn': context } }),
  }));

const CAN = [
  'cloudtrail-can-encrypt',
  'trail-updatable',
  'cloudtrail-can-describe',
  'cloudtrail-can-decrypt',
  'readers-can-decrypt',
  'key-administrable',
];
const BOUNDED = ['other-trails-excluded', 'grants-bounded', 'public-excluded'];
const ACCESS = ['fail', 'unknown', 'pass'];

test('a grant more never takes access away, and no stranger’s source closes what is open', () => {
  fc.assert(
    fc.property(snapshot, grant, (one, more) => {
      const before = statuses(one);
      const after = statuses({ ...one, grants: [...one.grants, more] });
      const rank = (all: typeof before, check: string): number => ACCESS.indexOf(all[check] ?? '');
      for (const check of CAN) expect([check, rank(after, check) >= rank(before, check)]).toEqual([check, true]);
      for (const check of BOUNDED) expect([check, rank(after, check) <= rank(before, check)]).toEqual([check, true]);
    }),
    NUM_RUNS,
  );
});

test('a grant for a stranger’s trail that nothing denies never leaves other-trails-excluded passed', () => {
  fc.assert(
    fc.property(snapshot, (one) => {
      const Statement = one.policy.Statement.filter(({ Effect }) => Effect === 'Allow');
      const granted = { GrantId: 'g-added', GranteePrincipal: CLOUDTRAIL, Operations: ['GenerateDataKey'] };
      const open = { ...one, policy: written(Statement), ramPolicy: null, controls: [], trustedAccounts: [] };
      const source = STRANGER.replace(':aws:', `:${one.partition}:`);
      expect(statuses({ ...open, grants: [{ ...granted, SourceArn: source }] })['other-trails-excluded']).toBe('fail');
    }),
    NUM_RUNS,
  );
});
