import type { BaselineChanges, Report } from '../report.ts';
import { time } from './frame.ts';
import { html, type Markup } from './markup.ts';
import { STANDING_ORDER, STANDINGS } from './standings.ts';
import { counted } from './words.ts';

/** How many trails there are of each standing, and what has changed since the baseline. */
export function summary({ standings, trails, changes }: Report): Markup {
  const cards = STANDING_ORDER.map((standing) => {
    const { words, look } = STANDINGS[standing];
    return html`<li class="card ${look}"><span class="count">${standings[standing]}</span> ${words}</li>`;
  });
  return html`<section aria-labelledby="summary"><h2 id="summary">${counted(trails.length, 'trail')}</h2><ul class="cards">${cards}</ul>${bar(standings, trails.length)}${changes === undefined ? null : changed(changes)}</section>
`;
}

/** The shares as one bar; its numbers stand above it. */
function bar(standings: Report['standings'], total: number): Markup | null {
  if (total === 0) return null;
  let x = 0;
  const pieces = STANDING_ORDER.map((standing) => {
    const width = (standings[standing] / total) * 100;
    const piece = html`<rect class="${STANDINGS[standing].look}" x="${x.toFixed(2)}" width="${width.toFixed(2)}" height="4"/>`;
    x += width;
    return width === 0 ? null : piece;
  });
  return html`<svg class="bar" viewBox="0 0 100 4" preserveAspectRatio="none" aria-hidden="true">${pieces}</svg>`;
}

function changed({ since, gone, ...counts }: BaselineChanges): Markup {
  const when = since === null ? html`the baseline` : html`the baseline of ${time(since)}`;
  const names = gone.map((name) => html`<li><bdi>${name}</bdi></li>`);
  const left = gone.length === 0 ? null : html`<details><summary>Which</summary><ul>${names}</ul></details>`;
  return html`<div class="changes">Since ${when}: <strong>${counts.new} new</strong>, <strong>${counts.fixed} fixed</strong>, ${counts.unchanged} unchanged, ${gone.length} gone${left}</div>`;
}
