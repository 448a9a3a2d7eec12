import type { RequestExplanation } from '../../trail/explainTrail.ts';
import type { TrailBackground, TrailReport } from '../report.ts';
import { trailName } from '../subject.ts';
import { html, type Markup, prose } from './markup.ts';
import type { Once } from './sharedParts.ts';
import { type Part, type StatementPart, statementParts } from './statementParts.ts';
import { strangers } from './strangers.ts';
import { shortName } from './words.ts';

/** The picture in two lanes: trail → key → statements with what each does to CloudTrail, and who else may use the key. */
export function picture(trail: TrailReport, background: TrailBackground | null, once: Once): Markup {
  return html`<div class="picture"><section class="lane"><h4>May CloudTrail encrypt? ${outcome(background)}</h4>
<ol class="flow">
<li class="node"><span class="kind">Trail</span><bdi class="name">${shortName(trailName(trail))}</bdi>${where(trail)}</li>
${keyNode(trail, background)}
${statementsNode(background, once)}</ol></section>${strangers(trail, once)}</div>`;
}

/** What it comes to, over every request that CloudTrail makes to encrypt. */
function outcome(background: TrailBackground | null): Markup | null {
  const requests = background?.requests ?? null;
  if (!requests?.read) return null;
  const asked = requests.value.filter(({ action }) => action === 'kms:GenerateDataKey');
  const outcomes = asked.map(({ decision }) => decision.outcome);
  if (outcomes.every((one) => one === 'allowed'))
    return html`<span class="tag good">the policies let CloudTrail encrypt</span>`;
  if (outcomes.some((one) => one === 'denied' || one === 'delegated'))
    return html`<span class="tag bad">the policies do not let CloudTrail encrypt</span>`;
  return html`<span class="tag open">whether the policies let CloudTrail encrypt is not known</span>`;
}

function where({ region, accountId }: TrailReport): Markup {
  return html`<span class="fact">${region ?? 'Region not known'}</span><span class="fact">${accountId ?? 'account not known'}</span>`;
}

const ARROW = html`<svg class="arrow" viewBox="0 0 24 24" aria-hidden="true"><path d="M2 12h18M14 6l6 6-6 6"/></svg>`;

function keyNode({ kmsKeyArn, findings }: TrailReport, background: TrailBackground | null): Markup {
  const key = background?.key ?? null;
  const name = kmsKeyArn ?? key?.reference ?? null;
  if (name !== null)
    return html`<li class="node">${ARROW}<span class="kind">Key</span><bdi class="name">${shortName(name)}</bdi>${keyFacts(key)}</li>`;
  const isKeyless = findings.some(({ check, status }) => check === 'trail-encrypted' && status === 'fail');
  return isKeyless
    ? html`<li class="node bad">${ARROW}<span class="kind">Key</span><span class="name">no KMS key</span><span class="fact">Whoever may read the bucket reads the logs.</span></li>`
    : html`<li class="node">${ARROW}<span class="kind">Key</span><span class="name">not known</span></li>`;
}

function keyFacts(key: TrailBackground['key']): Markup | null {
  if (key === null) return null;
  if (key.exists.read && !key.exists.value) return html`<span class="fact bad-text">does not exist</span>`;
  if (!key.metadata.read) return html`<span class="fact">${prose(`not known: ${key.metadata.reason}`)}</span>`;
  const { state, manager, spec } = key.metadata.value;
  const managed = manager === 'CUSTOMER' ? 'customer managed' : manager === 'AWS' ? 'AWS managed' : null;
  const facts = [managed, spec].filter((fact) => fact !== null);
  const works = state === 'Enabled' ? 'fact' : 'fact bad-text';
  return html`${state === null ? null : html`<span class="${works}">${state}</span>`}${facts.map((fact) => html`<span class="fact">${fact}</span>`)}`;
}

function statementsNode(background: TrailBackground | null, once: Once): Markup | null {
  const requests = background?.requests ?? null;
  if (requests === null) return null;
  if (!requests.read)
    return html`<li class="node wide">${ARROW}<span class="kind">Key policy</span><span class="name">not known</span><span class="fact">${prose(requests.reason)}</span></li>`;
  const shown = once(['statements', JSON.stringify(requests.value)], () => statements(requests.value));
  return html`<li class="node wide">${ARROW}<span class="kind">Statements</span>
${shown}</li>`;
}

function statements(requests: readonly RequestExplanation[]): Markup {
  const parts = statementParts(requests);
  const isOpen = parts.some(({ part }) => part === 'lets-in');
  return html`<ul class="statements">${parts.map(statement)}</ul>${isOpen ? null : html`<span class="fact">No statement allows CloudTrail.</span>`}`;
}

const LOOK: Readonly<Record<Part, { readonly mark: string; readonly words: string }>> = {
  'lets-in': { mark: '✓', words: 'allows CloudTrail' },
  'shuts-out': { mark: '✕', words: 'shuts CloudTrail out' },
  'may-let-in': { mark: '?', words: 'may allow CloudTrail' },
  'may-shut-out': { mark: '?', words: 'may shut CloudTrail out' },
  misses: { mark: '≠', words: 'is for CloudTrail, but does not match' },
  unconcerned: { mark: '–', words: 'does not concern CloudTrail' },
};

function statement({ statement: name, effect, origin, part, purposes, reasons }: StatementPart): Markup {
  const { mark, words } = LOOK[part];
  const scope = part === 'unconcerned' ? '' : `: ${purposes.join(', ')}`;
  const from = origin === 'key policy' ? '' : ' (resource control policy)';
  return html`<li class="statement ${part}"><span class="mark" aria-hidden="true">${mark}</span><div><bdi class="sid">${name}</bdi> <span class="effect">${effect}${from}</span>
<p>${words}${scope}</p>${reasons.length === 0 ? null : html`<ul class="reasons">${reasons.map((reason) => html`<li>${prose(reason)}</li>`)}</ul>`}</div></li>`;
}
