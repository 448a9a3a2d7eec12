// Slow: `npm run quick` leaves it out.
import { parseKeyPolicy } from '../../../src/policy/parse.ts';
import { looksAtOrganizations, organizationMatters } from '../../../src/rule/evaluate/organizationMatters.ts';
import { checkOptions, parseParameters } from '../../../src/rule/parameters.ts';
import { evaluateTrail } from '../../../src/trail/evaluateTrail.ts';
import { type KeyFacts, type Reading, read, type TrailFacts, unread } from '../../../src/trail/facts.ts';
import { spread } from '../../runs.ts';
import { trailNamed } from '../facts.ts';
import { goodPolicy, KEY_ARN, keyFacts, NOW } from '../memoryPorts.ts';

const statement = (Condition: object, members: object = {}) => ({
  Effect: 'Allow',
  Principal: '*',
  Action: 'kms:Decrypt',
  Resource: '*',
  Condition,
  ...members,
});
const withCondition = (Condition: object, members: object = {}) => ({
  Version: '2012-10-17',
  Statement: [statement(Condition, members)],
});
const ID = 'o-exampleorgid';
const PATH = 'o-exampleorgid/r-ab12/ou-ab12-11111111/*';

const COMPARED: readonly [string, object, boolean][] = [
  ['AWS’s own policy', goodPolicy, false],
  ['an id', withCondition({ StringEquals: { 'aws:PrincipalOrgID': ID } }), true],
  ['ids', withCondition({ StringNotEquals: { 'aws:PrincipalOrgID': [ID, 'o-anotherorgid'] } }), true],
  ['an id, where there is one', withCondition({ StringLikeIfExists: { 'aws:SourceOrgID': ID } }), true],
  ['whether there is one', withCondition({ Null: { 'aws:PrincipalOrgID': 'false' } }), true],
  ['a path in one', withCondition({ 'ForAnyValue:StringLike': { 'aws:PrincipalOrgPaths': PATH } }), true],
  ['no such id', withCondition({ StringEquals: { 'aws:PrincipalOrgID': 'x' } }), true],
  ['a wildcard', withCondition({ StringLike: { 'aws:PrincipalOrgID': 'o-*' } }), true],
  ['an id and a wildcard', withCondition({ StringLike: { 'aws:PrincipalOrgID': [ID, 'o-*'] } }), true],
  ['a wildcard, in capitals', withCondition({ StringLike: { 'AWS:PRINCIPALORGID': 'o-*' } }), true],
  ['letters of either case', withCondition({ StringEqualsIgnoreCase: { 'aws:PrincipalOrgID': ID } }), true],
  ['paths in any', withCondition({ 'ForAnyValue:StringLike': { 'aws:PrincipalOrgPaths': '*/ou-1/*' } }), true],
  ['paths of several', withCondition({ 'ForAnyValue:StringLike': { 'aws:SourceOrgPaths': 'o-example*' } }), true],
  ['the key’s own', withCondition({ StringEquals: { 'aws:ResourceOrgID': ID } }), true],
  ['the key’s own paths', withCondition({ StringLike: { 'aws:ResourceOrgPaths': PATH } }), true],
  [
    'the key’s own, as a variable',
    withCondition({ StringEquals: { 'aws:PrincipalOrgID': `$\{aws:ResourceOrgID}` } }),
    true,
  ],
  ['a variable in a value', withCondition({ StringEquals: { 'aws:x': `$\{aws:ResourceOrgID}` } }), true],
  ['a variable in a path', withCondition({ StringLike: { 'aws:PrincipalOrgPaths': `${ID}/\${aws:x}` } }), true],
  ['a variable in the resource', withCondition({}, { Resource: `arn:aws:kms:*:*:key/$\{ aws:PrincipalOrgID}` }), true],
  ['an id in a path', withCondition({ StringLike: { 'kms:EncryptionContext:aws:s3:arn': `*/${ID}/*` } }), false],
  ['nothing', withCondition({ StringEquals: { 'kms:CallerAccount': '111122223333' } }), false],
];

test.each(COMPARED)('a policy that compares with %s', (_, policy, compares) => {
  expect(looksAtOrganizations(keyFacts(KEY_ARN, policy))).toBe(compares);
});

test('a resource control policy may compare', () => {
  const rcp = parseKeyPolicy(withCondition({ StringNotEquals: { 'aws:PrincipalOrgID': `$\{aws:ResourceOrgID}` } }));
  expect(looksAtOrganizations({ ...keyFacts(KEY_ARN), resourceControlPolicies: read([rcp]) })).toBe(true);
});

