import { openFindings } from '../order.ts';
import { trailName } from '../subject.ts';
import { html, type Markup, prose } from './markup.ts';
import type { NumberedTrail } from './table.ts';
import { accountNamed, shortName } from './words.ts';

/** So many fit beside the coverage on one screen. */
const SHOWN = 6;

/** The trails to look at first, with what is wrong or not known there. */
export function gravest(numbered: readonly NumberedTrail[]): Markup {
  const urgent = numbered
    .filter(({ trail: { standing } }) => standing === 'non-compliant' || standing === 'undecided')
    .toSorted((a, b) => a.rank - b.rank);
  const items = urgent.slice(0, SHOWN).map(item);
  return html`<section class="urgent" aria-labelledby="urgent"><h2 id="urgent">Look at these first</h2>
${items.length === 0 ? html`<p>No trail is non-compliant or undecided.</p>` : html`<ol>${items}</ol>`}</section>
`;
}

function item({ number, trail }: NumberedTrail): Markup {
  const [first] = openFindings(trail);
  const place = [accountNamed(trail.accountId, trail.accountName), trail.region ?? 'Region not known'].join(', ');
  const why =
    first === undefined
      ? html`<p class="brief-message">${trail.annotation}</p>`
      : html`<p class="brief-message"><strong>${first.check}</strong> ${first.status === 'unknown' ? 'is not known: ' : ''}${prose(first.message)}</p>`;
  return html`<li>${first === undefined ? null : html`<span class="tag ${first.severity.toLowerCase()}">${first.severity}</span> `}<a href="#trail-${number}"><bdi>${shortName(trailName(trail))}</bdi></a> <span class="soft"><bdi>${place}</bdi></span>${why}</li>`;
}
