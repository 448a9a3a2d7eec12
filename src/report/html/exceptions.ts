import type { Report, ReportedException } from '../report.ts';
import { html, type Markup } from './markup.ts';

const STATES = {
  'in-force': { words: 'in force', look: 'excepted' },
  expired: { words: 'expired', look: 'bad' },
  unmatched: { words: 'for no trail', look: 'open' },
} as const satisfies Readonly<Record<ReportedException['state'], { readonly words: string; readonly look: string }>>;

/** Who answers for what is let pass, why, and until when. */
export function exceptions({ exceptions: all = [] }: Report): Markup | null {
  if (all.length === 0) return null;
  return html`<section class="exceptions" aria-labelledby="exceptions"><h2 id="exceptions">Exceptions</h2>
<table><thead><tr>${['For', 'Checks', 'Owner', 'Reason', 'Expires', 'State'].map((name) => html`<th scope="col">${name}</th>`)}</tr></thead><tbody>${all.map(row)}</tbody></table></section>
`;
}

function row({ trailArn, address, checks, owner, reason, ticket, expires, state, file }: ReportedException): Markup {
  const { words, look } = STATES[state];
  const what = [trailArn ?? address ?? '', file].filter((part) => part !== undefined).join(' in ');
  return html`<tr><th scope="row"><bdi>${what}</bdi></th><td>${checks === null ? 'all below CRITICAL' : checks.join(', ')}</td><td><bdi>${owner}</bdi></td><td><bdi>${reason}</bdi>${ticket === null ? null : html` (<bdi>${ticket}</bdi>)`}</td><td><time datetime="${expires}">${expires}</time></td><td><span class="tag ${look}">${words}</span></td></tr>`;
}
