import { mkdtempSync, readFileSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { samples } from '../../events/samples.json';
import type { Report, TrailReport } from '../../src/report/report.ts';
import { ANNOTATION_LENGTH } from '../../src/rule/evaluate/evaluation.ts';
import { CHECKS } from '../../src/trail/checks/index.ts';
import type { Severity } from '../../src/trail/finding.ts';
import { cli, type Outcome } from './support.ts';

interface Sample {
  readonly name: string;
  readonly snapshot: string;
  readonly event?: string;
  readonly exceptions?: string;
  readonly expected: Readonly<Record<string, string>>;
  readonly because?: Readonly<Record<string, readonly string[]>>;
}

const IDS = CHECKS.map(({ id }) => id);
const SEVERITIES: readonly Severity[] = ['CRITICAL', 'HIGH', 'MEDIUM', 'LOW'];

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'cloudtrail-kms-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

function argumentsOf({ snapshot, event, exceptions }: Sample): string[] {
  return [
    'evaluate',
    ...['--snapshot', `events/${snapshot}`],
    ...(event === undefined ? [] : ['--event', `events/${event}`]),
    ...(exceptions === undefined ? [] : ['--exceptions', `events/${exceptions}`]),
  ];
}

const reportOf = ({ stdout }: Outcome) => JSON.parse(stdout) as Report;
const nameOf = ({ trailArn }: TrailReport) => trailArn?.split('/').at(-1) ?? '';
const sample = (name: string) => samples.find((entry) => entry.name === name) as Sample;

/** Everything that the contract promises of a report. */
function expectContract(report: Report): void {
  expect(report.version).toBe(1);
  const counts = { COMPLIANT: 0, NON_COMPLIANT: 0, NOT_APPLICABLE: 0 };
  for (const trail of report.trails) {
    counts[trail.complianceType] += 1;
    expect(typeof trail.annotation).toBe('string');
    expect(trail.annotation.length).toBeLessThanOrEqual(ANNOTATION_LENGTH);
    expect(trail.findings.map(({ check }) => check)).toEqual(IDS);
    for (const finding of trail.findings) {
      expect(['pass', 'fail', 'unknown', 'not-applicable']).toContain(finding.status);
      expect(SEVERITIES).toContain(finding.severity);
      expect(finding.message).not.toBe('');
      expect(typeof finding.remediation).toBe('string');
      expect(finding.evidence).toMatchObject({ statements: expect.any(Array), dependsOn: expect.any(Array) });
    }
  }
  expect(report.summary).toEqual(counts);
}

describe.each(samples as readonly Sample[])('sample $name', (entry) => {
  let outcome: Outcome;
  beforeAll(async () => {
    outcome = await cli([...argumentsOf(entry), '--format', 'json']);
  });

  test('has the expected verdicts and exit code', () => {
    const verdicts = reportOf(outcome).trails.map((trail) => [nameOf(trail), trail.complianceType]);
    expect(Object.fromEntries(verdicts)).toEqual(entry.expected);
    expect(outcome.code).toBe(Object.values(entry.expected).includes('NON_COMPLIANT') ? 1 : 0);
    expect(outcome.stderr).toBe('');
  });

  test('fails by the expected check, which its annotation names', () => {
    for (const trail of reportOf(outcome).trails) {
      const open = trail.findings.filter(({ status }) => status === 'fail' || status === 'unknown');
      for (const check of entry.because?.[nameOf(trail)] ?? []) {
        expect(open.map((finding) => finding.check as string)).toContain(check);
        expect(trail.annotation).toContain(check);
      }
      if (entry.because?.[nameOf(trail)] === undefined) expect(open).toEqual([]);
    }
  });

  test('is a report by the contract, with evaluations only beside an event', () => {
    const report = reportOf(outcome);
    expectContract(report);
    const evaluations = report.evaluations?.map(({ ComplianceResourceType, ComplianceResourceId, ComplianceType }) => [
      ComplianceResourceType,
      ComplianceResourceId,
      ComplianceType,
    ]);
    const sent = report.trails.map((trail) => ['AWS::CloudTrail::Trail', nameOf(trail), trail.complianceType]);
    expect(evaluations).toEqual(entry.event === undefined ? undefined : sent);
  });

  test('reads the same as text', async () => {
    const text = await cli(argumentsOf(entry));
    expect(text.code).toBe(outcome.code);
    for (const trail of reportOf(outcome).trails) {
      expect(text.stdout).toMatch(
        new RegExp(`^ {2}${trail.complianceType} +${trail.trailArn}(?: ${trail.standing})?$`, 'm'),
      );
    }
  });
});

test('kmsKeyArn is null without a key, and an alias is resolved', async () => {
  const { trails } = reportOf(await cli([...argumentsOf(sample('scheduled')), '--format', 'json']));
  const keys = Object.fromEntries(trails.map((trail) => [nameOf(trail), trail.kmsKeyArn]));
  expect(keys.legacy).toBeNull();
  expect(keys.audit).toBe('arn:aws:kms:us-east-1:111122223333:key/5678efab-56ef-78ab-90cd-5678901234cd');
});

test('without an event every trail of the snapshot is evaluated, in every Region', async () => {
  const outcome = await cli(['evaluate', '--snapshot', 'events/snapshots/several-trails.json', '--format', 'json']);
  expect(reportOf(outcome).trails.map(({ region }) => region)).toContain('eu-west-1');
  expectContract(reportOf(outcome));
});

test('a change: the item is the trail, even where the snapshot holds another one of that name', async () => {
  const args = [
    'evaluate',
    '--snapshot',
    'events/snapshots/compliant.json',
    '--event',
    'events/invocations/trail-unencrypted.json',
  ];
  const outcome = await cli([...args, '--format', 'json']);
  expect(reportOf(outcome).trails).toMatchObject([{ complianceType: 'NON_COMPLIANT', kmsKeyArn: null }]);
});

test('an oversized item that the snapshot does not hold is bad input', async () => {
  const snapshot = join(folder, 'empty.json');
  await writeFile(snapshot, '{"version":1,"trails":[],"keys":[]}');
  const outcome = await cli(['evaluate', '--snapshot', snapshot, '--event', 'events/invocations/oversized.json']);
  expect(outcome).toMatchObject({ code: 2, stdout: '' });
  expect(outcome.stderr).toContain('the snapshot holds no trail `main` of account `111122223333`');
});

describe('account and Region of an event choose the trails', () => {
  const rule = (region: string, account: string) =>
    `arn:aws:config:${region}:${account}:config-rule/aws-service-rule/x/r`;
  test.each<[string, object, string[]]>([
    ['as sent', {}, ['main', 'audit', 'legacy', 'billing']],
    ['another Region', { configRuleArn: rule('eu-west-1', '111122223333') }, ['europe']],
    ['another Region without trails', { configRuleArn: rule('eu-north-1', '111122223333') }, []],
    ['another account', { accountId: '444455556666' }, []],
    [
      'the account in configRuleArn does not count',
      { configRuleArn: rule('us-east-1', '444455556666') },
      ['main', 'audit', 'legacy', 'billing'],
    ],
  ])('%s', async (_, members, expected) => {
    const sent = JSON.parse(await readFile('events/invocations/scheduled.json', 'utf8'));
    const event = join(folder, 'event.json');
    await writeFile(event, JSON.stringify({ ...sent, ...members }));
    const outcome = await cli([
      'evaluate',
      '--snapshot',
      'events/snapshots/several-trails.json',
      '--event',
      event,
      '--format',
      'json',
    ]);
    expect(reportOf(outcome).evaluations?.map(({ ComplianceResourceId }) => ComplianceResourceId)).toEqual(expected);
    expect(reportOf(outcome).trails.map(nameOf)).toEqual(expected);
  });
});

test('a snapshot without trails has an empty report', async () => {
  const outcome = await cli(['evaluate', '--snapshot', '-', '--format', 'json', '--allow-empty'], {
    stdin: '{"version":1,"trails":[],"keys":[]}',
  });
  expect(outcome.code).toBe(0);
  expect(reportOf(outcome)).toEqual({
    version: 1,
    tool: { name: 'cloudtrail-kms-rule', version: expect.stringMatching(/^\d+\.\d+\.\d+/) },
    evaluatedAt: '2026-11-20T10:30:00.000Z',
    factsAt: null,
    parameters: expect.objectContaining({ minimumSeverity: 'HIGH', trustedAccounts: null, deliveryWindowHours: '24' }),
    coverage: null,
    exceptions: [],
    summary: { COMPLIANT: 0, NON_COMPLIANT: 0, NOT_APPLICABLE: 0 },
    standings: { compliant: 0, 'non-compliant': 0, undecided: 0, excepted: 0, 'not-applicable': 0 },
    trails: [],
  });
});

describe('what makes the exit code 1', () => {
  const failing = 'events/snapshots/unencrypted.json';
  const undecided = 'events/snapshots/policy-not-readable.json';
  const accepted = ['--parameters', '{"whenUndecided":"COMPLIANT"}'];
  test.each<[string, string, readonly string[], number]>([
    ['a trail that fails', failing, [], 1],
    ['a trail that is undecided', undecided, [], 1],
    ['not an undecided one that is accepted', undecided, accepted, 0],
    [
      'an undecided one that is accepted, where that is asked for',
      undecided,
      [...accepted, '--fail-on', 'undecided'],
      1,
    ],
    ['not an undecided one where only failures count', undecided, ['--fail-on', 'non-compliant'], 0],
    ['either', undecided, ['--fail-on', 'non-compliant,undecided'], 1],
    ['nothing', failing, ['--fail-on', 'never'], 0],
    ['bad usage all the same', failing, ['--fail-on', 'sometimes'], 2],
    ['bad usage: never with others', failing, ['--fail-on', 'never,undecided'], 2],
  ])('%s', async (_, snapshot, options, code) => {
    expect((await cli(['evaluate', '--snapshot', snapshot, ...options])).code).toBe(code);
    if (code < 2) expect((await cli(['explain', '--snapshot', snapshot, ...options])).code).toBe(code);
  });
});

describe('reports beside the first', () => {
  const folder = mkdtempSync(join(tmpdir(), 'reports-'));
  const run = (...reports: readonly string[]) =>
    cli([
      'evaluate',
      '--snapshot',
      'events/snapshots/several-trails.json',
      ...reports.flatMap((one) => ['--report', one]),
    ]);

  test('each in its file and format', async () => {
    const { code, stdout } = await run(`json=${folder}/a.json`, `csv=${folder}/b.csv`);
    expect(code).toBe(1);
    expect(stdout).toMatch(/^Account/);
    const json = JSON.parse(await readFile(`${folder}/a.json`, 'utf8'));
    const lines = (await readFile(`${folder}/b.csv`, 'utf8')).trim().split('\n');
    expect(lines).toHaveLength(1 + json.trails.flatMap(({ findings }: TrailReport) => findings).length);
  });

  test.each(['json', 'yaml=a', '=a', 'json='])('bad usage: %s', async (report) => {
    expect((await run(report)).code).toBe(2);
  });
});

test('--framework: a row for each control and trail, in the formats that have it', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'framework-'));
  const [view, other] = [join(folder, 'view.csv'), join(folder, 'all.json')];
  const outputs = ['--report', `csv=${view}`, '--report', `json=${other}`];
  await cli(['evaluate', '--snapshot', 'events/snapshots/unencrypted.json', '--framework', 'PCI-4', ...outputs]);
  const rows = readFileSync(view, 'utf8').trimEnd().split('\r\n').slice(1);
  expect(rows.map((row) => row.split(',').slice(0, 2))).toEqual([
    ['PCI DSS 4.0.1', '10.3.2'],
    ['PCI DSS 4.0.1', '3.7.4'],
  ]);
  expect(Object.keys(JSON.parse(readFileSync(other, 'utf8')) as object)).not.toContain('framework');
});

