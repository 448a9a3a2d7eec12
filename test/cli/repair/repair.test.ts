// Slow: `npm run quick` leaves it out.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { wordsOf } from '../../support/shell.ts';
import { cli } from '../support.ts';

const ACCOUNT = '111122223333';
const KEY = `arn:aws:kms:us-east-1:${ACCOUNT}:key/1234abcd-12ab-34cd-56ef-1234567890ab`;
const TRAIL = `arn:aws:cloudtrail:us-east-1:${ACCOUNT}:trail/main`;
const ROOT = {
  Sid: 'Account',
  Effect: 'Allow',
  Principal: { AWS: `arn:aws:iam::${ACCOUNT}:root` },
  Action: 'kms:*',
  Resource: '*',
};
const STEM = `${ACCOUNT}.us-east-1.1234abcd-12ab-34cd-56ef-1234567890ab`;

const forCloudTrail = (sid: string, action: string, trail = TRAIL) => ({
  Sid: sid,
  Effect: 'Allow',
  Principal: { Service: 'cloudtrail.amazonaws.com' },
  Action: action,
  Resource: '*',
  Condition: { StringEquals: { 'aws:SourceArn': trail } },
});
const HEALTHY = [ROOT, forCloudTrail('Encrypt', 'kms:GenerateDataKey*'), forCloudTrail('Describe', 'kms:DescribeKey')];

interface Given {
  readonly policy?: unknown;
  readonly kmsKeyId?: string | null;
  readonly trails?: readonly unknown[];
}

const trail = (arn: string, kmsKeyId: string | null) => ({
  Trail: { TrailARN: arn, KmsKeyId: kmsKeyId, S3BucketName: 'logs', HasInsightSelectors: false },
  Status: { IsLogging: true, LatestDeliveryTime: '2026-11-20T10:00:00Z' },
});

function snapshot({
  policy = { Version: '2012-10-17', Statement: [ROOT] },
  kmsKeyId = KEY,
  trails,
}: Given = {}): string {
  return JSON.stringify({
    version: 1,
    collectedAt: '2026-11-20T10:30:00Z',
    trails: trails ?? [trail(TRAIL, kmsKeyId)],
    keys: [
      {
        KeyMetadata: {
          Arn: KEY,
          KeyState: 'Enabled',
          KeyManager: 'CUSTOMER',
          KeySpec: 'SYMMETRIC_DEFAULT',
          KeyUsage: 'ENCRYPT_DECRYPT',
        },
        Policy: policy,
        Grants: [],
      },
    ],
    buckets: [{ Name: 'logs', Region: 'us-east-1', BucketKeyEnabled: false, SSEAlgorithm: 'AES256' }],
  });
}

const repair = (stdin: string, ...args: string[]) => cli(['repair', '--snapshot', '-', ...args], { stdin });
const planned = async (stdin: string, ...args: string[]) => {
  const { code, stdout } = await repair(stdin, '--format', 'json', ...args);
  return { code, ...JSON.parse(stdout) };
};
const newFolder = () => mkdtempSync(join(tmpdir(), 'repair-'));

