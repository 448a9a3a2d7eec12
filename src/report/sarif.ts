import { createHash } from 'node:crypto';
import { CHECKS } from '../trail/checks/index.ts';
import { emptyCounts, entriesOf, type ReportStream } from './build.ts';
import type { ReportAbout, ReportFinding, TrailReport } from './report.ts';
import { LEVELS, sarifRule } from './sarifRules.ts';
import { jsonList, keyName, messageWithRemedy, trailId, trailName } from './subject.ts';

/** Code scanning refuses a file with more of them (GitHub, SARIF support for code scanning). */
export const MOST_RESULTS = 25_000;

const leftOut = (failures: number): string =>
  `SARIF leaves out ${failures} of the failures, since code scanning takes no more than ${MOST_RESULTS} at once`;

/**
 * The report as a SARIF 2.1.0 log: the checks are its rules, each finding that fails is a result, unless it is excepted.
 *
 * A result has a place in a file, since code scanning shows no other one (GitHub, SARIF support for code scanning): where
 * the trail is declared, or else the snapshot, or else a path made of account, Region and name. The trail is its logical
 * location.
 */
export async function* sarifReport(
  report: ReportStream,
  say: (sentence: string) => void = () => undefined,
): AsyncGenerator<string> {
  const { standings } = emptyCounts();
  let failures = 0;
  async function* counted() {
    for await (const entry of entriesOf(report)) {
      standings[entry.standing] += 1;
      const all = results(entry, report.file ?? null);
      yield* all.slice(0, Math.max(0, MOST_RESULTS - failures));
      failures += all.length;
    }
    if (failures > MOST_RESULTS) say(leftOut(failures - MOST_RESULTS));
  }
  yield* jsonList(
    head(report),
    counted(),
    () => `\n],"properties":${JSON.stringify({ factsAt: report.factsAt, standings })}}]}\n`,
  );
}

/** The log up to its results. */
function head({ tool: { version }, evaluatedAt }: ReportAbout): string {
  const driver = { name: 'cloudtrail-kms', version, semanticVersion: version, rules: CHECKS.map(sarifRule) };
  const run = {
    tool: { driver },
    columnKind: 'utf16CodeUnits',
    invocations: [{ executionSuccessful: true, endTimeUtc: evaluatedAt }],
  };
  const start = { $schema: 'https://json.schemastore.org/sarif-2.1.0.json', version: '2.1.0' };
  return `${JSON.stringify(start).slice(0, -1)},"runs":[${JSON.stringify(run).slice(0, -1)},"results":[`;
}

/** What is excepted is for nobody to look at. */
const results = (trail: TrailReport, file: string | null) =>
  trail.standing === 'excepted'
    ? []
    : trail.findings.filter(({ status }) => status === 'fail').map((finding) => result(trail, finding, file));

function result(trail: TrailReport, finding: ReportFinding, file: string | null) {
  const { check, severity, evidence } = finding;
  const { complianceType, standing, accountId, region, kmsKeyArn } = trail;
  return {
    ruleId: check,
    ruleIndex: CHECKS.findIndex(({ id }) => id === check),
    kind: 'fail',
    level: LEVELS[severity],
    message: { text: literal(`${about(trail)}${messageWithRemedy(finding)}`) },
    locations: [location(trail, file)],
    partialFingerprints: fingerprints(trail, finding),
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

function location(trail: TrailReport, file: string | null) {
  const { address, cdkPath } = trail;
  const name = cdkPath ?? address ?? trailId(trail);
  const short = address ?? (name.replace(/^.*[:/]/, '') || name);
  const logicalLocations = [{ name: short, fullyQualifiedName: name, kind: 'resource' }];
  const place = trail.location ?? { file: file ?? livePath(trail), line: 1, column: 1 };
  const artifactLocation = { uri: fileUri(place.file) };
  return { physicalLocation: { artifactLocation, region: regionAt(place) }, logicalLocations };
}

/** Where something begins is known: the first character stands for it, since code scanning asks for an end as well. */
function regionAt({ line, column }: { readonly line: number; readonly column: number }) {
  const startLine = Math.max(1, line);
  const startColumn = Math.max(1, column);
  return { startLine, startColumn, endLine: startLine, endColumn: startColumn + 1 };
}

/** What stands for the file where there is none. */
const livePath = ({ accountId, region, trailArn }: TrailReport): string =>
  [
    'aws',
    accountId ?? 'unknown',
    region ?? 'unknown',
    'cloudtrail',
    trailArn?.replace(/^.*:trail\//, '') ?? 'unknown',
  ].join('/');

/** A path as a URI reference: relative paths stay relative, so that they are found in any checkout. */
function fileUri(path: string): string {
  // Halves of characters have no place in a URI.
  const slashed = path.replaceAll('\\', '/').replace(/\p{Cs}/gu, '\ufffd');
  const encoded = slashed.split('/').map(encodeURIComponent).join('/');
  if (/^[A-Za-z]:\//.test(slashed)) return `file:///${slashed.slice(0, 2)}${encoded.slice(encoded.indexOf('/'))}`;
  return slashed.startsWith('/') ? `file://${encoded}` : encoded.replace(/^(?:\.\/)+/, '');
}

/**
 * Stay the same when lines move, messages are worded anew or another trail comes before this one. Code scanning looks at
 * `primaryLocationLineHash` alone; a hash of the line would be one for all trails of a plan, which is a single line.
 */
function fingerprints(trail: TrailReport, { check }: ReportFinding) {
  const place = trail.location === undefined ? [] : [trail.location.file, trail.address];
  const identity = JSON.stringify([check, trailId(trail), ...place]);
  const hash = createHash('sha256').update(identity).digest('hex');
  return { 'trailCheck/v1': hash, primaryLocationLineHash: hash };
}

/** Brackets before a parenthesis would be taken for a link (section 3.11.6). */
const literal = (text: string): string => text.replace(/\[(?=[^\]]*\]\()/g, '\\[');
