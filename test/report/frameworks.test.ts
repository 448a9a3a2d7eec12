import { parse } from 'csv-parse/sync';
import { controlResult } from '../../src/report/controlStatus.ts';
import { controlsOf } from '../../src/report/controlsOf.ts';
import { frameworkCsv } from '../../src/report/frameworkCsv.ts';
import { htmlReport } from '../../src/report/html/page.ts';
import type { ReportFinding, TrailReport } from '../../src/report/report.ts';
import { CHECKS } from '../../src/trail/checks/index.ts';
import { frameworkNamed } from '../../src/trail/frameworks.ts';
import { ESTATE, HOSTILE, TRAILS, textOf } from './estate.ts';
import { finding, report, trailReport } from './example.ts';

const framework = (name: string) => {
  const found = frameworkNamed(name);
  if (found === null) throw new Error(`there is no framework \`${name}\``);
  return found;
};
const FSBP = framework('fsbp');
const CIS = framework('cis-7.0');

const of = (check: ReportFinding['check'], status: ReportFinding['status'], capturedAt?: string): ReportFinding =>
  finding({
    check,
    status,
    message: `${check} is ${status}`,
    evidence: { statements: [], dependsOn: [], ...(capturedAt === undefined ? {} : { capturedAt }) },
  });

const EXCEPTED = { standing: 'excepted', annotation: 'EXCEPTED until 2027-01-31' } as const;

describe('the status of a control', () => {
  const control = { id: 'KMS.3', checks: ['key-exists', 'key-usable'] } as const;

  test.each<[string, readonly ReportFinding[], Partial<TrailReport>, string, readonly string[], string]>([
    ['all pass', [of('key-exists', 'pass'), of('key-usable', 'pass')], {}, 'pass', ['key-exists', 'key-usable'], ''],
    [
      'one passes, the other is not applicable',
      [of('key-exists', 'pass'), of('key-usable', 'not-applicable')],
      {},
      'pass',
      ['key-exists'],
      '',
    ],
    [
      'one is not known',
      [of('key-exists', 'pass'), of('key-usable', 'unknown')],
      {},
      'unknown',
      ['key-usable'],
      'key-usable: key-usable is unknown',
    ],
    [
      'one fails',
      [of('key-exists', 'unknown'), of('key-usable', 'fail')],
      {},
      'fail',
      ['key-usable'],
      'key-usable: key-usable is fail',
    ],
    [
      'an exception covers the trail',
      [of('key-usable', 'fail')],
      EXCEPTED,
      'excepted',
      ['key-usable'],
      EXCEPTED.annotation,
    ],
    [
      'an exception covers what is not known',
      [of('key-usable', 'unknown')],
      EXCEPTED,
      'excepted',
      ['key-usable'],
      EXCEPTED.annotation,
    ],
    ['an exception covers something else', [of('key-usable', 'pass')], EXCEPTED, 'pass', ['key-usable'], ''],
    ['none applies', [of('key-usable', 'not-applicable')], {}, 'not-applicable', ['key-usable'], ''],
    ['nothing was asked', [of('public-excluded', 'fail')], {}, 'not-applicable', [], ''],
  ])('%s', (_, findings, over, status, checks, reason) => {
    expect(controlResult(control, trailReport({ findings, ...over }), null)).toEqual({
      status,
      checks,
      reason,
      evidenceAt: null,
    });
  });

  test.each([
    ['that of the facts', [of('key-usable', 'pass')], '2026-11-20T10:00:00.000Z'],
    [
      'the oldest of the findings',
      [of('key-exists', 'pass', '2026-11-19T00:00:00Z'), of('key-usable', 'pass', '2026-11-18T00:00:00Z')],
      '2026-11-18T00:00:00Z',
    ],
    [
      'not of a finding that does not decide',
      [of('key-exists', 'pass', '2026-11-18T00:00:00Z'), of('key-usable', 'fail')],
      '2026-11-20T10:00:00.000Z',
    ],
  ])('the time of the evidence: %s', (_, findings, time) => {
    expect(controlResult(control, trailReport({ findings }), '2026-11-20T10:00:00.000Z').evidenceAt).toBe(time);
  });
});

