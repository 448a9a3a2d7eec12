// Made from the scripts and styles beside it by `npm run docs`: change those.

/** Its digest stands in the page's Content-Security-Policy: no compiler may change it. */
export const SCRIPT = String.raw`
// What the other scripts share: the rows, and how a word is found in one.
'use strict';
{
  const byId = (id) => document.getElementById(id);
  const form = document.querySelector('form');
  const allRows = [...document.querySelectorAll('table.trails tr.row')];

  const numberOf = (row) => row.querySelector('a').hash.slice(1);
  // Details are text until they are opened; what several trails have in common stands in the first of them.
  const textOf = (number) => byId(number).querySelector('noscript').textContent;
  const SAME = /<p class="same" data-part="(\d+)" data-of="([\w-]+)">.*?<\/p>/g;
  const partOf = ([, part, number]) => {
    const [mark, end] = ['<!--' + part + '-->', '<!--/' + part + '-->'];
    const text = textOf(number);
    return text.slice(text.indexOf(mark) + mark.length, text.indexOf(end));
  };
  const detailsOf = (row) => textOf(numberOf(row)).replace(SAME, (...match) => partOf(match));

  // What stands in details as it is written there is looked at without its tags.
  const ENTITIES = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };
  const MEANING = Object.fromEntries(Object.entries(ENTITIES).map(([char, entity]) => [entity, char]));
  const withoutTags = (text) => text.replace(/<[^>]*>/g, ' ').replace(/&#?\w+;/g, (entity) => MEANING[entity] ?? entity);
  function finder(word) {
    const written = word.replace(/[&<>"']/g, (char) => ENTITIES[char]).replace(/[.*+?^$(){}|[\]\\]/g, '\\$&');
    const pattern = new RegExp(written, 'iu');
    const isIn = (text) => pattern.test(text) && withoutTags(text).toLowerCase().includes(word);
    const parts = new Map();
    const isInPart = (match) => {
      if (!parts.has(match[1])) parts.set(match[1], isIn(partOf(match)));
      return parts.get(match[1]);
    };
    return (row) => {
      if ((row.textContent + ' ' + row.dataset.arn).toLowerCase().includes(word)) return true;
      const text = textOf(numberOf(row));
      return isIn(text) || [...text.matchAll(SAME)].some(isInPart);
    };
  }

  // shown: the rows that the filter leaves, in their order.
  globalThis.page = { byId, form, allRows, numberOf, detailsOf, finder, shown: [] };
}
// The table: filter, order, groups. Rows that are not shown are not in the page at all.
{
  const { byId, form, allRows, finder } = page;
  const AT_ONCE = 200;
  const MORE = 500;
  const table = byId('trails');
  const order = new Intl.Collator('en', { numeric: true });
  const rankOf = (row) => Number(row.children[4].dataset.sort);
  const rows = allRows.filter((row) => table.contains(row)).sort((a, b) => rankOf(a) - rankOf(b));
  let limit = AT_ONCE;
  let column = -1;
  let isDescending = false;

  const chosen = (id) => byId(id)?.value ?? '';

  function matching() {
    const words = chosen('search').toLowerCase().split(/\s+/).filter(Boolean).map(finder);
    const [check, account, change] = [chosen('check'), chosen('account'), chosen('change')];
    const standings = new Set([...form.querySelectorAll('[name=standing]:checked')].map((box) => box.value));
    return rows.filter(
      (row) =>
        standings.has(row.dataset.standing) &&
        (account === '' || row.dataset.account === account) &&
        (check === '' || row.dataset.checks.split(' ').includes(check)) &&
        (change === '' || row.lastElementChild.textContent === change) &&
        words.every((isIn) => isIn(row)),
    );
  }

  const sortValue = (row) => row.children[column].dataset.sort ?? row.children[column].textContent;
  function ordered(some) {
    if (column < 0) return some;
    const keyed = some.map((row) => [sortValue(row), row]);
    keyed.sort(([a], [b]) => (isDescending ? order.compare(b, a) : order.compare(a, b)));
    return keyed.map(([, row]) => row);
  }

  const GROUPS = {
    account: (row) => 'Account ' + row.children[0].textContent,
    region: (row) => 'Region ' + row.children[1].textContent,
    key: (row) => (row.dataset.key === '' ? 'No key' : 'Key ' + row.dataset.key),
    '': () => 'All',
  };

  const trailsInWords = (count) => count + (count === 1 ? ' trail' : ' trails');

  function headOf(label, some) {
    const of = (standing) => some.filter((row) => row.dataset.standing === standing).length;
    const urgent = ['non-compliant', 'undecided'].map((standing) => [of(standing), standing]).filter(([count]) => count > 0);
    const head = document.createElement('tr');
    head.className = 'group';
    const cell = document.createElement('th');
    cell.scope = 'rowgroup';
    cell.colSpan = table.tHead.rows[0].cells.length;
    const name = document.createElement('bdi');
    name.textContent = label;
    cell.append(name, ': ' + [trailsInWords(some.length), ...urgent.map((pair) => pair.join(' '))].join(', '));
    head.append(cell);
    return head;
  }

  /** What the filter leaves, in its order and groups, as far as the limit. */
  function arrange() {
    const groups = Map.groupBy(ordered(matching()), GROUPS[byId('group').value]);
    page.shown = [...groups.values()].flat();
    let left = limit;
    const bodies = [];
    for (const [label, some] of groups) {
      if (left <= 0) break;
      const body = document.createElement('tbody');
      body.append(headOf(label, some));
      for (const row of some.slice(0, left)) body.append(row, ...(row.detail ? [row.detail] : []));
      left -= some.length;
      bodies.push(body);
    }
    for (const body of [...table.tBodies]) body.remove();
    table.append(...bodies);
    byId('nothing').hidden = page.shown.length > 0 || rows.length === 0;
    byId('shown').textContent = page.shown.length + ' of ' + trailsInWords(rows.length) + ' shown';
    byId('more').hidden = page.shown.length <= limit;
    byId('more').textContent = 'Show ' + Math.min(MORE, page.shown.length - limit) + ' more';
  }

  function sortBy(index, head) {
    isDescending = column === index && !isDescending;
    column = index;
    for (const cell of table.tHead.rows[0].cells) cell.removeAttribute('aria-sort');
    head.setAttribute('aria-sort', isDescending ? 'descending' : 'ascending');
    arrange();
  }

  for (const [index, head] of [...table.tHead.rows[0].cells].entries()) {
    const button = document.createElement('button');
    button.type = 'button';
    button.className = 'sort';
    button.textContent = head.textContent;
    button.addEventListener('click', () => sortBy(index, head));
    head.replaceChildren(button);
  }

  let waiting = 0;
  const later = (delay) => {
    clearTimeout(waiting);
    limit = AT_ONCE;
    waiting = setTimeout(arrange, delay);
  };
  for (const row of allRows) row.classList.remove('late');
  form.hidden = false;
  form.addEventListener('submit', (event) => event.preventDefault());
  form.addEventListener('input', ({ target }) => later(target.id === 'search' ? 150 : 0));
  form.addEventListener('reset', () => later(0));
  byId('more').addEventListener('click', () => {
    limit += MORE;
    arrange();
  });
  document.addEventListener('click', ({ target }) => {
    const pick = target.closest('button.pick');
    if (pick === null) return;
    byId('check').value = pick.dataset.check;
    arrange();
    byId('check').focus();
  });
  /** Puts a row where it can be seen, whatever the filter says. */
  table.reveal = (row) => {
    if (row.isConnected) return;
    form.reset();
    clearTimeout(waiting);
    arrange();
    limit = Math.max(limit, page.shown.indexOf(row) + 1);
    arrange();
  };
  arrange();
}
// A row opens its details below itself, built when they are wanted; and what is printed.
{
  const { byId, allRows, numberOf, detailsOf } = page;
  const byNumber = new Map(allRows.map((row) => [numberOf(row), row]));
  const link = (row) => row.querySelector('a');

  function open(row) {
    if (row.detail) return;
    const detail = document.createElement('tr');
    detail.className = 'detail';
    const cell = document.createElement('td');
    cell.colSpan = row.cells.length;
    cell.innerHTML = detailsOf(row);
    const print = document.createElement('button');
    print.type = 'button';
    print.className = 'print';
    print.textContent = 'Print this trail';
    print.addEventListener('click', () => printOne(row));
    cell.firstElementChild.prepend(print);
    detail.append(cell);
    row.detail = detail;
    row.after(detail);
    link(row).setAttribute('aria-expanded', 'true');
  }

  function close(row) {
    row.detail?.remove();
    row.detail = undefined;
    link(row).setAttribute('aria-expanded', 'false');
  }

  function openTarget() {
    const row = byNumber.get(location.hash.slice(1));
    if (row === undefined) return;
    byId('trails').reveal(row);
    open(row);
    row.scrollIntoView();
  }

  document.addEventListener('click', (event) => {
    const row = event.target.closest('table.trails tr.row');
    if (row !== null) {
      const isSelecting = getSelection().type === 'Range';
      if (event.target.closest('a') !== null) event.preventDefault();
      else if (isSelecting) return;
      if (row.detail) close(row);
      else open(row);
      return;
    }
    const to = event.target.closest('a[href^="#trail-"]');
    if (to !== null && to.hash === location.hash) openTarget();
  });
  for (const row of allRows) link(row).setAttribute('aria-expanded', 'false');

  const inPage = () => allRows.filter((row) => row.isConnected);
  byId('open').addEventListener('click', () => inPage().forEach(open));
  byId('close').addEventListener('click', () => inPage().forEach(close));
  addEventListener('hashchange', openTarget);

  function printOne(row) {
    row.classList.add('chosen');
    document.documentElement.dataset.print = 'one';
    const whole = () => {
      row.classList.remove('chosen');
      delete document.documentElement.dataset.print;
    };
    addEventListener('afterprint', whole, { once: true });
    print();
  }

  // What is open is printed; where nothing is, every trail that is shown, unless they are too many.
  const MOST = 200;
  let opened = [];
  let closed = [];
  addEventListener('beforeprint', () => {
    const rows = inPage();
    const isChosen = rows.some((row) => row.detail) || rows.length > MOST;
    opened = isChosen ? [] : rows;
    opened.forEach(open);
    closed = [...document.querySelectorAll('main details:not([open], .aside, .trail)')];
    for (const details of closed) details.open = true;
  });
  addEventListener('afterprint', () => {
    opened.forEach(close);
    for (const details of closed) details.open = false;
    [opened, closed] = [[], []];
  });
  openTarget();
}
// What the filter leaves, as a file: built here, sent nowhere.
{
  const { byId } = page;
  const RISKY = /^(?=\s*[=+\-@\uff1d\uff0b\uff0d\uff20])/;

  const record = (row) => {
    const { account, name, arn, standing, severity, check, checks, key } = row.dataset;
    const [region, owner, change] = [1, 6, 7].map((at) => row.children[at]?.textContent ?? '');
    const known = (text) => (text === '\u2013' ? '' : text);
    return {
      accountId: account,
      accountName: name,
      region,
      trail: arn,
      standing,
      severity,
      gravestCheck: check,
      openChecks: checks,
      key,
      owner: known(owner),
      change: known(change),
    };
  };

  // A spreadsheet takes some cells for formulas: an apostrophe in front keeps them text.
  const field = (text) => {
    const shown = text.replace(RISKY, "'");
    return /[",\r\n]/.test(shown) ? '"' + shown.replaceAll('"', '""') + '"' : shown;
  };
  const csv = (records) =>
    [Object.keys(records[0] ?? {}), ...records.map(Object.values)].map((cells) => cells.map(field).join(',') + '\r\n').join('');

  const json = (trails) => {
    const [evaluatedAt, factsAt = null] = [...document.querySelectorAll('.made time')].map((time) => time.dateTime);
    const tool = document.querySelector('.made').dataset.version;
    return JSON.stringify({ tool, evaluatedAt, factsAt, trails }, null, 1) + '\n';
  };

  function save(name, type, text) {
    const link = document.createElement('a');
    link.href = URL.createObjectURL(new Blob([text], { type }));
    link.download = name;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 1000);
  }

  byId('csv').addEventListener('click', () => save('cloudtrail-kms.csv', 'text/csv', csv(page.shown.map(record))));
  byId('json').addEventListener('click', () => save('cloudtrail-kms.json', 'application/json', json(page.shown.map(record))));
}

{
  const { byId, form } = page;
  const root = document.documentElement;
  byId('theme').addEventListener('change', ({ target }) => {
    root.dataset.theme = target.value;
  });
  form.addEventListener('reset', () => delete root.dataset.theme);
}
// Copies what stands in a block of code, or the advice where there is none.
{
  const said = document.createElement('p');
  said.className = 'unseen';
  said.id = 'copied';
  said.setAttribute('role', 'status');
  document.body.append(said);

  async function copy(text) {
    try {
      await navigator.clipboard.writeText(text);
    } catch {
      const area = document.createElement('textarea');
      area.value = text;
      document.body.append(area);
      area.select();
      const done = document.execCommand('copy');
      area.remove();
      if (!done) throw new Error('not copied');
    }
  }

  async function copyFrom(button) {
    const block = button.closest('.block');
    const source = block ? block.querySelector('code') : button.parentElement.querySelector('.advice');
    let result = 'Copied';
    try {
      await copy(source.textContent);
      button.focus();
    } catch {
      result = 'Not copied';
    }
    button.textContent = result;
    said.textContent = result;
    setTimeout(() => {
      button.textContent = 'Copy';
      said.textContent = '';
    }, 2000);
  }

  document.addEventListener('click', (event) => {
    const button = event.target.closest('button.copy');
    if (button !== null) copyFrom(button);
  });
}
`;

