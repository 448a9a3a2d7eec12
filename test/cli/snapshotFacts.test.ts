import { parseSnapshot } from '../../src/cli/snapshot/parse.ts';
import { snapshotPorts } from '../../src/cli/snapshot/ports.ts';
import type { KeyFacts, TrailDescription } from '../../src/trail/facts.ts';
import { UNCONSTRAINED } from '../../src/trail/grant.ts';
import base from '../cases/cli/snapshot.json';

const NOW = new Date('2026-11-21T00:00:00Z');
const KEY = base.keys[0]!.KeyMetadata.Arn;
const OTHER_KEY = 'arn:aws:kms:us-east-1:111122223333:key/ffffffff-12ab-34cd-56ef-1234567890ab';
const DENIED = { Error: { Code: 'AccessDeniedException', Message: 'User: x is not authorized' } };
const NOT_FOUND = { Error: { Code: 'NotFoundException', Message: 'no such key' } };

const NO_RAM_POLICY = { read: true, value: null };
const REPLICATED = { PrimaryKey: { Arn: KEY }, ReplicaKeys: [{ Arn: OTHER_KEY }] };

type Members = Record<string, unknown>;

const portsOf = (document: unknown) => snapshotPorts(parseSnapshot(JSON.stringify(document), 's.json'), null, NOW);
const withTrail = (members: Members, rest: Members = {}) => ({
  ...base,
  trails: [{ ...base.trails[0], Trail: { ...base.trails[0]!.Trail, ...members } }],
  ...rest,
});
const withKey = (members: Members) => ({ ...base, keys: [{ ...base.keys[0], ...members }] });

async function firstTrail(document: unknown): Promise<TrailDescription> {
  const [trail] = await portsOf(document).listTrails();
  return trail!;
}

async function keyOf(document: unknown): Promise<KeyFacts> {
  const ports = portsOf(document);
  const [trail] = await ports.listTrails();
  return ports.key(trail!.kmsKeyId ?? '', trail!);
}

describe('timestamps', () => {
  const expected = '2026-11-20T10:00:00.000Z';
  test.each([
    ['ISO 8601 in UTC', '2026-11-20T10:00:00Z', expected],
    ['ISO 8601 with an offset', '2026-11-20T11:00:00+01:00', expected],
    ['ISO 8601 without an offset is UTC', '2026-11-20T10:00:00', expected],
    ['with a space', '2026-11-20 10:00:00.000+00:00', expected],
    ['a date alone', '2026-11-20', '2026-11-20T00:00:00.000Z'],
    ['epoch seconds', 1795168800, expected],
    ['epoch seconds with a fraction', 1795168800.25, '2026-11-20T10:00:00.250Z'],
    ['an empty string', '', undefined],
    ['null', null, undefined],
  ])('%s', async (_, time, iso) => {
    const ports = portsOf({ ...base, trails: [{ ...base.trails[0], Status: { LatestDeliveryTime: time } }] });
    const [trail] = await ports.listTrails();
    const status = await ports.trailStatus(trail!);
    expect(status.read && status.value.latestDeliveryTime?.toISOString()).toBe(iso);
  });
});

