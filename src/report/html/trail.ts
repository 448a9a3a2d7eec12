import { OWNER_NAMES } from '../../trail/owner.ts';
import type { ReportedTrail, TrailBackground, TrailReport } from '../report.ts';
import { keyName, trailName } from '../subject.ts';
import { decisions } from './decisions.ts';
import { findings } from './findings.ts';
import { html, type Markup } from './markup.ts';
import { picture } from './picture.ts';
import { keyPolicy } from './policy.ts';
import { standingTag } from './standings.ts';
import type { NumberedTrail } from './table.ts';
import { accountNamed } from './words.ts';

/**
 * A trail at length.
 *
 * Left as text until its row is opened: a browser with scripts reads the inside of `noscript` as text, which costs next to
 * nothing, and one without scripts as the section that it is.
 */
export function trailSection({ number, trail }: NumberedTrail): Markup {
  return html`<details class="trail" id="trail-${number}"><summary>${standingTag(trail.standing)}<h3><bdi>${trailName(trail)}</bdi></h3></summary>
<noscript><div class="body">${bodyOf(trail)}</div></noscript></details>
`;
}

function bodyOf(trail: ReportedTrail): Markup {
  const background = trail.explain?.() ?? null;
  return html`${trail.annotation === '' ? null : html`<p class="annotation">${trail.annotation}</p>`}
${facts(trail)}${picture(trail, background)}${findings(trail)}${background?.key == null ? null : keyPolicy(trail, background.key)}${why(background)}`;
}

function facts(trail: ReportedTrail): Markup {
  const { trailArn, accountId, accountName, region, kmsKeyArn, owner, change, policySha256, location } = trail;
  const rows: readonly (readonly [string, string | null])[] = [
    ['Trail', trailArn],
    ['Account', accountId === null ? null : accountNamed(accountId, accountName)],
    ['Region', region],
    ['Key resource', keyName(trail)],
    ['Key', kmsKeyArn],
    ['Owner', owner === null ? null : OWNER_NAMES[owner]],
    ['File', location === undefined ? null : `${location.file}:${location.line}:${location.column}`],
    ['Since the baseline', change ?? null],
    ['SHA-256 of the key policy', policySha256],
    ['Controls', controls(trail)],
  ];
  const given = rows.filter(([, value]) => value !== null);
  return html`<dl>${given.map(([name, value]) => html`<dt>${name}</dt><dd><bdi>${value}</bdi></dd>`)}</dl>`;
}

/** The controls that the findings speak to, by framework. */
function controls({ controls: all }: TrailReport): string | null {
  const ids = new Map<string, readonly string[]>();
  for (const { framework, id } of all) ids.set(framework, [...(ids.get(framework) ?? []), id]);
  return ids.size === 0 ? null : [...ids].map(([framework, of]) => `${framework}: ${of.join(', ')}`).join('; ');
}

function why(background: TrailBackground | null): Markup | null {
  const requests = background?.requests ?? null;
  return requests?.read ? decisions(requests.value) : null;
}
