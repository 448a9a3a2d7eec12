import { globSync, readFileSync } from 'node:fs';
import { mkdtemp, open, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { SnapshotDocument } from '../../src/cli/live/document.ts';
import { documentLines } from '../../src/cli/live/documentLines.ts';
import { jsonText } from '../../src/cli/tooLong.ts';
import type { Report } from '../../src/report/report.ts';
import base from '../cases/cli/snapshot.json';
import { cli } from './support.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'cloudtrail-kms-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const ACCOUNT = '111122223333';
const [ENTRY] = base.trails as [(typeof base.trails)[0]];
const [KEY] = base.keys as [(typeof base.keys)[0]];
const KEY_ARN = KEY.KeyMetadata.Arn;
const ALIAS_ARN = `arn:aws:kms:us-east-1:${ACCOUNT}:alias/trail`;
const HEAD = { version: 1, collectedAt: '2026-11-20T10:30:00Z' };

const arnOf = (name: string): string => `arn:aws:cloudtrail:us-east-1:${ACCOUNT}:trail/${name}`;
const trail = (name: string, members: object = {}) => ({
  Status: { IsLogging: true },
  Trail: { ...ENTRY.Trail, Name: name, TrailARN: arnOf(name), ...members },
});
const allowing = (name: string) => ({
  ...KEY,
  Policy: {
    Version: '2012-10-17',
    Statement: [
      { Effect: 'Allow', Principal: { AWS: `arn:aws:iam::${ACCOUNT}:root` }, Action: 'kms:*', Resource: '*' },
      {
        Effect: 'Allow',
        Principal: { Service: 'cloudtrail.amazonaws.com' },
        Action: ['kms:GenerateDataKey*', 'kms:DescribeKey', 'kms:Decrypt'],
        Resource: '*',
        Condition: { StringEquals: { 'aws:SourceArn': arnOf(name) } },
      },
    ],
  },
});

async function evaluated(lines: readonly unknown[], ...args: readonly string[]) {
  const file = join(folder, 'snapshot.jsonl');
  const text = lines.map((line) => (typeof line === 'string' ? line : JSON.stringify(line))).join('\n');
  await writeFile(file, text);
  const outcome = await cli(['evaluate', '--snapshot', file, '--format', 'json', ...args]);
  const report = outcome.stdout === '' ? null : (JSON.parse(outcome.stdout) as Report);
  const found = (name: string, check: string) =>
    report?.trails
      .find(({ trailArn }) => trailArn === arnOf(name))
      ?.findings.find((finding) => finding.check === check);
  const status = (name: string, check: string) => found(name, check)?.status;
  return { ...outcome, file, report, found, status };
}

test('a line is a snapshot for its own trails and for those behind it', async () => {
  const { report, code, status, stderr } = await evaluated([
    { ...HEAD, keys: [allowing('one')], accounts: [{ AccountId: ACCOUNT, Name: 'payments' }] },
    { trails: [trail('one')] },
    '',
    { trails: [trail('two')], keys: [allowing('two')] },
    { trails: [trail('three')] },
  ]);
  expect(report?.factsAt).toBe('2026-11-20T10:30:00.000Z');
  expect(report?.trails.map(({ trailArn, accountName }) => [trailArn, accountName])).toEqual(
    ['one', 'two', 'three'].map((name) => [arnOf(name), 'payments']),
  );
  expect(status('one', 'cloudtrail-can-encrypt')).toBe('pass');
  expect(status('two', 'cloudtrail-can-encrypt')).toBe('pass');
  // Its policy is the one that was told last.
  expect(status('three', 'cloudtrail-can-encrypt')).toBe('fail');
  expect([code, stderr]).toEqual([1, '']);
});

test.each<[string, object]>([
  ['its ARN', {}],
  ['an alias', { KmsKeyId: ALIAS_ARN }],
])(
  'a key that is told too late, by %s, is not known, where a whole snapshot says that there is none',
  async (_, members) => {
    const lines = [HEAD, { trails: [trail('one', members)] }, { keys: [allowing('one')] }];
    const { found } = await evaluated([...lines, { trails: [trail('two', members)] }]);
    expect(found('one', 'key-exists')).toMatchObject({
      status: 'unknown',
      message: expect.stringContaining('neither its line nor one that is remembered tells of the key'),
    });
    expect(found('two', 'key-exists')?.status).toBe('pass');
  },
);

test('an alias that DescribeKey does not find is told', async () => {
  const error = { Code: 'NotFoundException', Message: 'no such alias' };
  const { status } = await evaluated([
    { ...HEAD, keys: [{ KeyArn: ALIAS_ARN, KeyMetadata: { Error: error } }] },
    { trails: [trail('one', { KmsKeyId: ALIAS_ARN })] },
  ]);
  expect(status('one', 'key-exists')).toBe('fail');
});

test('of earlier lines 500 keys are remembered, and of its own line every one', async () => {
  const keyArn = (number: number) => KEY_ARN.replace(/[^-]{12}$/, String(number).padStart(12, '0'));
  const key = (number: number) => ({ ...KEY, KeyMetadata: { ...KEY.KeyMetadata, Arn: keyArn(number) } });
  const uses = (name: string, number: number) => trail(name, { KmsKeyId: keyArn(number) });
  const keys = Array.from({ length: 600 }, (_, number) => key(number));
  const { status } = await evaluated([
    { ...HEAD, keys, trails: [uses('own', 0)] },
    { trails: [uses('forgotten', 99), uses('remembered', 100)], keys: [] },
  ]);
  expect(status('own', 'key-exists')).toBe('pass');
  expect(status('forgotten', 'key-exists')).toBe('unknown');
  expect(status('remembered', 'key-exists')).toBe('pass');
});

describe('a bad line costs itself alone', () => {
  const good = { trails: [trail('good')], keys: [allowing('good')] };
  test.each<[string, unknown, string]>([
    ['no JSON', '{"trails":', '`the line` is not JSON: '],
    ['no object', '[]', 'the document must be a JSON object'],
    ['another version', { version: 2 }, '`version` is `2`, but only version 1 is understood'],
    ['a trail without its ARN', { trails: [{ Trail: {} }] }, '`trails[0].Trail.TrailARN` is missing'],
    ['a member twice', '{"trails":[],"trails":[]}', '`trails` is given twice'],
    [
      'a time of its own',
      { collectedAt: '2026-01-01' },
      '`collectedAt` stands here, and is accepted in the first line',
    ],
    [
      'coverage of its own',
      { coverage: { accounts: [] } },
      '`coverage` stands here, and is accepted in the first line',
    ],
    [
      'two descriptions of a key',
      { keys: [allowing('good'), { ...allowing('good'), Grants: [{ Operations: [] }] }] },
      `\`keys[1]\` describes \`${KEY_ARN}\` again, and differently`,
    ],
  ])('%s', async (_, bad, problem) => {
    const { report, stderr, code, file, status } = await evaluated([HEAD, bad, good]);
    expect(stderr).toContain(`cloudtrail-kms: snapshot \`${file}\`: line 2: `);
    expect(stderr).toContain(problem);
    expect(stderr.trim()).not.toContain('\n');
    expect(report?.trails).toHaveLength(1);
    expect(status('good', 'cloudtrail-can-encrypt')).toBe('pass');
    expect(code).toBe(2);
  });

  test('and leaves nothing behind', async () => {
    const Trail = {};
    const { status } = await evaluated([HEAD, good, { keys: [KEY], trails: [{ Trail }] }, { trails: [trail('good')] }]);
    expect(status('good', 'cloudtrail-can-encrypt')).toBe('pass');
  });

  test('what could not be read outranks it; each is said once, however many reports are written', async () => {
    const error = { Code: 'ThrottlingException', Message: 'slow down' };
    const report = `csv=${join(folder, 'report.csv')}`;
    const { stderr, code } = await evaluated(
      [HEAD, 'x', { trails: [{ Error: error }, { Error: error }] }],
      '--report',
      report,
    );
    expect(stderr.match(/line 2: /g)).toHaveLength(1);
    expect(stderr.match(/line 3: trails\[\d\] could not be read: ThrottlingException: slow down/g)).toHaveLength(2);
    expect(code).toBe(3);
  });
});

test('a policy that gives a member twice is not valid, whatever an earlier line told', async () => {
  const line = (name: string) => JSON.stringify({ keys: [allowing('one')], trails: [trail(name)] });
  const twice = line('two').replace('"Version":', '"Version":"2008-10-17","Version":');
  const { status } = await evaluated([HEAD, line('one'), twice]);
  expect(status('one', 'policy-well-formed')).toBe('pass');
  expect(status('two', 'policy-well-formed')).toBe('fail');
});

test('exceptions are found as the trails go by', async () => {
  const terms = { owner: 'security@example.com', reason: 'moves', expires: '2027-01-31' };
  const file = join(folder, 'exceptions.json');
  const exceptions = [
    { trailArn: arnOf('one'), ...terms },
    { trailArn: arnOf('none'), ...terms },
  ];
  await writeFile(file, JSON.stringify({ version: 1, exceptions }));
  const { report, code } = await evaluated(
    [HEAD, { trails: [trail('one', { KmsKeyId: null })] }],
    '--exceptions',
    file,
  );
  expect(report?.exceptions?.map(({ state }) => state)).toEqual(['in-force', 'unmatched']);
  expect(report?.standings.excepted).toBe(1);
  expect(code).toBe(0);
});

test.each(globSync('events/snapshots/*.json'))('%s says the same as lines that collect would write', async (file) => {
  const read = JSON.parse(readFileSync(file, 'utf8')) as SnapshotDocument;
  const keys = read.keys.map((key) => ({ ...key, KeyArn: (key.KeyMetadata as { Arn?: string }).Arn ?? key.KeyArn }));
  const lists = { buckets: [], resourceControlPolicies: [], organizations: [], accounts: [], coverage: null };
  const lines = [...documentLines({ ...lists, ...read, keys } as SnapshotDocument)];
  const { report } = await evaluated(lines.map((line) => line.trimEnd()));
  const whole = JSON.parse((await cli(['evaluate', '--snapshot', file, '--format', 'json'])).stdout) as Report;
  const byName = ({ trails }: Report) => new Map(trails.map((one) => [one.trailArn, one]));
  const verdicts = [...byName(report as Report)].map(([arn, { complianceType, standing }]) => [
    arn,
    complianceType,
    standing,
  ]);
  expect(verdicts.toSorted()).toEqual(
    [...byName(whole)].map(([arn, { complianceType, standing }]) => [arn, complianceType, standing]).toSorted(),
  );
});

test('a key of an earlier line whose events show that it encrypted the files of a trail is one of its earlier keys', async () => {
  const Arn = KEY_ARN.replace('1234abcd', '99999999');
  const event = {
    eventSource: 'kms.amazonaws.com',
    userIdentity: { invokedBy: 'cloudtrail.amazonaws.com' },
    requestParameters: {
      encryptionContext: { 'aws:cloudtrail:arn': arnOf('one'), 'aws:s3:arn': 'arn:aws:s3:::logs/f.json.gz' },
    },
    resources: [{ ARN: Arn }],
  };
  const KeyEvents = [
    {
      EventId: 'e-1',
      EventName: 'GenerateDataKey',
      EventTime: '2026-11-19T09:00:00Z',
      CloudTrailEvent: JSON.stringify(event),
    },
  ];
  const earlier = { keys: [{ KeyMetadata: { Arn, KeyState: 'PendingDeletion' }, KeyEvents }] };
  const own = { trails: [trail('one')], keys: [allowing('one')] };
  const check = async (...lines: readonly object[]) =>
    (await evaluated([HEAD, ...lines])).status('one', 'previous-keys-kept');
  expect(await check(own)).toBe('not-applicable');
  expect(await check(earlier, own)).toBe('fail');
  expect(await check(earlier, { keys: [] }, own)).toBe('fail');
  expect(await check({ ...own, keys: [...own.keys, ...earlier.keys] })).toBe('fail');
});

describe('event data stores', () => {
  const STORE = `arn:aws:cloudtrail:us-east-1:${ACCOUNT}:eventdatastore/EXAMPLE-1`;
  const store = (members: object = { KmsKeyId: KEY_ARN }, arn = STORE) => ({
    EventDataStore: { EventDataStoreArn: arn, ...members },
  });
  const GOOD = { trails: [trail('one')], keys: [allowing('one')] };

  test.each<[string, readonly object[], Readonly<Record<string, string>>, number]>([
    [
      'with a key of its line',
      [{ eventDataStores: [store()], keys: [{ ...allowing('one') }] }],
      { [STORE]: 'fail' },
      1,
    ],
    ['with a key of an earlier line', [GOOD, { eventDataStores: [store()] }], { [STORE]: 'fail' }, 1],
    ['with a key that no line tells of', [{ eventDataStores: [store()] }], { [STORE]: 'unknown' }, 1],
    ['without a key', [GOOD, { eventDataStores: [store({})] }], { [STORE]: 'not-applicable' }, 1],
    [
      'of several lines',
      [{ eventDataStores: [store()] }, GOOD, { eventDataStores: [store({}, `${STORE}2`)] }],
      { [STORE]: 'unknown', [`${STORE}2`]: 'not-applicable' },
      1,
    ],
    ['none', [GOOD], {}, 0],
  ])('%s', async (_, lines, expected, exit) => {
    const { report, code } = await evaluated([HEAD, ...lines]);
    const statuses = report?.eventDataStores?.map(({ address, findings }) => [
      address,
      findings.find(({ check }) => check === 'cloudtrail-can-encrypt')?.status,
    ]);
    expect(Object.fromEntries(statuses ?? [])).toEqual(expected);
    expect(report).toEqual(expect.objectContaining({ trails: expect.anything() }));
    expect(Object.hasOwn(report ?? {}, 'eventDataStores')).toBe(Object.keys(expected).length > 0);
    expect(code).toBe(exit);
  });

  test('stand in every report of a run, once in each', async () => {
    const files = ['jsonl', 'csv', 'text', 'sarif', 'html'].map((format) => join(folder, `stores.${format}`));
    const reports = files.flatMap((file) => ['--report', `${file.split('.').at(-1)}=${file}`]);
    const { report } = await evaluated([HEAD, GOOD, { eventDataStores: [store({})] }], ...reports);
    expect(report?.eventDataStores).toHaveLength(1);
    for (const file of files) expect(await readFile(file, 'utf8')).toContain(STORE);
    const lines = (await readFile(files[0] ?? '', 'utf8')).trim().split('\n');
    expect(lines.filter((line) => line.includes(`"eventDataStoreArn":"${STORE}"`))).toHaveLength(1);
  });

  test.each(['json', 'jsonl'])('are compared with a baseline in %s', async (format) => {
    const baseline = join(folder, `baseline.${format}`);
    const before = [HEAD, GOOD, { eventDataStores: [store({})] }];
    await evaluated(before, '--report', `${format}=${baseline}`);
    const compared = async (...stores: readonly object[]) => {
      const lines = [HEAD, GOOD, { eventDataStores: stores }];
      const { report, code } = await evaluated(lines, '--baseline', baseline, '--new-only');
      return { changes: report?.eventDataStores?.map(({ change }) => change), code };
    };
    expect(await compared(store({}))).toEqual({ changes: ['unchanged'], code: 0 });
    expect(await compared(store({}), store({}, `${STORE}2`))).toEqual({ changes: ['unchanged', 'new'], code: 1 });
  });
});

describe('what takes one JSON text', () => {
  test.each<[string, readonly string[], string]>([
    ['an event', ['evaluate', '--event', 'e.json'], '`--event` goes with a snapshot that is one JSON text'],
    ['another policy', ['evaluate', '--policy', 'a=b'], '`--policy` goes with a snapshot that is one JSON text'],
    ['explain', ['explain'], 'holds JSON lines, which `evaluate` alone takes'],
    ['repair', ['repair'], 'holds JSON lines, which `evaluate` alone takes'],
  ])('%s', async (_, args, message) => {
    const { code, stderr } = await cli([...args, '--snapshot', 'snapshot.jsonl']);
    expect(stderr).toContain(message);
    expect(code).toBe(2);
  });

  test('a file of lines that is not there', async () => {
    const { code, stderr } = await cli(['evaluate', '--snapshot', 'none.jsonl']);
    expect([code, stderr]).toEqual([2, 'cloudtrail-kms: cannot read `none.jsonl`: no such file or directory\n']);
  });

  const WAY = '`collect --format jsonl` writes and `evaluate --snapshot FILE.jsonl` reads';

  test('a file longer than that names the other way', async () => {
    const file = join(folder, 'large.json');
    const handle = await open(file, 'w');
    await handle.truncate(3 * 1024 ** 3);
    await handle.close();
    const { code, stderr } = await cli(['evaluate', '--snapshot', file]);
    expect(stderr).toContain(`cannot read \`${file}\`: it is longer than one JSON text can be: `);
    expect(stderr).toContain(WAY);
    expect(code).toBe(2);
  });

  test('what was read live is longer than that', () => {
    const text = () => jsonText({ toJSON: () => 'x'.repeat(2 ** 29) + 'x'.repeat(2 ** 29) });
    expect(text).toThrow(WAY);
  });
});

test('nothing is written where there is nothing to write', async () => {
  const { code, stderr } = await evaluated([]);
  expect(stderr).toContain('no trail was seen at all');
  expect(code).toBe(1);
  expect(await readFile(join(folder, 'snapshot.jsonl'), 'utf8')).toBe('');
});
