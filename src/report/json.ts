import { count, emptyCounts, type ReportStream } from './build.ts';
import type { ReportFinding, TrailReport } from './report.ts';

/**
 * The report as JSON text, one line a trail, in pieces, each as soon as its trail is there.
 *
 * What is counted comes last, because only then it is known.
 */
export async function* jsonReport({
  trails,
  keys,
  eventDataStores,
  exceptions,
  evaluations,
  changes,
  file: _,
  ...about
}: ReportStream): AsyncGenerator<string> {
  const counts = emptyCounts();
  const write = trailWriter();
  const head = Object.entries({ version: 1, ...about }).map(([name, value]) => `"${name}":${JSON.stringify(value)}`);
  yield `{${head.join(',\n ')},\n "trails":[`;
  let separator = '\n  ';
  for await (const trail of trails) {
    count(counts, trail);
    yield `${separator}${write(trail)}`;
    separator = ',\n  ';
  }
  if (keys !== undefined) yield `],\n "keys":[${keys.map((key) => `\n  ${write(key)}`).join(',')}`;
  if (eventDataStores !== undefined && eventDataStores.length > 0)
    yield `],\n "eventDataStores":[${eventDataStores.map((store) => `\n  ${write(store)}`).join(',')}`;
  if (exceptions !== undefined) {
    const lines = exceptions.map((exception) => `\n  ${JSON.stringify(exception)}`);
    yield `],\n "exceptions":[${lines.join(',')}`;
  }
  if (evaluations !== undefined) {
    const lines = evaluations.map((evaluation) => `\n  ${JSON.stringify(evaluation)}`);
    yield `],\n "evaluations":[${lines.join(',')}`;
  }
  const since = changes === undefined ? '' : `"changes":${JSON.stringify(changes)},\n `;
  yield `],\n ${since}"summary":${JSON.stringify(counts.summary)},\n "standings":${JSON.stringify(counts.standings)}}\n`;
}

/** What many trails have in common, as JSON that is written once. */
interface CommonTexts {
  readonly finding: (finding: ReportFinding) => string;
  readonly controls: (controls: TrailReport['controls']) => string;
}

/** Writes trails, each as JSON on one line. */
export function trailWriter(): (trail: TrailReport) => string {
  const texts: CommonTexts = { finding: findingWriter(), controls: controlsWriter() };
  return (trail) => trailText(trail, texts);
}

/** What `JSON.stringify` makes of a trail. */
function trailText(trail: TrailReport, texts: CommonTexts): string {
  let members = '';
  for (const [name, value] of Object.entries(trail)) {
    const text =
      name === 'findings'
        ? `[${trail.findings.map(texts.finding).join(',')}]`
        : name === 'controls'
          ? texts.controls(trail.controls)
          : JSON.stringify(value);
    // Functions and what is undefined are left out, as in any JSON.
    if (text !== undefined) members += `${members === '' ? '' : ','}"${name}":${text}`;
  }
  return `{${members}}`;
}

/**
 * Writes findings as JSON. Most say the same about one trail after the other, so the last one of each check is kept with
 * its text: of a large report three quarters are written once.
 */
function findingWriter(): CommonTexts['finding'] {
  const last = new Map<string, { readonly finding: ReportFinding; readonly text: string }>();
  return (finding) => {
    const before = last.get(finding.check);
    if (before !== undefined && isSame(before.finding, finding)) return before.text;
    const text = JSON.stringify(finding);
    last.set(finding.check, { finding, text });
    return text;
  };
}

/** Trails with the same open checks share one list of controls. */
function controlsWriter(): CommonTexts['controls'] {
  const texts = new WeakMap<TrailReport['controls'], string>();
  return (controls) => {
    const text = texts.get(controls) ?? JSON.stringify(controls);
    texts.set(controls, text);
    return text;
  };
}

function isSame(a: ReportFinding, b: ReportFinding): boolean {
  const { evidence: ofA } = a;
  const { evidence: ofB } = b;
  return (
    a.check === b.check &&
    a.status === b.status &&
    a.severity === b.severity &&
    a.message === b.message &&
    a.remediation === b.remediation &&
    areSame(ofA.statements, ofB.statements) &&
    areSame(ofA.dependsOn, ofB.dependsOn) &&
    ofA.capturedAt === ofB.capturedAt &&
    a.since === b.since &&
    a.missingPermission === b.missingPermission
  );
}

const areSame = (a: readonly string[], b: readonly string[]): boolean =>
  a.length === b.length && a.every((text, index) => text === b[index]);
