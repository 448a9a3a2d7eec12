import { CloudTrailClient, DescribeTrailsCommand, GetTrailStatusCommand } from '@aws-sdk/client-cloudtrail';
import { ConfigServiceClient, PutEvaluationsCommand } from '@aws-sdk/client-config-service';
import { DescribeKeyCommand, GetKeyPolicyCommand, KMSClient } from '@aws-sdk/client-kms';
import { DescribeAccountCommand, OrganizationsClient } from '@aws-sdk/client-organizations';
import { AssumeRoleCommand, STSClient } from '@aws-sdk/client-sts';
import { mockClient } from 'aws-sdk-client-mock';
import { homeOf } from '../../src/aws/access.ts';
import type { Reach } from '../../src/aws/accounts.ts';
import { createClients } from '../../src/aws/clients.ts';
import {
  ACCOUNT,
  answerPlainly,
  denied,
  FOREIGN_KEY_ARN,
  HOME,
  KEY_ARN,
  OTHER_ACCOUNT,
  ports,
  reach,
  refused,
  trail,
  unanswered,
} from './support/answers.ts';

const sts = mockClient(STSClient);
const kms = mockClient(KMSClient);
const config = mockClient(ConfigServiceClient);
const cloudtrail = mockClient(CloudTrailClient);
const organizations = mockClient(OrganizationsClient);

const MEMBER = OTHER_ACCOUNT;
const KEY_ACCOUNT = '777788889999';
const KEY_THERE = `arn:aws:kms:eu-west-1:${KEY_ACCOUNT}:key/1234abcd-12ab-34cd-56ef-1234567890ab`;
const POLICY = JSON.stringify({ Version: '2012-10-17', Statement: [] });
const HOUR = 3_600_000;

let sessions = 0;
/** Each session has its own access key, which names the account and counts up. */
const assumed = ({ RoleArn = '' }: { RoleArn?: string | undefined }, lifetime = HOUR) => {
  sessions += 1;
  return {
    Credentials: {
      AccessKeyId: `${RoleArn.split(':')[4]}-${sessions}`,
      SecretAccessKey: 'secret',
      SessionToken: 'token',
      Expiration: new Date(Date.now() + lifetime),
    },
  };
};

beforeEach(() => {
  sessions = 0;
  for (const mock of [sts, kms, config, cloudtrail, organizations]) mock.reset();
  sts.on(AssumeRoleCommand).callsFake((input) => assumed(input));
  config.on(PutEvaluationsCommand).resolves({ FailedEvaluations: [] });
  cloudtrail.on(DescribeTrailsCommand).resolves({ trailList: [] });
  cloudtrail.on(GetTrailStatusCommand).resolves({ IsLogging: true });
  kms.on(DescribeKeyCommand).callsFake(({ KeyId }) => ({ KeyMetadata: { Arn: KeyId, KeyId, KeyState: 'Enabled' } }));
  kms.on(GetKeyPolicyCommand).resolves({ Policy: POLICY });
  answerPlainly(kms);
});
afterEach(() => jest.useRealTimers());

type Mock = typeof kms | typeof config | typeof cloudtrail | typeof sts;
/** The access keys that signed, in order; `own`: the function's credentials. */
async function signers(mock: Mock): Promise<string[]> {
  const names = mock.calls().map(async ({ thisValue }) => {
    const credentials = (thisValue as KMSClient).config.credentials;
    const { accessKeyId } = await credentials().catch(() => ({ accessKeyId: 'own' }));
    return /^\d{12}-/.test(accessKeyId) ? accessKeyId : 'own';
  });
  return Promise.all(names);
}
const asked = () => sts.commandCalls(AssumeRoleCommand).map(({ args }) => args[0].input);

const expecting = (...accounts: string[]) => ({ accounts, organizationId: null });
const memberReach = (members: Partial<Reach> = {}) =>
  reach({ memberRoleName: 'reader', keyReaderRoleName: 'reader', expected: expecting(MEMBER), ...members });
const inMember = (members: Partial<Reach> = {}, clients = createClients()) =>
  ports({ accountId: MEMBER, reach: memberReach(members) }, clients);

