import {
  DescribeKeyCommand,
  GetKeyPolicyCommand,
  GetKeyRotationStatusCommand,
  type KeyMetadata,
  KMSClient,
  ListAliasesCommand,
  ListGrantsCommand,
} from '@aws-sdk/client-kms';
import { DescribeOrganizationCommand, OrganizationsClient } from '@aws-sdk/client-organizations';
import { mockClient } from 'aws-sdk-client-mock';
import {
  ACCOUNT,
  ALIAS_ARN,
  answerPlainly,
  denied,
  FOREIGN_KEY_ARN,
  KEY_ARN,
  OF_RAM,
  OTHER_ACCOUNT,
  ports,
  refused,
  trail,
  unanswered,
} from './support/answers.ts';

const kms = mockClient(KMSClient);
const POLICY = JSON.stringify({
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Principal: { AWS: `arn:aws:iam::${ACCOUNT}:root` }, Action: 'kms:*', Resource: '*' }],
});
const metadata = (members: Partial<KeyMetadata> = {}) => ({
  KeyMetadata: { Arn: KEY_ARN, KeyId: 'x', KeyState: 'Enabled', KeyManager: 'CUSTOMER', ...members } as KeyMetadata,
});

beforeEach(() => {
  kms.reset();
  kms.on(DescribeKeyCommand).resolves(metadata());
  kms.on(GetKeyPolicyCommand).resolves({ Policy: POLICY });
  answerPlainly(kms);
  kms.on(ListAliasesCommand).resolves({ Aliases: [] });
});

const regions = async () => Promise.all(kms.calls().map(({ thisValue }) => (thisValue as KMSClient).config.region()));

describe('a key in the own account', () => {
  it('is read in the Region of its ARN, with four calls', async () => {
    const key = await ports().key(KEY_ARN, trail);
    expect(key).toMatchObject({
      reference: KEY_ARN,
      arn: KEY_ARN,
      exists: { read: true, value: true },
      metadata: { read: true, value: { state: 'Enabled', manager: 'CUSTOMER', spec: null, usage: null } },
      policy: { read: true, value: { valid: true } },
      ramPolicy: { read: true, value: null },
      grants: { read: true, value: [] },
      rotation: { read: false },
    });
    expect(await regions()).toEqual(Array(4).fill('eu-west-1'));
    const names = ['default', 'AWS_RAM'].map((PolicyName) => ({ KeyId: KEY_ARN, PolicyName }));
    expect(kms.commandCalls(GetKeyPolicyCommand).map(({ args }) => args[0].input)).toEqual(names);
  });

  it.each([
    ['`KeySpec`', { KeySpec: 'RSA_2048' as const, CustomerMasterKeySpec: 'SYMMETRIC_DEFAULT' as const }, 'RSA_2048'],
    ['the member’s old name', { CustomerMasterKeySpec: 'SYMMETRIC_DEFAULT' as const }, 'SYMMETRIC_DEFAULT'],
  ])('has the spec that %s tells', async (_, members, spec) => {
    kms.on(DescribeKeyCommand).resolves(metadata(members));
    expect((await ports().key(KEY_ARN, trail)).metadata).toMatchObject({ value: { spec } });
  });

  it('is read once, however often and by whatever name it is asked for', async () => {
    kms.on(DescribeKeyCommand).resolves(metadata());
    const live = ports();
    const [first, second] = await Promise.all([live.key(KEY_ARN, trail), live.key(KEY_ARN, trail)]);
    const byAlias = await live.key(ALIAS_ARN, trail);
    expect(second).toEqual(first);
    expect(byAlias).toMatchObject({ reference: ALIAS_ARN, arn: KEY_ARN });
    expect(kms.commandCalls(DescribeKeyCommand)).toHaveLength(2);
    expect(kms.commandCalls(GetKeyPolicyCommand)).toHaveLength(2);
    expect(kms.commandCalls(ListGrantsCommand)).toHaveLength(1);
  });

  it.each([
    ['an alias name', 'alias/trail', ALIAS_ARN, true],
    ['a bare key id', '1234abcd', `arn:aws:kms:us-east-1:${ACCOUNT}:key/1234abcd`, false],
  ])('%s is resolved in the home Region of the trail', async (_, reference, asked, isAlias) => {
    const key = await ports().key(reference, trail);
    expect(kms.commandCalls(DescribeKeyCommand)[0]?.args[0].input).toEqual({ KeyId: asked });
    expect(key).toMatchObject({ reference, arn: KEY_ARN });
    // What an id names is asked for at once, and once more where KMS calls it otherwise, which it does for an alias alone.
    const asNamed = Array(isAlias ? 1 : 4).fill('us-east-1');
    expect(await regions()).toEqual([...asNamed, ...Array(isAlias ? 4 : 3).fill('eu-west-1')]);
  });

  it('keeps what DescribeKey says of a key that is going away', async () => {
    const DeletionDate = new Date('2026-12-01T00:00:00Z');
    kms.on(DescribeKeyCommand).resolves(metadata({ KeyState: 'PendingDeletion', DeletionDate, MultiRegion: false }));
    const key = await ports().key(KEY_ARN, trail);
    expect(key.metadata).toMatchObject({
      value: { state: 'PendingDeletion', deletionDate: DeletionDate, validTo: null, isMultiRegion: false },
    });
  });

  it('does not exist where its own account and Region do not find it', async () => {
    kms.on(DescribeKeyCommand).rejects(refused('NotFoundException', 'no such key'));
    const key = await ports().key(KEY_ARN, trail);
    expect(key).toMatchObject({ exists: { read: true, value: false }, policy: { read: false } });
    // All at once: that it is gone is known when the others are on their way.
    expect(kms.calls()).toHaveLength(4);
  });

  it('does not exist where the trail names something else', async () => {
    const key = await ports().key('arn:aws:s3:::logs', trail);
    expect(key).toMatchObject({ arn: null, exists: { read: true, value: false } });
    expect(kms.calls()).toHaveLength(0);
  });
});