describe('against a baseline', () => {
  const folder = mkdtempSync(join(tmpdir(), 'baseline-'));
  const baseline = join(folder, 'baseline.json');
  const SEVERAL = ['evaluate', '--snapshot', 'events/snapshots/several-trails.json', '--baseline', baseline];
  const write = (snapshot: string) =>
    cli(['evaluate', '--snapshot', `events/snapshots/${snapshot}`, '--format', 'json', '--output', baseline]);

  test('unchanged: it fails, and with --new-only it does not', async () => {
    await write('several-trails.json');
    const said = await cli(SEVERAL);
    expect(said.code).toBe(1);
    expect(said.stdout).toMatch(/^Since 2026-11-20T10:30:00\.000Z: 0 new, 0 fixed, 0 gone, \d unchanged$/m);
    expect((await cli([...SEVERAL, '--new-only'])).code).toBe(0);
  });

  test('another failure is new, and what was in the baseline alone is gone', async () => {
    await write('disabled-key.json');
    const { code, stdout } = await cli([...SEVERAL, '--new-only', '--format', 'json']);
    expect(code).toBe(1);
    const { changes, trails } = JSON.parse(stdout) as Report;
    expect(changes?.new).toBe(trails.filter(({ change }) => change === 'new').length);
    expect(changes?.new).toBeGreaterThan(0);
  });

  test.each(['several-trails.json', 'compliant.json'])('%s: JSON lines are read back', async (snapshot) => {
    const same = ['evaluate', '--snapshot', `events/snapshots/${snapshot}`];
    await cli([...same, '--format', 'jsonl', '--output', baseline]);
    const { code, stdout } = await cli([...same, '--baseline', baseline, '--new-only', '--format', 'json']);
    expect(code).toBe(0);
    const { changes, trails } = JSON.parse(stdout) as Report;
    expect(changes).toEqual({
      since: '2026-11-20T10:30:00.000Z',
      new: 0,
      fixed: 0,
      unchanged: trails.length,
      gone: [],
    });
  });

  test('a line that is cut off is named', async () => {
    const whole = await cli(['evaluate', '--snapshot', 'events/snapshots/several-trails.json', '--format', 'jsonl']);
    await writeFile(baseline, whole.stdout.slice(0, -100));
    const { code, stderr } = await cli(SEVERAL);
    expect(code).toBe(2);
    expect(stderr).toContain(`\`${baseline}:${whole.stdout.trim().split('\n').length}\` is not JSON`);
  });

  test.each([
    ['--new-only alone', ['--new-only']],
    ['no report', ['--baseline', 'events/snapshots/compliant.json']],
    ['no file', ['--baseline', join(folder, 'none.json')]],
  ])('bad usage: %s', async (_, options) => {
    expect((await cli(['evaluate', '--snapshot', 'events/snapshots/compliant.json', ...options])).code).toBe(2);
  });
});

