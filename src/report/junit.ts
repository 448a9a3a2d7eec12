import { checkOf } from '../trail/checks/index.ts';
import { besideTrails } from './build.ts';
import { byAccount } from './order.ts';
import { printable } from './printable.ts';
import type { Report, ReportFinding, TrailReport } from './report.ts';
import { keyName, messageWithRemedy, trailName } from './subject.ts';
import { xmlAttributes, xmlText } from './xml.ts';

/**
 * The report as JUnit XML: a test suite for each account, gravest first, and a test case for each trail and check.
 *
 * A check that fails is a failure, whatever its severity; one that is not applicable or not known is skipped, with the
 * reason. An unknown check that leaves a trail NON_COMPLIANT is an error: nothing was shown. What an exception covers is
 * skipped.
 */
export function* junitReport(report: Report): Generator<string> {
  const suites = [...byAccount([...report.trails, ...besideTrails(report)])].map(([account, trails]) =>
    suiteOf(account, trails),
  );
  const totals = countsOf(suites.flatMap(({ cases }) => cases));
  yield '<?xml version="1.0" encoding="UTF-8"?>\n';
  yield `<testsuites${xmlAttributes({ name: 'cloudtrail-kms', ...totals })}>\n`;
  const about = properties({
    version: report.tool.version,
    evaluatedAt: report.evaluatedAt,
    factsAt: report.factsAt ?? 'unknown',
    ...report.standings,
  });
  for (const { account, cases } of suites) {
    yield `  <testsuite${xmlAttributes({ name: account, ...countsOf(cases) })}>\n${about}`;
    for (const one of cases) yield caseLines(one);
    yield '  </testsuite>\n';
  }
  yield '</testsuites>\n';
}

function properties(values: Readonly<Record<string, string | number>>): string {
  const lines = Object.entries(values).map(([name, value]) => `      <property${xmlAttributes({ name, value })}/>\n`);
  return `    <properties>\n${lines.join('')}    </properties>\n`;
}

interface TestCase {
  readonly trail: TrailReport;
  readonly finding: ReportFinding;
  readonly result: 'passed' | 'failure' | 'error' | 'skipped';
}

const suiteOf = (account: string, trails: readonly TrailReport[]) => ({
  account: account === 'unknown' ? 'unknown account' : `account ${account}`,
  cases: trails.flatMap((trail) =>
    trail.findings.map((finding): TestCase => ({ trail, finding, result: resultOf(trail, finding) })),
  ),
});

function resultOf(trail: TrailReport, { status, check }: ReportFinding): TestCase['result'] {
  switch (status) {
    case 'pass':
      return 'passed';
    case 'not-applicable':
      return 'skipped';
    case 'fail':
      return trail.standing === 'excepted' ? 'skipped' : 'failure';
    case 'unknown':
      return trail.complianceType === 'NON_COMPLIANT' && checkOf(check).isDecisive ? 'error' : 'skipped';
  }
}

function countsOf(cases: readonly TestCase[]): Readonly<Record<string, number>> {
  const count = (wanted: TestCase['result']) => cases.filter(({ result }) => result === wanted).length;
  return {
    tests: cases.length,
    failures: count('failure'),
    errors: count('error'),
    skipped: count('skipped'),
    time: 0,
  };
}

function caseLines({ trail, finding, result }: TestCase): string {
  const place = trail.location === undefined ? {} : { file: trail.location.file, line: trail.location.line };
  const start = `    <testcase${xmlAttributes({ name: finding.check, classname: trailName(trail), time: 0, ...place })}`;
  if (result === 'passed') return `${start}/>\n`;
  return `${start}>\n      ${outcome(trail, finding, result)}\n    </testcase>\n`;
}

function outcome(trail: TrailReport, finding: ReportFinding, result: 'failure' | 'error' | 'skipped'): string {
  if (result === 'skipped') return `<skipped${xmlAttributes({ message: whySkipped(trail, finding) })}/>`;
  const { severity, message } = finding;
  const said = result === 'error' ? `undecided: ${message}` : message;
  return `<${result}${xmlAttributes({ type: severity, message: said })}>${xmlText(detail(trail, finding))}</${result}>`;
}

function whySkipped(trail: TrailReport, { status, check, message }: ReportFinding): string {
  if (status === 'fail') return `${trail.annotation}: ${message}`;
  const isUndecided = status === 'unknown' && trail.standing === 'undecided' && checkOf(check).isDecisive;
  return `${isUndecided ? 'undecided' : status}: ${message}`;
}

function detail(trail: TrailReport, finding: ReportFinding): string {
  const { trailArn, kmsKeyArn, address } = trail;
  const about = [
    ...(address === undefined || trailArn === null ? [] : [`trail: ${trailArn}`]),
    ...[keyName(trail), kmsKeyArn].flatMap((key) => (key === null ? [] : [`key: ${key}`])),
  ];
  return [messageWithRemedy(finding), ...about].map(printable).join('\n');
}