describe('the policy of AWS RAM', () => {
  const ramPolicy = async () => (await ports().key(KEY_ARN, trail)).ramPolicy;
  it('is read beside the default policy', async () => {
    kms.on(GetKeyPolicyCommand, OF_RAM).resolves({ Policy: POLICY, PolicyName: 'AWS_RAM' });
    expect(await ramPolicy()).toMatchObject({ read: true, value: { valid: true } });
  });

  it('is not known where GetKeyPolicy is denied for its name alone', async () => {
    kms.on(GetKeyPolicyCommand, OF_RAM).rejects(denied('kms:GetKeyPolicy'));
    expect(await ramPolicy()).toMatchObject({ read: false, code: 'denied' });
    expect((await ports().key(KEY_ARN, trail)).policy).toMatchObject({ read: true });
  });

  it('is there and not valid', async () => {
    kms.on(GetKeyPolicyCommand, OF_RAM).resolves({ Policy: '{' });
    expect(await ramPolicy()).toMatchObject({ read: true, value: { valid: false } });
  });

  it('throws where KMS throttles', async () => {
    kms.on(GetKeyPolicyCommand, OF_RAM).rejects(refused('ThrottlingException', 'Rate exceeded'));
    await expect(ramPolicy()).rejects.toThrow(/GetKeyPolicy/);
  });

  it('looks at aliases, so these are read', async () => {
    const named = { 'ForAnyValue:StringEquals': { 'kms:ResourceAliases': 'alias/trail' } };
    const Policy = POLICY.replace('"Resource":"*"', `"Resource":"*","Condition":${JSON.stringify(named)}`);
    kms.on(GetKeyPolicyCommand, OF_RAM).resolves({ Policy });
    await ports().key(KEY_ARN, trail);
    expect(kms.commandCalls(ListAliasesCommand)).toHaveLength(1);
  });
});

