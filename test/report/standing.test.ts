import { STANDING_METRICS } from '../../src/handlers/shared/metrics.ts';
import { findingsOf } from '../../src/handlers/shared/securityHub.ts';
import { asffFinding } from '../../src/report/asff.ts';
import { jsonReport } from '../../src/report/json.ts';
import { junitReport } from '../../src/report/junit.ts';
import { ocsfReport } from '../../src/report/ocsf.ts';
import { sarifReport } from '../../src/report/sarif.ts';
import { trailReport } from '../../src/report/trailReport.ts';
import type { Standing, TrailVerdict } from '../../src/rule/evaluate/evaluation.ts';
import { verdictOf } from '../../src/rule/evaluate/verdict.ts';
import { parseExceptions } from '../../src/rule/exceptions/exceptions.ts';
import { parseParameters } from '../../src/rule/parameters.ts';
import type { Finding } from '../../src/trail/finding.ts';
import { finding, trailFacts, trailNamed } from '../rule/facts.ts';
import { textOf } from './estate.ts';
import { report } from './example.ts';

const AT = new Date('2026-11-20T10:00:00Z');
const encrypt = (status: Finding['status']) =>
  finding({ check: 'cloudtrail-can-encrypt', severity: 'CRITICAL', status });
const undecided = encrypt('unknown');
const lesser = finding({ check: 'readers-bounded', severity: 'MEDIUM', status: 'fail' });

function verdictOn(findings: readonly Finding[], parameters: object = {}): TrailVerdict {
  const exception = { trailArn: '*', checks: ['key-usable'], owner: 'a', reason: 'b', expires: '2026-12-31' };
  const exceptions = parseExceptions(JSON.stringify({ version: 1, exceptions: [exception] }), AT);
  return verdictOf(trailFacts(trailNamed('main'), AT), null, findings, parseParameters(parameters), exceptions);
}

/** What each standing comes to downstream, whatever is said about it. */
const ROWS: readonly (readonly [Standing, string, TrailVerdict, object])[] = [
  [
    'compliant',
    'with a lesser failure',
    verdictOn([lesser]),
    { metric: 'Compliant', asff: 'PASSED', record: 'ARCHIVED', ocsf: 'New', junit: 'failure', isInSarif: true },
  ],
  [
    'non-compliant',
    'with an unknown check beside the failure',
    verdictOn([encrypt('fail'), finding({ check: 'key-exists', severity: 'CRITICAL', status: 'unknown' })]),
    { metric: 'NonCompliant', asff: 'FAILED', record: 'ACTIVE', ocsf: 'New', junit: 'failure', isInSarif: true },
  ],
  [
    'undecided',
    'and not accepted',
    verdictOn([undecided, lesser]),
    { metric: 'Undecided', asff: 'WARNING', record: 'ACTIVE', ocsf: 'New', junit: 'error', isInSarif: true },
  ],
  [
    'undecided',
    'and accepted',
    verdictOn([undecided, lesser], { whenUndecided: 'COMPLIANT' }),
    { metric: 'Undecided', asff: 'WARNING', record: 'ACTIVE', ocsf: 'New', junit: 'skipped', isInSarif: true },
  ],
  [
    'excepted',
    'as not applicable',
    verdictOn([finding({ check: 'key-usable', severity: 'CRITICAL', status: 'fail' })]),
    {
      metric: 'Excepted',
      asff: 'NOT_AVAILABLE',
      record: 'ACTIVE',
      ocsf: 'Suppressed',
      junit: 'skipped',
      isInSarif: false,
    },
  ],
  [
    'excepted',
    'as compliant',
    verdictOn([finding({ check: 'key-usable', severity: 'CRITICAL', status: 'fail' })], {
      exceptedVerdict: 'COMPLIANT',
    }),
    {
      metric: 'Excepted',
      asff: 'NOT_AVAILABLE',
      record: 'ACTIVE',
      ocsf: 'Suppressed',
      junit: 'skipped',
      isInSarif: false,
    },
  ],
];

const WORDINGS = [null, '', 'in other words', 'UNDECIDED: nothing is known', 'EXCEPTED until 2099-12-31 by nobody'];

describe.each(ROWS)('a trail that is %s, %s', (standing, _, verdict, expected) => {
  test('has that standing', () => expect(verdict.standing).toBe(standing));

  test.each(WORDINGS)('comes to the same when it is told as %j', async (said) => {
    expect(await downstream(said === null ? verdict : told(verdict, said))).toEqual(expected);
  });
});

/** The same verdict in other words. */
const told = (verdict: TrailVerdict, said: string): TrailVerdict => ({
  ...verdict,
  annotation: said,
  findings: verdict.findings.map((one) => ({ ...one, message: said, remedy: [[{ do: 'ask-support' }]] })),
});

async function downstream(verdict: TrailVerdict): Promise<object> {
  const trail = trailReport(verdict);
  const home = { partition: 'aws', region: 'us-east-1', accountId: '111122223333' };
  const [imported] = findingsOf([verdict], { home, excluded: [], now: AT });
  const { Compliance, RecordState } = asffFinding(trail, { observedAt: AT, version: '1.2.3' });
  expect(imported).toMatchObject({ Compliance: { Status: Compliance.Status }, RecordState });
  const [event] = JSON.parse(await textOf(ocsfReport(report(trail))));
  const { results } = JSON.parse(await textOf(sarifReport(report(trail)))).runs[0];
  const json = JSON.parse(await textOf(jsonReport(report(trail))));
  expect(json.trails[0].standing).toBe(verdict.standing);
  return {
    metric: STANDING_METRICS[verdict.standing],
    asff: Compliance.Status,
    record: RecordState,
    ocsf: event.status,
    junit: /<(failure|error|skipped) /.exec([...junitReport(report(trail))].join(''))?.[1],
    isInSarif: results.length > 0,
  };
}
