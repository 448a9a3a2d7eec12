import { evaluateTrail } from '../../src/trail/evaluateTrail.ts';
import { read } from '../../src/trail/facts.ts';
import { checkOptions, keyFacts, type TrailCase, trailFacts } from './cases.ts';

const EVERYONE: TrailCase = {
  name: '',
  statements: [{ Sid: 'S', Effect: 'Allow', Principal: { AWS: '333333333333' }, Action: 'kms:Decrypt', Resource: '*' }],
  expect: {},
};
const key = keyFacts(EVERYONE)!;
const trail = trailFacts(EVERYONE);
const options = checkOptions(EVERYONE);
const DENY = keyFacts({
  ...EVERYONE,
  key: { resourceControlPolicies: [{ Statement: [{ Effect: 'Deny', Principal: '*', Action: '*', Resource: '*' }] }] },
})!.resourceControlPolicies;

/** One parsed policy, asked about again and again in different situations. */
test.each([
  ['a stranger', trail, key, { ...options, trustedAccounts: ['222222222222'] }, 'fail'],
  ['the same question', trail, key, { ...options, trustedAccounts: ['222222222222'] }, 'fail'],
  ['the same stranger, trusted', trail, key, { ...options, trustedAccounts: ['333333333333'] }, 'pass'],
  ['the same stranger again', trail, key, { ...options, trustedAccounts: ['222222222222'] }, 'fail'],
  [
    "a trail of the stranger's",
    { ...trail, accountId: '333333333333' },
    key,
    { ...options, trustedAccounts: ['222222222222'] },
    'pass',
  ],
  [
    'a resource control policy against the stranger',
    trail,
    { ...key, resourceControlPolicies: DENY },
    { ...options, trustedAccounts: ['222222222222'] },
    'pass',
  ],
  [
    'no resource control policy',
    trail,
    { ...key, resourceControlPolicies: read([]) },
    { ...options, trustedAccounts: ['222222222222'] },
    'fail',
  ],
])('%s', (_name, trailAsked, keyAsked, optionsAsked, expected) => {
  const findings = evaluateTrail(trailAsked, keyAsked, optionsAsked);
  expect(findings.find(({ check }) => check === 'named-accounts-trusted')?.status).toBe(expected);
});