describe('what a key reference names', () => {
  const id = KEY.slice(KEY.indexOf('/') + 1);
  const elsewhere = { Arn: 'arn:aws:kms:eu-west-1:111122223333:key/e' };
  test.each<[string, string, Members, boolean | 'unknown', string | null]>([
    ['the ARN', KEY, {}, true, KEY],
    ['the bare id', id, {}, true, KEY],
    ['an alias', 'alias/trail', {}, true, KEY],
    ['an alias ARN', 'arn:aws:kms:us-east-1:111122223333:alias/trail', {}, true, KEY],
    ['an ARN that the snapshot does not hold', OTHER_KEY, {}, false, OTHER_KEY],
    ['an id that the snapshot does not hold', 'mrk-1', {}, false, 'arn:aws:kms:us-east-1:111122223333:key/mrk-1'],
    ['an alias that no key lists', 'alias/none', {}, false, null],
    ['an alias, where a key has no Aliases', 'alias/none', { Aliases: undefined }, 'unknown', null],
    ['an alias, where Aliases could not be read', 'alias/none', { Aliases: DENIED }, 'unknown', null],
    ['an alias ARN of another Region', 'arn:aws:kms:eu-west-1:111122223333:alias/trail', {}, false, null],
    [
      'an alias there, where only a key elsewhere has no Aliases',
      'alias/none',
      { KeyMetadata: elsewhere, Aliases: null },
      false,
      null,
    ],
    ['the ARN of something else', 'arn:aws:s3:::logs', {}, false, null],
    ['a listed alias object, as list-aliases prints it', 'alias/x', { Aliases: [{ AliasName: 'alias/x' }] }, true, KEY],
    ['a listed alias ARN', 'alias/x', { Aliases: ['arn:aws:kms:us-east-1:111122223333:alias/x'] }, true, KEY],
  ])('%s', async (_, reference, keyMembers, exists, arn) => {
    const facts = await keyOf(withTrail({ KmsKeyId: reference }, { keys: [{ ...base.keys[0], ...keyMembers }] }));
    expect(facts.reference).toBe(reference);
    expect(facts.exists.read ? facts.exists.value : 'unknown').toBe(exists);
    expect(facts.arn).toBe(arn);
  });

  test.each([
    ['alias/trail', 'unknown', null],
    [KEY, true, KEY],
  ])('%s, where three keys list one alias', async (reference, exists, arn) => {
    const others = [OTHER_KEY, `${OTHER_KEY}2`].map((Arn) => ({ ...base.keys[0], KeyMetadata: { Arn } }));
    const facts = await keyOf(withTrail({ KmsKeyId: reference }, { keys: [base.keys[0], ...others] }));
    expect(facts.exists.read ? facts.exists.value : 'unknown').toBe(exists);
    expect(facts.arn).toBe(arn);
  });
});

describe('whether a key exists', () => {
  const whole = (error: unknown) => ({ ...base, keys: [{ KeyArn: KEY, ...(error as object) }] });
  test.each<[string, unknown, boolean | 'unknown']>([
    ['described', base, true],
    ['not in the snapshot', { ...base, keys: [] }, false],
    ['access denied on the whole key', whole(DENIED), 'unknown'],
    ['not found', whole(NOT_FOUND), false],
    ['not found, with a namespace', whole({ Error: { Code: 'com.amazonaws.kms#NotFoundException' } }), false],
    [
      'only its metadata denied, the grants read',
      { ...base, keys: [{ KeyArn: KEY, KeyMetadata: DENIED, Grants: [] }] },
      true,
    ],
    [
      'only its metadata denied, the policy read',
      { ...base, keys: [{ KeyArn: KEY, KeyMetadata: DENIED, Policy: {} }] },
      true,
    ],
    [
      'metadata and policy denied',
      { ...base, keys: [{ KeyArn: KEY, KeyMetadata: DENIED, Policy: DENIED }] },
      'unknown',
    ],
    ['the list of keys could not be read', { ...base, keys: DENIED }, 'unknown'],
    ['an error without a code', whole({ Error: {} }), 'unknown'],
  ])('%s', async (_, document, expected) => {
    const { exists } = await keyOf(document);
    expect(exists.read ? exists.value : 'unknown').toBe(expected);
  });

  test('the reason names the call, the code and the message', async () => {
    const { policy } = await keyOf(withKey({ Policy: DENIED }));
    expect(policy).toEqual({
      read: false,
      code: 'denied',
      reason: 'kms:GetKeyPolicy failed with `AccessDeniedException`: User: x is not authorized',
    });
  });
});