describe("a rule in the function's own account", () => {
  it('takes no role, whatever the parameters say', async () => {
    const live = ports({ reach: reach({ memberRoleName: 'member', keyReaderRoleName: 'reader' }) });
    await live.listTrails();
    await live.key(KEY_ARN, trail);
    await live.putEvaluations([]);
    expect(asked()).toEqual([]);
    expect(await signers(kms)).toEqual(['own', 'own', 'own', 'own']);
  });

  it.each([
    ['reader', 'role/reader'],
    ['audit/reader', 'role/audit/reader'],
    ['/audit/reader', 'role/audit/reader'],
  ])('reads a key of another account through the role `%s` there, its policy included', async (name, resource) => {
    const key = await ports({ reach: reach({ keyReaderRoleName: name }) }).key(FOREIGN_KEY_ARN, trail);
    expect(asked()).toEqual([
      { RoleArn: `arn:aws:iam::${OTHER_ACCOUNT}:${resource}`, RoleSessionName: 'cloudtrail-kms-rule' },
    ]);
    expect(new Set(await signers(kms))).toEqual(new Set([`${OTHER_ACCOUNT}-1`]));
    expect(key).toMatchObject({ exists: { read: true, value: true }, policy: { read: true } });
  });

  it('asks the STS of its own Region, with the external id', async () => {
    const place = { accountId: ACCOUNT, partition: 'aws', region: 'eu-south-2' };
    await ports({ reach: reach({ home: place, keyReaderRoleName: 'reader', externalId: 'rule-7' }) }).key(
      FOREIGN_KEY_ARN,
      trail,
    );
    expect(asked()).toMatchObject([{ ExternalId: 'rule-7' }]);
    const [call] = sts.calls();
    expect(await (call?.thisValue as STSClient | undefined)?.config.region()).toBe('eu-south-2');
  });

  it('leaves a key of an account that is not on its list to its own credentials, and says so', async () => {
    const limited = reach({ keyReaderRoleName: 'reader', expected: expecting(MEMBER) });
    const key = await ports({ reach: limited }).key(KEY_THERE, trail);
    expect(asked()).toEqual([]);
    expect(key.policy).toMatchObject({
      reason: expect.stringContaining(`no role is assumed there: account ${KEY_ACCOUNT} is not in EXPECTED_ACCOUNTS`),
    });
    expect(kms.commandCalls(GetKeyPolicyCommand)).toHaveLength(0);
  });

  it('cannot assume a role of another partition', async () => {
    const china = FOREIGN_KEY_ARN.replace('arn:aws:', 'arn:aws-cn:').replace('eu-west-1', 'cn-north-1');
    const key = await ports({ reach: reach({ keyReaderRoleName: 'reader' }) }).key(china, trail);
    expect(asked()).toEqual([]);
    expect(key.policy).toMatchObject({ reason: expect.stringContaining('cannot assume a role in aws-cn') });
  });

  it('names role, account, permission and key-policy statement where the role cannot be assumed', async () => {
    sts.on(AssumeRoleCommand).rejects(denied('sts:AssumeRole', 'no identity-based policy allows it'));
    const key = await ports({ reach: reach({ keyReaderRoleName: 'audit/reader' }) }).key(FOREIGN_KEY_ARN, trail);
    const { policy } = key;
    const reason = policy.read ? '' : policy.reason;
    expect(reason).toContain(`a role in account ${OTHER_ACCOUNT} with kms:GetKeyPolicy on ${FOREIGN_KEY_ARN}`);
    expect(reason).toContain(
      `\`keyReaderRoleName\`: arn:aws:sts::${ACCOUNT}:assumed-role/rule/1 lacks sts:AssumeRole on arn:aws:iam::${OTHER_ACCOUNT}:role/audit/reader`,
    );
    expect(reason).toContain('or the role is missing or does not trust it');
    expect(reason).toContain(`"Principal":{"AWS":"arn:aws:iam::${OTHER_ACCOUNT}:role/audit/reader"}`);
    expect(new Set(await signers(kms))).toEqual(new Set(['own']));
    expect(kms.commandCalls(GetKeyPolicyCommand)).toHaveLength(0);
  });

  it('prints the statement where the key policy does not let the role in, and not where IAM does not', async () => {
    const live = () => ports({ reach: reach({ keyReaderRoleName: 'reader' }) }).key(FOREIGN_KEY_ARN, trail);
    const statement = `"Principal":{"AWS":"arn:aws:iam::${OTHER_ACCOUNT}:role/reader"}`;
    kms.on(GetKeyPolicyCommand).rejects(denied('kms:GetKeyPolicy', 'no resource-based policy allows it'));
    expect((await live()).policy).toMatchObject({ reason: expect.stringContaining(statement) });
    kms.on(GetKeyPolicyCommand).rejects(denied('kms:GetKeyPolicy', 'no identity-based policy allows it'));
    expect((await live()).policy).toMatchObject({ reason: expect.not.stringContaining(statement) });
  });

  it('says where the account has not turned STS on in the Region', async () => {
    sts.on(AssumeRoleCommand).rejects(refused('RegionDisabledException', 'STS is not activated in this region', 403));
    const { policy } = await ports({ reach: reach({ keyReaderRoleName: 'reader' }) }).key(FOREIGN_KEY_ARN, trail);
    expect(policy).toMatchObject({
      code: 'denied',
      reason: expect.stringContaining('RegionDisabledException: STS is not activated in this region'),
    });
    expect(policy).toMatchObject({ reason: expect.not.stringContaining('does not trust it') });
  });

  it('throws where STS cannot be asked', async () => {
    sts.on(AssumeRoleCommand).rejects(unanswered());
    const live = ports({ reach: reach({ keyReaderRoleName: 'reader' }) });
    await expect(live.key(FOREIGN_KEY_ARN, trail)).rejects.toThrow(
      `STS AssumeRole for \`arn:aws:iam::${OTHER_ACCOUNT}:role/reader\` in us-east-1 failed: TimeoutError`,
    );
  });
});