describe('CSV', () => {
  const rowsFor = async (over = ESTATE): Promise<readonly Record<string, string>[]> =>
    parse(await textOf(frameworkCsv(over, FSBP)), { columns: true, record_delimiter: '\r\n' });

  test('one row a control and trail', async () => {
    const rows = await rowsFor();
    expect(rows).toHaveLength(FSBP.controls.length * ESTATE.trails.length);
    const ofOne = rows.filter(
      ({ trailArn, standing }) => trailArn === TRAILS.undecided.trailArn && standing === 'undecided',
    );
    expect(ofOne.map(({ control, status }) => [control, status])).toEqual([
      ['CloudTrail.2', 'unknown'],
      ['KMS.3', 'unknown'],
      ['KMS.5', 'not-applicable'],
      ['KMS.4', 'not-applicable'],
    ]);
  });

  test('what a row says', async () => {
    const row = (await rowsFor(report(TRAILS.failing)))[0];
    expect(row).toEqual({
      framework: 'AWS Foundational Security Best Practices',
      control: 'CloudTrail.2',
      accountId: '111122223333',
      accountName: '',
      region: 'us-east-1',
      trailArn: 'arn:aws:cloudtrail:us-east-1:111122223333:trail/main',
      kmsKeyArn: 'arn:aws:kms:us-east-1:111122223333:key/k',
      address: '',
      status: 'fail',
      standing: 'non-compliant',
      checks: 'cloudtrail-can-encrypt',
      message: 'cloudtrail-can-encrypt: statement `AllowEncrypt`: aws:SourceArn is another trail',
      evidenceAt: '2026-11-20T10:00:00.000Z',
      evaluatedAt: '2026-11-20T12:00:00.000Z',
      toolVersion: '1.2.3',
    });
  });

  test('what was not read is a row without a control', async () => {
    const regions = [{ region: 'eu-west-1', status: 'failed', trails: null, reason: 'denied' }] as const;
    const coverage = { accounts: [{ accountId: '999988887777', name: null, regions }] };
    const [row] = await rowsFor({ ...report(), coverage });
    expect(row).toMatchObject({ control: '', accountId: '999988887777', region: 'eu-west-1', message: 'denied' });
  });
});

describe('HTML', () => {
  const page = (trails: readonly TrailReport[], framework = CIS) =>
    [...htmlReport(report(...trails), framework)].join('');
  const view = (source: string) => /<section class="framework"[\s\S]*?<\/section>/.exec(source)?.[0] ?? '';

  test('a section for each control, before everything else', () => {
    const source = page(ESTATE.trails);
    expect([...view(source).matchAll(/<h3>([^<]+)<\/h3>/g)].map(([, id]) => id)).toEqual(['4.5', '4.6', '2.21']);
    expect(source.indexOf('class="framework"')).toBeLessThan(source.indexOf('id="summary"'));
    expect(view([...htmlReport(ESTATE)].join(''))).toBe('');
  });

  test('every trail is a row; of many, those that do not meet the control', () => {
    const rows = (source: string) => (view(source).match(/<tr><th scope="row">/g) ?? []).length;
    expect(rows(page(ESTATE.trails))).toBe(ESTATE.trails.length * CIS.controls.length);
    const many = page([TRAILS.failing, ...Array.from({ length: 200 }, () => TRAILS.compliant)]);
    expect(rows(many)).toBe(1);
    expect(view(many)).toContain('200 more pass or are not applicable');
  });

  test.each([
    [
      'what is open by its message',
      TRAILS.undecided,
      'key-exists: kms:DescribeKey is missing; key-in-bucket-region: no bucket',
    ],
    ['what is excepted by its exception', TRAILS.excepted, `cloudtrail-can-encrypt: ${TRAILS.excepted.annotation}`],
    ['what is met by its checks', trailReport({ findings: [of('key-usable', 'pass')] }), 'key-usable'],
  ])('a row tells %s', (_, trail, said) => {
    const [first = ''] = view(page([trail])).match(/<tr><th scope="row">.*?<\/tr>/) ?? [];
    expect(first).toContain(`<td>${said}</td><td><time datetime="2026-11-20T10:00:00.000Z">`);
  });

  test('hostile text is text', () => {
    const source = view(page([TRAILS.hostile, trailReport({ accountId: HOSTILE, region: HOSTILE })]));
    expect(source).toContain('&lt;script&gt;alert(1)&lt;/script&gt;');
    expect(source).not.toMatch(/<script>alert|[\u202e\u2028\0]/);
  });
});

test('a report repeats with each trail the controls of few frameworks; Security Hub takes 32 of 64 characters', () => {
  const all = controlsOf(CHECKS.map(({ id }) => ({ check: id, status: 'pass' })));
  expect(all.slice(32)).toEqual([{ framework: 'CCE', id: 'CCE-78920-6' }]);
  expect(all.map((one) => Object.keys(one).join())).toEqual(all.map(() => 'framework,id'));
  expect(all.filter(({ framework, id }) => `${framework}/${id}`.length > 64)).toEqual([]);
  expect(all.map(({ framework }) => framework)).not.toContain('C5:2025');
});