describe('members of a key', () => {
  test.each<[string, Members, (facts: KeyFacts) => unknown, unknown]>([
    ['rotation on', { KeyRotationEnabled: true }, ({ rotation }) => rotation, { read: true, value: 'on' }],
    ['rotation off', { KeyRotationEnabled: false }, ({ rotation }) => rotation, { read: true, value: 'off' }],
    ['rotation left out', { KeyRotationEnabled: undefined }, ({ rotation }) => rotation.read, false],
    [
      'rotation unsupported',
      { KeyRotationEnabled: { Error: { Code: 'UnsupportedOperationException' } } },
      ({ rotation }) => rotation,
      { read: true, value: 'unsupported' },
    ],
    ['a policy as text', { Policy: '{"Statement":[]}' }, ({ policy }) => policy.read && policy.value.valid, true],
    [
      'a policy left out',
      { Policy: undefined },
      ({ policy }) => policy,
      { read: false, code: 'not-told', reason: 'the snapshot does not hold the key policy' },
    ],
    ['a policy that is no policy', { Policy: '{' }, ({ policy }) => policy.read && policy.value.valid, false],
    [
      'a policy text with a member given twice',
      { Policy: '{"Statement":[],"Statement":[]}' },
      ({ policy }) => policy.read && policy.value.valid,
      false,
    ],
    [
      "AWS RAM's policy left out",
      {},
      ({ ramPolicy }) => ramPolicy,
      { read: false, code: 'not-told', reason: "the snapshot does not hold AWS RAM's policy for the key" },
    ],
    ["AWS RAM's policy left out of Policies", { Policies: {} }, ({ ramPolicy }) => ramPolicy.read, false],
    ["no policy of AWS RAM's", { Policies: { AWS_RAM: null } }, ({ ramPolicy }) => ramPolicy, NO_RAM_POLICY],
    ["AWS RAM's policy not found", { Policies: { AWS_RAM: NOT_FOUND } }, ({ ramPolicy }) => ramPolicy, NO_RAM_POLICY],
    [
      "AWS RAM's policy denied",
      { Policies: { AWS_RAM: DENIED } },
      ({ ramPolicy }) => !ramPolicy.read && ramPolicy.code,
      'denied',
    ],
    ['Policies denied', { Policies: DENIED }, ({ ramPolicy }) => !ramPolicy.read && ramPolicy.code, 'denied'],
    ["an empty text for AWS RAM's policy", { Policies: { AWS_RAM: '' } }, ({ ramPolicy }) => ramPolicy.read, false],
    [
      "AWS RAM's policy as text",
      { Policies: { AWS_RAM: '{"Statement":[]}' } },
      ({ ramPolicy }) => ramPolicy.read && ramPolicy.value?.valid,
      true,
    ],
    [
      "AWS RAM's policy, no policy",
      { Policies: { AWS_RAM: 7 } },
      ({ ramPolicy }) => ramPolicy.read && ramPolicy.value?.valid,
      false,
    ],
    [
      'a grant to a service with a retiring service and constraints',
      {
        Grants: [
          {
            GranteeServicePrincipal: 'cloudtrail.amazonaws.com',
            RetiringServicePrincipal: 'config.amazonaws.com',
            Operations: ['GenerateDataKey'],
            Constraints: { SourceArn: 'a', EncryptionContextSubset: { k: 'v' }, EncryptionContextEquals: null },
          },
        ],
      },
      ({ grants }) => grants.read && [grants.value[0]!.retiringPrincipal, grants.value[0]!.constraints],
      ['config.amazonaws.com', { ...UNCONSTRAINED, sourceArn: 'a', encryptionContextSubset: { k: 'v' } }],
    ],
    [
      'constraints that are not known, or not in the form that KMS documents',
      {
        Grants: [
          { Operations: [], Constraints: { SourceVpc: 'v', SourceArn: ['a'], EncryptionContextEquals: { k: 1 } } },
        ],
      },
      ({ grants }) => grants.read && grants.value[0]!.constraints,
      { ...UNCONSTRAINED, unknown: ['SourceVpc', 'SourceArn', 'EncryptionContextEquals'] },
    ],
    [
      'replicas',
      { KeyMetadata: { Arn: KEY, MultiRegion: true, MultiRegionConfiguration: REPLICATED } },
      ({ metadata }) => metadata.read && metadata.value.relatedKeys,
      [OTHER_KEY],
    ],
    [
      'a multi-Region key of which nothing more is told',
      { KeyMetadata: { Arn: KEY, MultiRegion: true } },
      ({ metadata }) => metadata.read && metadata.value.relatedKeys,
      null,
    ],
    [
      'a key of one Region',
      { KeyMetadata: { Arn: KEY, MultiRegion: false } },
      ({ metadata }) => metadata.read && metadata.value.relatedKeys,
      [],
    ],
    ['grants left out', { Grants: undefined }, ({ grants }) => grants.read, false],
    [
      'a grant to a service, which KMS names in a member of its own',
      { Grants: [{ GranteeServicePrincipal: 'logs.us-east-1.amazonaws.com', Operations: ['Decrypt'] }] },
      ({ grants }) => grants.read && grants.value[0]!.granteePrincipal,
      'logs.us-east-1.amazonaws.com',
    ],
    [
      'a grant without a grantee',
      { Grants: [{ Operations: ['Decrypt'] }] },
      ({ grants }) => grants.read && grants.value[0]!.granteePrincipal,
      '',
    ],
    ['no grants', { Grants: [] }, ({ grants }) => grants, { read: true, value: [] }],
    [
      'an empty usage',
      { KeyMetadata: { Arn: KEY, KeyUsage: '' } },
      ({ metadata }) => metadata.read && metadata.value.usage,
      null,
    ],
    [
      'the older name of the spec',
      { KeyMetadata: { Arn: KEY, CustomerMasterKeySpec: 'SYMMETRIC_DEFAULT' } },
      ({ metadata }) => metadata.read && metadata.value.spec,
      'SYMMETRIC_DEFAULT',
    ],
  ])('%s', async (_, members, part, expected) => {
    expect(part(await keyOf(withKey(members)))).toEqual(expected);
  });

  test('a member given twice inside a policy object makes that policy invalid, and no other', async () => {
    const second = JSON.stringify({ KeyArn: OTHER_KEY, Policy: { Statement: [] } });
    const text = JSON.stringify(base)
      .replace('"Statement":[]', '"Statement":[{"Effect":"Deny","Effect":"Allow"}]')
      .replace('"Grants":[]}', `"Grants":[]},${second}`);
    const snapshot = parseSnapshot(text, 's.json');
    const policies = snapshot.keys.read ? [...snapshot.keys.value.values()].map(({ policy }) => policy) : [];
    expect(policies[0]).toEqual({
      read: true,
      value: { valid: false, error: 'the member `Statement[0].Effect` is given twice' },
    });
    expect(policies[1]).toMatchObject({ value: { valid: true } });
  });
});