describe('a rule in another account', () => {
  const theirs = { ...trail, accountId: MEMBER, arn: trail.arn.replace(ACCOUNT, MEMBER) };

  it('is read and reported on as `memberRoleName` there, which is assumed once', async () => {
    const live = inMember();
    await Promise.all([live.listTrails(), live.trailStatus(theirs), live.putEvaluations([])]);
    await live.key(FOREIGN_KEY_ARN, theirs);
    expect(asked()).toHaveLength(1);
    for (const mock of [config, cloudtrail, kms]) {
      expect(new Set(await signers(mock))).toEqual(new Set([`${MEMBER}-1`]));
    }
  });

  it('reads a key of the function’s own account with its own credentials', async () => {
    await inMember().key(KEY_ARN, theirs);
    expect(new Set(await signers(kms))).toEqual(new Set(['own']));
    expect(kms.commandCalls(GetKeyPolicyCommand)).toHaveLength(2);
  });

  it('reads a key of a third account through `keyReaderRoleName` there', async () => {
    const key = await inMember({ keyReaderRoleName: 'key-reader', expected: expecting(MEMBER, KEY_ACCOUNT) }).key(
      KEY_THERE,
      theirs,
    );
    expect(asked().map(({ RoleArn }) => RoleArn)).toEqual([
      `arn:aws:iam::${MEMBER}:role/reader`,
      `arn:aws:iam::${KEY_ACCOUNT}:role/key-reader`,
    ]);
    expect(new Set(await signers(kms))).toEqual(new Set([`${KEY_ACCOUNT}-2`]));
    expect(key.policy.read).toBe(true);
  });

  it.each([
    ['it is not on the list', { expected: expecting(KEY_ACCOUNT) }, `account ${MEMBER} is not in EXPECTED_ACCOUNTS`],
    ['there is no role', { memberRoleName: null }, '`memberRoleName` is missing, but the rule belongs to account'],
  ])('is refused before any call where %s', async (_, members, message) => {
    for (const act of [
      (live: ReturnType<typeof ports>) => live.listTrails(),
      (live: ReturnType<typeof ports>) => live.putEvaluations([]),
      (live: ReturnType<typeof ports>) => live.key(KEY_ARN, theirs),
      (live: ReturnType<typeof ports>) => live.bucket(theirs),
      (live: ReturnType<typeof ports>) => live.exceptionDocuments?.('/exceptions') ?? Promise.resolve(),
    ]) {
      await expect(act(inMember(members))).rejects.toThrow(message);
    }
    for (const mock of [sts, kms, config, cloudtrail, organizations]) expect(mock.calls()).toHaveLength(0);
  });

  it.each([KEY_ARN, KEY_THERE])('reads no key of a third account where no list says that it may: %s', async (arn) => {
    const key = await inMember({ expected: expecting() }).key(arn, theirs);
    expect(key.policy).toMatchObject({
      read: false,
      code: 'denied',
      reason: expect.stringContaining('takes EXPECTED_ACCOUNTS or EXPECTED_ORGANIZATION, and neither is set'),
    });
    const assumed = sts.commandCalls(AssumeRoleCommand).map(({ args }) => args[0].input.RoleArn);
    expect(assumed).not.toContain(`arn:aws:iam::${KEY_ACCOUNT}:role/key-reader`);
  });

  it('reads a key of the rule’s account as `memberRoleName`, where `keyReaderRoleName` opens nothing there', async () => {
    const reader = `arn:aws:iam::${MEMBER}:role/key-reader`;
    sts.on(AssumeRoleCommand, { RoleArn: reader }).rejects(refused('AccessDenied', '', 403));
    const key = await inMember({ keyReaderRoleName: 'key-reader' }).key(FOREIGN_KEY_ARN, theirs);
    expect(asked().map(({ RoleArn }) => RoleArn)).toContain(reader);
    expect(key.policy.read).toBe(true);
    expect(new Set(await signers(kms))).toEqual(new Set([`${MEMBER}-1`]));
  });

  it('is an error where its role cannot be assumed: nothing could be reported', async () => {
    sts.on(AssumeRoleCommand).rejects(refused('AccessDenied', '', 403));
    await expect(inMember().putEvaluations([])).rejects.toThrow(
      `STS AssumeRole for \`arn:aws:iam::${MEMBER}:role/reader\` in us-east-1 failed: the role of the function lacks ` +
        'sts:AssumeRole',
    );
  });
});

