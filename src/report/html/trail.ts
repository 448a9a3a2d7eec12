import type { ComplianceType } from '../../rule/evaluate/evaluation.ts';
import { openFindings } from '../order.ts';
import type { ReportedTrail, TrailBackground } from '../report.ts';
import { keyName, trailName } from '../subject.ts';
import { decisions } from './decisions.ts';
import { findings } from './findings.ts';
import { html, type Markup } from './markup.ts';
import { picture } from './picture.ts';

export const VERDICTS: Readonly<Record<ComplianceType, { readonly words: string; readonly look: string }>> = {
  NON_COMPLIANT: { words: 'Non-compliant', look: 'bad' },
  COMPLIANT: { words: 'Compliant', look: 'good' },
  NOT_APPLICABLE: { words: 'Not applicable', look: 'quiet' },
};

interface SectionOptions {
  /** Makes the section's address in the page. */
  readonly number: number;
  readonly isOpen: boolean;
  /**
   * Left as text until it is opened: a browser with scripts reads the inside of `noscript` as text, which costs next to
   * nothing, and one without scripts as the section that it is.
   */
  readonly isDeferred: boolean;
}

/** The section of a trail. */
export function trailSection(trail: ReportedTrail, { number, isOpen, isDeferred }: SectionOptions): Markup {
  const { words, look } = VERDICTS[trail.complianceType];
  const name = trailName(trail);
  const open = openFindings(trail);
  const checks = [...new Set(open.map(({ check }) => check))].join(' ');
  const gravest = open[0];
  const body = bodyOf(trail);
  return html`<details class="trail" id="trail-${number}" data-verdict="${trail.complianceType}" data-checks="${checks}"${isOpen ? html` open` : null}>
<summary><span class="tag ${look}">${words}</span><h3><bdi>${name}</bdi></h3><span class="gravest">${gravest === undefined ? '' : `${gravest.check}${open.length > 1 ? ` and ${open.length - 1} more` : ''}`}</span></summary>
<div class="body">${isDeferred ? html`<noscript>${body}</noscript>` : body}</div></details>
`;
}

function bodyOf(trail: ReportedTrail): Markup {
  const background = trail.explain?.() ?? null;
  return html`${trail.annotation === '' ? null : html`<p class="annotation">${trail.annotation}</p>`}
${facts(trail)}${picture(trail, background)}${findings(trail)}${why(background)}`;
}

function facts(trail: ReportedTrail): Markup {
  const { trailArn, kmsKeyArn, address, location } = trail;
  const place = location === undefined ? null : `${location.file}:${location.line}:${location.column}`;
  const rows = [
    ['Trail', address === undefined ? null : trailArn],
    ['Key resource', keyName(trail)],
    ['Key', kmsKeyArn],
    ['File', place],
  ] as const;
  const given = rows.filter(([, value]) => value !== null);
  if (given.length === 0) return html``;
  return html`<dl>${given.map(([name, value]) => html`<dt>${name}</dt><dd><bdi>${value}</bdi></dd>`)}</dl>`;
}

function why(background: TrailBackground | null): Markup | null {
  const requests = background?.requests ?? null;
  return requests?.read ? decisions(requests.value) : null;
}