const wildcard = keyFacts(KEY_ARN, withCondition({ StringLike: { 'aws:PrincipalOrgID': 'o-*' } }));
const named = keyFacts(KEY_ARN, withCondition({ StringEquals: { 'aws:PrincipalOrgID': ID } }));
const pinned = keyFacts(
  KEY_ARN,
  withCondition({ StringLike: { 'KMS:EncryptionContext:aws:s3:arn': 'arn:aws:s3:::logs/AWSLogs/*' } }),
);
const TRUSTED = { trustedAccounts: '444455556666' };
test.each([
  ['a trail of one account', false, keyFacts(KEY_ARN), false],
  ['a trail of one account, with a policy that compares', false, wildcard, true],
  ['a trail of one account, with a policy that names one', false, named, true],
  ['an organization trail', true, keyFacts(KEY_ARN), false],
  ['an organization trail whose key policy looks at the path', true, pinned, true],
  ['a trail that may be one, with such a policy', null, pinned, true],
  ['a trail of one account, with such a policy', false, pinned, false],
  ['an organization trail without a key', true, null, false],
  [
    'an organization trail whose key policy is unread',
    true,
    { ...wildcard, policy: unread('denied', 'denied') },
    false,
  ],
  ['one whose key policy is none', true, { ...wildcard, policy: read(parseKeyPolicy('{')) }, false],
])('%s', (_, isOrganization, key, matters) => {
  expect(organizationMatters(trailNamed('main', { isOrganization }), key)).toBe(matters);
});

describe('where it does not matter the findings are the same, whatever the organization', () => {
  const organizations: readonly Reading<string | null>[] = [
    unread('not-asked', 'not read'),
    read(null),
    read(ID),
    read('o-anotherorgid'),
    read('o-ownorganization'),
  ];
  const findings = (policy: object, parameters: object, organizationId: Reading<string | null>) => {
    const key: KeyFacts = { ...keyFacts(KEY_ARN, policy), organizationId };
    const trail: TrailFacts = {
      ...trailNamed('main', { kmsKeyId: KEY_ARN, isOrganization: false }),
      status: unread('not-asked', 'not read'),
      bucket: unread('not-asked', 'not read'),
      organizationId,
      asOf: NOW,
    };
    return evaluateTrail(trail, key, checkOptions(parseParameters(parameters)));
  };
  const shapes = [
    { Principal: '*' },
    { Principal: { AWS: '*' }, Action: 'kms:*' },
    { Principal: { AWS: 'arn:aws:iam::444455556666:root' } },
    { Principal: { AWS: 'arn:aws:iam::444455556666:role/reader' } },
    { Principal: { Service: 'cloudtrail.amazonaws.com' }, Action: 'kms:GenerateDataKey*' },
    { Effect: 'Deny', Action: 'kms:*' },
    { Effect: 'Deny', Principal: { AWS: '*' }, Action: 'kms:*' },
  ];
  const plain = COMPARED.filter(([, , compares]) => !compares);
  const rows = plain.flatMap(([name, policy]) =>
    shapes.flatMap((shape) =>
      [{}, TRUSTED, { trustedOrganizations: 'o-anotherorgid' }].map(
        (parameters): [string, object, Readonly<Record<string, string>>] => {
          const [last] = (policy as typeof goodPolicy).Statement.slice(-1);
          return [
            `${name}: ${JSON.stringify(shape)} ${JSON.stringify(parameters)}`,
            { ...goodPolicy, Statement: [...goodPolicy.Statement, { ...last, ...shape }] },
            parameters,
          ];
        },
      ),
    ),
  );
  const matters = (policy: object) =>
    organizationMatters(trailNamed('main', { isOrganization: false }), keyFacts(KEY_ARN, policy));

  test.each(
    spread(
      rows.filter(([, policy]) => !matters(policy)),
      24,
    ),
  )('%s', (_, policy, parameters) => {
    const [first, ...others] = organizations.map((organization) => findings(policy, parameters, organization));
    for (const other of others) expect(other).toEqual(first);
  });

  test('and where trusted accounts are set they are not', () => {
    const root = { Principal: { AWS: 'arn:aws:iam::444455557777:root' } };
    const policy = {
      ...goodPolicy,
      Statement: [...goodPolicy.Statement, statement({ StringEquals: { 'aws:PrincipalOrgID': ID } }, root)],
    };
    expect(findings(policy, TRUSTED, read(ID))).not.toEqual(findings(policy, TRUSTED, read(null)));
  });
});
