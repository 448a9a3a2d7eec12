import { OWNER_NAMES } from '../../trail/owner.ts';
import type { ReportedTrail, TrailBackground, TrailReport } from '../report.ts';
import { changesOf } from '../since.ts';
import { keyName, trailName } from '../subject.ts';
import { decisions } from './decisions.ts';
import { findings } from './findings.ts';
import { html, type Markup } from './markup.ts';
import { picture } from './picture.ts';
import { keyPolicy } from './policy.ts';
import type { Once, SharedParts } from './sharedParts.ts';
import { standingTag } from './standings.ts';
import type { NumberedTrail } from './table.ts';
import { accountNamed } from './words.ts';

/**
 * A trail at length.
 *
 * Left as text until its row is opened: a browser with scripts reads the inside of `noscript` as text, which costs next to
 * nothing, and one without scripts as the section that it is.
 */
export function trailSection(one: NumberedTrail, shared: SharedParts): Markup {
  const { number, trail } = one;
  return html`<details class="trail" id="trail-${number}"><summary>${standingTag(trail.standing)}<h3><bdi>${trailName(trail)}</bdi></h3></summary>
<noscript><div class="body">${bodyOf(trail, shared.for(one))}</div></noscript></details>
`;
}

function bodyOf(trail: ReportedTrail, once: Once): Markup {
  const background = trail.explain?.() ?? null;
  return html`${trail.annotation === '' ? null : html`<p class="annotation">${trail.annotation}</p>`}
${facts(trail, once)}${picture(trail, background, once)}${times(trail)}${findings(trail, once)}${background?.key == null ? null : keyPolicy(trail, background.key, once)}${why(background, once)}`;
}

function facts(trail: ReportedTrail, once: Once): Markup {
  const { trailArn, accountId, accountName, region, kmsKeyArn, owner, change, policySha256, location } = trail;
  const rows: readonly (readonly [string, string | Markup | null])[] = [
    ['Trail', trailArn],
    ['Event data store', trail.eventDataStoreArn ?? null],
    ['Account', accountId === null ? null : accountNamed(accountId, accountName)],
    ['Region', region],
    ['Key resource', keyName(trail)],
    ['Key', kmsKeyArn],
    ['Owner', owner === null ? null : OWNER_NAMES[owner]],
    ['File', location === undefined ? null : `${location.file}:${location.line}:${location.column}`],
    ['Since the baseline', change ?? null],
    ['SHA-256 of the key policy', policySha256],
    ['Controls', controls(trail, once)],
  ];
  const given = rows.filter(([, value]) => value !== null);
  return html`<dl>${given.map(([name, value]) => html`<dt>${name}</dt><dd>${typeof value === 'string' ? html`<bdi>${value}</bdi>` : value}</dd>`)}</dl>`;
}

/** The line of time: the changes since which the trail fails. */
function times(trail: TrailReport): Markup | null {
  const changes = changesOf(trail);
  if (changes.length === 0) return null;
  return html`<h4>Since when</h4><ol class="times">${changes.map(
    ({ time, eventName, eventId, by, isCause, checks }) =>
      html`<li><time datetime="${time}">${isCause ? '' : 'at the latest '}${time}</time> <b>${eventName}</b>${by === null ? null : html` by <bdi>${by}</bdi>`} <span class="soft">event ${eventId}, ${isCause ? 'broke' : 'what was before is not known, for'} ${checks.join(', ')}</span></li>`,
  )}</ol>`;
}

/** The controls that the findings speak to, by framework. */
function controls({ controls: all }: TrailReport, once: Once): Markup | null {
  if (all.length === 0) return null;
  const ids = new Map<string, string[]>();
  for (const { framework, id } of all) {
    const of = ids.get(framework);
    if (of === undefined) ids.set(framework, [id]);
    else of.push(id);
  }
  const text = [...ids].map(([framework, of]) => `${framework}: ${of.join(', ')}`).join('; ');
  return once(['controls', text], () => html`${text}`);
}

function why(background: TrailBackground | null, once: Once): Markup | null {
  const requests = background?.requests ?? null;
  return requests?.read ? decisions(requests.value, once) : null;
}