describe('--format json', () => {
  test('a root-only policy: two statements are added', async () => {
    const { code, version, plans } = await planned(snapshot());
    expect([code, version, plans.length]).toEqual([0, 1, 1]);
    const [plan] = plans;
    expect(Object.keys(plan)).toEqual([
      'keyArn',
      'trailArns',
      'status',
      'policy',
      'edits',
      'commands',
      'remaining',
      'reason',
    ]);
    expect(plan).toMatchObject({ keyArn: KEY, trailArns: [TRAIL], status: 'repaired', remaining: [], reason: null });
    expect(plan.policy.Statement).toHaveLength(3);
    expect(plan.policy.Statement[0]).toEqual(ROOT);
    expect(plan.commands).toHaveLength(1);
    expect(plan.commands[0]).toMatch(
      `aws kms put-key-policy --region us-east-1 --key-id ${KEY} --policy-name default --policy '{`,
    );
  });

  test('the policy that results evaluates as COMPLIANT, and is not repaired again', async () => {
    const { plans } = await planned(snapshot());
    const fixed = snapshot({ policy: plans[0].policy });
    const evaluated = await cli(['evaluate', '--snapshot', '-', '--format', 'json'], { stdin: fixed });
    expect(evaluated.code).toBe(0);
    const again = await planned(fixed);
    expect(again).toMatchObject({
      code: 0,
      plans: [{ status: 'nothing-to-do', policy: null, edits: [], commands: [], remaining: [], reason: null }],
    });
  });

  test('a policy that came as JSON text is repaired like an object', async () => {
    const text = await planned(snapshot({ policy: JSON.stringify({ Version: '2012-10-17', Statement: [ROOT] }) }));
    const object = await planned(snapshot());
    expect(text.plans).toEqual(object.plans);
  });

  test('a trail without a key: the reason names the choice', async () => {
    const { code, plans } = await planned(snapshot({ kmsKeyId: null }));
    expect(code).toBe(1);
    expect(plans).toMatchObject([
      { keyArn: null, trailArns: [TRAIL], status: 'declined', policy: null, edits: [], commands: [] },
    ]);
    expect(plans[0].reason).toContain('a person must choose which key');
    expect(plans[0].remaining).toMatchObject([
      { check: 'trail-encrypted', remediation: expect.stringContaining('--key KEY_ARN') },
    ]);
  });

  test('with the chosen key: key policy first, trail second', async () => {
    const { code, plans } = await planned(snapshot({ kmsKeyId: null }), '--trail', TRAIL, '--key', KEY);
    expect(code).toBe(0);
    expect(plans[0].edits.map(({ change }: { change: string }) => change)).toEqual([
      'statement-added',
      'statement-added',
      'trail-key-set',
    ]);
    expect(plans[0].commands[0]).toMatch(/^aws kms put-key-policy /);
    expect(plans[0].commands.slice(1)).toEqual([
      `aws cloudtrail update-trail --region us-east-1 --name ${TRAIL} --kms-key-id ${KEY}`,
    ]);
  });

  test('with another key than it has: the same, the older logs, and the way back', async () => {
    const former = KEY.replace('1234abcd', '0000abcd');
    const { code, plans } = await planned(snapshot({ kmsKeyId: former }), '--trail', TRAIL, '--key', KEY);
    expect([code, plans.length, plans[0].keyArn, plans[0].trailArns]).toEqual([0, 1, KEY, [TRAIL]]);
    const { message } = plans[0].edits.at(-1);
    expect(plans[0].edits.at(-1).change).toBe('trail-key-set');
    expect(message).toContain(`no longer with \`${former}\`: its older logs still need that key, so keep it`);
    expect(message).toContain(`update-trail --region us-east-1 --name ${TRAIL} --kms-key-id ${former}`);
    expect(plans[0].commands.map((command: string) => command.split(' ').slice(1, 3).join(' '))).toEqual([
      'kms put-key-policy',
      'cloudtrail update-trail',
    ]);
    const { stdout } = await repair(snapshot({ kmsKeyId: former }), '--trail', TRAIL, '--key', KEY);
    expect(stdout).toContain('would fix 4 of 4 failing checks');
    expect(stdout).toContain('fixes key-exists, cloudtrail-can-encrypt, trail-updatable, cloudtrail-can-describe');
  });

  test('what its owner deploys is moved by its owner: no command of ours sets it again', async () => {
    const owned = TRAIL.replace('trail/main', 'trail/aws-controltower-main');
    const former = KEY.replace('1234abcd', '0000abcd');
    const { plans } = await planned(snapshot({ trails: [trail(owned, former)] }), '--trail', owned, '--key', KEY);
    expect(plans).toMatchObject([{ status: 'handed-over', commands: [] }]);
    expect(plans[0].edits.at(-1).message).toContain('its older logs still need that key');
    expect(plans[0].edits.at(-1).message).not.toContain('update-trail');
  });

  test('with the key that it has: its plan, and the trail stays', async () => {
    const chosen = await planned(snapshot(), '--trail', TRAIL, '--key', KEY);
    expect(chosen).toEqual(await planned(snapshot()));
  });

  test('a healthy trail that is moved to a key that is ready: no check asks for it', async () => {
    const policy = { Version: '2012-10-17', Statement: HEALTHY };
    const ready = JSON.parse(snapshot({ policy }));
    const former = KEY.replace('1234abcd', '0000abcd');
    const { KeyMetadata, ...key } = ready.keys[0];
    ready.trails[0].Trail.KmsKeyId = former;
    ready.keys.push({ ...key, KeyMetadata: { ...KeyMetadata, Arn: former } });
    const { code, stdout } = await repair(JSON.stringify(ready), '--trail', TRAIL, '--key', KEY);
    expect([code, stdout.split('\n')[0]]).toEqual([0, `would set the chosen key  ${KEY}`]);
  });

  test('--trail plans for its key, and for every trail that uses it', async () => {
    const other = `${TRAIL}-2`;
    const lonely = `${TRAIL}-3`;
    const { plans } = await planned(
      snapshot({ trails: [trail(TRAIL, KEY), trail(other, KEY), trail(lonely, null)] }),
      '--trail',
      TRAIL,
    );
    expect(plans).toMatchObject([{ keyArn: KEY, trailArns: [TRAIL, other] }]);
  });

  test('a failing check of no interest is neither repaired nor listed', async () => {
    const noDescribe = snapshot({ policy: { Version: '2012-10-17', Statement: HEALTHY.slice(0, 2) } });
    const least = await planned(noDescribe, '--minimum-severity', 'MEDIUM');
    expect(least).toMatchObject({ code: 0, plans: [{ status: 'nothing-to-do' }] });
    expect(await planned(noDescribe)).toMatchObject({ plans: [{ status: 'repaired' }] });
  });

  test('what is excepted is left alone', async () => {
    const file = join(newFolder(), 'exceptions.json');
    const exception = { trailArn: TRAIL, owner: 'a@example.com', reason: 'moves', expires: '2026-12-31' };
    const critical = { ...exception, checks: ['cloudtrail-can-encrypt', 'trail-updatable', 'cloudtrail-can-describe'] };
    writeFileSync(file, JSON.stringify({ version: 1, exceptions: [critical] }));
    expect(await planned(snapshot(), '--exceptions', file)).toMatchObject({
      code: 0,
      plans: [{ status: 'nothing-to-do' }],
    });
  });
});