describe('the organization whose accounts are expected', () => {
  const expected = { accounts: [], organizationId: 'o-exampleorgid' };
  const inOrganization = (id: string) => ({
    Account: { Id: MEMBER, Arn: `arn:aws:organizations::999999999999:account/${id}/${MEMBER}` },
  });

  it('lets a member in, and is asked once for it', async () => {
    organizations.on(DescribeAccountCommand).resolves(inOrganization('o-exampleorgid'));
    const clients = createClients();
    await inMember({ expected }, clients).listTrails();
    await inMember({ expected }, clients).listTrails();
    expect(organizations.calls()).toHaveLength(1);
    expect(cloudtrail.calls()).toHaveLength(2);
  });

  it.each([
    ['an account that it does not hold', () => refused('AccountNotFoundException')],
    ['everybody where there is none', () => refused('AWSOrganizationsNotInUseException')],
  ])('refuses %s', async (_, error) => {
    organizations.on(DescribeAccountCommand).rejects(error());
    await expect(inMember({ expected }).listTrails()).rejects.toThrow(
      `account ${MEMBER} is not in organization o-exampleorgid`,
    );
    expect(asked()).toEqual([]);
  });

  it('refuses a member of another organization', async () => {
    organizations.on(DescribeAccountCommand).resolves(inOrganization('o-anotherorgid'));
    await expect(inMember({ expected }).listTrails()).rejects.toThrow('is not in organization o-exampleorgid');
  });

  it('refuses an answer about another account', async () => {
    const { Account } = inOrganization('o-exampleorgid');
    organizations.on(DescribeAccountCommand).resolves({ Account: { ...Account, Id: KEY_ACCOUNT } });
    await expect(inMember({ expected }).listTrails()).rejects.toThrow('is not in organization o-exampleorgid');
  });

  it('lets nobody in on trust', async () => {
    organizations.on(DescribeAccountCommand).rejects(denied('organizations:DescribeAccount'));
    await expect(inMember({ expected }).listTrails()).rejects.toThrow('lacks organizations:DescribeAccount');
    expect(asked()).toEqual([]);
  });
});

