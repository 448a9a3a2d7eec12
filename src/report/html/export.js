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
