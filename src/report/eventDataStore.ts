import { checkOf } from '../trail/checks/index.ts';
import { appliesToEventDataStores, OF_EVENT_DATA_STORES } from '../trail/eventDataStore.ts';
import type { ReportedTrail, ReportFinding, TrailReport } from './report.ts';

/** An event data store, which was evaluated as a trail, as itself: what says nothing of it is left out. */
export function eventDataStoreReport({
  explain: _,
  trailArn: eventDataStoreArn,
  ...report
}: ReportedTrail): TrailReport {
  const { address = eventDataStoreArn ?? '' } = report;
  const findings = report.findings.filter(({ check }) => appliesToEventDataStores(check)).map(withRemedy);
  return { trailArn: null, eventDataStoreArn, ...report, address, findings, controls: [] };
}

/** The document of a check speaks of trails where it has no words for event data stores; what a permission settles is told by it. */
const withRemedy = (finding: ReportFinding): ReportFinding =>
  finding.missingPermission === undefined && (finding.status === 'fail' || finding.status === 'unknown')
    ? { ...finding, remediation: (OF_EVENT_DATA_STORES[finding.check] ?? checkOf(finding.check)).remediation }
    : finding;
