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
