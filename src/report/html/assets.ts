// Made from script.js and style.css by `npm run docs`: change those.

/** Its digest stands in the page's Content-Security-Policy: no compiler may change it. */
export const SCRIPT = String.raw`
'use strict';
const byId = (id) => document.getElementById(id);
const form = document.querySelector('form');
const trails = [...document.querySelectorAll('section.account details.trail')];
const accounts = [...document.querySelectorAll('section.account')];
const texts = new Map();
const MEANING = { lt: '<', gt: '>', quot: '"', '#39': "'", amp: '&' };
const deferred = (trail) => trail.querySelector(':scope > .body > noscript');

// What a large page keeps as text becomes elements when it is wanted.
function build(trail) {
  const text = deferred(trail);
  if (text !== null) text.parentElement.innerHTML = text.textContent;
}

function contentOf(trail) {
  const text = deferred(trail);
  if (text === null) return trail.textContent;
  const content = text.textContent.replace(/<[^>]*>/g, ' ').replace(/&(\w+|#39);/g, (whole, name) => MEANING[name] ?? whole);
  return trail.querySelector('summary').textContent + ' ' + content;
}

const textOf = (trail) => {
  let text = texts.get(trail);
  if (text === undefined) {
    text = (contentOf(trail) + ' ' + trail.parentElement.dataset.account).toLowerCase();
    texts.set(trail, text);
  }
  return text;
};

function filter() {
  const words = byId('search').value.toLowerCase().split(/\s+/).filter(Boolean);
  const check = byId('check').value;
  const account = byId('account').value;
  const verdicts = new Set([...form.querySelectorAll('[name=verdict]:checked')].map((box) => box.value));
  let shown = 0;
  for (const section of accounts) {
    const isOther = account !== '' && section.dataset.account !== account;
    let here = 0;
    for (const trail of section.querySelectorAll('details.trail')) {
      const matches =
        !isOther &&
        verdicts.has(trail.dataset.verdict) &&
        (check === '' || trail.dataset.checks.split(' ').includes(check)) &&
        words.every((word) => textOf(trail).includes(word));
      trail.hidden = !matches;
      if (matches) here += 1;
    }
    section.hidden = here === 0;
    shown += here;
  }
  byId('nothing').hidden = shown > 0 || trails.length === 0;
  byId('shown').textContent = shown + ' of ' + trails.length + (trails.length === 1 ? ' trail' : ' trails') + ' shown';
}

let waiting = 0;
form.hidden = false;
form.addEventListener('submit', (event) => event.preventDefault());
form.addEventListener('input', (event) => {
  if (event.target.id === 'theme') return;
  clearTimeout(waiting);
  waiting = setTimeout(filter, event.target.id === 'search' ? 100 : 0);
});
form.addEventListener('reset', () =>
  setTimeout(() => {
    delete document.documentElement.dataset.theme;
    filter();
  }),
);
byId('theme').addEventListener('change', (event) => {
  document.documentElement.dataset.theme = event.target.value;
});
const setOpen = (isOpen) => {
  for (const trail of trails) {
    if (trail.hidden) continue;
    if (isOpen) build(trail);
    trail.open = isOpen;
  }
};
byId('open').addEventListener('click', () => setOpen(true));
byId('close').addEventListener('click', () => setOpen(false));

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
  let said = 'Copied';
  try {
    await copy(source.textContent);
    button.focus();
  } catch {
    said = 'Not copied';
  }
  button.textContent = said;
  byId('copied').textContent = said;
  setTimeout(() => {
    button.textContent = 'Copy';
    byId('copied').textContent = '';
  }, 2000);
}

document.addEventListener('click', (event) => {
  const summary = event.target.closest('details.trail > summary');
  if (summary !== null) build(summary.parentElement);
  const button = event.target.closest('button');
  if (button === null) return;
  if (button.classList.contains('copy')) copyFrom(button);
  if (button.classList.contains('pick')) {
    byId('check').value = button.dataset.check;
    filter();
    byId('check').focus();
  }
});

const said = document.createElement('p');
said.id = 'copied';
said.className = 'unseen';
said.setAttribute('role', 'status');
document.body.append(said);

function openTarget() {
  const target = byId(location.hash.slice(1));
  if (target === null || target.tagName !== 'DETAILS') return;
  target.open = true;
  target.scrollIntoView();
}
addEventListener('hashchange', openTarget);

document.addEventListener('toggle', (event) => {
  if (event.target.open && event.target.classList.contains('trail')) build(event.target);
}, true);

let closed = [];
addEventListener('beforeprint', () => {
  for (const trail of trails) if (!trail.hidden) build(trail);
  closed = [...document.querySelectorAll('details:not([open])')];
  for (const details of closed) details.open = true;
});
addEventListener('afterprint', () => {
  for (const details of closed) details.open = false;
  closed = [];
});

filter();
openTarget();
`;