test("a member given twice in AWS RAM's policy makes that policy invalid", async () => {
  const document = JSON.stringify(withKey({ Policies: { AWS_RAM: { Statement: [] } } }));
  const text = document.replace('"AWS_RAM":{"Statement":[]', '"AWS_RAM":{"Statement":[],"Statement":[]');
  const snapshot = parseSnapshot(text, 's.json');
  expect(snapshot.keys.read && [...snapshot.keys.value.values()][0]?.ramPolicy).toEqual({
    read: true,
    value: { valid: false, error: 'the member `Statement` is given twice' },
  });
});

describe('the other keys of a multi-Region key', () => {
  const primary = { KeyMetadata: { Arn: KEY, MultiRegion: true, MultiRegionConfiguration: REPLICATED } };
  test('are known where the snapshot holds them', async () => {
    const document = withKey(primary) as { keys: unknown[] };
    const key = await keyOf({
      ...document,
      keys: [...document.keys, { KeyArn: OTHER_KEY, Policy: { Statement: [] } }],
    });
    expect(key.relatedKeys?.map(({ arn, policy }) => [arn, policy.read])).toEqual([[OTHER_KEY, true]]);
  });

  test('are not known where it does not', async () => {
    expect(await keyOf(withKey(primary))).not.toHaveProperty('relatedKeys');
  });
});

