import type { PolicyComparison } from '../../trail/compare/comparePolicies.ts';
import type { AccessDifference } from '../../trail/compare/excess.ts';
import { RELATION_WORDS } from '../comparison.ts';
import { html, type Markup, prose } from './markup.ts';

const PROVED = 'Proved for every principal, service, action and context.';

/** What access a plan gives and takes; `null`: it leaves the key policy as it is. */
export function access(comparison: PolicyComparison | null): Markup {
  return html`<h4>What access this plan gives and takes</h4>${comparison === null ? html`<p>None: the key policy stays as it is.</p>` : changes(comparison)}`;
}

function changes({ relation, gained, lost, reason }: PolicyComparison): Markup {
  const isBounded = relation === 'equal' || relation === 'narrower';
  const proof = relation === 'unknown' ? prose(reason ?? '') : gained.length > 0 && lost.length > 0 ? '' : PROVED;
  return html`<p><span class="tag ${isBounded ? 'good' : 'open'}">${relation}</span> ${RELATION_WORDS[relation]}. ${proof}</p>
${gained.map((difference) => item(difference, 'gained', 'open'))}${lost.map((difference) => item(difference, 'lost', 'quiet'))}`;
}

function item({ action, principal, context, statements }: AccessDifference, word: string, look: string): Markup {
  const name = 'AWS' in principal ? principal.AWS : principal.Service;
  const by = statements.map((label, index) => html`${index === 0 ? '' : ', '}<code>${label}</code>`);
  const keys = Object.entries(context).map(
    ([key, value]) => html`<dt><code>${key}</code></dt><dd><bdi>${[value].flat().join(', ')}</bdi></dd>`,
  );
  return html`<div class="finding"><p class="check"><span class="tag ${look}">${word}</span> <strong>${action}</strong> <bdi>${name}</bdi></p><p>by ${by}</p>${keys.length === 0 ? null : html`<dl>${keys}</dl>`}</div>`;
}