describe('what is refused becomes unread, and says what is missing', () => {
  it.each([
    ['DescribeKey', DescribeKeyCommand, 'metadata', 'kms:DescribeKey'],
    ['GetKeyPolicy', GetKeyPolicyCommand, 'policy', 'kms:GetKeyPolicy'],
    ['ListGrants', ListGrantsCommand, 'grants', 'kms:ListGrants'],
    ['GetKeyRotationStatus', GetKeyRotationStatusCommand, 'rotation', 'kms:GetKeyRotationStatus'],
  ] as const)('%s', async (_, command, member, permission) => {
    kms.on(GetKeyRotationStatusCommand).resolves({ KeyRotationEnabled: true });
    kms.on(command as typeof DescribeKeyCommand).rejects(denied(permission));
    const key = await ports({ readRotation: true }).key(KEY_ARN, trail);
    expect(key[member]).toMatchObject({
      read: false,
      code: 'denied',
      deniedBy: { policy: 'identity', isExplicit: false },
      lacks: { principal: `arn:aws:sts::${ACCOUNT}:assumed-role/rule/1`, action: permission, resource: KEY_ARN },
      reason: `arn:aws:sts::${ACCOUNT}:assumed-role/rule/1 lacks ${permission} on ${KEY_ARN} (no identity-based policy allows it)`,
    });
    const others = (['metadata', 'policy', 'grants', 'rotation'] as const).filter((other) => other !== member);
    expect(others.map((other) => key[other].read)).toEqual([true, true, true]);
    expect(key.exists).toEqual({ read: true, value: true });
  });

  it('an alias that may not be described leaves everything unread', async () => {
    kms.on(DescribeKeyCommand).rejects(refused('AccessDeniedException', ''));
    const key = await ports().key('alias/trail', trail);
    const unread = { code: 'denied', reason: `the role of the function lacks kms:DescribeKey on ${ALIAS_ARN}` };
    expect(key).toMatchObject({ arn: null, exists: unread, policy: unread });
  });

  it('an ARN that KMS does not take', async () => {
    for (const command of [DescribeKeyCommand, GetKeyPolicyCommand, ListGrantsCommand]) {
      kms.on(command as typeof DescribeKeyCommand).rejects(refused('InvalidArnException', 'invalid Region'));
    }
    const key = await ports().key(KEY_ARN, trail);
    expect(key.exists).toEqual({
      read: false,
      code: 'invalid',
      reason: `KMS does not take \`${KEY_ARN}\`: invalid Region`,
    });
    expect(key.policy).toEqual({
      read: false,
      code: 'failed',
      reason: 'KMS GetKeyPolicy answered InvalidArnException: invalid Region',
    });
  });
});

describe('a key in another account', () => {
  it('is never asked for its policy', async () => {
    kms.on(DescribeKeyCommand).resolves(metadata({ Arn: FOREIGN_KEY_ARN }));
    const key = await ports().key(FOREIGN_KEY_ARN, trail);
    expect(kms.commandCalls(GetKeyPolicyCommand)).toHaveLength(0);
    expect(key).toMatchObject({ exists: { read: true, value: true }, grants: { read: true } });
    expect(key.policy).toMatchObject({
      read: false,
      code: 'denied',
      lacks: { principal: null, action: 'kms:GetKeyPolicy', resource: FOREIGN_KEY_ARN },
      reason:
        `GetKeyPolicy does not work across accounts: it takes a role in account ${OTHER_ACCOUNT} with kms:GetKeyPolicy ` +
        `on ${FOREIGN_KEY_ARN} (\`keyReaderRoleName\` is not set); where the key policy does not delegate to IAM it must hold ` +
        `\`{"Sid":"LetTheTrailRuleRead","Effect":"Allow","Principal":{"AWS":"arn:aws:iam::${OTHER_ACCOUNT}:role/ROLE_NAME"},` +
        '"Action":["kms:DescribeKey","kms:GetKeyPolicy","kms:GetKeyRotationStatus","kms:ListGrants"],"Resource":"*"}`',
    });
  });

  it.each([
    ['not found', refused('NotFoundException'), 'not-found', /may be gone or not be shared/],
    [
      'denied',
      denied('kms:DescribeKey', 'the resource does not exist in this Region'),
      'denied',
      /lacks kms:DescribeKey/,
    ],
  ])('may exist when it is %s', async (_, error, code, reason) => {
    kms.on(DescribeKeyCommand).rejects(error);
    kms.on(ListGrantsCommand).rejects(error);
    const key = await ports().key(FOREIGN_KEY_ARN, trail);
    expect(key.exists).toMatchObject({ read: false, code, reason: expect.stringMatching(reason) });
  });
});

