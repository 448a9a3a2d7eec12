import type { DecidedControl, Framework } from '../../trail/frameworks.ts';
import { type ControlResult, type ControlStatus, controlResult } from '../controlStatus.ts';
import type { Report, TrailReport } from '../report.ts';
import { trailName } from '../subject.ts';
import { time } from './frame.ts';
import { html, type Markup, prose } from './markup.ts';
import { shortName } from './words.ts';

/** Of more trails those that meet a control are counted, and the CSV report names them. */
const MANY = 150;

/** Gravest first. */
const STATUSES: Readonly<Record<ControlStatus, { readonly words: string; readonly look: string }>> = {
  fail: { words: 'Fails', look: 'bad' },
  unknown: { words: 'Not known', look: 'open' },
  excepted: { words: 'Excepted', look: 'excepted' },
  pass: { words: 'Passes', look: 'good' },
  'not-applicable': { words: 'Not applicable', look: 'quiet' },
};
const ORDER = Object.keys(STATUSES) as readonly ControlStatus[];

type Decided = ControlResult & { readonly trail: TrailReport };

/** A view by framework: for each of its controls which trails meet it, and which checks show it. */
export const frameworkView = (report: Report, { name, controls }: Framework): Markup =>
  html`<section class="framework" aria-labelledby="framework"><h2 id="framework">${name}</h2>
${controls.map((control) => controlSection(report, control))}</section>
`;

function controlSection({ trails, keys = [], factsAt }: Report, control: DecidedControl): Markup {
  const all = [...trails, ...keys].map((trail): Decided => ({ trail, ...controlResult(control, trail, factsAt) }));
  const groups = ORDER.map((status) => ({ status, decided: all.filter((one) => one.status === status) }));
  const counts = groups
    .filter(({ decided }) => decided.length > 0)
    .map(
      ({ status, decided }) =>
        html` <span class="tag ${STATUSES[status].look}">${STATUSES[status].words}: ${decided.length}</span>`,
    );
  const isNamed = ({ status }: Decided) => all.length <= MANY || (status !== 'pass' && status !== 'not-applicable');
  const rows = groups.flatMap(({ decided }) => decided.filter(isNamed)).map(row);
  const table = html`<div class="scroll" role="region" aria-label="Trails of ${control.id}" tabindex="0"><table><thead><tr>${HEAD.map((title) => html`<th scope="col">${title}</th>`)}</tr></thead><tbody>${rows}</tbody></table></div>`;
  const unnamed = all.length - rows.length;
  return html`<details><summary><h3>${control.id}</h3>${counts}</summary>
<p>Decided by ${prose(control.checks.map((check) => `\`${check}\``).join(', '))}.</p>
${rows.length === 0 ? null : table}${unnamed === 0 ? null : html`<p>${unnamed} more pass or are not applicable: the CSV report names each.</p>`}</details>
`;
}

const HEAD = ['Trail', 'Account', 'Region', 'Status', 'Shown by', 'Facts of'];

function row({ trail, status, checks, reason, evidenceAt }: Decided): Markup {
  const { words, look } = STATUSES[status];
  // What is open names its checks itself.
  const shown = status === 'fail' || status === 'unknown' ? [reason] : [checks.join(', '), reason];
  const why = shown.filter((part) => part !== '').join(': ');
  return html`<tr><th scope="row"><bdi>${shortName(trailName(trail))}</bdi></th><td>${trail.accountId}</td><td>${trail.region}</td><td><span class="tag ${look}">${words}</span></td><td>${prose(why)}</td><td>${evidenceAt === null ? null : time(evidenceAt)}</td></tr>`;
}
