import { spread } from '../../runs.ts';
import { GROUPS } from '../faults/kinds.ts';
import { faulty, PLACES } from '../faults/policies.ts';
import { DENIES } from './denies.ts';
import { planOf, type RepairCase, subjectsOf } from './support.ts';

/** Of policies with one fault, how many the planner fixes, by where the fault is. */
export interface Share {
  readonly group: string;
  readonly fixed: number;
  readonly all: number;
  /** Nobody can write a policy any more, so that there is nothing to fix it with: not counted in `all`. */
  readonly lockedOut: number;
  /** Why the others are left to a person. */
  readonly reasons: readonly string[];
  /** Every policy of the group was looked at: in `npm test` a few are. */
  readonly isWhole: boolean;
}

/**
 * Every kind of fault, in one partition after the other.
 *
 * @param shift the partition of the first
 */
export function repairShares(shift = 0): readonly Share[] {
  const table = Object.entries(GROUPS).map(([group, faults]) => {
    const cases = faults.map(({ change }, index) => {
      const at = PLACES[(index + shift) % PLACES.length]!;
      return faulty(at, change(at));
    });
    return shareOf(group, cases, 6);
  });
  const shares = [
    ...table,
    shareOf(
      'Deny, by what it was meant for',
      DENIES.map(({ given }) => given),
      28,
    ),
  ];
  return [...shares, { ...sum(shares), group: 'all' }];
}

function shareOf(group: string, cases: readonly RepairCase[], few: number): Share {
  const some = spread(cases, few);
  return { ...sum(some.map((one) => ofOne(group, one))), group, isWhole: some.length === cases.length };
}

function ofOne(group: string, given: RepairCase): Share {
  const nothing = { group, fixed: 0, all: 1, lockedOut: 0, reasons: [], isWhole: true };
  const { status, work, reason } = planOf(given);
  if (status === 'repaired' && work?.fixes.includes('cloudtrail-can-encrypt')) return { ...nothing, fixed: 1 };
  const isLockedOut = subjectsOf(given).some(({ findings }) =>
    findings.some(({ check, status }) => check === 'key-administrable' && status === 'fail'),
  );
  return isLockedOut ? { ...nothing, all: 0, lockedOut: 1 } : { ...nothing, reasons: [reason ?? ''] };
}

const sum = (shares: readonly Share[]): Omit<Share, 'group'> => ({
  fixed: total(shares, ({ fixed }) => fixed),
  all: total(shares, ({ all }) => all),
  lockedOut: total(shares, ({ lockedOut }) => lockedOut),
  reasons: shares.flatMap(({ reasons }) => reasons),
  isWhole: shares.every(({ isWhole }) => isWhole),
});

const total = (shares: readonly Share[], count: (share: Share) => number): number =>
  shares.reduce((all, share) => all + count(share), 0);