export const STYLE = `
:root { color-scheme: light dark;
  --page: light-dark(#f6f7f9, #14171c); --paper: light-dark(#fff, #1c2027); --raised: light-dark(#f1f3f6, #252a33);
  --ink: light-dark(#1a1f27, #e6e9ee); --soft: light-dark(#515b6a, #a9b3c1); --line: light-dark(#d5dae1, #39414d);
  --link: light-dark(#0b57a4, #8cc0ff);
  --bad: light-dark(#a61b1b, #ff9a94); --bad-back: light-dark(#fdeaea, #46201f);
  --good: light-dark(#17663a, #7fd8a0); --good-back: light-dark(#e4f5ea, #17392a);
  --open: light-dark(#7a4b00, #f5c46b); --open-back: light-dark(#fdf1d8, #42330f);
  --sans: system-ui, -apple-system, 'Segoe UI', Roboto, 'Helvetica Neue', 'Liberation Sans', sans-serif;
  --mono: ui-monospace, 'SF Mono', Menlo, Consolas, 'DejaVu Sans Mono', 'Liberation Mono', monospace; }
:root[data-theme=light] { color-scheme: light; }
:root[data-theme=dark] { color-scheme: dark; }
* { box-sizing: border-box; }
[hidden] { display: none !important; }
body { margin: 0; background: var(--page); color: var(--ink); font: 1rem/1.5 var(--sans); overflow-wrap: anywhere; }
header, main { max-width: 75rem; margin: 0 auto; padding: 0 1rem; }
header { padding-top: 1.5rem; }
main { padding-bottom: 4rem; }
h1 { font-size: 1.7rem; line-height: 1.2; margin: 0 0 .4rem; }
h2 { font-size: 1.2rem; margin: 1.8rem 0 .7rem; }
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
#trails:focus { outline: none; }
.skip { position: absolute; left: -100rem; }
.skip:focus { left: 1rem; top: .5rem; background: var(--paper); color: var(--link); padding: .5rem; z-index: 2; }
.unseen { position: fixed; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); margin: 0; }
.made, .should, .fact, .effect, .kind { color: var(--soft); font-size: .875rem; }
.should { display: block; font-weight: 400; }
.cards { display: flex; flex-wrap: wrap; gap: .7rem; }
.card { flex: 1 1 9rem; background: var(--paper); border: 1px solid var(--line); border-top: 4px solid var(--soft); border-radius: .4rem; padding: .6rem 1rem; }
.card .count { display: block; font-size: 2rem; line-height: 1.1; font-weight: 650; font-variant-numeric: tabular-nums; }
.card.bad { border-top-color: var(--bad); } .card.good { border-top-color: var(--good); }
.bar { display: block; width: 100%; height: .5rem; margin-top: .7rem; border-radius: .25rem; }
.bar .bad { fill: var(--bad); } .bar .good { fill: var(--good); } .bar .quiet { fill: var(--soft); }
.tag { display: inline-block; white-space: nowrap; border-radius: .25rem; border: 1px solid; padding: 0 .45em; font-size: .8125rem; font-weight: 600; color: var(--soft); background: var(--raised); }
.tag.bad, .tag.critical, .tag.high { color: var(--bad); background: var(--bad-back); }
.tag.good { color: var(--good); background: var(--good-back); }
.tag.open, .tag.medium { color: var(--open); background: var(--open-back); }
summary { cursor: pointer; }
.causes td, .causes th { padding: .3rem .8rem; }
.causes .should { display: inline; margin-left: .8rem; }
.causes summary h2 { display: inline; }
.causes { margin-top: 1.8rem; }
table { width: 100%; border-collapse: collapse; margin-top: .7rem; background: var(--paper); border: 1px solid var(--line); }
th, td { text-align: left; vertical-align: top; padding: .45rem .8rem; border-bottom: 1px solid var(--line); }
td, thead th + th { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
.pick { border: 0; padding: 0; background: none; color: var(--link); text-decoration: underline; font-weight: 600; text-align: left; }
.toolbar { margin-top: 1.8rem; display: flex; flex-wrap: wrap; gap: .6rem 1rem; align-items: end; background: var(--paper); border: 1px solid var(--line); border-radius: .4rem; padding: .7rem 1rem; }
.field { display: flex; flex-direction: column; font-size: .875rem; min-width: 0; }
.field:first-child { flex: 1 1 20rem; }
fieldset { border: 0; padding: 0; margin: 0; display: flex; flex-wrap: wrap; gap: .1rem .9rem; min-width: 0; }
fieldset label { white-space: nowrap; }
legend { font-size: .875rem; padding: 0; }
.actions { display: flex; flex-wrap: wrap; gap: .5rem; align-items: end; }
#shown { flex: 1 1 100%; margin: 0; color: var(--soft); font-size: .875rem; }
.trail { background: var(--paper); border: 1px solid var(--line); border-radius: .4rem; margin-bottom: .6rem; scroll-margin-top: 1rem; }
.large .trail { content-visibility: auto; contain-intrinsic-size: auto 3.2rem; }
.trail > summary { display: flex; flex-wrap: wrap; gap: .2rem .8rem; align-items: baseline; padding: .65rem 1rem; }
.trail > summary::before { content: '▸'; color: var(--soft); }
.trail[open] > summary::before { content: '▾'; }
.trail > summary .tag { min-width: 8.5rem; text-align: center; }
.gravest { color: var(--soft); font-size: .875rem; }
.body { padding: .8rem 1rem 1.2rem; border-top: 1px solid var(--line); }
.annotation { border-left: 4px solid var(--line); padding-left: .8rem; color: var(--soft); font-size: .9375rem; }
dl { display: grid; grid-template-columns: max-content 1fr; gap: .1rem .8rem; margin: .6rem 0; font-size: .9375rem; }
dt { color: var(--soft); } dd { margin: 0; min-width: 0; }
.picture { margin: 1.2rem 0 0; }
figcaption { font-weight: 650; margin-bottom: .6rem; display: flex; flex-wrap: wrap; gap: .2rem .8rem; align-items: baseline; }
.flow { display: flex; gap: 2.6rem; align-items: flex-start; }
.node { position: relative; flex: 1 1 10rem; min-width: 0; background: var(--raised); border: 1px solid var(--line); border-radius: .4rem; padding: .6rem .8rem; }
.node.wide { flex: 3 1 26rem; }
.node.bad { border: 2px dashed var(--bad); }
.bad-text { color: var(--bad); font-weight: 600; }
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
@media (max-width: 48rem) {
  .flow { flex-direction: column; align-items: stretch; gap: 2.2rem; }
  .node, .node.wide { flex: none; }
  .arrow { left: 50%; top: -2rem; rotate: 90deg; translate: -50% 0; }
  .field { flex: 1 1 8rem; }
  .block { flex-direction: column; }
  .causes .should { display: block; margin: 0; }
  .body { padding: .7rem .7rem 1rem; }
}
@media (prefers-reduced-motion: no-preference) { html { scroll-behavior: smooth; } }
@media print {
  :root { color-scheme: light; }
  body { background: none; font-size: 10pt; }
  .toolbar, .skip, .copy { display: none !important; }
  .trail, .large .trail, .node, .statement { break-inside: auto; content-visibility: visible; }
  .trail > summary { break-after: avoid; }
  details::details-content { content-visibility: visible; block-size: auto; }
  .statement, .block, .check { break-inside: avoid; }
}
`;
