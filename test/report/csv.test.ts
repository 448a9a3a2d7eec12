import { parse } from 'csv-parse/sync';
import { csvReport } from '../../src/report/csv.ts';
import { printable } from '../../src/report/printable.ts';
import type { TrailReport } from '../../src/report/report.ts';
import { ESTATE, HOSTILE, IN_TEMPLATE, TRAILS, textOf } from './estate.ts';
import { finding, report, trailReport } from './example.ts';

type Row = Readonly<Record<string, string>>;
const textFor = (...trails: readonly TrailReport[]) => textOf(csvReport(report(...trails)));
const rowsFor = async (...trails: readonly TrailReport[]): Promise<readonly Row[]> =>
  parse(await textFor(...trails), { columns: true, record_delimiter: '\r\n' });

test('one row a trail and check, none left out', async () => {
  const rows = await rowsFor(...ESTATE.trails);
  const expected = ESTATE.trails.flatMap((trail) => trail.findings.map(({ check, status }) => [check, status]));
  expect(rows.map(({ check, status }) => [check, status])).toEqual(expected);
});

test('a report without trails is a header', async () => {
  expect(await rowsFor()).toEqual([]);
  expect(await textFor()).toMatch(/^accountId,region,trailArn,.*\r\n$/);
});

test('what a row says', async () => {
  const [row] = await rowsFor(TRAILS.failing);
  expect(row).toMatchObject({
    accountId: '111122223333',
    trailArn: 'arn:aws:cloudtrail:us-east-1:111122223333:trail/main',
    complianceType: 'NON_COMPLIANT',
    check: 'cloudtrail-can-encrypt',
    status: 'fail',
    severity: 'CRITICAL',
    statements: 'AllowEncrypt',
  });
});

test('what was not read, and accounts without a trail, are rows without a check', async () => {
  const place = { region: 'eu-west-1', status: 'failed', trails: null, reason: 'denied' } as const;
  const empty = { region: 'eu-west-1', status: 'read', trails: 0, reason: null } as const;
  const accounts = [
    { accountId: '111122223333', name: 'prod', regions: [place] },
    { accountId: '444455556666', name: null, regions: [empty] },
  ];
  const rows = parse(await textOf(csvReport({ ...report(TRAILS.undecided), coverage: { accounts } })), {
    columns: true,
  });
  expect(rows).toMatchObject([
    {
      accountId: '111122223333',
      accountName: 'prod',
      region: 'eu-west-1',
      status: 'failed',
      message: 'denied',
      check: '',
    },
    { accountId: '444455556666', region: '', status: 'without a trail', check: '' },
    { standing: 'undecided', check: 'key-exists', factsAt: '2026-11-20T10:00:00.000Z', toolVersion: '1.2.3' },
    { standing: 'undecided', check: 'key-in-bucket-region' },
  ]);
});

test('a trail of a template has its place', async () => {
  const [row] = await rowsFor(IN_TEMPLATE);
  expect(row).toMatchObject({
    accountId: '',
    address: 'Trail',
    file: 'infra/my template.yaml',
    line: '12',
    column: '5',
  });
});

test.each([
  ['a formula', '=1+1', "'=1+1"],
  ['a sum', '+1', "'+1"],
  ['a difference', '-1', "'-1"],
  ['a macro', '@SUM(A1)', "'@SUM(A1)"],
  ['a full-width formula', '＝1+1', "'＝1+1"],
  ['a formula behind a space', ' =1+1', "' =1+1"],
  ['a formula behind a tab', '\t=1+1', '\\u{9}=1+1'],
  ['a formula behind an invisible character', '\u200b=1+1', '\\u{200b}=1+1'],
  ['a formula behind a line break', 'a\n=1', 'a\\u{a}=1'],
  ['a formula where semicolons separate cells', 'a; =1+1;-1', "a;' =1+1;'-1"],
  ['a semicolon before a text', 'a; b', 'a; b'],
  ['a space before a text', ' text', ' text'],
  ['quotes and commas', 'a "b", c', 'a "b", c'],
  ['an equals sign in between', 'a=b', 'a=b'],
  ['several lines', 'a\r\nb\nc', 'a\\u{d}\\u{a}b\\u{a}c'],
])('%s', async (_, message, expected) => {
  const [row] = await rowsFor(trailReport({ findings: [finding({ message })] }));
  expect(row?.message).toBe(expected);
});

test('hostile text stays in its field', async () => {
  const rows = await rowsFor(TRAILS.hostile, TRAILS.compliant);
  // The parser reads UTF-8, where half a character has no place.
  expect(rows[0]?.message).toBe(`'${printable(HOSTILE).replace('\ud800', '\ufffd')}`);
  expect(rows).toHaveLength(1 + TRAILS.compliant.findings.length);
});