test('a snapshot that tells coverage and names of accounts: the report does too', async () => {
  const document = JSON.parse(await readFile('events/snapshots/compliant.json', 'utf8'));
  const regions = [{ region: 'eu-west-1', status: 'failed', trails: null, reason: 'AccessDenied: no' }];
  document.coverage = { accounts: [{ accountId: '444455556666', name: 'spare', regions }] };
  document.accounts = [{ AccountId: '111122223333', Name: 'prod' }];
  const stdin = JSON.stringify(document);
  const json = reportOf(await cli(['evaluate', '--snapshot', '-', '--format', 'json'], { stdin }));
  expect(json.coverage).toEqual(document.coverage);
  expect(json.trails.map(({ accountName }) => accountName)).toEqual(['prod']);
  const text = await cli(['evaluate', '--snapshot', '-'], { stdin });
  expect(text.stdout).toContain('444455556666 (spare) eu-west-1: failed: AccessDenied: no');
});

describe('parameters', () => {
  const NOT_READABLE = argumentsOf(sample('not-readable'));
  const LESSER = ['evaluate', '--snapshot', '-'];
  /** A trail whose only failure is of severity LOW: its key does not let CloudTrail describe it. */
  const lesser = async () => {
    const document = JSON.parse(await readFile('events/snapshots/compliant.json', 'utf8'));
    document.keys[0].Policy.Statement = document.keys[0].Policy.Statement.filter(
      ({ Action }: { Action: unknown }) => Action !== 'kms:DescribeKey',
    );
    return JSON.stringify(document);
  };

  test.each<[string, string[], boolean, number]>([
    ['by default a LOW failure decides nothing', LESSER, true, 0],
    ['--minimum-severity LOW', [...LESSER, '--minimum-severity', 'LOW'], true, 1],
    ['--minimum-severity low', [...LESSER, '--minimum-severity', 'low'], true, 1],
    ['the parameter', [...LESSER, '--parameters', '{"minimumSeverity":"LOW"}'], true, 1],
    [
      'the option outranks the parameter',
      [...LESSER, '--parameters', '{"minimumSeverity":"LOW"}', '--minimum-severity', 'HIGH'],
      true,
      0,
    ],
    [
      'the option outranks the event',
      [...LESSER, '--event', 'events/invocations/trail-changed.json', '--minimum-severity', 'LOW'],
      true,
      1,
    ],
    ['an undecided trail', NOT_READABLE, false, 1],
    [
      'an undecided trail, with whenUndecided',
      [...NOT_READABLE, '--parameters', '{"whenUndecided":"COMPLIANT"}'],
      false,
      0,
    ],
  ])('%s', async (_, args, onLesser, code) => {
    const outcome = await cli(args, onLesser ? { stdin: await lesser() } : {});
    expect(outcome).toMatchObject({ code, stderr: '' });
  });
});

