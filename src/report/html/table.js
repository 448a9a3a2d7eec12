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
