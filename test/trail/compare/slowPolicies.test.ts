// Slow: `npm run quick` leaves it out.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { comparePolicies } from '../../../src/trail/compare/comparePolicies.ts';
import { parsedPolicy } from '../../policy/parsedPolicy.ts';
import { spread } from '../../runs.ts';

/** Policies that are hard to decide: only what a change touches is searched. */
const folder = join(__dirname, '../../cases/slow');

interface Policy {
  readonly Statement: readonly { readonly Effect: string; readonly Principal: unknown; readonly Condition?: object }[];
}
type Change = (policy: Policy) => Policy;

function policyIn(file: string): Policy {
  const { keys } = JSON.parse(readFileSync(join(folder, file), 'utf8'));
  const { Policy } = keys[0];
  return typeof Policy === 'string' ? JSON.parse(Policy) : Policy;
}

const READER = {
  Sid: 'Reader',
  Effect: 'Allow',
  Principal: { AWS: 'arn:aws:iam::999988887777:role/new' },
  Action: 'kms:Decrypt',
  Resource: '*',
};
const middle = ({ Statement }: Policy): number => Math.floor(Statement.length / 2);

/** What a change may come to, whatever the policy. */
const GIVES = ['equal', 'wider'];
const TAKES = ['equal', 'narrower'];

const changes: readonly (readonly [string, Change, (policy: Policy) => readonly string[]])[] = [
  ['nothing changes', (policy) => policy, () => ['equal']],
  ['a reader is added', (policy) => ({ ...policy, Statement: [...policy.Statement, READER] }), () => GIVES],
  [
    'the first statement goes',
    (policy) => ({ ...policy, Statement: policy.Statement.slice(1) }),
    ({ Statement }) => (Statement[0]?.Effect === 'Allow' ? TAKES : GIVES),
  ],
  [
    'a statement in the middle goes',
    (policy) => ({ ...policy, Statement: policy.Statement.filter((_, index) => index !== middle(policy)) }),
    (policy) => (policy.Statement[middle(policy)]?.Effect === 'Allow' ? TAKES : GIVES),
  ],
  [
    'a statement in the middle gets a condition',
    (policy) => ({
      ...policy,
      Statement: policy.Statement.map((statement, index) =>
        index === middle(policy)
          ? { ...statement, Condition: { ...statement.Condition, StringEquals: { 'aws:SourceVpc': 'vpc-1' } } }
          : statement,
      ),
    }),
    (policy) => (policy.Statement[middle(policy)]?.Effect === 'Allow' ? TAKES : GIVES),
  ],
];

const files = readdirSync(folder).filter((file) => file.endsWith('.json'));
test.each(
  spread(
    files.flatMap((file) => changes.map(([name, ...rest]) => [name, file, ...rest] as const)),
    9,
  ),
)('%s: %s', (_, file, change, expected) => {
  const policy = policyIn(file);
  const { relation, reason } = comparePolicies(parsedPolicy(policy), parsedPolicy(change(policy)), null);
  expect(expected(policy)).toContain(relation);
  expect(reason).toBeNull();
});