it.each([
  ['gone', KEY_ARN],
  ['shown to nobody in this account', FOREIGN_KEY_ARN],
])('a key that is %s: what goes wrong with what was asked beside is nobody’s trouble', async (_, arn) => {
  kms.on(DescribeKeyCommand).rejects(refused('NotFoundException'));
  kms.on(ListGrantsCommand).rejects(refused('ThrottlingException', 'Rate exceeded'));
  const key = await ports().key(arn, trail);
  expect(key.exists).toMatchObject(arn === KEY_ARN ? { read: true, value: false } : { read: false, code: 'not-found' });
});

describe('rotation', () => {
  it.each([
    ['on', () => kms.on(GetKeyRotationStatusCommand).resolves({ KeyRotationEnabled: true }), 'on'],
    ['off', () => kms.on(GetKeyRotationStatusCommand).resolves({ KeyRotationEnabled: false }), 'off'],
    [
      'unsupported',
      () => kms.on(GetKeyRotationStatusCommand).rejects(refused('UnsupportedOperationException')),
      'unsupported',
    ],
  ])('%s', async (_, answer, value) => {
    answer();
    const key = await ports({ readRotation: true }).key(KEY_ARN, trail);
    expect(key.rotation).toEqual({ read: true, value });
  });

  it('is not asked for unless it is required', async () => {
    await ports().key(KEY_ARN, trail);
    expect(kms.commandCalls(GetKeyRotationStatusCommand)).toHaveLength(0);
  });
});

describe('grants', () => {
  it('name a service in a member of its own', async () => {
    const toService = { GranteeServicePrincipal: 'logs.us-east-1.amazonaws.com', Operations: ['Decrypt' as const] };
    kms.on(ListGrantsCommand).resolves({ Grants: [toService, { Operations: ['Decrypt'] }] });
    const { grants } = await ports().key(KEY_ARN, trail);
    expect(grants).toMatchObject({
      value: [{ granteePrincipal: 'logs.us-east-1.amazonaws.com' }, { granteePrincipal: '' }],
    });
  });

  it('are read to the last page', async () => {
    const grant = { GrantId: 'g', GranteePrincipal: 'arn:aws:iam::1:role/x', Operations: ['Decrypt' as const] };
    kms
      .on(ListGrantsCommand)
      .resolvesOnce({ Grants: [grant], Truncated: true, NextMarker: 'm' })
      .resolvesOnce({ Grants: [{ ...grant, GrantId: 'h', IssuingAccount: 'arn:aws:iam::1:root' }], Truncated: false });
    const { grants } = await ports().key(KEY_ARN, trail);
    expect(grants).toMatchObject({ value: [{ grantId: 'g', operations: ['Decrypt'] }, { grantId: 'h' }] });
    expect(kms.commandCalls(ListGrantsCommand).map(({ args }) => args[0].input.Marker)).toEqual([undefined, 'm']);
  });

  it('are read to the end that KMS tells, whatever marker it leaves there', async () => {
    kms.on(ListGrantsCommand).resolves({ Grants: [], Truncated: false, NextMarker: 'm' });
    expect((await ports().key(KEY_ARN, trail)).grants).toEqual({ read: true, value: [] });
    expect(kms.commandCalls(ListGrantsCommand)).toHaveLength(1);
  });

  it.each([
    ['one marker', ['m']],
    ['two markers in turn', ['m', 'n']],
  ])('that never end, by %s, are an error', async (_, markers) => {
    let page = 0;
    kms.on(ListGrantsCommand).callsFake(() => {
      page += 1;
      if (page > 10) throw new Error('asked without end');
      return { Grants: [], Truncated: true, NextMarker: markers[page % markers.length] };
    });
    await expect(ports().key(KEY_ARN, trail)).rejects.toThrow('the service repeats a page');
  });
});

