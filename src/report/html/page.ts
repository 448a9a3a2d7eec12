import type { ComplianceType } from '../../rule/evaluate/evaluation.ts';
import { checkOf } from '../../trail/checks/index.ts';
import type { CheckId } from '../../trail/finding.ts';
import { byAccount } from '../order.ts';
import type { Report, ReportedTrail, TrailReport } from '../report.ts';
import { SCRIPT } from './assets.ts';
import { head, madeBy } from './frame.ts';
import { html, type Markup, prose } from './markup.ts';
import { trailSection, VERDICTS } from './trail.ts';

/** So few failing trails are shown at length from the start. */
const FEW = 5;
/** So many trails that a browser would need noticeably long to build all their sections at once. */
const MANY = 150;

const isLarge = ({ trails }: Report): boolean => trails.length > MANY;

/** A report whose trails can be explained. */
interface ReportedReport extends Report {
  readonly trails: readonly ReportedTrail[];
}

/**
 * The report as one HTML file that loads nothing: trails by account, gravest first, each with its key, what every
 * statement of the key's policy does to CloudTrail, the explanation of each decision, and the remedies.
 *
 * Readable without its script, which adds filter, search and copying.
 */
export function* htmlReport(report: ReportedReport): Generator<string> {
  yield head('CloudTrail encryption report').source;
  yield top(report).source;
  const accounts = byAccount(report.trails) as ReadonlyMap<string, readonly ReportedTrail[]>;
  const isShort = report.summary.NON_COMPLIANT <= FEW;
  let number = 0;
  for (const [account, trails] of accounts) {
    yield html`<section class="account" data-account="${account}"><h2>Account <bdi>${account}</bdi></h2>\n`.source;
    for (const trail of trails) {
      number += 1;
      const isOpen = isShort && trail.complianceType === 'NON_COMPLIANT';
      yield trailSection(trail, { number, isOpen, isDeferred: isLarge(report) && !isOpen }).source;
    }
    yield '</section>\n';
  }
  yield* keySections(report.keys ?? [], number);
  yield '<p id="nothing" hidden>No trail matches.</p></main>\n';
  yield `<script>${SCRIPT}</script>\n</body></html>\n`;
}

/** Keys stand beside the trails: neither the numbers nor the filter above is about them. */
function* keySections(keys: readonly TrailReport[], from: number): Generator<string> {
  if (keys.length === 0) return;
  yield '<section class="keys"><h2>Keys for CloudTrail that no given trail uses</h2>\n';
  for (const [index, key] of keys.entries()) {
    const isOpen = keys.length <= FEW && key.complianceType === 'NON_COMPLIANT';
    yield trailSection(key, { number: from + index + 1, isOpen, isDeferred: false }).source;
  }
  yield '</section>\n';
}

function top(report: ReportedReport): Markup {
  return html`<body><a class="skip" href="#trails">Skip to the trails</a>
<header><h1>CloudTrail encryption report</h1><p>Whether the logs of each trail are encrypted with a KMS key that works, allows CloudTrail and keeps everyone else out.</p>
${madeBy(report)}</header>
<main${isLarge(report) ? html` class="large"` : null}>${summary(report)}${causes(report.trails)}${toolbar(report)}<div id="trails" tabindex="-1"></div>
`;
}

const VERDICT_ORDER: readonly ComplianceType[] = ['NON_COMPLIANT', 'COMPLIANT', 'NOT_APPLICABLE'];

function summary({ summary: counts, trails }: ReportedReport): Markup {
  const cards = VERDICT_ORDER.map((verdict) => {
    const { words, look } = VERDICTS[verdict];
    return html`<li class="card ${look}"><span class="count">${counts[verdict]}</span> ${words}</li>`;
  });
  const total = trails.length === 1 ? '1 trail' : `${trails.length} trails`;
  return html`<section aria-labelledby="summary"><h2 id="summary">Summary: ${total}</h2><ul class="cards">${cards}</ul>${bar(counts, trails.length)}</section>
`;
}

/** The shares as one bar; its numbers stand above it. */
function bar(counts: Report['summary'], total: number): Markup | null {
  if (total === 0) return null;
  let x = 0;
  const pieces = VERDICT_ORDER.map((verdict) => {
    const width = (counts[verdict] / total) * 100;
    const piece = html`<rect class="${VERDICTS[verdict].look}" x="${x.toFixed(2)}" width="${width.toFixed(2)}" height="4"/>`;
    x += width;
    return width === 0 ? null : piece;
  });
  return html`<svg class="bar" viewBox="0 0 100 4" preserveAspectRatio="none" aria-hidden="true">${pieces}</svg>`;
}

/** Which checks fail or are not known, and on how many trails: most first. */
function causes(trails: readonly ReportedTrail[]): Markup | null {
  const rows = openChecks(trails).map(
    ([check, { failing, unknown }]) =>
      html`<tr><th scope="row"><button type="button" class="pick" data-check="${check}">${check}</button><span class="should">${prose(checkOf(check).title)}</span></th><td>${failing}</td><td>${unknown}</td></tr>`,
  );
  if (rows.length === 0) return null;
  return html`<details class="causes" open><summary><h2>What is wrong, by check</h2></summary>
<table><thead><tr><th scope="col">Check</th><th scope="col">Fails</th><th scope="col">Not known</th></tr></thead><tbody>${rows}</tbody></table></details>
`;
}

interface Tally {
  failing: number;
  unknown: number;
}

function openChecks(trails: readonly ReportedTrail[]): readonly (readonly [CheckId, Tally])[] {
  const tallies = new Map<CheckId, Tally>();
  for (const { check, status } of trails.flatMap(({ findings }) => findings)) {
    if (status !== 'fail' && status !== 'unknown') continue;
    const tally = tallies.get(check) ?? { failing: 0, unknown: 0 };
    tallies.set(check, tally);
    tally[status === 'fail' ? 'failing' : 'unknown'] += 1;
  }
  return [...tallies].sort(([, a], [, b]) => b.failing - a.failing || b.unknown - a.unknown);
}

function toolbar(report: ReportedReport): Markup {
  const verdicts = VERDICT_ORDER.map(
    (verdict) =>
      html`<label><input type="checkbox" name="verdict" value="${verdict}" checked> ${VERDICTS[verdict].words} (${report.summary[verdict]})</label>`,
  );
  const checks = openChecks(report.trails).map(([check]) => html`<option value="${check}">${check}</option>`);
  const accounts = [...byAccount(report.trails).keys()].map(
    (account) => html`<option value="${account}">${account}</option>`,
  );
  return html`<form class="toolbar" role="search" aria-label="Trails" hidden>
<label class="field">Search <input type="search" id="search" autocomplete="off" spellcheck="false" placeholder="name, key, account, statement"></label>
<label class="field">Check <select id="check"><option value="">any</option>${checks}</select></label>
<label class="field">Account <select id="account"><option value="">all</option>${accounts}</select></label>
<fieldset><legend>Verdict</legend>${verdicts}</fieldset>
<div class="actions"><button type="button" id="open">Open all</button><button type="button" id="close">Close all</button><button type="reset">Reset</button>
<label class="field">Theme <select id="theme"><option value="">as the system</option><option value="light">light</option><option value="dark">dark</option></select></label></div>
<p role="status" id="shown"></p></form>
`;
}
