import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough, Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { after, afterEach, before, beforeEach, describe, it } from 'node:test';
import { AddTagsCommand, CloudTrailClient, DescribeTrailsCommand } from '@aws-sdk/client-cloudtrail';
import {
  DescribeKeyCommand,
  GetKeyPolicyCommand,
  KMSClient,
  PutKeyPolicyCommand,
  ScheduleKeyDeletionCommand,
  TagResourceCommand,
} from '@aws-sdk/client-kms';
import { AssumeRoleCommand, STSClient } from '@aws-sdk/client-sts';
import { Output } from '../../src/cli/output.ts';
import { run } from '../../src/cli/program.ts';
import { ACCOUNT, type Account, accountAt, awsPolicy, type Trail, trailArn } from './support/account.ts';
import { root } from './support/bundle.ts';
import { cli } from './support/cli.ts';
import { type Moto, startMoto } from './support/moto.ts';
import { unlisted } from './support/permissions.ts';
import { ok, refuse, startWire, type Wire } from './support/wire.ts';

const OTHER = '444455556666';
const PYTHON = join(import.meta.dirname, 'node_modules/.cache/python/bin');

describe('repair --apply, against live resources', () => {
  let moto: Moto;
  let wire: Wire;
  let account: Account;
  let folder: string;
  let environment: Record<string, string>;
  let number = 0;

  before(async () => {
    moto = await startMoto();
    wire = await startWire(moto.port);
    account = accountAt(`http://127.0.0.1:${moto.port}`);
    environment = {
      AWS_ENDPOINT_URL: wire.url,
      AWS_ACCESS_KEY_ID: 'AKIAEXAMPLE',
      AWS_SECRET_ACCESS_KEY: 'secret',
      AWS_REGION: 'us-east-1',
    };
    // For the command line inside this process.
    Object.assign(process.env, environment);
  });
  after(() => {
    wire.close();
    moto.stop();
  });
  beforeEach(() => {
    wire.reset();
    folder = mkdtempSync(join(tmpdir(), 'apply-'));
    number += 1;
  });
  after(() => rmSync(folder, { recursive: true, force: true }));
  afterEach(() =>
    assert.deepEqual(unlisted(wire.requests, 'scan', 'repair'), [], 'calls that no printed policy is for'),
  );

  const settings = () => ({
    region: 'us-east-1',
    endpoint: `http://127.0.0.1:${moto.port}`,
    credentials: { accessKeyId: 'AKIAEXAMPLE', secretAccessKey: 'secret' },
  });
  const policyOf = async (trail: Trail): Promise<string> => {
    const command = new GetKeyPolicyCommand({ KeyId: trail.keyArn ?? '', PolicyName: 'default' });
    return (await new KMSClient(settings()).send(command)).Policy ?? '';
  };
  const keyOfTrail = async ({ arn }: Trail): Promise<string | undefined> => {
    const command = new DescribeTrailsCommand({ trailNameList: [arn] });
    return (await new CloudTrailClient(settings()).send(command)).trailList?.find(({ TrailARN }) => TrailARN === arn)
      ?.KmsKeyId;
  };
  /** A trail whose key policy names the wrong account. */
  const brokenTrail = (name = `broken-${number}`): Promise<Trail> =>
    account.createTrail(name, { policy: awsPolicy(trailArn(name, 'us-east-1', OTHER)) });
  const apply = (trail: Trail, ...more: string[]) => [
    'repair',
    '--trail',
    trail.arn,
    '--apply',
    '--output',
    folder,
    ...more,
  ];
  const backups = () => readdirSync(folder).filter((file) => file.endsWith('.backup.json'));
  const writes = () => wire.calls('kms', 'PutKeyPolicy');

  /** The command line in this process, where five minutes pass at once; with an answer there is a terminal. */
  const quickly = async (args: readonly string[], answer?: string) => {
    let now = Date.parse('2026-11-20T10:30:00Z');
    let waited = 0;
    const stdout = new PassThrough();
    const stderr = new PassThrough();
    const printed = Promise.all([text(stdout), text(stderr)]);
    const code = await run(args, {
      stdin: answer === undefined ? Readable.from([]) : Object.assign(Readable.from([answer]), { isTTY: true }),
      stdout: new Output(stdout),
      stderr: new Output(stderr),
      env: environment,
      now: () => new Date(now),
      wait: async (milliseconds) => {
        now += milliseconds;
        waited += milliseconds;
      },
    });
    stdout.end();
    stderr.end();
    const [out, err] = await printed;
    return { code, stdout: out, stderr: err, waited };
  };

  it('without --apply live accounts are read and nothing is written', async () => {
    const trail = await brokenTrail();
    const { code, stdout } = await cli(['repair', '--trail', trail.arn, '--format', 'json'], environment);
    const [plan] = JSON.parse(stdout).plans;
    assert.deepEqual([code, plan.status, plan.keyArn], [0, 'repaired', trail.keyArn]);
    assert.equal(plan.outcome, undefined);
    assert.equal(writes().length, 0);
  });

  it('writes the proved policy, keeps a backup, and has nothing to do the second time', async (test) => {
    const trail = await brokenTrail();
    const old = await policyOf(trail);
    const { code, stdout, stderr } = await cli(apply(trail, '--yes'), environment);
    for (const line of `${stderr}${stdout}`.split('\n')) test.diagnostic(line);
    assert.equal(code, 0);
    assert.match(stdout, /^APPLIED {2}arn:aws:kms/m);
    assert.match(await policyOf(trail), new RegExp(trail.arn));
    const [backup, ...others] = backups();
    assert.equal(others.length, 0);
    assert.equal(readFileSync(join(folder, backup ?? ''), 'utf8'), old);
    const scanned = await cli(['repair', '--trail', trail.arn, '--format', 'json'], environment);
    assert.deepEqual([scanned.code, JSON.parse(scanned.stdout).plans[0].status], [0, 'nothing-to-do']);
    const again = await cli(apply(trail, '--yes'), environment);
    assert.equal(again.code, 0);
    assert.equal(writes().length, 1);
  });

  it('asks, and goes on only after a yes', async () => {
    const trail = await brokenTrail();
    const refused = await quickly(apply(trail), 'no\n');
    assert.deepEqual([refused.code, writes().length, backups()], [1, 0, []]);
    assert.match(refused.stderr, /Apply the plan above\? Type yes to go on: /);
    assert.match(refused.stdout, /^Nothing was changed\.$/m);
    const agreed = await quickly(apply(trail), 'yes\n');
    assert.deepEqual([agreed.code, writes().length], [0, 1]);
  });

  it('without a terminal and without --yes nothing is even read', async () => {
    const trail = await brokenTrail();
    wire.reset();
    const { code, stdout, stderr } = await cli(apply(trail), environment);
    assert.deepEqual([code, stdout, wire.requests.length], [2, '', 0]);
    assert.match(stderr, /there is no terminal to ask on: give `--yes`/);
  });

  it('the backup lies there, for its owner alone, before the policy is written', async () => {
    const trail = await brokenTrail();
    const old = await policyOf(trail);
    const seen: unknown[] = [];
    wire.on('kms', 'PutKeyPolicy', () => {
      for (const file of backups().map((name) => join(folder, name)))
        seen.push([readFileSync(file, 'utf8'), statSync(file).mode & 0o777]);
      return 'forward';
    });
    assert.equal((await cli(apply(trail, '--yes'), environment)).code, 0);
    assert.deepEqual(seen, [[old, 0o600]]);
  });

  it('never sets BypassPolicyLockoutSafetyCheck and never touches a grant', async () => {
    const trail = await brokenTrail();
    await cli(apply(trail, '--yes'), environment);
    assert.deepEqual(Object.keys(writes()[0]?.body ?? {}).sort(), ['KeyId', 'Policy', 'PolicyName']);
    const operations = wire.requests.map(({ operation }) => operation);
    assert.deepEqual(
      operations.filter((name) => /Grant/.test(name) && name !== 'ListGrants'),
      [],
    );
  });

  it('a policy that changes after it was read is left alone', async () => {
    const trail = await brokenTrail();
    const concurrent = JSON.stringify({ ...awsPolicy(trailArn('x')), Id: 'somebody-else' });
    let reads = 0;
    wire.on('kms', 'GetKeyPolicy', ({ body }) => {
      reads += body.KeyId === trail.keyArn ? 1 : 0;
      return reads === 1 ? 'forward' : ok({ Policy: concurrent });
    });
    const { code, stdout } = await cli(apply(trail, '--yes'), environment);
    assert.equal(code, 3);
    assert.match(stdout, /^NOT APPLIED .*\n {2}the key policy was changed since it was read/m);
    assert.equal(writes().length, 0);
  });

  it('a write that KMS refuses changes nothing', async () => {
    const trail = await brokenTrail();
    const old = await policyOf(trail);
    wire.on('kms', 'PutKeyPolicy', () => refuse('MalformedPolicyDocumentException', 'no such principal'));
    const { code, stdout } = await cli(apply(trail, '--yes'), environment);
    assert.equal(code, 3);
    assert.match(stdout, /^NOT APPLIED .*\n.*MalformedPolicyDocumentException: no such principal/m);
    assert.deepEqual([writes().length, await policyOf(trail)], [1, old]);
  });

  for (const [what, answer, why] of [
    [
      'denied',
      refuse('AccessDeniedException', 'User: arn:aws:iam::1:user/u is not authorized to perform: kms:PutKeyPolicy'),
      /user\/u lacks kms:PutKeyPolicy on arn:aws:kms/,
    ],
    ['throttled', refuse('ThrottlingException', 'Rate exceeded'), /ThrottlingException: Rate exceeded/],
    [
      'a lock-out that KMS sees',
      refuse('MalformedPolicyDocumentException', 'will not allow you to update'),
      /will not allow you/,
    ],
  ] as const)
    it(`a write that is refused, ${what}: nothing was changed, nothing is taken back`, async () => {
      const trail = await brokenTrail();
      const old = await policyOf(trail);
      wire.on('kms', 'PutKeyPolicy', () => answer);
      const { code, stdout } = await quickly(apply(trail, '--yes'));
      assert.equal(code, 3);
      assert.match(stdout, /^NOT APPLIED {2}arn:aws:kms/m);
      assert.match(stdout, why);
      assert.ok(
        writes().every(({ body }) => body.Policy !== old),
        'the old policy was written',
      );
    });

  it('a policy that cannot be read again right before the write is not written', async () => {
    const trail = await brokenTrail();
    let reads = 0;
    wire.on('kms', 'GetKeyPolicy', () => {
      reads += 1;
      return reads === 1 || backups().length === 0 ? 'forward' : refuse('AccessDeniedException');
    });
    const { code, stdout } = await quickly(apply(trail, '--yes'));
    assert.equal(code, 3);
    assert.match(stdout, /^NOT APPLIED .*\n.*lacks kms:GetKeyPolicy/m);
    assert.equal(writes().length, 0);
  });

  describe('when the rollback is not easy either', () => {
    /** What was written never passes. */
    const neverPasses = (): void =>
      wire.on('cloudtrail', 'DescribeTrails', () =>
        writes().length === 0 ? 'forward' : refuse('AccessDeniedException'),
      );

    it('a refused rollback says so, and how to put the policy back', async (test) => {
      const trail = await brokenTrail();
      const old = await policyOf(trail);
      neverPasses();
      wire.on('kms', 'PutKeyPolicy', ({ body }) => (body.Policy === old ? refuse('AccessDeniedException') : 'forward'));
      const { code, stdout } = await quickly(apply(trail, '--yes'));
      for (const line of stdout.split('\n')) test.diagnostic(line);
      assert.equal(code, 3);
      assert.match(stdout, /^LEFT HALF-WAY .*\n.*could not be read again.*was not taken back: .*kms:PutKeyPolicy/m);
      const file = join(folder, backups()[0] ?? '');
      assert.ok(stdout.includes(`aws kms put-key-policy --region us-east-1 --key-id ${trail.keyArn}`), stdout);
      assert.ok(stdout.includes(`--policy file://${file}`), stdout);
    });

    it('a throttled one is tried again', async () => {
      const trail = await brokenTrail();
      const old = await policyOf(trail);
      neverPasses();
      let refusals = 4;
      wire.on('kms', 'PutKeyPolicy', ({ body }) => {
        if (body.Policy !== old || refusals === 0) return 'forward';
        refusals -= 1;
        return refuse('ThrottlingException', 'Rate exceeded');
      });
      const { code, stdout } = await quickly(apply(trail, '--yes'));
      assert.equal(code, 3);
      assert.match(stdout, /^ROLLED BACK/m);
      assert.equal(await policyOf(trail), old);
    });
  });

  it('a key of another account: read and written with the role there, the trail with the own credentials', async () => {
    const sts = new STSClient(settings());
    const RoleArn = `arn:aws:iam::${OTHER}:role/audit/Repairer`;
    const { Credentials: entered } = await sts.send(new AssumeRoleCommand({ RoleArn, RoleSessionName: 'test' }));
    const there = { accessKeyId: entered?.AccessKeyId ?? '', secretAccessKey: entered?.SecretAccessKey ?? '' };
    const session = { ...there, sessionToken: entered?.SessionToken ?? '' };
    const name = `shared-key-${number}`;
    const wrong = awsPolicy(trailArn(name, 'eu-west-1'), OTHER);
    const keyArn = await accountAt(settings().endpoint, session).createKey(wrong);
    const trail = await account.createTrail(name, { keyArn });
    wire.reset();
    const { code, stdout, stderr } = await cli(apply(trail, '--yes', '--role-name', 'audit/Repairer'), environment);
    assert.match(stdout, /^APPLIED/m, `${stdout}${stderr}`);
    assert.ok([0, 1].includes(code ?? -1));
    const signers = [...wire.calls('kms', 'PutKeyPolicy'), ...wire.calls('kms', 'ListResourceTags')].map(
      (r) => r.accessKey,
    );
    assert.equal(signers.length, 2);
    assert.ok(signers.every((key) => key !== 'AKIAEXAMPLE'));
    assert.ok(wire.calls('cloudtrail', 'ListTags').every(({ accessKey }) => accessKey === 'AKIAEXAMPLE'));
    const read = new GetKeyPolicyCommand({ KeyId: keyArn, PolicyName: 'default' });
    const { Policy = '' } = await new KMSClient({ ...settings(), credentials: session }).send(read);
    assert.ok(Policy.includes(`"${trail.arn}"`));
  });

  it('of several keys the first that cannot be finished is the last', async () => {
    await fetch(`http://127.0.0.1:${moto.port}/moto-api/reset`, { method: 'POST' });
    const trails = [await brokenTrail('first'), await brokenTrail('second'), await brokenTrail('third')];
    const old = await Promise.all(trails.map(policyOf));
    let written = 0;
    wire.on('kms', 'PutKeyPolicy', () => {
      written += 1;
      return written === 1 ? 'forward' : refuse('AccessDeniedException');
    });
    const { code, stdout } = await quickly(['repair', '--apply', '--yes', '--output', folder]);
    assert.equal(code, 3);
    const outcome = stdout.slice(stdout.indexOf('3 plans'));
    assert.deepEqual(outcome.match(/^(NOT )?APPLIED/gm), ['APPLIED', 'NOT APPLIED', 'NOT APPLIED'], stdout);
    assert.match(outcome, /an earlier plan could not be finished; nothing of this one was changed/);
    const fresh = await Promise.all(trails.map(policyOf));
    assert.equal(fresh.filter((policy, index) => policy !== old[index]).length, 1);
  });

  describe('a key about to be deleted', () => {
    const dying = async () => {
      const trail = await brokenTrail();
      // moto takes no ARN here.
      const KeyId = trail.keyArn?.split('/')[1];
      await new KMSClient(settings()).send(new ScheduleKeyDeletionCommand({ KeyId, PendingWindowInDays: 7 }));
      return trail;
    };
    const stateOf = async ({ keyArn }: Trail) =>
      (await new KMSClient(settings()).send(new DescribeKeyCommand({ KeyId: keyArn ?? '' }))).KeyMetadata?.KeyState;

    it('the policy is written, the deletion cancelled, the key enabled, in this order', async () => {
      const trail = await dying();
      const { code, stdout } = await quickly(apply(trail, '--yes'));
      assert.equal(code, 0, stdout);
      const order = wire.requests.map(({ operation }) => operation).filter((name) => /^(Put|Cancel|Enable)/.test(name));
      assert.deepEqual(order, ['PutKeyPolicy', 'CancelKeyDeletion', 'EnableKey']);
      assert.equal(await stateOf(trail), 'Enabled');
    });

    it('a key that cannot be enabled: the policy is put back, the deletion stays cancelled, and this is said', async () => {
      const trail = await dying();
      const old = await policyOf(trail);
      wire.on('kms', 'EnableKey', () => refuse('AccessDeniedException'));
      const { code, stdout } = await quickly(apply(trail, '--yes'));
      assert.equal(code, 3);
      assert.match(stdout, /^LEFT HALF-WAY .*\n.*kms:EnableKey.*the deletion of the key stays cancelled/m);
      assert.equal(await policyOf(trail), old);
      assert.equal(wire.calls('kms', 'ScheduleKeyDeletion').length, 0);
    });
  });

  describe('what no safe edit fixes: exit code 1, a word for a person, nothing applied', () => {
    const isLeft = async (trail: Trail, why: RegExp) => {
      const { code, stdout, stderr } = await quickly(apply(trail, '--yes'));
      assert.equal(code, 1, `${stdout}${stderr}`);
      assert.match(stdout, /^would fix none of /m);
      assert.match(stdout, why);
      assert.deepEqual([writes().length, backups()], [0, []]);
    };

    it('a Deny that means CloudTrail', async () => {
      const policy = awsPolicy(trailArn(`denied-${number}`));
      const Principal = { Service: 'cloudtrail.amazonaws.com' };
      const deny = { Sid: 'Stop', Effect: 'Deny', Principal, Action: 'kms:GenerateDataKey*', Resource: '*' };
      await isLeft(
        await account.createTrail(`denied-${number}`, {
          policy: { ...policy, Statement: [...policy.Statement, deny] },
        }),
        /Stop/,
      );
    });

    it('a policy that cannot be parsed', async () => {
      const trail = await brokenTrail();
      wire.on('kms', 'GetKeyPolicy', () => ok({ Policy: '{"Version":"2012-10-17","Statement":' }));
      await isLeft(trail, /JSON/);
    });

    it('a key of another account that no role opens', async () => {
      const keyArn = `arn:aws:kms:us-east-1:${OTHER}:key/1234abcd-12ab-34cd-56ef-1234567890ab`;
      for (const operation of ['DescribeKey', 'ListGrants', 'GetKeyRotationStatus'])
        wire.on('kms', operation, () => refuse('AccessDeniedException'));
      const trail = await account.createTrail(`foreign-${number}`, { keyArn });
      await isLeft(trail, new RegExp(`--role-name|${OTHER}`));
    });
  });

  it('a trail that is not there: exit code 2; one that could not be read: exit code 3', async () => {
    const trail = await brokenTrail();
    const absent = await quickly(['repair', '--apply', '--yes', '--trail', `${trail.arn}-x`]);
    assert.equal(absent.code, 2);
    assert.match(absent.stderr, /AWS shows no trail `.*-x`/);
    wire.on('kms', 'DescribeKey', () => refuse('ThrottlingException', 'Rate exceeded'));
    const unread = await quickly(apply(trail, '--yes'));
    assert.equal(unread.code, 3, unread.stderr);
    assert.match(unread.stderr, /nothing is known of the trail .*ThrottlingException/);
    assert.equal(writes().length, 0);
  });

  it('a pattern that still names a trail shuts it out of nothing', async () => {
    const name = `pattern-${number}`;
    const policy = awsPolicy(trailArn(name));
    const [admin, encrypt] = policy.Statement;
    const condition = { StringLike: { 'aws:SourceArn': `${trailArn(name)}*` } };
    const trail = await account.createTrail(name, {
      policy: { ...policy, Statement: [admin, { ...encrypt, Condition: condition }] },
    });
    const { code, stdout } = await quickly(apply(trail, '--yes', '--minimum-severity', 'LOW'));
    assert.doesNotMatch(stdout, /would be shut out/);
    assert.ok([0, 1].includes(code) && writes().length === 1, stdout);
  });

  it('what does not pass within five minutes is rolled back', async (test) => {
    const trail = await brokenTrail();
    const old = await policyOf(trail);
    // The key turns out to be disabled by somebody the moment its policy is written.
    wire.on('kms', 'DescribeKey', () =>
      writes().length === 0
        ? 'forward'
        : ok({
            KeyMetadata: {
              Arn: trail.keyArn,
              KeyId: trail.keyArn,
              KeyState: 'Disabled',
              KeyManager: 'CUSTOMER',
              KeySpec: 'SYMMETRIC_DEFAULT',
              KeyUsage: 'ENCRYPT_DECRYPT',
            },
          }),
    );
    const { code, stdout, stderr, waited } = await quickly(apply(trail, '--yes'));
    for (const line of `${stderr}${stdout}`.split('\n')) test.diagnostic(line);
    assert.equal(code, 3);
    assert.equal(waited, 5 * 60_000);
    assert.match(stdout, /^ROLLED BACK .*\n {2}`key-usable` does not pass/m);
    assert.deepEqual([writes().length, await policyOf(trail)], [2, old]);
  });

  it('an error of the last delivery, which stays until the next one, is no reason to roll back', async () => {
    const trail = await brokenTrail();
    wire.on('cloudtrail', 'GetTrailStatus', () =>
      ok({ IsLogging: true, LatestDeliveryError: 'AccessDenied', LatestDeliveryTime: 1_790_000_000 }),
    );
    const { code, stdout, waited } = await quickly(apply(trail, '--yes'));
    assert.match(stdout, /^APPLIED/m, stdout);
    assert.deepEqual([writes().length, waited], [1, 0]);
    assert.ok((await policyOf(trail)).includes(trail.arn));
    assert.ok([0, 1].includes(code));
  });

  it('a policy that KMS shows late is waited for', async () => {
    const trail = await brokenTrail();
    const old = await policyOf(trail);
    let late = 3;
    wire.on('kms', 'GetKeyPolicy', () => {
      if (writes().length === 0 || late === 0) return 'forward';
      late -= 1;
      return ok({ Policy: old });
    });
    const { code, stdout, waited } = await quickly(apply(trail, '--yes'));
    assert.deepEqual([code, waited, writes().length], [0, 15_000, 1]);
    assert.match(stdout, /^APPLIED/m);
  });

  it('a third policy is not written over by the rollback', async () => {
    const trail = await brokenTrail();
    wire.on('kms', 'GetKeyPolicy', () =>
      writes().length === 0 ? 'forward' : ok({ Policy: JSON.stringify({ ...awsPolicy(trail.arn), Id: 'somebody' }) }),
    );
    const { code, stdout } = await quickly(apply(trail, '--yes'));
    assert.equal(code, 3);
    assert.match(stdout, /^LEFT HALF-WAY .*\n.*somebody else has written another key policy/m);
    assert.equal(writes().length, 1);
  });

  it('no answer to the write: it is taken back, in case it was made', async () => {
    const trail = await brokenTrail();
    const old = await policyOf(trail);
    wire.on('kms', 'PutKeyPolicy', ({ body }) =>
      body.Policy === old ? 'forward' : { status: 500, body: { __type: 'KMSInternalException', message: 'no' } },
    );
    const { code, stdout } = await quickly(apply(trail, '--yes'));
    assert.equal(code, 3);
    assert.match(stdout, /^ROLLED BACK .*\n.*KMSInternalException/m);
    assert.equal(await policyOf(trail), old);
  });

  it('an answer to the write that breaks off: the policy is read back, and written once', async () => {
    const trail = await brokenTrail();
    wire.on('kms', 'PutKeyPolicy', () => 'cut');
    const { code, stdout } = await quickly(apply(trail, '--yes'));
    assert.equal(code, 0, stdout);
    assert.match(stdout, /^APPLIED/m);
    assert.equal(writes().length, 1);
    assert.ok((await policyOf(trail)).includes(trail.arn));
  });

  it('an answer that breaks off, and somebody else writes: theirs stays', async () => {
    const trail = await brokenTrail();
    const theirs = JSON.stringify({ ...awsPolicy(trail.arn), Id: 'somebody' });
    wire.on('kms', 'PutKeyPolicy', () => 'cut');
    wire.on('kms', 'GetKeyPolicy', () => (writes().length === 0 ? 'forward' : ok({ Policy: theirs })));
    const { code, stdout } = await quickly(apply(trail, '--yes'));
    assert.equal(code, 3);
    assert.match(stdout, /^NOT APPLIED .*\n.*somebody else has changed the same/m);
    assert.equal(writes().length, 1);
  });

  it('a connection that breaks before the write is made: it is made once', async () => {
    const trail = await brokenTrail();
    wire.on('kms', 'PutKeyPolicy', () => (writes().length === 1 ? 'lost' : 'forward'));
    const { code, stdout } = await quickly(apply(trail, '--yes'));
    assert.deepEqual([code, writes().length], [0, 2], stdout);
  });

  describe('a trail without a key', () => {
    const bare = async () => {
      const trail = await account.createTrail(`bare-${number}`, { policy: null });
      const keyArn = await account.createKey(awsPolicy(trailArn('another', 'us-east-1', OTHER)));
      return { ...trail, keyArn };
    };
    const choose = (trail: Trail) => apply(trail, '--key', trail.keyArn ?? '', '--yes');

    it('gets the key: the policy first, the trail second', async () => {
      const trail = await bare();
      const { code, stdout } = await cli(choose(trail), environment);
      assert.equal(code, 0, stdout);
      assert.equal(await keyOfTrail(trail), trail.keyArn);
      const order = wire.requests.map(({ operation }) => operation).filter((name) => /^(Put|Update)/.test(name));
      assert.deepEqual(order, ['PutKeyPolicy', 'UpdateTrail']);
    });

    it('when CloudTrail refuses the key the policy is put back', async () => {
      const trail = await bare();
      const old = await policyOf(trail);
      wire.on('cloudtrail', 'UpdateTrail', () => refuse('InsufficientS3BucketPolicyException'));
      const { code, stdout } = await quickly(choose(trail));
      assert.equal(code, 3);
      assert.match(stdout, /^ROLLED BACK .*\n.*InsufficientS3BucketPolicyException/m);
      assert.deepEqual([await policyOf(trail), await keyOfTrail(trail)], [old, undefined]);
    });

    it('an answer of CloudTrail that breaks off: the trail is read back, and gets the key once', async () => {
      const trail = await bare();
      wire.on('cloudtrail', 'UpdateTrail', () => 'cut');
      const { code, stdout } = await quickly(choose(trail));
      assert.equal(code, 0, stdout);
      assert.deepEqual([await keyOfTrail(trail), wire.calls('cloudtrail', 'UpdateTrail').length], [trail.keyArn, 1]);
    });

    it('another key that somebody gives the trail meanwhile stays, and the policy is put back', async () => {
      const trail = await bare();
      const old = await policyOf(trail);
      const theirs = await account.createKey(awsPolicy(trailArn('another', 'us-east-1', OTHER)));
      const shown = { TrailARN: trail.arn, Name: trail.name, HomeRegion: 'us-east-1', KmsKeyId: theirs };
      wire.on('cloudtrail', 'DescribeTrails', () =>
        wire.calls('cloudtrail', 'UpdateTrail').length === 0 ? 'forward' : ok({ trailList: [shown] }),
      );
      const { code, stdout } = await quickly(choose(trail));
      assert.equal(code, 3);
      assert.match(stdout, /^LEFT HALF-WAY .*\n.*somebody else has given the trail the key/m);
      assert.ok(stdout.includes('aws cloudtrail describe-trails --region us-east-1'), stdout);
      assert.deepEqual([wire.calls('cloudtrail', 'UpdateTrail').length, await policyOf(trail)], [1, old]);
    });

    it('while KMS tells its servers of the policy, CloudTrail is asked again', async () => {
      const trail = await bare();
      let refusals = 2;
      wire.on('cloudtrail', 'UpdateTrail', () => {
        refusals -= 1;
        return refusals >= 0 ? refuse('InsufficientEncryptionPolicyException') : 'forward';
      });
      const { code, waited } = await quickly(choose(trail));
      assert.deepEqual([code, waited, await keyOfTrail(trail)], [0, 10_000, trail.keyArn]);
    });

    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGKILL'] as const) {
      it(`${signal} half-way, and run again`, async () => {
        const trail = await bare();
        const old = await policyOf(trail);
        wire.on('cloudtrail', 'UpdateTrail', () => refuse('InsufficientEncryptionPolicyException'));
        const child = spawn(process.execPath, [join(root, 'dist/cli.js'), ...choose(trail)], {
          env: { PATH: process.env.PATH, HOME: '/nonexistent', ...environment },
        });
        const ended = new Promise<number | null>((resolve) => child.on('close', resolve));
        const output = text(child.stdout);
        while (wire.calls('cloudtrail', 'UpdateTrail').length === 0) await new Promise((next) => setTimeout(next, 50));
        await new Promise((next) => setTimeout(next, 200));
        child.kill(signal);
        const code = await ended;
        if (signal !== 'SIGKILL') {
          assert.equal(code, 3);
          assert.match(await output, /^INTERRUPTED .*\n.*done so far: write the policy of .*run again/m);
        }
        assert.notEqual(await policyOf(trail), old);
        assert.equal(await keyOfTrail(trail), undefined);
        wire.reset();
        const again = await cli(choose(trail), environment);
        assert.equal(again.code, 0, again.stdout);
        assert.equal(await keyOfTrail(trail), trail.keyArn);
        assert.equal(writes().length, 0, 'the policy was written already');
        const kept = backups().map((file) => readFileSync(join(folder, file), 'utf8'));
        assert.deepEqual(kept, [old]);
      });
    }
  });

  describe('what somebody else deploys is left to its owner', () => {
    const isRefused = async (trail: Trail, why: RegExp) => {
      const { code, stdout } = await cli(apply(trail, '--yes'), environment);
      assert.equal(code, 1);
      assert.match(stdout, why);
      assert.match(stdout, /^FOR THE OWNER .*\n[\s\S]*KeyPolicy:/m);
      assert.equal(writes().length, 0);
      assert.deepEqual(backups(), []);
    };

    for (const [name, owner] of [
      ['aws-controltower-BaselineCloudTrail', /belongs to AWS Control Tower/],
      ['AWSAccelerator-Organizations-CloudTrail', /belongs to the Landing Zone Accelerator/],
    ] as const)
      it(name, async () => isRefused(await brokenTrail(name), owner));

    it('a key that CloudFormation deploys', async () => {
      const trail = await brokenTrail();
      wire.on('kms', 'ListResourceTags', () =>
        ok({ Tags: [{ TagKey: 'aws:cloudformation:stack-name', TagValue: 'logging' }], Truncated: false }),
      );
      await isRefused(trail, /is deployed by CloudFormation, stack `logging`/);
    });

    it('a trail that CloudFormation deploys', async () => {
      const trail = await brokenTrail();
      wire.on('cloudtrail', 'ListTags', () =>
        ok({
          ResourceTagList: [{ ResourceId: trail.arn, TagsList: [{ Key: 'aws:cloudformation:stack-id', Value: 'x' }] }],
        }),
      );
      await isRefused(trail, /the trail `.*` is deployed by CloudFormation/);
    });

    it('other tags own nothing', async () => {
      const trail = await brokenTrail();
      await new KMSClient(settings()).send(
        new TagResourceCommand({
          KeyId: trail.keyArn ?? '',
          Tags: [{ TagKey: 'team', TagValue: 'aws:cloudformation:' }],
        }),
      );
      await new CloudTrailClient(settings()).send(
        new AddTagsCommand({ ResourceId: trail.arn, TagsList: [{ Key: 'team', Value: 'security' }] }),
      );
      assert.equal((await cli(apply(trail, '--yes'), environment)).code, 0);
    });

    it('tags that cannot be read: nothing is changed on trust', async () => {
      const trail = await brokenTrail();
      wire.on('kms', 'ListResourceTags', () => refuse('AccessDeniedException'));
      const { code, stdout } = await cli(apply(trail, '--yes'), environment);
      assert.equal(code, 3);
      assert.match(stdout, /kms:ListResourceTags/);
      assert.equal(writes().length, 0);
    });
  });

  it('a trail of another Region that the policy names is not shut out', async () => {
    const name = `shared-${number}`;
    const elsewhere = await account.createTrail(name, { region: 'eu-west-1', policy: null });
    const trail = await account.createTrail(name, { policy: awsPolicy(elsewhere.arn) });
    const old = await policyOf(trail);
    const { stdout } = await cli(apply(trail, '--yes'), environment);
    const policy = await policyOf(trail);
    assert.ok(policy.includes(elsewhere.arn), stdout);
    assert.ok(policy === old || policy.includes(trail.arn), stdout);
  });

  it('a policy that was changed by hand back and forth is written again', async () => {
    const trail = await brokenTrail();
    const old = await policyOf(trail);
    assert.equal((await cli(apply(trail, '--yes'), environment)).code, 0);
    await new KMSClient(settings()).send(
      new PutKeyPolicyCommand({ KeyId: trail.keyArn ?? '', PolicyName: 'default', Policy: old }),
    );
    assert.equal((await cli(apply(trail, '--yes'), environment)).code, 0);
    assert.equal(backups().length, 2);
  });

  it('the script, with the real AWS CLI: the same policy and key, and the old policy kept', async () => {
    const trail = await account.createTrail(`script-${number}`, { policy: null });
    const keyArn = await account.createKey(awsPolicy(trailArn('another', 'us-east-1', OTHER)));
    const old = await policyOf({ ...trail, keyArn });
    const planned = ['repair', '--trail', trail.arn, '--key', keyArn, '--output', folder, '--format', 'json'];
    const { code, stdout, stderr } = await cli(planned, environment);
    assert.equal(code, 0, stderr);
    assert.equal(writes().length, 0);
    const child = spawn('sh', [join(folder, 'repair.sh')], {
      env: { PATH: `${PYTHON}:${process.env.PATH}`, HOME: folder, AWS_PAGER: '', ...environment },
    });
    const [ended, said] = await Promise.all([
      new Promise<number | null>((resolve) => child.on('close', resolve)),
      text(child.stderr),
    ]);
    assert.equal(ended, 0, said);
    assert.deepEqual(JSON.parse(await policyOf({ ...trail, keyArn })), JSON.parse(stdout).plans[0].policy);
    assert.equal(await keyOfTrail(trail), keyArn);
    assert.equal(readFileSync(join(folder, backups()[0] ?? ''), 'utf8'), `${old}\n`);
  });

  it('json tells what became of each plan', async () => {
    const trail = await brokenTrail();
    const { code, stdout } = await cli(apply(trail, '--yes', '--format', 'json'), environment);
    const [plan] = JSON.parse(stdout).plans;
    assert.deepEqual([code, plan.status, plan.outcome.status, plan.outcome.reason], [0, 'repaired', 'applied', null]);
    assert.equal(plan.outcome.backup, join(folder, backups()[0] ?? ''));
    assert.equal(plan.trailArns.length, 1);
    assert.equal(ACCOUNT, trail.arn.split(':')[4]);
  });
});
