import { parse, type TestCase, type TestSuites } from 'junit2json';
import { junitReport } from '../../src/report/junit.ts';
import { printable } from '../../src/report/printable.ts';
import type { TrailReport } from '../../src/report/report.ts';
import { ESTATE, HOSTILE, IN_TEMPLATE, TRAILS } from './estate.ts';
import { report } from './example.ts';

const xmlOf = (...trails: readonly TrailReport[]) => [...junitReport(report(...trails))].join('');

async function suitesOf(...trails: readonly TrailReport[]): Promise<TestSuites> {
  const parsed = await parse(xmlOf(...trails));
  if (parsed === null || parsed === undefined || !('testsuite' in parsed)) return { testsuite: [] } as TestSuites;
  return parsed as TestSuites;
}

const casesOf = async (...trails: readonly TrailReport[]): Promise<readonly TestCase[]> =>
  ((await suitesOf(...trails)).testsuite ?? []).flatMap(({ testcase }) => testcase ?? []);

const resultOf = (one: TestCase | undefined) =>
  one?.failure ? 'failure' : one?.error ? 'error' : one?.skipped ? 'skipped' : 'passed';

test('a suite an account, a case a trail and check', async () => {
  const { testsuite = [] } = await suitesOf(...ESTATE.trails);
  expect(testsuite.map(({ name }) => name)).toEqual(['account 111122223333', 'account 444455556666']);
  const cases = await casesOf(...ESTATE.trails);
  expect(cases).toHaveLength(ESTATE.trails.flatMap(({ findings }) => findings).length);
});

test('the counts are those of the cases', async () => {
  const { testsuite = [], ...totals } = await suitesOf(...ESTATE.trails);
  const sum = (all: readonly TestCase[]) => ({
    tests: all.length,
    failures: all.filter((one) => resultOf(one) === 'failure').length,
    errors: all.filter((one) => resultOf(one) === 'error').length,
  });
  for (const suite of testsuite) expect(suite).toMatchObject(sum(suite.testcase ?? []));
  expect(totals).toMatchObject(sum(testsuite.flatMap(({ testcase }) => testcase ?? [])));
});

test.each<[string, TrailReport, number, string]>([
  ['a failed check', TRAILS.failing, 0, 'failure'],
  ['a failed check of low severity', TRAILS.failing, 2, 'failure'],
  ['an unknown decisive check that decides', TRAILS.undecided, 0, 'error'],
  ['an unknown check that decides nothing', TRAILS.undecided, 1, 'skipped'],
  [
    'an unknown decisive check of a trail that is compliant all the same',
    { ...TRAILS.undecided, complianceType: 'COMPLIANT' },
    0,
    'skipped',
  ],
  ['a check that is not applicable', TRAILS.failing, 4, 'skipped'],
  ['a check that passes', TRAILS.failing, 5, 'passed'],
  ['a failed check of an excepted trail', TRAILS.excepted, 0, 'skipped'],
])('%s', async (_, trail, index, expected) => {
  expect(resultOf((await casesOf(trail))[index])).toBe(expected);
});

test('a failure says what is wrong and what to do', async () => {
  const [one] = await casesOf(TRAILS.failing);
  expect(one).toMatchObject({ name: 'cloudtrail-can-encrypt', classname: TRAILS.failing.trailArn });
  expect(one?.failure?.[0]).toMatchObject({
    type: 'CRITICAL',
    message: 'statement `AllowEncrypt`: aws:SourceArn is another trail',
  });
  expect(one?.failure?.[0]?.inner).toContain('correct the condition');
});

test('hostile text loads, its controls shown, without what XML cannot hold', async () => {
  const [one] = await casesOf(TRAILS.hostile);
  expect(one?.failure?.[0]?.message).toBe(printable(HOSTILE).replace('\ud800', ''));
  expect(xmlOf(TRAILS.hostile)).not.toContain('<script');
});

test('a case in a template has its file and line', () => {
  expect(xmlOf(IN_TEMPLATE)).toContain('classname="Trail" time="0" file="infra/my template.yaml" line="12"');
});

test('a report without trails loads', async () => {
  expect((await suitesOf()).testsuite ?? []).toEqual([]);
  expect(xmlOf()).toContain(
    '<testsuites name="cloudtrail-kms" tests="0" failures="0" errors="0" skipped="0" time="0">',
  );
});