describe('text', () => {
  test('shows edits, difference, commands and what is left', async () => {
    const open = {
      Sid: 'Open',
      Effect: 'Allow',
      Principal: { Service: 'cloudtrail.amazonaws.com' },
      Action: 'kms:GenerateDataKey*',
      Resource: '*',
    };
    const { code, stdout } = await repair(snapshot({ policy: { Version: '2012-10-17', Statement: [ROOT, open] } }));
    expect(code).toBe(1);
    for (const words of [
      `would fix 1 of 2 failing checks  ${KEY}`,
      'fixes cloudtrail-can-describe',
      'leaves other-trails-excluded',
      'statement-added  AllowCloudTrailDescribe',
      '+       "Sid": "AllowCloudTrailDescribe"',
      "--policy-name default --policy '{",
      'Left for a person',
      'other-trails-excluded',
      '--dedicated-keys',
      '1 plan: 1 with a fix (1 with something left for a person), 0 declined, 0 with nothing to do',
    ])
      expect(stdout).toContain(words);
  });

  test.each([
    ['a trail without a key', snapshot({ kmsKeyId: null }), 'would fix none of 1 failing check  no key'],
    [
      'a key as AWS publishes it',
      snapshot({ policy: { Version: '2012-10-17', Statement: HEALTHY } }),
      'nothing to fix',
    ],
  ])('%s', async (_, given, head) => {
    const { stdout } = await repair(given);
    expect(stdout).toContain(head);
    expect(stdout).not.toMatch(/REPAIRED|DECLINED|NOTHING/);
  });

  test('the commands can be run as they are printed', async () => {
    const { stdout } = await repair(snapshot());
    const [command = ''] = /aws kms put-key-policy .*/.exec(stdout) ?? [];
    const { plans } = await planned(snapshot());
    expect(JSON.parse(wordsOf('bash', command).at(-1) ?? '')).toEqual(plans[0].policy);
  });

  test('vouched for, the open statement is bound to the trail', async () => {
    const open = {
      Sid: 'Open',
      Effect: 'Allow',
      Principal: { Service: 'cloudtrail.amazonaws.com' },
      Action: 'kms:*',
      Resource: '*',
    };
    const { code, stdout } = await repair(
      snapshot({ policy: { Version: '2012-10-17', Statement: [ROOT, open] } }),
      '--dedicated-keys',
    );
    expect(code).toBe(0);
    expect(stdout).toContain('statement-narrowed  Open');
  });

  test.each([
    [
      'terraform',
      [
        'statement { # new',
        'sid       = "AllowCloudTrailEncrypt"',
        'variable = "aws:SourceArn"',
        'identifiers = ["cloudtrail.amazonaws.com"]',
      ],
    ],
    ['cloudformation', ['KeyPolicy:', '- Sid: AllowCloudTrailEncrypt', `aws:SourceArn: ${TRAIL}`]],
  ])('--form %s', async (form, expected) => {
    const { stdout } = await repair(snapshot(), '--form', form);
    for (const words of expected) expect(stdout).toContain(words);
  });

  test('hostile names stay on their line', async () => {
    const sid = 'A\u001b[2J\nB\u202e';
    const { stdout } = await repair(
      snapshot({
        policy: {
          Version: '2012-10-17',
          Statement: [{ ...ROOT, Sid: sid }, forCloudTrail(sid, 'kms:GenerateDataKey*', `${TRAIL}-x`)],
        },
      }),
    );
    for (const hidden of ['\u001b', '\u202e']) expect(stdout).not.toContain(hidden);
  });
});

