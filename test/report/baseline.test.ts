import { againstBaseline, type Baseline, parseBaseline } from '../../src/report/baseline.ts';
import { collectReport } from '../../src/report/build.ts';
import type { TrailReport } from '../../src/report/report.ts';
import { finding, report, trailReport } from './example.ts';

const passing = trailReport({
  standing: 'compliant',
  complianceType: 'COMPLIANT',
  findings: [finding({ status: 'pass' })],
});
const failing = trailReport();
const worse = trailReport({ findings: [finding(), finding({ check: 'public-excluded' })] });
const undecided = trailReport({ standing: 'undecided', findings: [finding({ status: 'unknown' })] });
const openGrants = trailReport({
  standing: 'non-compliant',
  findings: [finding(), finding({ check: 'grants-bounded', status: 'unknown' })],
});
const IN_FILE = { address: 'Trail', location: { file: 'a.yaml', line: 1, column: 1 }, trailArn: null };

const baselineOf = (...trails: readonly TrailReport[]): Baseline => {
  const baseline = parseBaseline(JSON.parse(JSON.stringify(report(...trails))));
  if (baseline === null) throw new Error('no baseline');
  return baseline;
};

test.each<[string, TrailReport | null, TrailReport, string]>([
  ['fails, and did not', passing, failing, 'new'],
  ['fails, and was not there', null, failing, 'new'],
  ['fails by one check more', failing, worse, 'new'],
  ['fails by one check less', worse, failing, 'unchanged'],
  ['fails as before', failing, failing, 'unchanged'],
  ['fails as before, and something else is not known', failing, openGrants, 'unchanged'],
  ['is undecided, and passed', passing, undecided, 'new'],
  ['is undecided by the check that failed', failing, undecided, 'unchanged'],
  ['fails by the check that was not known', undecided, failing, 'new'],
  ['is undecided as before', undecided, undecided, 'unchanged'],
  ['passes, and failed', failing, passing, 'fixed'],
  ['passes, and was undecided', undecided, passing, 'fixed'],
  ['is excepted, and failed', failing, { ...failing, standing: 'excepted' }, 'unchanged'],
  ['passes as before', passing, passing, 'unchanged'],
  ['passes, and was not there', null, passing, 'unchanged'],
  ['of a file: fails as before', { ...failing, ...IN_FILE }, { ...failing, ...IN_FILE }, 'unchanged'],
  [
    'of a file: the same address in another file fails',
    { ...failing, ...IN_FILE },
    { ...failing, ...IN_FILE, location: { ...IN_FILE.location, file: 'b.yaml' } },
    'new',
  ],
])('a trail that %s', async (_, before, now, change) => {
  const stream = againstBaseline(report(now), baselineOf(...(before === null ? [] : [before])));
  expect((await collectReport(stream)).trails[0]?.change).toBe(change);
});

test('what has changed in all, each time that the report is written', async () => {
  const [one, two, three] = ['one', 'two', 'three'].map((trailArn) => ({ trailArn }));
  const before = baselineOf({ ...failing, ...one }, { ...failing, ...two }, { ...passing, ...three });
  const stream = againstBaseline(report({ ...passing, ...two }, { ...failing, ...three }), before);
  const expected = { since: '2026-11-20T10:00:00.000Z', new: 1, fixed: 1, unchanged: 0, gone: ['one'] };
  expect((await collectReport(stream)).changes).toEqual(expected);
  expect((await collectReport(stream)).changes).toEqual(expected);
});

test('keys that no trail uses', () => {
  const key = { ...failing, ...IN_FILE, address: 'Key' };
  const baseline = parseBaseline(JSON.parse(JSON.stringify({ ...report(), keys: [key] })));
  const { keys } = againstBaseline({ ...report(), keys: [key, { ...key, address: 'Other' }] }, baseline as Baseline);
  expect(keys?.map(({ change }) => change)).toEqual(['unchanged', 'new']);
});

test.each([null, [], {}, { version: 2, trails: [] }, { version: 1 }, { version: 1, trails: [{ trailArn: 'a' }] }])(
  '%j is no report',
  (document) => {
    expect(parseBaseline(document)).toBeNull();
  },
);

test('a report of an earlier release is one', () => {
  const { trails, version, summary } = report(failing);
  expect(parseBaseline({ trails, version, summary })?.at).toBeNull();
});

describe('the lines of a run of the central evaluation', () => {
  const head = { version: 1, run: 'r', factsAt: null };
  const line = (trail: object, evaluatedAt = '2026-11-20T10:00:00.000Z') => ({ ...head, evaluatedAt, ...trail });
  const without = { trailArn: failing.trailArn, standing: null, reason: 'throttled' };
  const LATER = '2026-11-20T10:05:00.000Z';

  test.each<[string, readonly object[], string]>([
    ['in the order of attempts', [line(failing), line(passing, LATER)], 'new'],
    ['in another order', [line(passing, LATER), line(failing)], 'new'],
    ['with a trail that had a verdict and then none', [line(failing), line(without, LATER)], 'unchanged'],
    ['with a trail that had no verdict and then one', [line(without), line(failing, LATER)], 'unchanged'],
    ['with a trail that has no verdict', [line(without)], 'new'],
  ])('%s', async (_, lines, change) => {
    const baseline = parseBaseline(lines);
    const stream = againstBaseline(report(failing), baseline as Baseline);
    expect((await collectReport(stream)).trails[0]?.change).toBe(change);
  });
});
