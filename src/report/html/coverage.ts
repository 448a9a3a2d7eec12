import { type CoveredPlace, outcomeOf, summarizeCoverage } from '../coverage.ts';
import type { ReportAbout } from '../report.ts';
import { time } from './frame.ts';
import { html, type Markup } from './markup.ts';
import { accountNamed, counted } from './words.ts';

/** So many places are told at once; the others behind a click. */
const FEW = 4;

/** What was read and when, what was not and why, and where no trail lives. */
export function coverage(about: ReportAbout): Markup {
  const { factsAt, evaluatedAt } = about;
  return html`<section class="coverage" aria-labelledby="coverage"><h2 id="coverage">Evidence and coverage</h2>
<dl><dt>Facts of</dt><dd>${factsAt === null ? 'an unknown time' : time(factsAt)}</dd><dt>Evaluated</dt><dd>${time(evaluatedAt)}</dd>${places(about)}</dl>${parameters(about)}</section>
`;
}

function places({ coverage: covered }: ReportAbout): Markup {
  if (covered === null)
    return html`<dt>Read</dt><dd>not recorded: nothing says which accounts and Regions were asked for</dd>`;
  const { accounts, read, unread, withoutTrail } = summarizeCoverage(covered);
  return html`<dt>Read</dt><dd>${counted(read, 'Region')} of ${counted(accounts, 'account')}</dd>
<dt>Not read</dt><dd>${unread.length === 0 ? 'nothing' : list(unread.map(place))}</dd>
<dt>No trail</dt><dd>${withoutTrail.length === 0 ? 'none of the accounts' : list(withoutTrail.map(({ accountId, name }) => html`<bdi>${accountNamed(accountId, name)}</bdi>`))}</dd>`;
}

function place(one: CoveredPlace): Markup {
  const { accountId, name, region, status, reason } = one;
  const look = status === 'skipped' ? 'quiet' : 'open';
  return html`<bdi>${accountNamed(accountId, name)}</bdi>${region === null ? null : html` <bdi>${region}</bdi>`} <span class="tag ${look}">${outcomeOf(one)}</span>${reason === null ? null : html` <span class="reason">${reason}</span>`}`;
}

function list(all: readonly Markup[]): Markup {
  const items = (some: readonly Markup[]) => html`<ul>${some.map((one) => html`<li>${one}</li>`)}</ul>`;
  const rest = all.slice(FEW);
  return html`${items(all.slice(0, FEW))}${rest.length === 0 ? null : html`<details><summary>${rest.length} more</summary>${items(rest)}</details>`}`;
}

function parameters({ parameters: all }: ReportAbout): Markup | null {
  const set = Object.entries(all).filter(([, value]) => value !== null);
  if (set.length === 0) return null;
  return html`<details class="parameters"><summary>Rule parameters in effect</summary><dl>${set.map(([name, value]) => html`<dt>${name}</dt><dd><bdi>${value}</bdi></dd>`)}</dl></details>`;
}
