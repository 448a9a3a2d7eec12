// Slow: `npm run quick` leaves it out.
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Report } from '../../src/report/report.ts';
import { cli } from '../cli/support.ts';

interface GeneratedCase {
  readonly name: string;
  readonly input: string;
  readonly args?: readonly string[];
  readonly address: string;
  readonly standing: string;
  readonly fails: readonly string[];
}

const FOLDER = 'test/cases/iac';
const FILES = globSync('generated/*.json', { cwd: FOLDER }).sort();
const CASES = FILES.flatMap((file) => JSON.parse(readFileSync(join(FOLDER, file), 'utf8')) as readonly GeneratedCase[]);
const runOf = ({ input, args = [] }: GeneratedCase): string => [input, ...args].join(' ');

/** A run says all of the rows that it is asked for. */
const known = new Map<string, Promise<{ readonly code: number; readonly report: Report }>>();
function checked(row: GeneratedCase) {
  const run = known.get(runOf(row)) ?? check(row);
  known.set(runOf(row), run);
  return run;
}

async function check({ input, args = [] }: GeneratedCase) {
  const { code, stdout, stderr } = await cli(['check', join(FOLDER, input), '--format', 'json', ...args]);
  if (code > 1) throw new Error(stderr);
  return { code, report: JSON.parse(stdout) as Report };
}

const nameOf = ({ cdkPath, address = '' }: Report['trails'][number]): string => cdkPath ?? address;
const entriesOf = ({ trails, keys = [] }: Report) => [...trails, ...keys];

test.each(CASES.map((row) => [`${row.input}, ${row.address}: ${row.name}`, row] as const))('%s', async (_, row) => {
  const { report } = await checked(row);
  const found = entriesOf(report).filter((one) => nameOf(one) === row.address);
  expect(
    found.map(({ standing, findings }) => ({
      standing,
      fails: findings.filter(({ status }) => status === 'fail').map(({ check: id }) => id),
    })),
  ).toEqual([{ standing: row.standing, fails: row.fails }]);
});

test.each([...new Map(CASES.map((row) => [runOf(row), row]))])('%s: nothing is missed', async (run, row) => {
  const { code, report } = await checked(row);
  const expected = CASES.filter((one) => runOf(one) === run);
  expect(entriesOf(report).map(nameOf).sort()).toEqual(expected.map(({ address }) => address).sort());
  expect(code).toBe(expected.some(({ standing }) => standing === 'non-compliant') ? 1 : 0);
});
