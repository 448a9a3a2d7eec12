import { parseKeyPolicy } from '../../src/policy/parse.ts';
import type { KeyState } from '../../src/policy/request.ts';
import { neverSent, requestContext } from '../../src/trail/conditionKeys/context.ts';
import { pathsIn } from '../../src/trail/conditionKeys/domains.ts';
import { type KeyFacts, read, type TrailFacts, unread } from '../../src/trail/facts.ts';
import { keyFacts, trailFacts } from './cases.ts';

const KEY = (partition: string) =>
  `arn:${partition}:kms:us-east-1:111111111111:key/1234abcd-12ab-34cd-56ef-1234567890ab`;
const UNREAD = unread('denied', 'not permitted');

function policies(...keys: readonly string[]) {
  const Condition = { Null: Object.fromEntries(keys.map((key) => [key, 'true'])) };
  const parse = parseKeyPolicy({
    Statement: [{ Effect: 'Deny', Principal: '*', Action: '*', Resource: '*', Condition }],
  });
  if (!parse.valid) throw new Error(parse.error);
  return [parse.policy];
}

interface Facts {
  readonly trail?: Partial<TrailFacts>;
  readonly key?: Partial<KeyFacts>;
  readonly keyArn?: string;
  readonly action?: string;
}

/** What one key's state is; `open` where nothing is known. */
function stateOf(requester: 'cloudTrail' | 'principal', name: string, facts: Facts): KeyState | 'open' {
  const subject = {
    trail: { ...trailFacts({ name: '', expect: {} }), ...facts.trail },
    key: { ...keyFacts({ name: '', expect: {} })!, ...facts.key },
    keyArn: facts.keyArn ?? KEY('aws'),
    policies: policies(name),
  };
  return requestContext(subject, requester, facts.action ?? 'kms:GenerateDataKey')[name] ?? 'open';
}

const present = (value: string | readonly string[]): KeyState => ({ is: 'present', value });
const absent: KeyState = { is: 'absent' };
const perhaps = (...matching: readonly string[]) =>
  expect.objectContaining({ is: 'constrained', matching, orAbsent: true });
const metadata = (over: object) => ({ key: { metadata: read({ ...META, ...over }) } });
const META = {
  state: 'Enabled',
  manager: 'CUSTOMER',
  spec: 'SYMMETRIC_DEFAULT',
  usage: 'ENCRYPT_DECRYPT',
  origin: 'AWS_KMS',
  deletionDate: null,
  validTo: null,
  isMultiRegion: false,
  relatedKeys: null,
};
const none = { key: { metadata: UNREAD } };
const inOrganization = (value: string | null) => ({ organizationId: read(value) });

