import type { Coverage } from '../report/coverage.ts';
import type { ReportAbout } from '../report/report.ts';
import { type RuleParameters, writeParameters } from '../rule/parameters.ts';
import { version } from './version.ts';

interface About {
  readonly evaluatedAt: Date;
  readonly factsAt: Date | null;
  readonly parameters: RuleParameters;
  readonly coverage: Coverage | null;
}

/** What a report of this command line tells of itself. */
export const reportAbout = ({ evaluatedAt, factsAt, parameters, coverage }: About): ReportAbout => ({
  tool: { name: 'cloudtrail-kms-rule', version },
  evaluatedAt: evaluatedAt.toISOString(),
  factsAt: factsAt?.toISOString() ?? null,
  parameters: writeParameters(parameters),
  coverage,
});
