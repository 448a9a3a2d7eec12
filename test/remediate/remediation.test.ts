import { checkEncryption } from '../../src/remediate/encryptionPrecheck.ts';
import {
  type LiveTrails,
  planKeyPolicyRepair,
  RemediationStopped,
  readLiveTrails,
} from '../../src/remediate/remediation.ts';
import { parseExceptions } from '../../src/rule/exceptions/exceptions.ts';
import { parseParameters } from '../../src/rule/parameters.ts';
import { type KeyFacts, read, unread } from '../../src/trail/facts.ts';
import { ACCOUNT, trailNamed } from '../rule/facts.ts';
import { defaultPolicy, goodPolicy, KEY_ARN, keyFacts, memoryPorts, NOW } from '../rule/memoryPorts.ts';

const READER = `arn:aws:iam::${ACCOUNT}:role/auditor`;
const PARAMETERS = { ...parseParameters({}), deliveryEvidenceHours: 0 };
const encrypted = (name: string) => trailNamed(name, { kmsKeyId: KEY_ARN });

const service = { Service: 'cloudtrail.amazonaws.com' };
const withStatement = (statement: object) => ({ ...goodPolicy, Statement: [...goodPolicy.Statement, statement] });
/** Bound to the trail, so that a Deny for everybody could be narrowed without letting another trail in. */
const denyAll = {
  ...goodPolicy,
  Statement: [
    goodPolicy.Statement[0],
    ...['kms:GenerateDataKey*', 'kms:DescribeKey'].map((Action) => ({
      Effect: 'Allow',
      Principal: service,
      Action,
      Resource: '*',
      Condition: { StringEquals: { 'aws:SourceArn': encrypted('main').arn } },
    })),
    { Sid: 'Stop', Effect: 'Deny', Principal: '*', Action: 'kms:GenerateDataKey*', Resource: '*' },
  ],
};
const readable = withStatement({ Effect: 'Allow', Principal: { AWS: READER }, Action: 'kms:Decrypt', Resource: '*' });

async function live(key: KeyFacts, names: readonly string[] = ['main'], subject = 'main'): Promise<LiveTrails> {
  return readLiveTrails(subject, memoryPorts({ trails: names.map(encrypted), key: () => key }), PARAMETERS);
}

const excepted = (facts: LiveTrails, check: string): LiveTrails => {
  const exception = {
    trailArn: facts.subject.trail.arn,
    checks: [check],
    owner: 'o',
    reason: 'r',
    expires: '2026-12-31',
  };
  return { ...facts, exceptions: parseExceptions(JSON.stringify({ version: 1, exceptions: [exception] }), NOW) };
};

/** The message of what keeps the runbook from going on. */
function stopOf(work: () => unknown): string {
  try {
    work();
  } catch (error) {
    expect(error).toBeInstanceOf(RemediationStopped);
    return (error as Error).message;
  }
  return 'nothing stopped it';
}