describe("the organization of the key's account", () => {
  const organizations = mockClient(OrganizationsClient);
  beforeEach(() => {
    organizations.reset();
    organizations.on(DescribeOrganizationCommand).resolves({ Organization: { Id: 'o-exampleorgid' } });
  });
  const allow = (Condition: object) => ({
    Policy: JSON.stringify({
      Version: '2012-10-17',
      Statement: [{ Effect: 'Allow', Principal: { AWS: '*' }, Action: 'kms:Decrypt', Resource: '*', Condition }],
    }),
  });

  it.each([
    ['is read where a condition names one', { StringEquals: { 'aws:PrincipalOrgID': 'o-x' } }, 1],
    ['is read where a variable names one', { StringEquals: { 'aws:x': `$\{aws:ResourceOrgID}` } }, 1],
    ['is left alone otherwise', { StringEquals: { 'kms:CallerAccount': ACCOUNT } }, 0],
  ])('%s', async (_, condition, calls) => {
    kms.on(GetKeyPolicyCommand).resolves(allow(condition));
    const { organizationId } = await ports().key(KEY_ARN, trail);
    expect(organizationId.read).toBe(calls === 1);
    expect(organizations.calls()).toHaveLength(calls);
  });
});

describe('infrastructure trouble throws', () => {
  it.each([
    ['throttling', refused('ThrottlingException', 'Rate exceeded'), 'ThrottlingException: Rate exceeded'],
    ['a server error', refused('KMSInternalException', 'oops', 500), 'KMSInternalException: oops'],
    ['no answer', unanswered(), 'TimeoutError: socket did not answer in time (after 4 attempts)'],
    ['expired credentials', refused('ExpiredTokenException', 'expired', 403), 'ExpiredTokenException: expired'],
  ])('%s', async (_, error, what) => {
    kms.on(DescribeKeyCommand).rejects(error);
    await expect(ports().key(KEY_ARN, trail)).rejects.toMatchObject({
      name: 'InfrastructureError',
      message: `KMS DescribeKey for \`${KEY_ARN}\` in eu-west-1 failed: ${what}`,
      cause: error,
    });
  });
});

describe('a key whose reading fails is asked for three times in one invocation, however many trails name it', () => {
  it.each<[string, string, () => void, () => number]>([
    [
      'described in vain',
      KEY_ARN,
      () => kms.on(DescribeKeyCommand).rejects(unanswered()),
      () => kms.commandCalls(DescribeKeyCommand).length,
    ],
    [
      'its policy read in vain',
      KEY_ARN,
      () => kms.on(GetKeyPolicyCommand).rejects(unanswered()),
      () => kms.commandCalls(GetKeyPolicyCommand, { PolicyName: 'default' }).length,
    ],
    [
      'its aliases read in vain',
      'alias/trail',
      () => kms.on(ListAliasesCommand).rejects(unanswered()),
      () => kms.commandCalls(ListAliasesCommand).length,
    ],
  ])('%s', async (_, reference, prepare, calls) => {
    prepare();
    const { key } = ports();
    const outcomes: string[] = [];
    for (let asked = 0; asked < 6; asked += 1)
      outcomes.push(await key(reference, trail).then(String, ({ name }: Error) => name));
    expect(outcomes).toEqual(Array(6).fill('InfrastructureError'));
    expect(calls()).toBe(3);
  });
});

