import type { CheckId, FindingStatus } from '../../trail/finding.ts';
import type { ReportFinding, TrailReport } from '../report.ts';
import { html, type Markup, prose } from './markup.ts';
import type { Once } from './sharedParts.ts';

/** The checks that look for others who may use the key. */
const CHECKS: ReadonlySet<CheckId> = new Set([
  'public-excluded',
  'other-trails-excluded',
  'readers-bounded',
  'grants-bounded',
  'named-accounts-trusted',
  'administration-bounded',
]);

const LOOKS: Readonly<Record<FindingStatus, { readonly look: string; readonly mark: string }>> = {
  fail: { look: 'shuts-out', mark: '✕' },
  unknown: { look: 'may-shut-out', mark: '?' },
  pass: { look: 'lets-in', mark: '✓' },
  'not-applicable': { look: 'unconcerned', mark: '–' },
};

const ORDER = Object.keys(LOOKS) as readonly FindingStatus[];

/** The lane of the picture for everyone but CloudTrail. */
export function strangers({ findings }: TrailReport, once: Once): Markup | null {
  const asked = findings
    .filter(({ check }) => CHECKS.has(check))
    .toSorted((a, b) => ORDER.indexOf(a.status) - ORDER.indexOf(b.status));
  if (asked.length === 0 || asked.every(({ status }) => status === 'not-applicable')) return null;
  const from = asked.flatMap(({ check, status, message, evidence }) => [
    check,
    status,
    message,
    ...evidence.statements,
  ]);
  const shown = once(['strangers', ...from], () => html`<ul class="statements strangers">${asked.map(item)}</ul>`);
  return html`<section class="lane"><h4>Who else may use the key? ${outcome(asked)}</h4>${shown}</section>`;
}

function outcome(asked: readonly ReportFinding[]): Markup {
  const has = (wanted: FindingStatus): boolean => asked.some(({ status }) => status === wanted);
  if (has('fail')) return html`<span class="tag bad">others than the ones meant</span>`;
  if (has('unknown')) return html`<span class="tag open">not known</span>`;
  return html`<span class="tag good">nobody but the ones meant</span>`;
}

function item({ check, status, severity, message, evidence: { statements } }: ReportFinding): Markup {
  const { look, mark } = LOOKS[status];
  const by = status === 'fail' || status === 'unknown' ? statements : [];
  const through =
    by.length === 0
      ? null
      : html`<p class="soft">through ${by.map((label, at) => html`${at === 0 ? '' : ', '}<code><bdi>${label}</bdi></code>`)}</p>`;
  const tag = status === 'fail' ? html` <span class="tag ${severity.toLowerCase()}">${severity}</span>` : null;
  return html`<li class="statement ${look}"><span class="mark" aria-hidden="true">${mark}</span><div><strong>${check}</strong>${tag}<p>${prose(message)}</p>${through}</div></li>`;
}