describe('the repair of a key policy', () => {
  test('a definite failure is planned for every trail of the key', async () => {
    const plan = planKeyPolicyRepair(await live(keyFacts(KEY_ARN, defaultPolicy), ['main', 'second']), PARAMETERS);
    expect(plan).toMatchObject({ status: 'repaired', keyArn: KEY_ARN });
    expect(plan.trailArns).toHaveLength(2);
    expect(plan.edits.map(({ change }) => change)).toEqual(plan.edits.map(() => 'statement-added'));
  });

  test.each<readonly [string, KeyFacts, RegExp]>([
    ['a trail that passes', keyFacts(KEY_ARN), /fails for/],
    ['a disabled key is not enabled', keyFacts(KEY_ARN, goodPolicy, { state: 'Disabled' }), /fails for/],
    [
      'a deletion is not cancelled',
      keyFacts(KEY_ARN, goodPolicy, { state: 'PendingDeletion', deletionDate: NOW }),
      /fails for/,
    ],
    ['a Deny is not touched', keyFacts(KEY_ARN, denyAll), /`deny-narrowed`, which is for a person/],
    [
      'an open statement is not narrowed',
      keyFacts(KEY_ARN, withStatement({ Effect: 'Allow', Principal: service, Action: 'kms:*', Resource: '*' })),
      /fails for/,
    ],
    [
      'a public statement is not narrowed',
      keyFacts(KEY_ARN, withStatement({ Effect: 'Allow', Principal: { AWS: '*' }, Action: 'kms:*', Resource: '*' })),
      /fails for/,
    ],
    [
      'what somebody else deploys',
      { ...keyFacts(KEY_ARN, defaultPolicy), owner: { by: 'cloudformation', stack: 's' } },
      /^the key `.*` is deployed by CloudFormation, stack `s`: the change is for its owner, in the template/,
    ],
    ['what is undecided: the key', { ...keyFacts(KEY_ARN), metadata: unread('denied', 'denied') }, /is undecided/],
    ['what is undecided: the policy', { ...keyFacts(KEY_ARN), policy: unread('denied', 'denied') }, /is undecided/],
  ])('%s', async (_, key, why) => {
    const facts = await live(key);
    expect(stopOf(() => planKeyPolicyRepair(facts, PARAMETERS))).toMatch(why);
  });

  test('trails of another key are neither planned for nor asked', async () => {
    const other = KEY_ARN.replace('1234abcd', '9999abcd');
    const ports = memoryPorts({
      trails: [encrypted('main'), trailNamed('elsewhere', { kmsKeyId: other })],
      key: (reference) =>
        reference === other
          ? { ...keyFacts(other), metadata: unread('denied', 'denied') }
          : keyFacts(KEY_ARN, defaultPolicy),
    });
    const plan = planKeyPolicyRepair(await readLiveTrails('main', ports, PARAMETERS), PARAMETERS);
    expect(plan).toMatchObject({ status: 'repaired', keyArn: KEY_ARN, trailArns: [encrypted('main').arn] });
    expect(JSON.stringify(plan.policy)).not.toContain('trail/elsewhere');
  });

  test('another trail of the key that is undecided stops it, too', async () => {
    const facts = await live(keyFacts(KEY_ARN, defaultPolicy), ['main', 'second']);
    const [main, second] = facts.verdicts;
    const findings = second!.findings.map((found) =>
      found.check === 'cloudtrail-can-encrypt' ? ({ ...found, status: 'unknown' } as const) : found,
    );
    const verdicts = [main!, { ...second!, findings }];
    expect(stopOf(() => planKeyPolicyRepair({ ...facts, verdicts }, PARAMETERS))).toMatch(/undecided for `.*second`/);
  });

  test('what is excepted is left alone', async () => {
    const facts = excepted(await live(keyFacts(KEY_ARN, defaultPolicy)), 'cloudtrail-can-encrypt');
    expect(stopOf(() => planKeyPolicyRepair(facts, PARAMETERS))).toMatch(/fails for/);
  });

  test('a trail that is not there, and one without a key', async () => {
    await expect(live(keyFacts(KEY_ARN), ['main'], 'absent')).rejects.toThrow(/no trail `absent` has its home/);
    const facts = await readLiveTrails('bare', memoryPorts({ trails: [trailNamed('bare')] }), PARAMETERS);
    expect(stopOf(() => planKeyPolicyRepair(facts, PARAMETERS))).toMatch(/names no key/);
  });
});

