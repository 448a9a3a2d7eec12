import { createHash } from 'node:crypto';
import { CHECKS } from '../trail/checks/index.ts';
import { entriesOf, type ReportStream } from './build.ts';
import type { ReportAbout, ReportFinding, TrailReport } from './report.ts';
import { LEVELS, sarifRule } from './sarifRules.ts';
import { jsonList, keyName, messageWithRemedy, trailId, trailName } from './subject.ts';

/**
 * The report as a SARIF 2.1.0 log: the checks are its rules, each finding that fails or is not known is a result.
 *
 * A result has the place in the file where `check` supplies one, and always the trail as its logical location.
 */
export function sarifReport(report: ReportStream): AsyncGenerator<string> {
  const { head, tail } = frame(report);
  return jsonList(head, results(report), tail);
}

/** The log around its results. */
function frame({ tool: { version }, evaluatedAt, factsAt }: ReportAbout): {
  readonly head: string;
  readonly tail: string;
} {
  const driver = { name: 'cloudtrail-kms', version, semanticVersion: version, rules: CHECKS.map(sarifRule) };
  const run = {
    tool: { driver },
    columnKind: 'utf16CodeUnits',
    invocations: [{ executionSuccessful: true, endTimeUtc: evaluatedAt }],
    properties: { factsAt },
  };
  const start = { $schema: 'https://json.schemastore.org/sarif-2.1.0.json', version: '2.1.0' };
  return {
    head: `${JSON.stringify(start).slice(0, -1)},"runs":[${JSON.stringify(run).slice(0, -1)},"results":[`,
    tail: '\n]}]}\n',
  };
}

async function* results(report: ReportStream) {
  for await (const trail of entriesOf(report)) {
    for (const finding of trail.findings) {
      if (finding.status === 'fail' || finding.status === 'unknown') yield result(trail, finding);
    }
  }
}

function result(trail: TrailReport, finding: ReportFinding) {
  const { check, status, severity, evidence } = finding;
  const { complianceType, standing, accountId, region, kmsKeyArn, annotation } = trail;
  // A level other than "none" belongs to failures alone (section 3.27.10).
  const grade = status === 'fail' ? { kind: 'fail', level: LEVELS[severity] } : { kind: 'open', level: 'none' };
  return {
    ruleId: check,
    ruleIndex: CHECKS.findIndex(({ id }) => id === check),
    ...grade,
    message: { text: literal(`${about(trail)}${messageWithRemedy(finding)}`) },
    locations: [location(trail)],
    partialFingerprints: { 'trailCheck/v1': fingerprint(trail, finding) },
    ...(trail.standing === 'excepted' ? { suppressions: [{ kind: 'external', justification: annotation }] } : {}),
    properties: { severity, complianceType, standing, accountId, region, kmsKeyArn, ...names(trail), ...evidence },
  };
}

/** A viewer shows a message without its logical location: what stands in a file is named by its author's names. */
function about(trail: TrailReport): string {
  if (trail.address === undefined) return '';
  const key = keyName(trail);
  return `${trailName(trail)}${key === null ? '' : `, key ${key}`}: `;
}

const names = ({ trailArn, address, cdkPath, keyAddress, keyCdkPath }: TrailReport) =>
  address === undefined ? {} : { trailArn, address, cdkPath, keyAddress, keyCdkPath };

function location(trail: TrailReport) {
  const { address, cdkPath } = trail;
  const name = cdkPath ?? address ?? trailId(trail);
  const short = address ?? (name.replace(/^.*[:/]/, '') || name);
  const logicalLocations = [{ name: short, fullyQualifiedName: name, kind: 'resource' }];
  if (trail.location === undefined) return { logicalLocations };
  const { file, line, column } = trail.location;
  const region = { startLine: Math.max(1, line), startColumn: Math.max(1, column) };
  return { physicalLocation: { artifactLocation: { uri: fileUri(file) }, region }, logicalLocations };
}

/** A path as a URI reference: relative paths stay relative, so that they are found in any checkout. */
function fileUri(path: string): string {
  const slashed = path.replaceAll('\\', '/');
  const encoded = slashed.split('/').map(encodeURIComponent).join('/');
  if (/^[A-Za-z]:\//.test(slashed)) return `file:///${slashed.slice(0, 2)}${encoded.slice(encoded.indexOf('/'))}`;
  return slashed.startsWith('/') ? `file://${encoded}` : encoded.replace(/^(?:\.\/)+/, '');
}

/** Stays the same when lines move, messages are worded anew or another trail comes before this one. */
function fingerprint(trail: TrailReport, { check }: ReportFinding): string {
  const place = trail.location === undefined ? [] : [trail.location.file, trail.address];
  const identity = JSON.stringify([check, trailId(trail), ...place]);
  return createHash('sha256').update(identity).digest('hex');
}

/** Brackets before a parenthesis would be taken for a link (section 3.11.6). */
const literal = (text: string): string => text.replace(/\[(?=[^\]]*\]\()/g, '\\[');
