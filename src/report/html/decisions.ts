import type { StatementExplanation } from '../../policy/decision.ts';
import { describeMismatch } from '../../policy/explain.ts';
import type { RequestExplanation } from '../../trail/explainTrail.ts';
import type { RequestPurpose } from '../../trail/requests.ts';
import { because } from '../explanation.ts';
import { html, type Markup, prose } from './markup.ts';
import type { Once } from './sharedParts.ts';

/** Each of CloudTrail's requests with its answer, why, and what every statement has to do with it. */
export function decisions(requests: readonly RequestExplanation[], once: Once): Markup {
  const told = once(
    ['decisions', JSON.stringify(requests)],
    () => html`<ul class="decisions">${grouped(requests).map(decision)}</ul>`,
  );
  return html`<h4>Why: CloudTrail's requests</h4>${told}`;
}

interface Group {
  readonly purposes: readonly RequestPurpose[];
  readonly request: RequestExplanation;
}

/** Requests that are answered alike, statement by statement, are told once. */
function grouped(requests: readonly RequestExplanation[]): readonly Group[] {
  const groups = new Map<string, { readonly purposes: RequestPurpose[]; readonly request: RequestExplanation }>();
  for (const request of requests) {
    const { purpose, ...answer } = request;
    const id = JSON.stringify(answer);
    const known = groups.get(id);
    if (known === undefined) groups.set(id, { purposes: [purpose], request });
    else known.purposes.push(purpose);
  }
  return [...groups.values()];
}

/** Requests that CloudTrail does not make for every trail or every file. */
const WHEN: Readonly<Partial<Record<RequestPurpose, string>>> = {
  probe: 'on creating or updating the trail',
  describe: 'on creating or updating the trail',
  'bucket-key decrypt': 'only where the bucket has an S3 Bucket Key',
};

const ANSWERS = {
  allowed: { words: 'allowed', look: 'good' },
  denied: { words: 'denied', look: 'bad' },
  delegated: { words: 'denied', look: 'bad' },
  unknown: { words: 'not known', look: 'open' },
} as const;

function decision({ purposes, request }: Group): Markup {
  const { action, decision: answer, statements, resourceControlStatements } = request;
  const { words, look } = ANSWERS[answer.outcome];
  const [only] = purposes;
  const when = purposes.length === 1 && only !== undefined ? WHEN[only] : undefined;
  return html`<li><p><strong>${purposes.join(', ')}</strong>${when === undefined ? '' : ` (${when})`} <code>${action}</code> <span class="tag ${look}">${words}</span> <span class="why">${prose(because(request))}</span></p>
<details class="aside"><summary>Statement by statement</summary><ul class="reasons">${statements.map((one) => line(one, ''))}${resourceControlStatements.map((one) => line(one, 'resource control policy, '))}</ul></details></li>`;
}

const APPLIES = { yes: 'applies', no: 'does not apply', unknown: 'may apply' } as const;

function line({ statement, effect, applies, mismatches, matched }: StatementExplanation, origin: string): Markup {
  const why = [
    ...mismatches.map((mismatch) => html`<li>${mismatch.part}: ${prose(describeMismatch(mismatch))}</li>`),
    ...matched.map((condition) => html`<li>condition: ${prose(condition.why)}</li>`),
  ];
  return html`<li>${origin}${effect} <code><bdi>${statement}</bdi></code> <strong>${APPLIES[applies]}</strong>${why.length === 0 ? null : html`<ul>${why}</ul>`}</li>`;
}
