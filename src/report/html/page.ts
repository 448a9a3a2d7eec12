import type { Framework } from '../../trail/frameworks.ts';
import { byAccount, gravestFirst } from '../order.ts';
import type { Report, ReportedTrail } from '../report.ts';
import { SCRIPT } from './assets.ts';
import { causes, openChecks } from './causes.ts';
import { coverage } from './coverage.ts';
import { exceptions } from './exceptions.ts';
import { head, madeBy } from './frame.ts';
import { frameworkView } from './frameworkView.ts';
import { gravest } from './gravest.ts';
import { html, type Markup } from './markup.ts';
import { SharedParts } from './sharedParts.ts';
import { summary } from './summary.ts';
import { type NumberedTrail, trailTable } from './table.ts';
import { toolbar } from './toolbar.ts';
import { trailSection } from './trail.ts';
import { accountNamed, counted } from './words.ts';

/** A report whose trails can be explained. */
interface ReportedReport extends Report {
  readonly trails: readonly ReportedTrail[];
}

/**
 * The report as one HTML file that loads nothing: standings, coverage and the gravest trails on the first screen, then what
 * is wrong by check, and one table of all trails, each with its details.
 *
 * Readable without its script, which adds filter, search, sorting, grouping, export and copying.
 *
 * @param framework its controls come first
 */
export function* htmlReport(report: ReportedReport, framework?: Framework): Generator<string> {
  const groups = numberedByAccount(report.trails);
  const trails = [...groups.values()].flat();
  const keys = (report.keys ?? []).map((trail, index) => numbered(trail, trails.length + index));
  const beside = trails.length + keys.length;
  const stores = (report.eventDataStores ?? []).map((trail, index) => numbered(trail, beside + index));
  const hasChanges = report.changes !== undefined;
  yield head('CloudTrail encryption report').source;
  yield top(report, trails, framework).source;
  yield* trailTable(groups, { id: 'trails', title: 'All trails', hasChanges });
  yield '<p id="nothing" hidden>No trail matches.</p><p><button type="button" id="more" hidden></button></p>\n';
  if (keys.length > 0) {
    yield '<h2>Keys for CloudTrail that no given trail uses</h2>\n';
    const title = counted(keys.length, 'key');
    yield* trailTable(new Map([['No trail', keys]]), { id: 'keys', title, hasChanges });
  }
  if (stores.length > 0) {
    yield '<h2>Event data stores</h2>\n';
    const title = counted(stores.length, 'event data store');
    yield* trailTable(new Map([['No trail', stores]]), { id: 'event-data-stores', title, hasChanges });
  }
  yield html`${exceptions(report)}<section id="details"><h2>In full</h2>\n`.source;
  const shared = new SharedParts();
  for (const one of [...trails, ...keys, ...stores]) yield trailSection(one, shared).source;
  yield `</section></main>\n<script>${SCRIPT}</script>\n</body></html>\n`;
}

/** Numbers go by account, as the table does; ranks over all accounts. */
function numberedByAccount(trails: readonly ReportedTrail[]): ReadonlyMap<string, readonly NumberedTrail[]> {
  const ranks = new Map(gravestFirst(trails).map((trail, rank) => [trail, rank]));
  let number = 0;
  const groups = [...byAccount(trails)].map(([account, of]) => {
    const name = of.find(({ accountName }) => accountName !== null)?.accountName ?? null;
    const group = of.map((trail) => numbered(trail, ranks.get(trail) ?? 0, ++number));
    return [`Account ${accountNamed(account, name)}`, group] as const;
  });
  return new Map(groups);
}

const numbered = (trail: ReportedTrail, rank: number, number = rank + 1): NumberedTrail => ({ trail, rank, number });

function top(report: ReportedReport, trails: readonly NumberedTrail[], framework?: Framework): Markup {
  const checks = openChecks(report.trails);
  return html`<body><a class="skip" href="#trails">Skip to the trails</a>
<header><h1>CloudTrail encryption report</h1>${madeBy(report)}</header>
<main>${framework === undefined ? null : frameworkView(report, framework)}${summary(report)}<div class="first">${gravest(trails)}${coverage(report)}</div>
${causes(checks)}<h2>All trails</h2>${toolbar(report, checks)}`;
}