test.each<[string, Facts, unknown]>([
  ['aws:CurrentTime', {}, present('2026-11-20T12:00:00.000Z')],
  ['aws:EpochTime', {}, present('1795176000')],
  ['aws:RequestedRegion', {}, present('us-east-1')],
  ['aws:RequestedRegion', { keyArn: 'alias/trail' }, 'open'],
  ['aws:ResourceOrgID', { key: inOrganization('o-a') }, present('o-a')],
  ['aws:ResourceOrgID', { key: inOrganization(null) }, absent],
  ['aws:ResourceOrgID', { key: { organizationId: UNREAD } }, 'open'],
  ['aws:ResourceOrgPaths', { key: inOrganization('o-a') }, pathsIn('o-a', true)],
  ['aws:ResourceOrgPaths', { key: inOrganization(null) }, absent],
  ['aws:SourceOrgID', { trail: inOrganization('o-a') }, perhaps('o-a')],
  ['aws:SourceOrgID', { trail: inOrganization(null) }, absent],
  ['aws:SourceOrgID', { trail: { organizationId: UNREAD } }, perhaps('o-??????????*')],
  ['aws:SourceOrgPaths', { trail: { organizationId: UNREAD } }, pathsIn('o-??????????*', true)],
  ['kms:CallerAccount', {}, perhaps('############')],
  ['kms:ViaService', {}, perhaps('?*.?*-?*-#.amazonaws.com')],
  ['kms:ViaService', { keyArn: KEY('aws-cn') }, perhaps('?*.?*-?*-#.amazonaws.com.cn', '?*.?*-?*-#.amazonaws.com')],
  ['kms:ViaService', { keyArn: KEY('aws-unheard-of') }, 'open'],
  ['kms:ViaService', { keyArn: 'alias/trail' }, 'open'],
  ['kms:KeySpec', {}, present('SYMMETRIC_DEFAULT')],
  ['kms:KeySpec', none, 'open'],
  ['kms:KeySpec', metadata({ spec: null }), 'open'],
  ['kms:MultiRegion', metadata({ isMultiRegion: true }), present('true')],
  ['kms:MultiRegion', metadata({ isMultiRegion: null }), 'open'],
  ['kms:MultiRegionKeyType', metadata({}), absent],
  ['kms:MultiRegionKeyType', metadata({ isMultiRegion: true }), perhaps('PRIMARY', 'REPLICA')],
  ['kms:MultiRegionKeyType', metadata({ isMultiRegion: true, multiRegionKeyType: 'REPLICA' }), present('REPLICA')],
  ['kms:MultiRegionKeyType', none, perhaps('PRIMARY', 'REPLICA')],
  ['kms:ResourceAliases', { key: { aliases: read(['alias/a']) } }, present(['alias/a'])],
  ['kms:ResourceAliases', { key: { aliases: read([]) } }, absent],
  ['kms:ResourceAliases', { key: { aliases: UNREAD } }, 'open'],
  ['kms:EncryptionAlgorithm', {}, present('SYMMETRIC_DEFAULT')],
  ['kms:EncryptionAlgorithm', metadata({ spec: 'RSA_2048' }), 'open'],
  ['kms:EncryptionAlgorithm', { action: 'kms:DescribeKey' }, absent],
  ['kms:EncryptionContext:aws:cloudtrail:arn', { action: 'kms:PutKeyPolicy' }, absent],
  ['kms:PolicyName', {}, absent],
  ['kms:RequestAlias', {}, perhaps('alias/**')],
  ['aws:x', {}, 'open'],
])('CloudTrail, %s of %j', (name, facts, expected) => {
  expect(stateOf('cloudTrail', name, facts)).toEqual(expected);
});

test.each<[string, string, unknown]>([
  ['kms:GrantIsForAWSResource', 'kms:CreateGrant', perhaps('true', 'false')],
  ['kms:GrantIsForAWSResource', 'kms:Decrypt', absent],
  [
    'kms:PolicyName',
    'kms:PutKeyPolicy',
    { is: 'constrained', matching: ['default', 'AWS_RAM'], outside: [], orAbsent: false },
  ],
  ['aws:SourceArn', 'kms:Decrypt', absent],
  ['aws:PrincipalIsAWSService', 'kms:Decrypt', present('false')],
  ['aws:PrincipalArn', 'kms:Decrypt', 'open'],
])('a principal, %s in %s', (name, action, expected) => {
  expect(stateOf('principal', name, { action })).toEqual(expected);
});

test.each([
  ['kms:GenerateDataKey', ['aws:PrincipalOrgID', 'aws:principaltag/team', 'kms:GrantOperations']],
  [
    'kms:DescribeKey',
    ['aws:PrincipalOrgID', 'aws:principaltag/team', 'kms:EncryptionContextKeys', 'kms:GrantOperations'],
  ],
])('what CloudTrail never sends with %s', (action, expected) => {
  const looked = policies(
    'aws:PrincipalOrgID',
    'aws:PrincipalTag/Team',
    'aws:SourceArn',
    'kms:EncryptionContextKeys',
    'kms:GrantOperations',
  );
  expect(Object.keys(neverSent(looked, action)).sort()).toEqual([...expected].sort());
});
