import type { Framework } from '../trail/frameworks.ts';
import { entriesOf, type ReportStream } from './build.ts';
import { controlResult } from './controlStatus.ts';
import { csvLine, placesWithoutTrails } from './csv.ts';
import type { TrailReport } from './report.ts';

const HEADER = [
  'framework',
  'control',
  'accountId',
  'accountName',
  'region',
  'trailArn',
  'kmsKeyArn',
  'address',
  'status',
  'standing',
  'checks',
  'message',
  'evidenceAt',
  'evaluatedAt',
  'toolVersion',
] as const;

type Row = Readonly<Partial<Record<(typeof HEADER)[number], string | undefined>>>;

/**
 * A view by framework as comma-separated values: one row for each of its controls and each trail.
 *
 * Places that were not read, and accounts without a trail, are rows of their own, without a control.
 */
export async function* frameworkCsv(report: ReportStream, framework: Framework): AsyncGenerator<string> {
  const { evaluatedAt, tool, factsAt } = report;
  const about = { framework: framework.name, evaluatedAt, toolVersion: tool.version };
  const line = (row: Row): string => csvLine(HEADER.map((name) => ({ ...row, ...about })[name] ?? ''));
  yield csvLine(HEADER);
  for (const { accountId, accountName, region, status, message } of placesWithoutTrails(report))
    yield line({ accountId, accountName, region, status, message });
  for await (const trail of entriesOf(report)) {
    // The controls are about trails and their keys.
    if (trail.eventDataStoreArn !== undefined) continue;
    for (const control of framework.controls) {
      const { status, checks, reason, evidenceAt } = controlResult(control, trail, factsAt);
      const decided = { control: control.id, status, checks: checks.join(' '), message: reason };
      yield line({ ...placeOf(trail), ...decided, evidenceAt: evidenceAt ?? '' });
    }
  }
}

const placeOf = ({ accountId, accountName, region, trailArn, kmsKeyArn, address, standing }: TrailReport): Row => ({
  accountId: accountId ?? '',
  accountName: accountName ?? '',
  region: region ?? '',
  trailArn: trailArn ?? '',
  kmsKeyArn: kmsKeyArn ?? '',
  address: address ?? '',
  standing,
});