describe('a session of a role', () => {
  const read = async (clients: ReturnType<typeof createClients>) => inMember({}, clients).listTrails();

  it('is kept beyond the invocation, and renewed five minutes before its end', async () => {
    jest.useFakeTimers({ doNotFake: ['setImmediate', 'nextTick', 'queueMicrotask'] });
    const clients = createClients();
    await read(clients);
    jest.advanceTimersByTime(HOUR - 5 * 60_000);
    await read(clients);
    jest.advanceTimersByTime(1);
    await read(clients);
    expect(await signers(cloudtrail)).toEqual([`${MEMBER}-1`, `${MEMBER}-1`, `${MEMBER}-2`]);
  });

  it('is renewed within an invocation, too', async () => {
    jest.useFakeTimers({ doNotFake: ['setImmediate', 'nextTick', 'queueMicrotask'] });
    const live = inMember();
    await live.listTrails();
    jest.advanceTimersByTime(HOUR);
    await Promise.all([live.listTrails(), live.listTrails()]);
    expect(asked()).toHaveLength(2);
    expect(await signers(cloudtrail)).toEqual([`${MEMBER}-1`, `${MEMBER}-2`, `${MEMBER}-2`]);
  });

  it.each([
    ['ExpiredToken', 403],
    ['ExpiredTokenException', 403],
    // As S3 refuses a HEAD request: without a body, so without a code.
    ['Unknown', 400],
  ])('that a service refuses (%s) is replaced once', async (code, status) => {
    cloudtrail
      .on(DescribeTrailsCommand)
      .rejectsOnce(refused(code, 'expired', status))
      .resolves({ trailList: [] });
    await read(createClients());
    expect(await signers(cloudtrail)).toEqual([`${MEMBER}-1`, `${MEMBER}-2`]);
  });

  it('that a service refuses twice, the second time when it was replaced already, is replaced once', async () => {
    let replaced = () => {};
    const renewal = new Promise<void>((resolve) => {
      replaced = resolve;
    });
    cloudtrail
      .on(DescribeTrailsCommand)
      .rejectsOnce(refused('ExpiredTokenException', 'expired', 403))
      .callsFake(async () => {
        replaced();
        return { trailList: [] };
      });
    config
      .on(PutEvaluationsCommand)
      .callsFakeOnce(async () => {
        await renewal;
        throw refused('ExpiredTokenException', 'expired', 403);
      })
      .resolves({ FailedEvaluations: [] });
    const live = inMember();
    await Promise.all([live.listTrails(), live.putEvaluations([])]);
    expect(asked()).toHaveLength(2);
    expect(await signers(config)).toEqual([`${MEMBER}-1`, `${MEMBER}-2`]);
  });

  it('that goes on being refused is an error', async () => {
    cloudtrail.on(DescribeTrailsCommand).rejects(refused('ExpiredTokenException', 'expired', 403));
    await expect(read(createClients())).rejects.toThrow('ExpiredTokenException: expired');
    expect(asked()).toHaveLength(2);
  });

  it("is not what an answer lacks that holds the bucket's Region", async () => {
    const elsewhere = refused('Unknown', '', 400, { 'x-amz-bucket-region': 'eu-west-1' });
    cloudtrail.on(DescribeTrailsCommand).rejects(elsewhere);
    await expect(read(createClients())).rejects.toThrow();
    expect(asked()).toHaveLength(1);
  });

  it("the function's own is not renewed: Lambda does that", async () => {
    cloudtrail.on(DescribeTrailsCommand).rejects(refused('ExpiredTokenException', 'expired', 403));
    await expect(ports().listTrails()).rejects.toThrow('ExpiredTokenException: expired');
    expect(cloudtrail.calls()).toHaveLength(1);
  });
});

describe('the trail of an account without the role', () => {
  it("is read from the rule's account, to which CloudTrail shows organization trails", async () => {
    const management = '999999999999';
    const arn = trail.arn.replace(ACCOUNT, management);
    const theirs = { ...trail, accountId: management, arn, isOrganization: true };
    sts.on(AssumeRoleCommand).rejects(denied('sts:AssumeRole'));
    const status = await ports({ reach: reach({ memberRoleName: 'reader' }) }).trailStatus(theirs);
    expect(status).toMatchObject({ read: true, value: { isLogging: true } });
    expect(await signers(cloudtrail)).toEqual(['own']);
    expect(cloudtrail.commandCalls(GetTrailStatusCommand)[0]?.args[0].input).toEqual({ Name: theirs.arn });
  });
});

describe("the function's place", () => {
  it('is what its ARN says, with or without a version', () => {
    expect(homeOf(`arn:aws:lambda:us-east-1:${ACCOUNT}:function:rule`)).toEqual(HOME);
    expect(homeOf('arn:aws-us-gov:lambda:us-gov-west-1:111122223333:function:rule:live')).toEqual({
      accountId: ACCOUNT,
      partition: 'aws-us-gov',
      region: 'us-gov-west-1',
    });
  });

  it.each(['', 'rule', 'arn:aws:iam::111122223333:role/rule'])('is not known from `%s`', (text) => {
    expect(() => homeOf(text)).toThrow('is not the ARN of a Lambda function');
  });
});
