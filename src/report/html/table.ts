import { OWNER_NAMES } from '../../trail/owner.ts';
import { openFindings } from '../order.ts';
import type { ReportedTrail } from '../report.ts';
import { keyName, trailId, trailName } from '../subject.ts';
import { html, type Markup } from './markup.ts';
import { STANDING_ORDER, standingTag } from './standings.ts';
import { accountNamed, counted, shortName } from './words.ts';

/** A trail with the number that makes its address in the page, and its place among all, the gravest being first. */
export interface NumberedTrail {
  readonly number: number;
  readonly rank: number;
  readonly trail: ReportedTrail;
}

/** The script shows so many rows at once; a browser lays no more of them out before it runs. */
const AT_ONCE = 200;

const COLUMNS = ['Account', 'Region', 'Trail', 'Standing', 'Gravest check', 'Key', 'Owner', 'Change'] as const;

interface TableOptions {
  readonly id: string;
  readonly title: string;
  /** With a baseline there is a column for what has changed. */
  readonly hasChanges: boolean;
}

/** One row a trail, in one body for each group. */
export function* trailTable(
  groups: ReadonlyMap<string, readonly NumberedTrail[]>,
  { id, title, hasChanges }: TableOptions,
): Generator<string> {
  const columns = hasChanges ? COLUMNS : COLUMNS.slice(0, -1);
  yield html`<table class="trails" id="${id}"><caption class="unseen">${title}</caption><thead><tr>${columns.map((name) => html`<th scope="col">${name}</th>`)}</tr></thead>
`.source;
  let shown = 0;
  for (const [label, numbered] of groups) {
    const isLate = shown >= AT_ONCE;
    yield html`<tbody${isLate ? html` class="late"` : null}><tr class="group"><th scope="rowgroup" colspan="${columns.length}"><bdi>${label}</bdi>: ${tally(numbered)}</th></tr>
`.source;
    for (const one of numbered) {
      shown += 1;
      yield row(one, { hasChanges, isLate: shown > AT_ONCE && !isLate }).source;
    }
    yield '</tbody>\n';
  }
  yield '</table>\n';
}

/** `12 trails, 3 non-compliant, 1 undecided`, as the script says it too. */
function tally(numbered: readonly NumberedTrail[]): string {
  const of = (wanted: string): number => numbered.filter(({ trail: { standing } }) => standing === wanted).length;
  const urgent = (['non-compliant', 'undecided'] as const).map((standing) => [of(standing), standing] as const);
  const parts = urgent.filter(([count]) => count > 0).map(([count, standing]) => `${count} ${standing}`);
  return [counted(numbered.length, 'trail'), ...parts].join(', ');
}

interface RowOptions {
  readonly hasChanges: boolean;
  readonly isLate: boolean;
}

function row({ number, rank, trail }: NumberedTrail, { hasChanges, isLate }: RowOptions): Markup {
  const { accountId, accountName, region, standing, kmsKeyArn, owner, change } = trail;
  const open = openFindings(trail);
  const [first] = open;
  const checks = [...new Set(open.map(({ check }) => check))].join(' ');
  const key = kmsKeyArn ?? keyName(trail) ?? '';
  const more = open.length > 1 ? html` <span class="soft">+${open.length - 1}</span>` : null;
  return html`<tr class="row${isLate ? ' late' : ''}" data-standing="${standing}" data-severity="${first?.severity ?? ''}" data-check="${first?.check ?? ''}" data-checks="${checks}" data-account="${accountId ?? 'unknown'}" data-name="${accountName ?? ''}" data-arn="${trailId(trail)}" data-key="${key}"><td><bdi>${accountNamed(accountId, accountName)}</bdi></td><td>${region ?? 'not known'}</td><th scope="row"><a href="#trail-${number}"><bdi>${shortName(trailName(trail))}</bdi></a></th><td data-sort="${STANDING_ORDER.indexOf(standing)}">${standingTag(standing)}</td><td data-sort="${rank}">${first === undefined ? '–' : html`<span class="tag ${first.severity.toLowerCase()}">${first.severity}</span> ${first.check}${more}`}</td><td class="key"><bdi>${key === '' ? '–' : shortName(key)}</bdi></td><td>${owner === null ? '–' : OWNER_NAMES[owner]}</td>${hasChanges ? html`<td>${change ?? '–'}</td>` : null}</tr>
`;
}