describe('the default encryption of a bucket', () => {
  const encryption = async (bucket: Members) => {
    const ports = portsOf({ ...base, buckets: [{ Name: 'logs', ...bucket }] });
    const [trail] = await ports.listTrails();
    const facts = await ports.bucket(trail!);
    return facts.read && facts.value.encryption;
  };
  test.each<[string, Members, unknown]>([
    ['AES256', { SSEAlgorithm: 'AES256', BucketKeyEnabled: false }, { algorithm: 'AES256', bucketKeyEnabled: false }],
    [
      'a Bucket Key without an algorithm counts as one',
      { BucketKeyEnabled: true },
      { algorithm: 'aws:kms', bucketKeyEnabled: true },
    ],
    ['no Bucket Key, no algorithm', { BucketKeyEnabled: false }, { algorithm: null, bucketKeyEnabled: false }],
    ['an algorithm alone', { SSEAlgorithm: 'aws:kms' }, { algorithm: 'aws:kms', bucketKeyEnabled: null }],
  ])('%s', async (_, bucket, value) => {
    expect(await encryption(bucket)).toEqual({ read: true, value });
  });

  test.each<[string, Members]>([
    ['nothing is said', {}],
    ['access denied', { SSEAlgorithm: DENIED }],
    ['access denied on the whole bucket', DENIED],
  ])('unknown: %s', async (_, bucket) => {
    expect(await encryption(bucket)).toMatchObject({ read: false });
  });
});

describe('resource control policies', () => {
  const policies = (list: unknown) => [{ AccountId: '111122223333', Policies: list }];
  const ownTrail = withTrail({ IsOrganizationTrail: true });
  test.each<[string, unknown, unknown]>([
    ['left out', base, 'unread'],
    [
      'of another account',
      { ...base, resourceControlPolicies: [{ AccountId: '444455556666', Policies: [] }] },
      'unread',
    ],
    ['none', { ...base, resourceControlPolicies: policies([]) }, []],
    ['one, as text', { ...base, resourceControlPolicies: policies(['{"Statement":[]}']) }, [true]],
    ['not readable', { ...base, resourceControlPolicies: policies(DENIED) }, 'unread'],
    [
      'one of two not readable',
      { ...base, resourceControlPolicies: policies([DENIED, { Statement: [] }]) },
      [false, true],
    ],
    [
      'the account owns an organization trail: it is the management account',
      { ...ownTrail, resourceControlPolicies: policies(['{}']) },
      [],
    ],
    [
      'the account is named as management account',
      {
        ...base,
        organizations: [{ AccountId: '444455556666', Id: 'o-exampleorg1', ManagementAccountId: '111122223333' }],
      },
      [],
    ],
  ])('%s', async (_, document, expected) => {
    const { resourceControlPolicies } = await keyOf(document);
    const valid = resourceControlPolicies.read && resourceControlPolicies.value.map((policy) => policy.valid);
    expect(valid || 'unread').toEqual(expected);
  });
});