describe('the encryption of a trail', () => {
  const bare = () => readLiveTrails('bare', memoryPorts({ trails: [trailNamed('bare')] }), PARAMETERS);
  const check = async (key: KeyFacts, facts = bare(), readers = [READER]): Promise<string> => {
    const found = await facts;
    return stopOf(() => checkEncryption(found, key, readers, PARAMETERS));
  };

  test('a key that lets CloudTrail and the reader in', async () => {
    expect(await check(keyFacts(KEY_ARN, readable))).toBe('nothing stopped it');
  });

  test.each<readonly [string, KeyFacts, RegExp]>([
    ['shuts CloudTrail out', keyFacts(KEY_ARN, defaultPolicy), /`cloudtrail-can-encrypt` would not pass/],
    ['is disabled', keyFacts(KEY_ARN, readable, { state: 'Disabled' }), /`key-usable` would not pass/],
    [
      'is about to be deleted',
      keyFacts(KEY_ARN, readable, { state: 'PendingDeletion' }),
      /`key-usable` would not pass/,
    ],
    ['is not symmetric', keyFacts(KEY_ARN, readable, { spec: 'RSA_2048' }), /`key-symmetric` would not pass/],
    ['has a spec that nobody knows', keyFacts(KEY_ARN, readable, { spec: null }), /`key-symmetric` would not pass/],
    [
      'is open to everybody',
      keyFacts(KEY_ARN, withStatement({ Effect: 'Allow', Principal: { AWS: '*' }, Action: 'kms:*', Resource: '*' })),
      /`public-excluded` would not pass/,
    ],
    ['cannot be read', { ...keyFacts(KEY_ARN, readable), policy: unread('denied', 'denied') }, /would not pass: /],
    ['leaves the reader to IAM', keyFacts(KEY_ARN, goodPolicy), /only if the IAM policies/],
  ])('a key that %s', async (_, key, why) => expect(await check(key)).toMatch(why));

  const bound = (Action: string, Condition: object) => ({
    Effect: 'Allow',
    Principal: service,
    Action,
    Resource: '*',
    Condition,
  });
  const describedWith = (Condition: object) => ({
    ...readable,
    Statement: [
      ...readable.Statement.filter((one) => one !== goodPolicy.Statement[2]),
      bound('kms:DescribeKey', Condition),
    ],
  });
  const encryptedWith = (Condition: object) => ({
    ...readable,
    Statement: [
      ...readable.Statement.filter((one) => one !== goodPolicy.Statement[1]),
      bound('kms:GenerateDataKey*', Condition),
    ],
  });
  const withBucketKey = () =>
    readLiveTrails(
      'bare',
      memoryPorts({
        trails: [trailNamed('bare')],
        overrides: {
          bucket: async () =>
            read({ region: read('us-east-1'), encryption: read({ algorithm: 'aws:kms', bucketKeyEnabled: true }) }),
        },
      }),
      PARAMETERS,
    );
  const decryptedWith = (Condition: object) => ({
    ...readable,
    Statement: [...readable.Statement, bound('kms:Decrypt', Condition)],
  });

  test.each<readonly [string, object, () => Promise<LiveTrails>, RegExp]>([
    [
      'not be described',
      describedWith({ Null: { 'kms:EncryptionContext:aws:cloudtrail:arn': 'false' } }),
      bare,
      /`cloudtrail-can-describe` would not pass/,
    ],
    [
      'perhaps be described',
      describedWith({ StringLike: { 'kms:RequestAlias': 'alias/*' } }),
      bare,
      /`cloudtrail-can-describe` would not pass/,
    ],
    [
      'encrypt files, and not what a new trail tries',
      encryptedWith({
        StringLike: { 'kms:EncryptionContext:aws:s3:arn': `arn:aws:s3:::logs/AWSLogs/${ACCOUNT}/CloudTrail*` },
      }),
      bare,
      /`trail-updatable` would not pass/,
    ],
    ['not be opened for a Bucket Key', readable, withBucketKey, /`cloudtrail-can-decrypt` would not pass/],
    [
      'perhaps be opened for a Bucket Key',
      decryptedWith({ StringLike: { 'kms:RequestAlias': 'alias/*' } }),
      withBucketKey,
      /`cloudtrail-can-decrypt` would not pass/,
    ],
    ['be opened for a Bucket Key', decryptedWith({}), withBucketKey, /nothing stopped it/],
  ])('a key that can %s', async (_, policy, facts, why) =>
    expect(await check(keyFacts(KEY_ARN, policy), facts())).toMatch(why),
  );

  test('a trail with a key, and an excepted one', async () => {
    const key = keyFacts(KEY_ARN, readable);
    expect(await check(key, live(key))).toMatch(/`trail-encrypted` does not fail/);
    expect(
      await check(
        key,
        bare().then((facts) => excepted(facts, 'trail-encrypted')),
      ),
    ).toMatch(/or is excepted/);
  });

  test.each(['*', `arn:aws:iam::${ACCOUNT}:root`, ACCOUNT, `arn:aws:sts::${ACCOUNT}:assumed-role/auditor/x`])(
    'nobody who was named: %s',
    async (reader) => expect(await check(keyFacts(KEY_ARN, readable), bare(), [reader])).toMatch(/accepted is the ARN/),
  );
});
