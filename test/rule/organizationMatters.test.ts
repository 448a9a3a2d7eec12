import { parseKeyPolicy } from '../../src/policy/parse.ts';
import { namesOrganization, organizationMatters } from '../../src/rule/organizationMatters.ts';
import { read, unread } from '../../src/trail/facts.ts';
import { trailNamed } from './facts.ts';
import { goodPolicy, KEY_ARN, keyFacts } from './memoryPorts.ts';

const withCondition = (Condition: object, Resource = '*') => ({
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Principal: '*', Action: 'kms:Decrypt', Resource, Condition }],
});

test.each([
  ['AWS’s own policy', goodPolicy, false],
  ['a condition on the caller’s organization', withCondition({ StringEquals: { 'aws:PrincipalOrgID': 'x' } }), true],
  ['the same in capitals', withCondition({ StringEquals: { 'AWS:PRINCIPALORGID': 'x' } }), true],
  ['a condition on the path', withCondition({ StringLike: { 'aws:PrincipalOrgPaths': 'x' } }), true],
  ['a condition on the source’s organization', withCondition({ StringEquals: { 'aws:SourceOrgID': 'x' } }), true],
  ['a variable in a value', withCondition({ StringEquals: { 'aws:x': `$\{aws:ResourceOrgID}` } }), true],
  ['a variable in the resource', withCondition({}, `arn:aws:kms:*:*:key/$\{aws:PrincipalOrgID}`), true],
  [
    'an id in a path',
    withCondition({ StringLike: { 'kms:EncryptionContext:aws:s3:arn': '*/o-exampleorgid/*' } }),
    true,
  ],
  ['another condition', withCondition({ StringEquals: { 'kms:CallerAccount': '111122223333' } }), false],
])('%s names an organization: %s', (_, policy, names) => {
  expect(namesOrganization(keyFacts(KEY_ARN, policy))).toBe(names);
});

test('a resource control policy may name it', () => {
  const rcp = parseKeyPolicy(withCondition({ StringNotEquals: { 'aws:PrincipalOrgID': 'o-exampleorgid' } }));
  expect(namesOrganization({ ...keyFacts(KEY_ARN), resourceControlPolicies: read([rcp]) })).toBe(true);
});

const named = keyFacts(KEY_ARN, withCondition({ StringEquals: { 'aws:PrincipalOrgID': 'o-exampleorgid' } }));
const pinned = keyFacts(
  KEY_ARN,
  withCondition({ StringLike: { 'KMS:EncryptionContext:aws:s3:arn': 'arn:aws:s3:::logs/AWSLogs/*' } }),
);
test.each([
  ['a trail of one account', false, keyFacts(KEY_ARN), false],
  ['a trail of one account, with a policy that names it', false, named, true],
  ['an organization trail', true, keyFacts(KEY_ARN), false],
  ['an organization trail whose key policy looks at the path', true, pinned, true],
  ['a trail that may be one, with such a policy', null, pinned, true],
  ['a trail of one account, with such a policy', false, pinned, false],
  ['an organization trail without a key', true, null, false],
  ['an organization trail whose key policy is unread', true, { ...named, policy: unread('denied') }, false],
  ['one whose key policy is none', true, { ...named, policy: read(parseKeyPolicy('{')) }, false],
])('%s', (_, isOrganization, key, matters) => {
  expect(organizationMatters(trailNamed('main', { isOrganization }), key)).toBe(matters);
});
