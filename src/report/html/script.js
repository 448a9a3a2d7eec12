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
