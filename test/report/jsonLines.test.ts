import { parseBaseline } from '../../src/report/baseline.ts';
import { jsonLines } from '../../src/report/jsonLines.ts';
import type { Report } from '../../src/report/report.ts';
import { ESTATE, IN_TEMPLATE, TRAILS, textOf } from './estate.ts';
import { report } from './example.ts';

type Line = Readonly<Record<string, unknown>>;

async function linesOf(whole: Report): Promise<readonly Line[]> {
  const text = await textOf(jsonLines(whole));
  expect(text === '' || text.endsWith('\n')).toBe(true);
  return text
    .split('\n')
    .slice(0, -1)
    .map((line) => JSON.parse(line));
}

const KEY_ALONE = { ...IN_TEMPLATE, address: 'Key', keyAddress: 'Key' };

test('a line a trail, and one a key alone, with its members of the JSON report', async () => {
  const whole = { ...ESTATE, keys: [KEY_ALONE] };
  const { trails, keys } = JSON.parse(JSON.stringify(whole));
  const lines = await linesOf(whole);
  expect(lines).toEqual([...trails, ...keys].map((entry) => expect.objectContaining(entry)));
});

test('each line stands alone: version, run, tool, times, coverage', async () => {
  const place = { region: 'eu-west-1', status: 'failed', trails: null, reason: 'no' } as const;
  const regions = [place, { ...place, status: 'read', trails: 1 }] as const;
  const coverage = { accounts: [{ accountId: '111122223333', name: null, regions }] };
  const [line] = await linesOf({ ...report(TRAILS.failing), coverage });
  expect(line).toMatchObject({
    version: 1,
    tool: { name: 'cloudtrail-kms-rule', version: '1.2.3' },
    evaluatedAt: '2026-11-20T12:00:00.000Z',
    factsAt: '2026-11-20T10:00:00.000Z',
    coverage: { accounts: 1, read: 1, unread: 1 },
  });
});

test.each<[string, Partial<Report>, boolean]>([
  ['the same', {}, true],
  ['a later one', { evaluatedAt: '2026-11-20T12:00:01.000Z' }, false],
  ['one of other facts', { factsAt: null }, false],
  ['one with other parameters', { parameters: {} }, false],
])('a run has an id of its own: %s', async (_, over, isSame) => {
  const runs = [...(await linesOf(ESTATE)), ...(await linesOf({ ...ESTATE, ...over }))].map(({ run }) => run);
  expect(runs[0]).toMatch(/^[0-9a-f]{32}$/);
  expect(new Set(runs).size).toBe(isSame ? 1 : 2);
});

test('no trails, no lines', async () => {
  expect(await linesOf(report())).toEqual([]);
});

test.each<[string, Report]>([
  ['one trail', report(TRAILS.failing)],
  ['trails of every kind', ESTATE],
  ['a key alone', { ...report(IN_TEMPLATE), keys: [KEY_ALONE] }],
])('%s: a baseline of its lines is that of the report', async (_, whole) => {
  expect(parseBaseline(await linesOf(whole))).toEqual(parseBaseline(JSON.parse(JSON.stringify(whole))));
});

test.each<[string, unknown]>([
  ['no lines', []],
  ['lines of something else', [{ version: 1 }]],
  ['one line that is not a trail', [{ version: 1, standing: 'compliant', findings: [] }, 'x']],
  ['another version', [{ version: 2, standing: 'compliant', findings: [] }]],
])('%s: no baseline', (_, document) => expect(parseBaseline(document)).toBeNull());
