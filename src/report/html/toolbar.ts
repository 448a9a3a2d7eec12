import { byAccount } from '../order.ts';
import type { Report } from '../report.ts';
import type { OpenChecks } from './causes.ts';
import { html, type Markup } from './markup.ts';
import { STANDING_ORDER, STANDINGS } from './standings.ts';
import { accountNamed } from './words.ts';

const CHANGES = ['new', 'fixed', 'unchanged'] as const;

/** What only the page's script can do: it shows the form. */
export function toolbar({ trails, standings, changes }: Report, checks: OpenChecks): Markup {
  const boxes = STANDING_ORDER.map(
    (standing) =>
      html`<label><input type="checkbox" name="standing" value="${standing}" checked> ${STANDINGS[standing].words} (${standings[standing]})</label>`,
  );
  const accounts = [...byAccount(trails)].map(
    ([account, [first]]) =>
      html`<option value="${account}">${accountNamed(account, first?.accountName ?? null)}</option>`,
  );
  return html`<form class="toolbar" role="search" aria-label="Trails" hidden>
<label class="field">Search <input type="search" id="search" autocomplete="off" spellcheck="false" placeholder="name, key, account, statement"></label>
<label class="field">Check <select id="check"><option value="">any</option>${checks.map(([check]) => html`<option value="${check}">${check}</option>`)}</select></label>
<label class="field">Account <select id="account"><option value="">all</option>${accounts}</select></label>
${changes === undefined ? null : html`<label class="field">Change <select id="change"><option value="">any</option>${CHANGES.map((change) => html`<option value="${change}">${change}</option>`)}</select></label>`}
<label class="field">Group by <select id="group"><option value="account">account</option><option value="region">Region</option><option value="key">key</option><option value="">nothing</option></select></label>
<label class="field">Theme <select id="theme"><option value="">as the system</option><option value="light">light</option><option value="dark">dark</option></select></label>
<fieldset><legend>Standing</legend>${boxes}</fieldset>
<div class="actions"><button type="button" id="open">Open all</button><button type="button" id="close">Close all</button><button type="reset">Reset</button><button type="button" id="csv">Export CSV</button><button type="button" id="json">Export JSON</button><span role="status" id="shown"></span></div></form>
`;
}
