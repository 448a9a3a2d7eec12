// Slow: `npm run quick` leaves it out.
import { readFileSync } from 'node:fs';
import { someOf } from '../../runs.ts';
import { FAULTS } from '../faults/kinds.ts';
import { DENIES } from './denies.ts';
import { repairShares, type Share } from './shares.ts';

const shares = repairShares();

test('the share of failing policies that the planner fixes is what the page says', () => {
  const rows = shares
    .filter(({ isWhole }) => isWhole)
    .map(({ group, fixed, all, lockedOut }) => `| ${group} | ${fixed} of ${all} | ${all - fixed} | ${lockedOut} |`);
  expect(rows.length).toBeGreaterThan(0);
  const page = readFileSync('docs/verification.md', 'utf8');
  const sizes = [`${FAULTS.length} kinds in each partition`, `${DENIES.length / 2} Denies behind two`];
  expect([...sizes, ...rows].filter((row) => !page.includes(row))).toEqual([]);
});

test('what is left to a person is left with a reason', () => {
  expect(shares.map(({ fixed, reasons }) => fixed + reasons.length)).toEqual(shares.map(({ all }) => all));
  expect(shares.flatMap(({ reasons }) => reasons).filter((reason) => reason === '')).toEqual([]);
});

test('every fault in an Allow statement is fixed, and of Denies at least 40 of 42', () => {
  const left = shares.filter(({ fixed, all }) => fixed < all).map(({ group }) => group);
  const isWhole = shares.every((share) => share.isWhole);
  const known = ['Deny', 'Deny, by what it was meant for', 'all'];
  expect(left).toEqual(known.filter((group) => isWhole || left.includes(group)));
  const denies = shares.find(({ group }) => group === 'Deny, by what it was meant for')!;
  expect(denies.fixed / denies.all).toBeGreaterThanOrEqual(40 / 42);
  // What is fixed in one partition is fixed in every other.
  const counts = (all: readonly Share[]) => all.map(({ group, fixed, lockedOut }) => [group, fixed, lockedOut]);
  for (const shift of someOf([1, 2, 3, 4, 5], 0)) expect(counts(repairShares(shift))).toEqual(counts(shares));
});