test('--output takes the report, standard output stays empty, and the exit code is the verdict', async () => {
  const output = join(folder, 'report.json');
  const args = argumentsOf(sample('wrong-account'));
  expect(await cli([...args, '--format', 'json', '--output', output])).toEqual({ code: 1, stdout: '', stderr: '' });
  expectContract(JSON.parse(await readFile(output, 'utf8')) as Report);
});

test.each(['-', '/dev/stdout'])('--output %s is standard output', async (output) => {
  const outcome = await cli([...argumentsOf(sample('compliant')), '--format', 'json', '--output', output]);
  expect(outcome).toMatchObject({ code: 0, stderr: '' });
  expectContract(reportOf(outcome));
});

test('--quiet prints nothing of a compliant estate', async () => {
  expect(await cli([...argumentsOf(sample('compliant')), '--quiet'])).toEqual({ code: 0, stdout: '', stderr: '' });
});

describe('hostile snapshots end in a verdict', () => {
  const policies: readonly [string, unknown][] = [
    ['a policy that is text', 'no JSON'],
    ['a policy that is a number', 7],
    ['a policy that is a list', []],
    [
      'a policy with hostile members',
      {
        Statement: [
          { Sid: '\u001b[2J</script>', Effect: 'Allow', Principal: { __proto__: null }, Action: {}, Resource: [[]] },
        ],
      },
    ],
    ['a deeply nested policy', JSON.parse(`${'{"Statement":['.repeat(500)}${']}'.repeat(500)}`)],
    [
      'a policy over 32 KB',
      { Statement: [{ Effect: 'Allow', Principal: '*', Action: 'x'.repeat(40_000), Resource: '*' }] },
    ],
    ['a prototype', JSON.parse('{"__proto__":{"Statement":[]},"constructor":1}')],
  ];
  test.each(policies)('%s', async (_, policy) => {
    const document = JSON.parse(await readFile('events/snapshots/compliant.json', 'utf8'));
    document.keys[0].Policy = policy;
    const outcome = await cli(['evaluate', '--snapshot', '-', '--format', 'json'], { stdin: JSON.stringify(document) });
    expect(outcome.stderr).toBe('');
    expectContract(reportOf(outcome));
    expect(reportOf(outcome).trails[0]).toMatchObject({ complianceType: 'NON_COMPLIANT' });
    expect(outcome.code).toBe(1);
  });
});

