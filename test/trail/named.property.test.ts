import fc from 'fast-check';
import { answerLine } from '../../src/cli/simulate/answer.ts';
import { evaluateTrail } from '../../src/trail/evaluateTrail.ts';
import type { CheckId, FindingStatus } from '../../src/trail/finding.ts';
import { runs } from '../runs.ts';
import { checkOptions, keyFacts, type TrailCase, trailFacts } from './cases.ts';

/** Whoever a policy names is asked by the checks, and what they say agrees with `simulate` on every one of them. */

const OWN = '111111111111';
const OTHER = '333333333333';
const UNNAMED = '777777777777';
const TRAIL = `arn:aws:cloudtrail:us-east-1:${OWN}:trail/main`;
const KEY = `arn:aws:kms:us-east-1:${OWN}:key/1234abcd-12ab-34cd-56ef-1234567890ab`;
const CONTEXT = 'kms:EncryptionContext:aws:cloudtrail:arn';

const iam = (account: string, who: string): string => `arn:aws:iam::${account}:${who}`;
const ROLES = ['role/a', 'role/team/b', 'user/c'];
/** A path may hold a colon, which StringLike does not stop at. */
const STRETCHED = 'role/x:role/a';
const named = [OWN, OTHER].flatMap((account) => [iam(account, 'root'), ...ROLES.map((role) => iam(account, role))]);
const session = `arn:aws:sts::${OWN}:assumed-role/a/s`;

const principal = fc.constantFrom<object>(
  { Principal: '*' },
  { Principal: { AWS: '*' } },
  ...[...named, session, OWN, OTHER].map((AWS) => ({ Principal: { AWS } })),
  ...named.map((AWS) => ({ NotPrincipal: { AWS } })),
  ...ROLES.map((role) => ({ NotPrincipal: { AWS: [iam(OWN, role), iam(OWN, 'root')] } })),
  { NotPrincipal: { AWS: [OWN, iam(OTHER, 'role/a')] } },
);

const condition = fc.oneof(
  { weight: 2, arbitrary: fc.constant({}) },
  fc
    .tuple(
      fc.constantFrom('ArnEquals', 'ArnLike', 'ArnNotLike', 'StringEquals', 'StringNotEquals', 'StringLike'),
      fc.subarray([...named, iam('*', 'role/a'), iam(OWN, 'role/*'), iam(OTHER, '*')], { minLength: 1, maxLength: 2 }),
    )
    .map(([operator, values]) => ({ [operator]: { 'aws:PrincipalArn': values } })),
  fc
    .tuple(fc.constantFrom('StringEquals', 'StringNotEquals'), fc.constantFrom(OWN, OTHER))
    .map(([operator, account]) => ({ [operator]: { 'kms:CallerAccount': account } })),
  fc.constantFrom(TRAIL, `${TRAIL}-other`).map((arn) => ({ StringEquals: { [CONTEXT]: arn } })),
);

const statement = fc
  .tuple(
    fc.constantFrom('Allow', 'Allow', 'Deny'),
    principal,
    fc.constantFrom('kms:*', 'kms:Decrypt', 'kms:PutKeyPolicy'),
    condition,
  )
  .map(([Effect, who, Action, Condition]) => ({ Effect, ...who, Action, Resource: '*', Condition }));

const statements = fc.array(statement, { minLength: 1, maxLength: 4 });

const CARRY_CONTEXT = ['kms:Decrypt', 'kms:GenerateDataKey'];

interface Caller {
  readonly arn: string;
  /** What aws:PrincipalArn holds. */
  readonly identity: string;
}

const asItself = (arn: string): Caller => ({ arn, identity: arn });

/** Principals of an account: the named ones, a session where the policy names it, and others of each kind. */
const callersOf = (account: string, text: string): readonly Caller[] => [
  ...['root', 'user/unnamed', 'role/unnamed', STRETCHED, ...ROLES].map((who) => iam(account, who)).map(asItself),
  asItself(`arn:aws:sts::${account}:federated-user/f`),
  ...(account === OWN && text.includes(session)
    ? ['role/a', 'role/path/a'].map((role) => ({ arn: session, identity: iam(OWN, role) }))
    : []),
];

function simulated(given: readonly unknown[], { arn, identity }: Caller, action: string, trail: string | null): string {
  const account = arn.split(':')[4];
  const context = {
    'aws:PrincipalArn': identity,
    'kms:CallerAccount': account,
    ...(CARRY_CONTEXT.includes(action) && trail !== null && { [CONTEXT]: trail }),
  };
  const policy = { Version: '2012-10-17', Statement: given };
  const request = { principal: { AWS: arn }, action, resource: KEY, context };
  const { decision } = JSON.parse(answerLine(JSON.stringify({ id: 1, policy, request }))) as { decision: string };
  return decision;
}

/** What becomes of a check where everybody is asked one by one. */
function expected(decisions: readonly string[], isGood: boolean): FindingStatus {
  if (decisions.some((decision) => decision === 'allowed' || decision === 'delegated')) return isGood ? 'pass' : 'fail';
  return decisions.includes('unknown') ? 'unknown' : isGood ? 'fail' : 'pass';
}

/** One action of each kind that the statements tell apart. */
const ACTIONS = ['kms:Decrypt', 'kms:GenerateDataKey', 'kms:PutKeyPolicy', 'kms:DescribeKey'];

const CASES: readonly (readonly [CheckId, readonly string[], (named: readonly string[]) => readonly string[]])[] = [
  ['readers-can-decrypt', ['kms:Decrypt'], (accounts) => accounts],
  ['key-administrable', ['kms:PutKeyPolicy'], () => [OWN]],
  ['named-accounts-trusted', ACTIONS, (accounts) => accounts.filter((one) => one !== OWN)],
  ['public-excluded', ['kms:Decrypt', 'kms:GenerateDataKey', 'kms:Sign'], () => [UNNAMED]],
];

test('the checks and simulate agree on everybody who is named', () => {
  fc.assert(
    fc.property(statements, (given) => {
      const trail: TrailCase = {
        name: '',
        statements: given,
        options: { trustedAccounts: ['222222222222'] },
        expect: {},
      };
      const findings = evaluateTrail(trailFacts(trail), keyFacts(trail), checkOptions(trail));
      const text = JSON.stringify(given);
      const accounts = text.includes(OTHER) ? [OWN, OTHER] : [OWN];
      for (const [check, actions, asked] of CASES) {
        const isGood = check === 'readers-can-decrypt' || check === 'key-administrable';
        // Whoever is not wanted may choose the trail; a reader reads this one's logs.
        const trails = isGood ? [TRAIL] : [TRAIL, `${TRAIL}-other`, null];
        const decisions = asked(accounts).flatMap((account) =>
          callersOf(account, text).flatMap((caller) =>
            actions.flatMap((action) => trails.map((one) => simulated(given, caller, action, one))),
          ),
        );
        const status = findings.find((finding) => finding.check === check)?.status;
        expect([check, status]).toEqual([check, expected(decisions, isGood)]);
      }
    }),
    { numRuns: runs(2_000, 1 / 100) },
  );
});
