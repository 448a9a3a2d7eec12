import type { Standing } from '../../rule/evaluate/evaluation.ts';
import { html, type Markup } from './markup.ts';

/** How a page shows each standing, in its order. */
export const STANDINGS: Readonly<Record<Standing, { readonly words: string; readonly look: string }>> = {
  'non-compliant': { words: 'Non-compliant', look: 'bad' },
  undecided: { words: 'Undecided', look: 'open' },
  excepted: { words: 'Excepted', look: 'excepted' },
  compliant: { words: 'Compliant', look: 'good' },
  'not-applicable': { words: 'Not applicable', look: 'quiet' },
};

export const STANDING_ORDER = Object.keys(STANDINGS) as readonly Standing[];

export function standingTag(standing: Standing): Markup {
  const { words, look } = STANDINGS[standing];
  return html`<span class="tag ${look}">${words}</span>`;
}