test('what has become of each exception is told', async () => {
  const { exceptions } = JSON.parse(await readFile('events/exceptions.json', 'utf8'));
  const [one] = exceptions;
  const file = join(folder, 'states.json');
  const elsewhere = { ...one, trailArn: 'arn:aws:cloudtrail:*:999988887777:trail/main' };
  const over = { ...one, expires: '2026-10-31' };
  await writeFile(file, JSON.stringify({ version: 1, exceptions: [one, elsewhere, over] }));
  const given = ['--snapshot', 'events/snapshots/unencrypted.json', '--exceptions', file, '--format', 'json'];
  const states = async (args: readonly string[]) =>
    reportOf(await cli(['evaluate', ...given, ...args])).exceptions?.map(({ state }) => state);
  expect(await states([])).toEqual(['in-force', 'unmatched', 'expired']);
  expect(await states(['--event', 'events/invocations/scheduled.json'])).toEqual(['in-force', 'unmatched', 'expired']);
});

describe('an event data store is excepted by its ARN as address', () => {
  const STORE = 'arn:aws:cloudtrail:us-east-1:111122223333:eventdatastore/1234abcd-12ab-34cd-56ef-1234567890ab';
  const SNAPSHOT = {
    version: 1,
    collectedAt: '2026-11-20T10:30:00Z',
    trails: [],
    keys: [],
    eventDataStores: [{ EventDataStore: { EventDataStoreArn: STORE, Name: 'lake' } }],
  };
  test.each<[string, object, string, string]>([
    ['its ARN', { address: STORE }, 'excepted', 'in-force'],
    ['a pattern', { address: 'arn:aws:cloudtrail:*:111122223333:eventdatastore/*' }, 'excepted', 'in-force'],
    ['another one', { address: `${STORE}2` }, 'non-compliant', 'unmatched'],
    ['its name, which is for files', { address: 'lake' }, 'non-compliant', 'unmatched'],
    ['whatever stands in a file', { address: '*' }, 'non-compliant', 'unmatched'],
  ])('%s', async (_, covered, standing, state) => {
    const entry = { checks: ['trail-encrypted'], owner: 'o@example.com', reason: 'r', expires: '2027-01-31' };
    const exceptions = join(folder, 'store-exceptions.json');
    await writeFile(exceptions, JSON.stringify({ version: 1, exceptions: [{ ...covered, ...entry }] }));
    for (const name of ['store.json', 'store.jsonl']) {
      const snapshot = join(folder, name);
      await writeFile(snapshot, JSON.stringify(SNAPSHOT));
      const report = reportOf(
        await cli(['evaluate', '--snapshot', snapshot, '--exceptions', exceptions, '--format', 'json']),
      );
      expect(report.eventDataStores).toMatchObject([{ standing }]);
      expect(report.exceptions).toMatchObject([{ state }]);
    }
  });
});