describe('--output', () => {
  test('writes the policy as it is to be, and a script that keeps the old one', async () => {
    const folder = join(newFolder(), 'new', 'folder');
    const { code, stdout, stderr } = await repair(snapshot(), '--output', folder);
    expect([code, stderr]).toEqual([0, expect.stringContaining('repair.sh')]);
    expect(stdout).toContain(`--policy file://${STEM}.policy.json`);
    expect(readdirSync(folder).sort()).toEqual([`${STEM}.policy.json`, 'repair.sh']);
    const { plans } = await planned(snapshot());
    expect(JSON.parse(readFileSync(join(folder, `${STEM}.policy.json`), 'utf8'))).toEqual(plans[0].policy);
    const log = join(folder, 'log');
    writeFileSync(join(folder, 'aws'), `#!/bin/sh\necho "$@" >> ${log}\necho old\n`, { mode: 0o755 });
    const run = () =>
      execFileSync('sh', [join(folder, 'repair.sh')], { env: { PATH: `${folder}:${process.env.PATH}` } });
    run();
    expect(readFileSync(join(folder, `${STEM}.backup.json`), 'utf8')).toBe('old\n');
    run();
    const calls = readFileSync(log, 'utf8')
      .split('\n')
      .map((line) => line.split(' ')[1]);
    expect(calls).toEqual(['get-key-policy', 'put-key-policy', 'put-key-policy', undefined]);
  });

  test('a trail of a landing zone: the change is shown, and the script leaves it to its owner', async () => {
    const owned = 'arn:aws:cloudtrail:us-east-1:111122223333:trail/aws-controltower-BaselineCloudTrail';
    const folder = newFolder();
    const { code, stdout } = await repair(snapshot({ trails: [trail(owned, KEY)] }), '--output', folder);
    const reason = `the trail \`${owned}\` belongs to AWS Control Tower: the change is for its owner, in the landing zone's settings of AWS Control Tower`;
    expect(code).toBe(1);
    expect(stdout).toContain(`its owner would fix 3 of 3 failing checks  ${KEY}`);
    expect(stdout.replaceAll(/\s+/g, ' ')).toContain(reason);
    expect(stdout).not.toContain('put-key-policy');
    expect(stdout).toContain('1 plan: 0 with a fix, 1 handed over to its owner, 0 declined, 0 with nothing to do');
    const script = readFileSync(join(folder, 'repair.sh'), 'utf8');
    expect(script).toContain(`# ${reason}\n`);
    expect(script).not.toMatch(/^(?!#|set |cd ).*aws/m);
    const policies = readdirSync(folder).filter((file) => file.endsWith('.policy.json'));
    expect(policies).toHaveLength(1);
    expect(script).toContain(policies[0]);
    expect(readFileSync(join(folder, policies[0] ?? ''), 'utf8')).toContain(owned);
    expect((await repair(snapshot())).stdout).not.toContain('for its owner');
  });

  test('a folder that cannot be made: exit code 3, one line', async () => {
    const file = join(newFolder(), 'file');
    writeFileSync(file, '');
    const { code, stderr, stdout } = await repair(snapshot(), '--output', join(file, 'folder'));
    expect([code, stdout]).toEqual([3, '']);
    expect(stderr).toContain('cannot make the directory');
    expect(statSync(file).size).toBe(0);
  });
});

describe('bad input', () => {
  test.each([
    ['a trail that is not there', ['--trail', `${TRAIL}-x`], `the snapshot holds no trail \`${TRAIL}-x\``],
    ['a key without a trail', ['--key', KEY], '`--key` needs `--trail`'],
    ['a form of JSON', ['--format', 'json', '--form', 'terraform'], 'shapes text'],
    ['an unknown form', ['--form', 'pulumi'], 'Allowed choices are cli, terraform, cloudformation'],
    ['an option that a file has no use for', ['--apply'], '`--apply` changes live accounts'],
    ['an unknown parameter', ['--parameters', '{"x":"1"}'], 'no parameter of this rule'],
  ])('%s: exit code 2, one line', async (_, args, message) => {
    const { code, stdout, stderr } = await repair(snapshot(), ...args);
    expect([code, stdout, stderr.trimEnd().split('\n').length]).toEqual([2, '', 1]);
    expect(stderr).toContain(message);
  });

  test('a chosen key that the snapshot does not hold', async () => {
    const { code, stderr } = await repair(snapshot({ kmsKeyId: null }), '--trail', TRAIL, '--key', `${KEY}0`);
    expect([code, stderr]).toEqual([2, expect.stringContaining(`the snapshot holds no key \`${KEY}0\``)]);
  });

  test('a policy that cannot be parsed: a plan that says what to do, exit code 1', async () => {
    const { code, plans } = await planned(snapshot({ policy: 'no JSON' }));
    expect([code, plans[0].status, plans[0].policy]).toEqual([1, 'declined', null]);
    expect(plans[0].reason).toContain('not JSON');
  });

  test('a key that could not be read: a plan that says what to do, exit code 1', async () => {
    const { code, plans } = await planned(snapshot({ policy: { Error: { Code: 'AccessDeniedException' } } }));
    expect([code, plans[0].status]).toEqual([1, 'declined']);
    expect(plans[0].reason).toContain('kms:GetKeyPolicy');
  });

  test('nobody can vouch for keys while trails are not known', async () => {
    const text = JSON.stringify({ version: 1, trails: { Error: { Code: 'AccessDenied' } }, keys: [] });
    const { code, stderr } = await repair(text, '--dedicated-keys');
    expect([code, stderr]).toEqual([2, expect.stringContaining('`--dedicated-keys` needs every trail')]);
  });

  test('a list of trails that could not be read: exit code 3', async () => {
    const { code } = await repair(
      JSON.stringify({ version: 1, trails: { Error: { Code: 'AccessDenied' } }, keys: [] }),
    );
    expect(code).toBe(3);
  });
});

test('each failing sample of events/ is repaired, or declined with the reason', async () => {
  const folder = 'events/snapshots';
  for (const file of readdirSync(folder)) {
    const { code, stdout } = await cli(['repair', '--snapshot', join(folder, file), '--format', 'json']);
    const { plans } = JSON.parse(stdout);
    for (const plan of plans) {
      expect(['repaired', 'declined', 'nothing-to-do']).toContain(plan.status);
      expect(plan.reason === null).toBe(plan.status !== 'declined');
      expect(plan.policy === null).toBe(plan.status !== 'repaired');
    }
    const isOpen = plans.some(
      ({ status, remaining }: { status: string; remaining: unknown[] }) =>
        status === 'declined' || remaining.length > 0,
    );
    expect(`${file} ${code}`).toBe(`${file} ${isOpen ? 1 : 0}`);
  }
});

describe('a stage', () => {
  const [MAIN, AUDIT] = ['main', 'audit'].map((name) => `arn:aws:cloudtrail:us-east-1:111122223333:trail/${name}`);
  /** Two trails share the key of the sample. */
  const twoTrails = (): string => {
    const snapshot = JSON.parse(readFileSync('events/snapshots/wrong-account.json', 'utf8'));
    const [first] = snapshot.trails;
    const second = { ...first, Trail: { ...first.Trail, Name: 'audit', TrailARN: AUDIT } };
    return JSON.stringify({ ...snapshot, trails: [first, second] });
  };
  const staged = (...args: readonly string[]) => cli(['repair', '--snapshot', '-', ...args], { stdin: twoTrails() });

  test('covers the named trails alone, and says which remain', async () => {
    const { stdout } = await staged('--stage', '--trail', `${AUDIT}`, '--format', 'json');
    const [plan] = JSON.parse(stdout).plans;
    expect(plan).toMatchObject({ status: 'repaired', trailArns: [AUDIT], laterTrailArns: [MAIN] });
    expect(JSON.stringify(plan.policy)).not.toContain(MAIN);
    const text = (await staged('--stage', '--trail', `${AUDIT}`)).stdout;
    expect(text).toContain(`  trail ${AUDIT}\n  for a later stage: trail ${MAIN}\n`);
    const page = (await staged('--stage', '--trail', `${AUDIT}`, '--format', 'html')).stdout;
    expect(page).toContain(`<dt>For a later stage</dt><dd><bdi>${MAIN}</bdi></dd>`);
  });

  test('of all its trails leaves none', async () => {
    const { stdout } = await staged('--stage', '--trail', `${AUDIT}`, '--trail', `${MAIN}`, '--format', 'json');
    expect(JSON.parse(stdout).plans[0]).toMatchObject({ trailArns: [MAIN, AUDIT], laterTrailArns: [] });
  });

  test('is asked for: without it the plan for one trail covers every trail of its key', async () => {
    const { stdout } = await staged('--trail', `${AUDIT}`, '--format', 'json');
    const [plan] = JSON.parse(stdout).plans;
    expect(plan.trailArns).toEqual([MAIN, AUDIT]);
    expect(plan).not.toHaveProperty('laterTrailArns');
  });

  test.each([
    [['--stage'], '`--stage` needs `--trail`'],
    [['--stage', '--trail', `${AUDIT}`, '--dedicated-keys'], '`--stage` leaves trails of a key for later'],
    [['--trail', `${AUDIT}`, '--trail', `${MAIN}`, '--key', 'arn:x'], '`--key` is for one trail'],
  ])('is refused: %s', async (args, why) => {
    const { code, stderr } = await staged(...args);
    expect(stderr).toContain(why);
    expect(code).toBe(2);
  });
});
