import type { CheckId } from '../../trail/finding.ts';
import type { ComplianceType, Standing, Verdict } from './evaluation.ts';

/** How many verdicts came to what. What nothing came to is left out, but for the compliance types. */
export interface Tally {
  readonly complianceTypes: Readonly<Record<ComplianceType, number>>;
  readonly standings: CountsBy<Standing>;
  /** Trails by check. */
  readonly failed: CountsBy<CheckId>;
  readonly unknown: CountsBy<CheckId>;
}

export type CountsBy<Name extends string> = Readonly<Partial<Record<Name, number>>>;

export const NO_TALLY: Tally = {
  complianceTypes: { COMPLIANT: 0, NON_COMPLIANT: 0, NOT_APPLICABLE: 0 },
  standings: {},
  failed: {},
  unknown: {},
};

export function tallyOf(verdicts: readonly Verdict[]): Tally {
  const checks = (wanted: 'fail' | 'unknown') =>
    verdicts.flatMap(({ findings }) => findings.filter(({ status }) => status === wanted).map(({ check }) => check));
  return {
    complianceTypes: { ...NO_TALLY.complianceTypes, ...counted(verdicts.map(({ complianceType }) => complianceType)) },
    standings: counted(verdicts.map(({ standing }) => standing)),
    failed: counted(checks('fail')),
    unknown: counted(checks('unknown')),
  };
}

/** The tally of all verdicts together. */
export const sumOf = (tallies: readonly Tally[]): Tally =>
  tallies.reduce(
    (sum, tally) => ({
      complianceTypes: added(sum.complianceTypes, tally.complianceTypes),
      standings: added(sum.standings, tally.standings),
      failed: added(sum.failed, tally.failed),
      unknown: added(sum.unknown, tally.unknown),
    }),
    NO_TALLY,
  );

function counted<Name extends string>(names: readonly Name[]): CountsBy<Name> {
  const counts: Partial<Record<Name, number>> = {};
  for (const name of names) counts[name] = (counts[name] ?? 0) + 1;
  return counts;
}

function added<C extends CountsBy<string>>(one: C, other: C): C {
  const sum: Record<string, number> = { ...(one as CountsBy<string>) } as Record<string, number>;
  for (const [name, times] of Object.entries(other)) sum[name] = (sum[name] ?? 0) + (times ?? 0);
  return sum as C;
}