test.each([
  ['its name and id', { Id: 'p-0a1b2c3d', Name: 'Perimeter' }, 'Perimeter (p-0a1b2c3d) OrgOnly'],
  ['its id', { Id: 'p-0a1b2c3d' }, 'p-0a1b2c3d OrgOnly'],
  ['its name', { Name: 'Perimeter' }, 'Perimeter OrgOnly'],
  ['nothing', undefined, 'OrgOnly'],
])(
  'a resource control policy as DescribePolicy returns it: its statements go by %s',
  async (_, PolicySummary, label) => {
    const Statement = [{ Sid: 'OrgOnly', Effect: 'Deny', Principal: '*', Action: 'kms:*', Resource: '*' }];
    const both = [JSON.stringify({ Statement }), { Statement }];
    const Policies = both.map((Content) => ({ PolicySummary, Content }));
    const resourceControlPolicies = [{ AccountId: '111122223333', Policies }];
    const key = await keyOf({ ...base, resourceControlPolicies });
    expect(key.resourceControlPolicies).toMatchObject({
      value: both.map(() => ({ policy: { statements: [{ label }], compiled: [{ statement: { label } }] } })),
    });
  },
);

test('one that is not valid is named in the reason', async () => {
  const Policies = [{ PolicySummary: { Name: 'Perimeter' }, Content: '{' }];
  const key = await keyOf({ ...base, resourceControlPolicies: [{ AccountId: '111122223333', Policies }] });
  expect(key.resourceControlPolicies).toMatchObject({ value: [{ error: expect.stringMatching(/^Perimeter: /) }] });
});

describe('organizations', () => {
  const ask = (organizations: unknown) => portsOf({ ...base, organizations }).organizationId('111122223333');
  test.each<[string, unknown, unknown]>([
    ['known', [{ AccountId: '111122223333', Id: 'o-exampleorg1' }], { read: true, value: 'o-exampleorg1' }],
    [
      'in none',
      [{ AccountId: '111122223333', Error: { Code: 'AWSOrganizationsNotInUseException' } }],
      { read: true, value: null },
    ],
    ['denied', [{ AccountId: '111122223333', Id: DENIED }], { read: false }],
    ['an empty id', [{ AccountId: '111122223333', Id: '' }], { read: false }],
    ['left out', undefined, { read: false }],
  ])('%s', async (_, organizations, expected) => {
    expect(await ask(organizations)).toMatchObject(expected as object);
  });
});

describe('trails', () => {
  test.each<[string, Members, Partial<TrailDescription>]>([
    [
      'members left out are not known',
      { IsMultiRegionTrail: undefined },
      { isMultiRegion: null, logFileValidation: null },
    ],
    ['an empty key id is no key', { KmsKeyId: '' }, { kmsKeyId: null }],
    ['name and Region come from the ARN', { Name: null, HomeRegion: null }, { name: 'main', homeRegion: 'us-east-1' }],
    [
      'the partition comes from the ARN',
      { TrailARN: 'arn:aws-us-gov:cloudtrail:us-gov-west-1:111122223333:trail/t' },
      { partition: 'aws-us-gov' },
    ],
  ])('%s', async (_, members, expected) => {
    expect(await firstTrail(withTrail(members))).toMatchObject(expected);
  });

  test('a trail that is listed in two Regions is one trail, with the status that is known', async () => {
    const { Status, ...shadow } = base.trails[0]!;
    const ports = portsOf({ ...base, trails: [shadow, { ...shadow, Status }] });
    const trails = await ports.listTrails();
    expect(trails).toHaveLength(1);
    expect(await ports.trailStatus(trails[0]!)).toMatchObject({ read: true, value: { isLogging: true } });
  });

  test.each([
    ['the list', DENIED],
    ['one entry', [DENIED]],
    ['one trail', [{ Trail: DENIED }]],
  ])('%s could not be read: said, with the reason', (_, trails) => {
    const { unreadTrails } = parseSnapshot(JSON.stringify({ ...base, trails }), 's.json');
    expect(unreadTrails).toHaveLength(1);
    expect(unreadTrails[0]).toContain('AccessDeniedException: User: x is not authorized');
  });

  test('the clock is the time of collection where the snapshot says it', () => {
    expect(portsOf(base).now()).toEqual(NOW);
    expect(portsOf({ ...base, collectedAt: 1795168800 }).now()).toEqual(new Date('2026-11-20T10:00:00Z'));
  });
});