describe('aliases are asked for', () => {
  const looking = { StringEquals: { 'kms:ResourceAliases': 'alias/trail' } };
  const withCondition = (Condition: object) => {
    const statement = { Effect: 'Allow', Principal: '*', Action: 'kms:*', Resource: '*', Condition };
    return { Policy: JSON.stringify({ Version: '2012-10-17', Statement: [statement] }) };
  };

  it.each([
    ['where the trail names an alias', 'alias/trail', {}, 1],
    ['where the key policy looks at them', KEY_ARN, looking, 1],
    ['nowhere else', KEY_ARN, {}, 0],
    ['never across accounts', FOREIGN_KEY_ARN, {}, 0],
  ])('%s', async (_, reference, condition, calls) => {
    kms.on(GetKeyPolicyCommand).resolves(withCondition(condition));
    await ports().key(reference, trail);
    expect(kms.commandCalls(ListAliasesCommand)).toHaveLength(calls);
  });

  it.each([
    ['denied', denied('kms:ListAliases')],
    ['no answer about the key', refused('KMSInvalidStateException')],
  ])('and nothing is lost where that is %s', async (_, error) => {
    kms.on(ListAliasesCommand).rejects(error);
    expect(await ports().key('alias/trail', trail)).toMatchObject({ arn: KEY_ARN, exists: { value: true } });
  });
});

describe('what KMS throttles to the last attempt', () => {
  const throttled = refused('ThrottlingException', 'Rate exceeded');
  const told = { readRotation: true, throttledIsUnread: true };
  const reason = (operation: string) => `KMS ${operation} answered ThrottlingException: Rate exceeded`;
  const looksAtAliases = () => {
    const Condition = { 'ForAnyValue:StringEquals': { 'kms:ResourceAliases': 'alias/trail' } };
    const Statement = [{ Effect: 'Allow', Principal: '*', Action: 'kms:*', Resource: '*', Condition }];
    kms.on(GetKeyPolicyCommand).resolves({ Policy: JSON.stringify({ Version: '2012-10-17', Statement }) });
  };

  beforeEach(() => kms.on(GetKeyRotationStatusCommand).resolves({ KeyRotationEnabled: true }));

  it('rotation is unread, and the rest is there', async () => {
    kms.on(GetKeyRotationStatusCommand).rejects(throttled);
    const key = await ports(told).key(KEY_ARN, trail);
    expect(key.rotation).toEqual({ read: false, code: 'failed', reason: reason('GetKeyRotationStatus') });
    expect([key.metadata.read, key.policy.read, key.grants.read]).toEqual([true, true, true]);
  });

  it('aliases are unread where no policy looks at them: DescribeKey tells which key it is', async () => {
    kms.on(ListAliasesCommand).rejects(throttled);
    const key = await ports(told).key('alias/trail', trail);
    expect(key).toMatchObject({ arn: KEY_ARN, exists: { value: true }, policy: { read: true } });
    expect(key.aliases).toEqual({ read: false, code: 'failed', reason: reason('ListAliases') });
  });

  it.each([
    ['the key', KEY_ARN, 1],
    ['an alias, after they were asked for once more', 'alias/trail', 2],
  ])('aliases that a policy looks at cost the verdict of a trail that names %s', async (_, reference, calls) => {
    looksAtAliases();
    kms.on(ListAliasesCommand).rejects(throttled);
    await expect(ports(told).key(reference, trail)).rejects.toThrow('ListAliases');
    expect(kms.commandCalls(ListAliasesCommand)).toHaveLength(calls);
  });

  it('aliases that a policy looks at are asked for once more, and then decide', async () => {
    looksAtAliases();
    kms
      .on(ListAliasesCommand)
      .rejectsOnce(throttled)
      .resolves({ Aliases: [{ AliasName: 'alias/trail' }] });
    const key = await ports(told).key('alias/trail', trail);
    expect(key.aliases).toEqual({ read: true, value: ['alias/trail'] });
  });

  it.each([
    ['DescribeKey', DescribeKeyCommand, told],
    ['GetKeyPolicy', GetKeyPolicyCommand, told],
    ['ListGrants', ListGrantsCommand, told],
    ['GetKeyRotationStatus, where it decides', GetKeyRotationStatusCommand, { readRotation: true }],
    ['ListAliases, where it decides', ListAliasesCommand, {}],
  ])('%s costs the trail its verdict', async (_, command, binding) => {
    kms.on(command as typeof DescribeKeyCommand).rejects(throttled);
    await expect(ports(binding).key('alias/trail', trail)).rejects.toThrow('ThrottlingException');
  });
});
