import type { KeyPolicy } from '../../policy/parse.ts';
import type { KeyFacts } from '../../trail/facts.ts';
import type { FindingStatus } from '../../trail/finding.ts';
import type { ReportFinding, TrailReport } from '../report.ts';
import { html, lines, type Markup, prose } from './markup.ts';
import type { Once } from './sharedParts.ts';

/** The key policy as it was read; what decides stands out, with the checks that it decides. */
export function keyPolicy({ findings, policySha256 }: TrailReport, { policy }: KeyFacts, once: Once): Markup {
  const title = html`<h4>The key policy</h4>`;
  if (!policy.read) return html`${title}<p>Not known: ${prose(policy.reason)}</p>`;
  if (!policy.value.valid) return html`${title}<p>Not valid: ${prose(policy.value.error)}</p>`;
  const { policy: written } = policy.value;
  const marks = findings.flatMap(({ check, status, evidence }) => [check, status, ...evidence.statements]);
  const shown = once(
    ['policy', policySha256 ?? '', ...marks],
    () => html`<div class="policy">${document(written, findings)}</div>`,
  );
  return html`${title}${shown}`;
}

function document({ document: policy, text, statements }: KeyPolicy, findings: readonly ReportFinding[]): Markup {
  const { Statement, ...head } = policy as Readonly<Record<string, unknown>>;
  const all: readonly unknown[] = Array.isArray(Statement) ? Statement : [Statement];
  try {
    const shown = all.map((one, at) => statement(JSON.stringify(one, null, 2), statements[at]?.label ?? '', findings));
    return html`<p class="soft"><code>${JSON.stringify(head)}</code> and ${all.length === 1 ? 'one statement' : `${all.length} statements`}</p>${shown}`;
  } catch (error) {
    // Nested too deeply to be written again.
    if (!(error instanceof RangeError)) throw error;
    return html`<pre><code>${lines(text ?? '')}</code></pre>`;
  }
}

/** What a statement decides, worst first: a failure outranks what is not known, and that what passes. */
const DECIDES = [
  { status: 'fail', look: 'bad', words: 'fails' },
  { status: 'unknown', look: 'open', words: 'leaves open' },
  { status: 'pass', look: 'good', words: 'passes' },
] as const satisfies readonly { readonly status: FindingStatus; readonly look: string; readonly words: string }[];

function statement(json: string, label: string, findings: readonly ReportFinding[]): Markup {
  const naming = findings.filter(({ evidence }) => evidence.statements.includes(label));
  const marks = DECIDES.map(({ status, look, words }) => {
    const checks = naming.filter((finding) => finding.status === status).map(({ check }) => check);
    return { look, mark: checks.length === 0 ? null : html`<p class="${look}-text">${words} ${checks.join(', ')}</p>` };
  }).filter(({ mark }) => mark !== null);
  const [worst] = marks;
  return html`<div class="source${worst === undefined ? '' : ` ${worst.look}`}">${worst === undefined ? null : html`<div class="marks">${marks.map(({ mark }) => mark)}</div>`}<pre><code>${lines(json)}</code></pre></div>`;
}
