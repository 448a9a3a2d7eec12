import { checkOf } from '../../trail/checks/index.ts';
import { merged } from '../../trail/remedy/words.ts';
import { openFindings, sameReason } from '../order.ts';
import type { ReportFinding, TrailReport } from '../report.ts';
import { html, lines, type Markup, prose } from './markup.ts';
import type { Once } from './sharedParts.ts';

/** The findings of a trail: what is wrong or not known with its remedy, then the rest in brief. */
export function findings(trail: TrailReport, once: Once): Markup {
  const open = openFindings(trail);
  const closed = trail.findings.filter((finding) => !open.includes(finding));
  const told = once(
    ['findings', ...wordsOf(open)],
    () => html`<div class="findings">${sameReason(open).map(group)}</div>`,
  );
  return html`${open.length === 0 ? null : html`<h4>Findings</h4>${told}`}${closed.length === 0 ? null : once(['passed', ...wordsOf(closed)], () => brief(closed))}`;
}

/** All that the findings of a trail are told from. */
const wordsOf = (findings: readonly ReportFinding[]): readonly string[] =>
  findings.flatMap(({ check, status, message, remediation }) => [check, status, message, remediation]);

function group(same: readonly ReportFinding[]): Markup | null {
  const [first] = same;
  if (first === undefined) return null;
  const heads = same.map(
    ({ check, severity, status }) =>
      html`<p class="check"><span class="tag ${severity.toLowerCase()}">${severity}</span> <span class="tag ${status === 'fail' ? 'bad' : 'open'}">${status === 'fail' ? 'fails' : 'not known'}</span> <strong>${check}</strong> <span class="should">${prose(checkOf(check).title)}</span></p>`,
  );
  return html`<div class="finding">${heads}<p class="message">${prose(first.message)}</p>${first.remediation === '' ? null : remedy(first)}</div>`;
}

/** What to do, with everything that is to be run or pasted as a block of its own that can be copied. */
function remedy({ remediation, remedyWords }: ReportFinding): Markup {
  const words = remedyWords?.() ?? [remediation];
  const hasBlocks = words.some((part) => typeof part !== 'string' && part.isBlock);
  const endsInBlock = hasBlocks && typeof words.at(-1) !== 'string';
  const shown = merged(remedyWords === undefined || endsInBlock ? words : [...words, '.']).map((part) =>
    typeof part === 'string' ? spans(part) : part.isBlock ? block(part.code) : html`<code>${part.code}</code>`,
  );
  return html`<div class="remedy"><p class="kind">What to do</p><div class="advice">${shown}</div>${hasBlocks ? null : COPY_ADVICE}</div>`;
}

const spans = (text: string): readonly Markup[] =>
  text.split('`').map((part, index) => (index % 2 === 0 ? html`<span>${part}</span>` : html`<code>${part}</code>`));

const COPY = html`<button type="button" class="copy">Copy</button>`;
const COPY_ADVICE = html`<button type="button" class="copy advice-copy">Copy</button>`;

const block = (code: string): Markup =>
  html`<div class="block"><pre><code>${lines(indented(code))}</code></pre>${COPY}</div>`;

/** JSON over several lines; a command as it is. */
function indented(code: string): string {
  try {
    return JSON.stringify(JSON.parse(code), null, 2);
  } catch {
    return code;
  }
}

function brief(closed: readonly ReportFinding[]): Markup {
  const passed = closed.filter(({ status }) => status === 'pass').length;
  const others = closed.length - passed;
  const counts = [
    passed === 0 ? '' : `${passed} ${passed === 1 ? 'check passes' : 'checks pass'}`,
    others === 0 ? '' : `${others} not applicable`,
  ];
  const list = (word: string, status: string): Markup | null => {
    const rows = closed.filter((finding) => finding.status === status);
    if (rows.length === 0) return null;
    return html`<p class="kind">${word}</p><ul>${rows.map(({ check, message }) => html`<li><b>${check}</b> ${prose(message)}</li>`)}</ul>`;
  };
  return html`<details class="brief"><summary>${counts.filter((count) => count !== '').join(', ')}</summary>${list('Pass', 'pass')}${list('Not applicable', 'not-applicable')}</details>`;
}