export const STYLE = `
:root { color-scheme: light dark;
  --page: light-dark(#f6f7f9, #14171c); --paper: light-dark(#fff, #1c2027); --raised: light-dark(#f1f3f6, #252a33);
  --ink: light-dark(#1a1f27, #e6e9ee); --soft: light-dark(#515b6a, #a9b3c1); --line: light-dark(#d5dae1, #39414d);
  --link: light-dark(#0b57a4, #8cc0ff);
  --bad: light-dark(#a61b1b, #ff9a94); --bad-back: light-dark(#fdeaea, #46201f);
  --good: light-dark(#17663a, #7fd8a0); --good-back: light-dark(#e4f5ea, #17392a);
  --open: light-dark(#7a4b00, #f5c46b); --open-back: light-dark(#fdf1d8, #42330f);
  --excepted: light-dark(#5b3a94, #cdb4ff); --excepted-back: light-dark(#f0eafa, #352a4d);
  --sans: system-ui, -apple-system, 'Segoe UI', Roboto, 'Helvetica Neue', 'Liberation Sans', sans-serif;
  --mono: ui-monospace, 'SF Mono', Menlo, Consolas, 'DejaVu Sans Mono', 'Liberation Mono', monospace; }
:root[data-theme=light] { color-scheme: light; }
:root[data-theme=dark] { color-scheme: dark; }
* { box-sizing: border-box; }
[hidden] { display: none !important; }
body { margin: 0; background: var(--page); color: var(--ink); font: 1rem/1.5 var(--sans); overflow-wrap: anywhere; }
header, main { max-width: 86rem; margin: 0 auto; padding: 0 1rem; }
header { padding-top: .9rem; }
main { padding-bottom: 4rem; }
h1 { font-size: 1.5rem; line-height: 1.2; margin: 0 0 .2rem; }
h2 { font-size: 1.15rem; margin: 1.4rem 0 .5rem; }
#summary { margin-top: .6rem; }
h3 { font-size: .95rem; font-weight: 600; margin: 0; flex: 1 1 20rem; min-width: 0; }
h4 { font-size: 1rem; margin: 1.4rem 0 .6rem; }
p { margin: 0 0 .4rem; }
ul, ol { padding: 0; margin: 0; list-style: none; }
code, pre { font-family: var(--mono); font-size: .875em; }
code { background: var(--raised); border-radius: .2rem; padding: 0 .2em; }
pre { margin: 0; white-space: pre-wrap; }
pre code { padding: 0; background: none; font-size: 1em; }
bdi { unicode-bidi: isolate; }
button, select, input { font: inherit; color: inherit; background: var(--paper); border: 1px solid var(--soft); border-radius: .3rem; padding: .25rem .6rem; min-width: 0; max-width: 100%; }
button { cursor: pointer; }
button:hover { background: var(--raised); }
:focus-visible { outline: 3px solid var(--link); outline-offset: 2px; }
.skip { position: absolute; left: -100rem; }
.skip:focus { left: 1rem; top: .5rem; background: var(--paper); color: var(--link); padding: .5rem; z-index: 2; }
.unseen { position: fixed; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); margin: 0; }
.made, .soft, .should, .fact, .effect, .kind { color: var(--soft); font-size: .875rem; }
.should { display: block; font-weight: 400; }
.cards { display: flex; flex-wrap: wrap; gap: .6rem; }
.card { flex: 1 1 8rem; background: var(--paper); border: 1px solid var(--line); border-top: 4px solid var(--soft); border-radius: .4rem; padding: .25rem .9rem .4rem; }
.card .count { font-size: 1.7rem; line-height: 1.2; font-weight: 650; font-variant-numeric: tabular-nums; margin-right: .3rem; }
.card.bad { border-top-color: var(--bad); } .card.good { border-top-color: var(--good); }
.card.open { border-top-color: var(--open); } .card.excepted { border-top-color: var(--excepted); }
.bar { display: block; width: 100%; height: .5rem; margin-top: .5rem; border-radius: .25rem; }
.bar .bad { fill: var(--bad); } .bar .good { fill: var(--good); } .bar .quiet { fill: var(--soft); }
.bar .open { fill: var(--open); } .bar .excepted { fill: var(--excepted); }
.changes { margin-top: .5rem; }
.changes details:not([open]) { display: inline-block; margin-left: .6rem; }
.tag { display: inline-block; white-space: nowrap; border-radius: .25rem; border: 1px solid; padding: 0 .45em; font-size: .8125rem; font-weight: 600; color: var(--soft); background: var(--raised); }
.tag.bad, .tag.critical, .tag.high { color: var(--bad); background: var(--bad-back); }
.tag.good { color: var(--good); background: var(--good-back); }
.tag.open, .tag.medium { color: var(--open); background: var(--open-back); }
.tag.excepted { color: var(--excepted); background: var(--excepted-back); }
.tag.critical { color: var(--page); background: var(--bad); }
summary { cursor: pointer; }
.first { display: grid; grid-template-columns: 3fr 2fr; gap: 0 2rem; }
.first > section { min-width: 0; }
.urgent li { background: var(--paper); border: 1px solid var(--line); border-left: 4px solid var(--soft); border-radius: .3rem; padding: .25rem .7rem; margin-bottom: .35rem; }
.urgent a { font-weight: 650; }
.brief-message { margin: 0; font-size: .875rem; display: -webkit-box; -webkit-box-orient: vertical; -webkit-line-clamp: 2; overflow: hidden; }
.coverage dl { margin-top: 0; }
.coverage dd .reason { display: block; color: var(--soft); font-size: .875rem; }
a { color: var(--link); }
.causes { margin-top: 1.4rem; }
.causes .should { display: inline; margin-left: .8rem; }
.causes summary h2 { display: inline; }
table { width: 100%; border-collapse: collapse; margin-top: .5rem; background: var(--paper); border: 1px solid var(--line); font-size: .9375rem; }
th, td { text-align: left; vertical-align: top; padding: .25rem .6rem; border-bottom: 1px solid var(--line); }
time { white-space: nowrap; }
.number { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
.trails { table-layout: fixed; }
.trails thead th { position: sticky; top: 0; background: var(--raised); z-index: 1; }
.trails thead th:nth-child(1) { width: 15%; } .trails thead th:nth-child(2) { width: 8.5rem; } .trails thead th:nth-child(4) { width: 9.5rem; }
.trails thead th:nth-child(5) { width: 25%; } .trails thead th:nth-child(6) { width: 8rem; } .trails thead th:nth-child(7) { width: 8rem; } .trails thead th:nth-child(8) { width: 7rem; }
.trails .group th { background: var(--raised); font-weight: 650; }
.trails .row { cursor: pointer; scroll-margin-top: 2.5rem; }
.trails .row:hover { background: var(--raised); }
.trails .row th::before { content: '▸ '; color: var(--soft); }
.trails .row:has(+ .detail) th::before { content: '▾ '; }
.trails .key bdi { display: block; overflow: hidden; text-overflow: ellipsis; white-space: nowrap; font-family: var(--mono); font-size: .8125rem; line-height: 1.7; }
.trails .detail > td { padding: 0; border-left: 4px solid var(--link); }
.sort::after { content: ' ↕'; color: var(--soft); font-weight: 400; }
.sort { border: 0; padding: 0; background: none; font-weight: 650; text-align: left; }
[aria-sort=ascending] .sort::after { content: ' ▲'; } [aria-sort=descending] .sort::after { content: ' ▼'; }
@media (scripting: enabled) { .late, #details { display: none; } }
.pick { border: 0; padding: 0; background: none; color: var(--link); text-decoration: underline; font-weight: 600; text-align: left; }
.toolbar { margin-top: .5rem; display: flex; flex-wrap: wrap; gap: .5rem 1rem; align-items: end; background: var(--paper); border: 1px solid var(--line); border-radius: .4rem; padding: .5rem 1rem; }
.field { display: flex; flex-direction: column; font-size: .875rem; min-width: 0; }
.field:first-child { flex: 1 1 20rem; }
fieldset { border: 0; padding: 0; margin: 0; display: flex; flex-wrap: wrap; gap: .1rem .9rem; min-width: 0; }
fieldset label { white-space: nowrap; }
legend { font-size: .875rem; padding: 0; }
.actions { display: flex; flex-wrap: wrap; gap: .5rem; align-items: baseline; }
fieldset, .actions { flex: 1 1 100%; }
#shown { color: var(--soft); font-size: .875rem; }
.toolbar :is(button, select, input), fieldset label { font-size: .875rem; }
.trail { background: var(--paper); border: 1px solid var(--line); border-radius: .4rem; margin-bottom: .6rem; scroll-margin-top: 1rem; }
.trail > summary { display: flex; flex-wrap: wrap; gap: .2rem .8rem; align-items: baseline; padding: .65rem 1rem; }
.trail > summary::before { content: '▸'; color: var(--soft); }
.trail[open] > summary::before { content: '▾'; }
.trail > summary .tag { min-width: 8.5rem; text-align: center; }
.body { padding: .8rem 1rem 1.2rem; border-top: 1px solid var(--line); }
.annotation { border-left: 4px solid var(--line); padding-left: .8rem; color: var(--soft); font-size: .9375rem; }
dl { display: grid; grid-template-columns: max-content 1fr; gap: .1rem .8rem; margin: .6rem 0; font-size: .9375rem; }
dt { color: var(--soft); } dd { margin: 0; min-width: 0; }
.part { display: contents; }
.lane { margin-top: 1rem; }
.flow { display: flex; gap: 2.6rem; align-items: flex-start; }
.node { position: relative; flex: 1 1 10rem; min-width: 0; background: var(--raised); border: 1px solid var(--line); border-radius: .4rem; padding: .6rem .8rem; }
.node.wide { flex: 3 1 26rem; }
.node.bad { border: 2px dashed var(--bad); }
.bad-text { color: var(--bad); font-weight: 600; } .open-text { color: var(--open); font-weight: 600; } .good-text { color: var(--good); }
.node .name { display: block; font-weight: 650; }
.node .fact, .node > .kind { display: block; }
.arrow { position: absolute; left: -2.2rem; top: .7rem; width: 1.8rem; height: 1.8rem; fill: none; stroke: var(--soft); stroke-width: 2; }
.statements { display: grid; gap: .5rem; margin-top: .3rem; }
.statement { display: flex; gap: .6rem; background: var(--paper); border: 1px solid var(--line); border-left: 5px solid var(--soft); border-radius: .3rem; padding: .4rem .7rem; }
.statement p { margin: 0; }
.statement > div { min-width: 0; }
.mark { font-weight: 700; width: 1.2rem; flex: none; text-align: center; }
.sid { font-weight: 650; font-family: var(--mono); font-size: .9375rem; }
.lets-in { border-left-color: var(--good); } .lets-in .mark, .lets-in p { color: var(--good); }
.shuts-out { border-left-color: var(--bad); } .shuts-out .mark, .shuts-out p { color: var(--bad); }
.may-let-in, .may-shut-out, .misses { border-left-color: var(--open); }
.may-let-in .mark, .may-shut-out .mark, .misses .mark, .may-let-in p, .may-shut-out p, .misses p { color: var(--open); }
.unconcerned .reasons, .unconcerned p { color: var(--soft); }
.strangers { grid-template-columns: repeat(auto-fill, minmax(min(100%, 30rem), 1fr)); }
.reasons { font-size: .875rem; }
.reasons li { margin-left: 1rem; list-style: disc; }
.finding { border: 1px solid var(--line); border-radius: .4rem; padding: .7rem .9rem; margin-bottom: .7rem; break-inside: avoid; }
.check { margin-bottom: .4rem; }
.remedy { border-left: 4px solid var(--link); padding-left: .8rem; margin-top: .5rem; }
.block { display: flex; gap: .6rem; align-items: flex-start; background: var(--raised); border: 1px solid var(--line); border-radius: .3rem; padding: .5rem .6rem; margin: .35rem 0; }
.block pre { flex: 1; min-width: 0; }
.copy { flex: none; min-width: 5.2rem; }
.advice-copy { margin-top: .3rem; }
.brief { margin-top: .8rem; }
.brief li { padding: .25rem 0; border-bottom: 1px solid var(--line); font-size: .9375rem; }
.decisions > li { border-bottom: 1px solid var(--line); padding: .45rem 0; }
.decisions p { margin: 0; }
.decisions details .reasons { margin: .3rem 0 .3rem 1rem; }
.policy { display: grid; gap: .4rem; }
.source { display: flex; gap: .8rem; border: 1px solid var(--line); border-left: 5px solid var(--soft); border-radius: .3rem; padding: .3rem .7rem; }
.source.bad { border-left-color: var(--bad); background: var(--bad-back); } .source.open { border-left-color: var(--open); background: var(--open-back); }
.source.good { border-left-color: var(--good); }
.source pre { flex: 1; min-width: 0; font-size: .8125rem; line-height: 1.35; }
.marks { flex: 0 1 16rem; order: 1; font-size: .875rem; }
.print { float: right; margin-left: 1rem; }
#framework { margin-top: .6rem; }
.framework details { margin-bottom: .3rem; }
.framework .scroll { overflow-x: auto; }
.framework table { table-layout: fixed; min-width: 56rem; }
.framework thead th:nth-child(1) { width: 15%; } .framework thead th:nth-child(n + 2) { width: 8.5rem; } .framework thead th:nth-child(5) { width: auto; } .framework thead th:nth-child(6) { width: 9.5rem; }
.framework summary h3 { display: inline; margin-right: .5rem; }
@media screen and (max-width: 64rem) { .first { display: block; } }
@media screen and (max-width: 48rem) {
  .trails :is(.row, thead tr) > :is(:nth-child(1), :nth-child(2), :nth-child(6), :nth-child(7), :nth-child(8)) { display: none; }
  dl { grid-template-columns: 1fr; } dd { padding-left: .8rem; }
  .trails { table-layout: auto; }
  .trails .row th { min-width: 6.5rem; }
  .trails :is(th, td) { padding: .25rem .4rem; }
  .trails thead th:nth-child(n) { width: auto; }
  .source { flex-direction: column; } .marks { flex: none; order: 0; }
  .exceptions table { display: block; overflow-x: auto; }
  .flow { flex-direction: column; align-items: stretch; gap: 2.2rem; }
  .node, .node.wide { flex: none; }
  .arrow { left: 50%; top: -2rem; rotate: 90deg; translate: -50% 0; }
  .field { flex: 1 1 8rem; }
  .block { flex-direction: column; }
  .causes .should { display: block; margin: 0; }
  .body { padding: .7rem .7rem 1rem; }
}
@media (prefers-reduced-motion: no-preference) { html { scroll-behavior: smooth; } }
@page { margin: 10mm; }
@media print {
  :root { color-scheme: light; font-size: 7.5pt; }
  body { background: none; font-size: 1rem; line-height: 1.25; }
  header, main { padding: 0; max-width: none; }
  h1 { font-size: 14pt; } h2 { font-size: 11pt; margin: .6rem 0 .3rem; } h4 { font-size: 8.5pt; margin: .3rem 0 .1rem; }
  table, dl, .body { font-size: 7pt; }
  .tag { font-size: 6.5pt; }
  .toolbar, .skip, .copy, .print, .aside, #more { display: none !important; }
  .trails { table-layout: auto; } .trails thead th:nth-child(n) { position: static; width: auto; } .sort::after { content: none; }
  .row, .group, h4 { break-after: avoid; }
  details::details-content { content-visibility: visible; block-size: auto; }
  .statement, .check, .urgent li { break-inside: avoid; }
  .finding { break-inside: auto; }
  .detail > td { border: 0; padding: 0; }
  .body { padding: .3rem 0; }
  .body, .annotation, .body p, .check, .message { margin: 0 0 .15rem; }
  .body .should, .remedy > .kind { display: none; }
  .finding, .statement, .source, .node { padding: .15rem .4rem; margin: 0 0 .2rem; }
  .findings, .policy, .brief ul { display: block; columns: 2; column-gap: .6rem; }
  .policy, .brief ul { columns: 3; }
  .node { flex: 0 1 11rem; } .node.wide { flex: 1; }
  .flow { gap: 2.2rem; } .node .fact, .node > .kind { display: inline; margin-right: .4rem; }
  .node.wide .statements, .strangers { display: block; columns: 2; column-gap: .4rem; }
  .statement p, .reasons, .fact, .effect, .sid, .brief li, .marks, .body code { font-size: 6.5pt; line-height: 1.2; }
  .source, .block { display: block; } .block { padding: .1rem .3rem; margin: .1rem 0; }
  .source pre, .block pre { font-size: 6pt; line-height: 1.1; }
  .advice > span { font-size: 7pt; }
  .brief li { padding: 0; border: 0; break-inside: avoid; }
  .decisions > li { padding: .1rem 0; border: 0; }
  [data-print=one] main > :not(#trails, #keys), [data-print=one] .group, [data-print=one] .row:not(.chosen), [data-print=one] .row:not(.chosen) + .detail { display: none; }
}
`;
