// biome-ignore-all lint/performance/useDomNodeTextContent: what a reader sees is what matters here
import { readFileSync } from 'node:fs';
import type { Browser, Page } from 'playwright-core';
import { launch, type OpenPage, open } from './browser.ts';
import { estate, hostileEstate, pageOf, removePages } from './pages.ts';

const AUDIT = readFileSync(require.resolve('accessibility-checker-engine/ace.js'), 'utf8');

let browser: Browser;
let mixed: string;

beforeAll(async () => {
  browser = await launch();
  mixed = await pageOf('mixed', estate(1));
});

afterAll(async () => {
  await browser.close();
  removePages();
});

const shownTrails = (page: Page) =>
  page.$$eval('#trails tr.row', (rows) =>
    rows
      .filter((row) => (row as HTMLElement).checkVisibility())
      .map((row) => row.querySelector('a')?.textContent ?? ''),
  );

const rowOf = (page: Page, name: string) =>
  page.locator('#trails tr.row', { has: page.locator('a', { hasText: new RegExp(`^${name}$`) }) });

/** The details of one trail, opened. */
async function sectionOf({ page }: OpenPage, name: string) {
  const row = rowOf(page, name);
  await row.locator('a').click();
  return row.locator('+ tr.detail');
}

interface Violation {
  readonly rule: string;
  readonly message: string;
  readonly path: string;
}

/** What an accessibility audit (IBM Equal Access, WCAG 2.2) finds to be definitely wrong. */
async function violations(page: Page): Promise<readonly Violation[]> {
  const found =
    await page.evaluate(`(() => { ${AUDIT}; return new ace.Checker().check(document, ['WCAG_2_2']).then(({ results }) =>
    results.filter(({ value }) => value[0] === 'VIOLATION' && value[1] === 'FAIL')
      .map(({ ruleId, message, path }) => ({ rule: ruleId, message, path: path.dom }))); })()`);
  return found as Violation[];
}

test('the audit finds what is wrong', async () => {
  const { page } = await open(browser, mixed);
  await page.evaluate(() => document.querySelector('h1')?.append(document.createElement('img')));
  expect((await violations(page)).map(({ rule }) => rule)).toContain('img_alt_valid');
});

test('it loads nothing and complains of nothing', async () => {
  const { page, complaints, requests } = await open(browser, mixed);
  await page.click('#open');
  expect(complaints).toEqual([]);
  expect(requests.filter((url) => !url.startsWith('file:') && !url.startsWith('data:'))).toEqual([]);
  expect(requests.filter((url) => url.startsWith('file:'))).toHaveLength(1);
});

test('its policy forbids every script but its own', async () => {
  const { page, complaints } = await open(browser, mixed);
  await page.evaluate(() => {
    const script = document.createElement('script');
    script.textContent = 'document.title = "taken over"';
    document.body.append(script);
  });
  expect(await page.title()).toBe('CloudTrail encryption report');
  expect(complaints.join()).toContain('Content Security Policy');
});

describe('filter and search', () => {
  test.each<[string, (page: Page) => Promise<unknown>, RegExp, number]>([
    ['by name', (page) => page.fill('#search', 'WRONG-account'), /^wrong-account$/, 1],
    [
      'by a statement of the policy',
      (page) => page.fill('#search', 'DenyOutsideTheOrganization'),
      /^explicit-deny$/,
      1,
    ],
    ['by several words', (page) => page.fill('#search', 'europe eu-west-1'), /^europe$/, 1],
    [
      'by standing',
      async (page) => {
        await page.uncheck('[value=non-compliant]');
        await page.uncheck('[value=undecided]');
      },
      /compliant|organization|audit|europe|several-trails/,
      5,
    ],
    ['by one standing of five', (page) => page.uncheck('[value=undecided]'), /^(?!policy-not-readable)/, 13],
    ['by check', (page) => page.selectOption('#check', 'public-excluded'), /public-key|policy-not-readable/, 2],
    ['by a check of the summary', (page) => page.click('.pick[data-check=trail-encrypted]'), /unencrypted|legacy/, 2],
    ['by account', (page) => page.selectOption('#account', '999900001111'), /^organization$/, 1],
  ])('%s', async (_, act, expected, count) => {
    const { page } = await open(browser, mixed);
    await act(page);
    await page.waitForFunction(
      (wanted) => document.querySelector('#shown')?.textContent?.startsWith(`${wanted} of 14`),
      count,
    );
    const shown = await shownTrails(page);
    expect(shown).toHaveLength(count);
    for (const name of shown) expect(name).toMatch(expected);
  });

  test('what matches nothing is said, and reset shows all again', async () => {
    const { page } = await open(browser, mixed);
    await page.fill('#search', 'no such trail anywhere');
    await page.waitForSelector('#nothing:not([hidden])');
    expect(await shownTrails(page)).toEqual([]);
    await page.click('[type=reset]');
    await page.waitForSelector('#nothing', { state: 'hidden' });
    expect(await shownTrails(page)).toHaveLength(14);
  });
});

describe('a trail', () => {
  test.each([
    ['compliant', '.lets-in', 'AllowCloudTrailToEncrypt', 'allows CloudTrail: probe, log file, digest file'],
    ['explicit-deny', '.shuts-out', 'DenyOutsideTheOrganization', 'shuts CloudTrail out'],
    ['wrong-account', '.misses', 'AllowCloudTrailToEncrypt', 'is for CloudTrail, but does not match'],
    ['public-key', '.may-let-in', 'AllowEveryone', 'may allow CloudTrail'],
    ['cannot-encrypt', '.unconcerned', 'DelegateToIam', 'does not concern CloudTrail'],
  ])('the picture of %s shows %s', async (trail, part, statement, words) => {
    const section = await sectionOf(await open(browser, mixed), trail);
    const card = section.locator(`.statement${part}`).first();
    expect(await card.locator('.sid').innerText()).toBe(statement);
    expect(await card.innerText()).toContain(words);
  });

  test('its key, its decisions and its findings are there', async () => {
    const section = await sectionOf(await open(browser, mixed), 'explicit-deny');
    const text = await section.innerText();
    for (const part of [
      'arn:aws:kms:us-east-1:111122223333:key/',
      'probe, log file, digest file',
      'cloudtrail-can-encrypt',
      'Enabled',
    ])
      expect(text).toContain(part);
    await section.getByText('Statement by statement').first().click();
    expect(await section.innerText()).toContain('DenyOutsideTheOrganization applies');
  });

  test('remedies are copied as they are shown', async () => {
    const opened = await open(browser, mixed, { permissions: ['clipboard-read', 'clipboard-write'] });
    const section = await sectionOf(opened, 'wrong-account');
    const block = section.locator('.block', { hasText: 'AllowCloudTrailEncrypt' }).first();
    await block.getByRole('button', { name: 'Copy' }).click();
    await opened.page.waitForFunction(() => document.querySelector('#copied')?.textContent === 'Copied');
    const copied = await opened.page.evaluate(() => navigator.clipboard.readText());
    expect(JSON.parse(copied)).toMatchObject({ Sid: 'AllowCloudTrailEncrypt', Effect: 'Allow' });
    expect(opened.complaints).toEqual([]);
  });

  test('the other lane shows who else may use a public key, beside what CloudTrail may', async () => {
    const section = await sectionOf(await open(browser, mixed), 'public-key');
    const [encrypt, others] = await section.locator('.lane').allInnerTexts();
    expect(encrypt).toContain('May CloudTrail encrypt?');
    expect(others).toMatch(/Who else may use the key\?\s+others than the ones meant/);
    expect(others).toMatch(/public-excluded\s+CRITICAL\s+statement AllowEveryone is public: for example arn:aws:iam::/);
    expect(others).toContain('through AllowEveryone');
  });

  test.each([
    ['public-key', 'bad', '"Sid": "AllowEveryone"', 'fails public-excluded'],
    ['explicit-deny', 'bad', '"Sid": "DenyOutsideTheOrganization"', 'fails cloudtrail-can-encrypt'],
    ['compliant', 'good', '"Sid": "AllowCloudTrailToEncrypt"', 'passes cloudtrail-can-encrypt'],
  ])('the policy of %s is there, what decides in it is marked %s', async (trail, look, statement, mark) => {
    const section = await sectionOf(await open(browser, mixed), trail);
    const marked = section.locator(`.source.${look}`, { hasText: statement });
    expect(await marked.innerText()).toContain(mark);
    expect(JSON.parse(await marked.locator('code').innerText())).toHaveProperty('Effect');
  });

  test('its controls are named', async () => {
    const section = await sectionOf(await open(browser, mixed), 'unencrypted');
    expect(await section.innerText()).toMatch(/Controls\s+AWS Foundational Security Best Practices: CloudTrail.2/);
  });

  test('it opens by its address, by its row and by the keyboard, and closes again', async () => {
    const { page } = await open(browser, mixed);
    await page.evaluate(() => {
      location.hash = '#trail-12';
    });
    await page.waitForSelector('tr.row:has([href="#trail-12"][aria-expanded=true]) + tr.detail');
    await page.focus('tr.row [href="#trail-13"]');
    await page.keyboard.press('Enter');
    const row = page.locator('tr.row', { has: page.locator('[href="#trail-13"]') });
    expect(await row.locator('+ tr.detail').innerText()).toContain('Who');
    await row.locator('td').nth(1).click();
    expect(await row.locator('+ tr.detail').count()).toBe(0);
  });

  test('on paper everything is open, and the buttons are gone', async () => {
    const { page } = await open(browser, mixed);
    await page.emulateMedia({ media: 'print' });
    await page.evaluate(() => dispatchEvent(new Event('beforeprint')));
    expect(await page.locator('tr.detail').count()).toBe(14);
    expect(await page.$$eval('main details:not([open], .aside, .trail)', (closed) => closed.length)).toBe(0);
    expect(await page.isVisible('form')).toBe(false);
    expect(await page.locator('.copy:visible, .print:visible').count()).toBe(0);
    await page.evaluate(() => dispatchEvent(new Event('afterprint')));
    expect(await page.locator('tr.detail').count()).toBe(0);
  });

  test.each(['public-key', 'wrong-account', 'compliant'])('%s alone fits two pages', async (name) => {
    const { page } = await open(browser, mixed);
    await page.evaluate(() => {
      window.print = () => undefined;
    });
    const row = rowOf(page, name);
    await row.locator('a').click();
    await row.locator('+ tr.detail').getByRole('button', { name: 'Print this trail' }).click();
    expect(await page.getAttribute('html', 'data-print')).toBe('one');
    const pages = await page.pdf({ format: 'A4' });
    expect(pages.toString('latin1').match(/\/Type\s*\/Page\b/g)?.length).toBeLessThanOrEqual(2);
  });
});

test.each([
  ['light', 1400],
  ['dark', 1400],
  ['light', 400],
  ['dark', 400],
] as const)('no serious accessibility finding, nothing cut off: %s, %d pixels', async (colorScheme, width) => {
  const { page } = await open(browser, mixed, { colorScheme, viewport: { width, height: 900 } });
  await page.click('#open');
  await page.evaluate(() => {
    for (const details of document.querySelectorAll('details')) details.open = true;
  });
  expect(await violations(page)).toEqual([]);
  expect(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)).toBeLessThanOrEqual(0);
});

test('a theme can be chosen', async () => {
  const { page } = await open(browser, mixed, { colorScheme: 'light' });
  const background = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
  const light = await background();
  await page.selectOption('#theme', 'dark');
  expect(await background()).not.toBe(light);
});

test('without script everything can be read', async () => {
  const { page } = await open(browser, mixed, { javaScriptEnabled: false });
  expect(await page.locator('#trails tr.row').count()).toBe(14);
  await page.click('#trails [href="#trail-3"]');
  const details = page.locator('#trail-3');
  await details.locator('> summary').click();
  expect(await details.locator('.lane').first().isVisible()).toBe(true);
  expect(await page.locator('form').isVisible()).toBe(false);
});

test('the page of a repair can be read by everybody, loads nothing and says what access changes', async () => {
  const { page, complaints, requests } = await open(browser, await pageOf('plans', estate(1), ['repair']));
  expect(await violations(page)).toEqual([]);
  expect(complaints).toEqual([]);
  expect(requests.filter((url) => !url.startsWith('data:'))).toHaveLength(1);
  expect(await page.innerText('main')).toContain('What access this plan gives and takes');
});

test('hostile names are text', async () => {
  const { page, complaints } = await open(browser, await pageOf('hostile', hostileEstate()));
  await page.click('#open');
  const text = await page.locator('main').innerText();
  expect(text).toContain('<script>document.title="taken over"</script>');
  expect(text).toContain('<img src=x onerror=alert(1)>');
  expect(text).toContain('\\u{202e}');
  expect(text).not.toMatch(/[\u202a-\u202e\u2066-\u2069\u200e\u200f]/);
  expect(text).toContain('annotation '.repeat(20));
  expect(await page.title()).toBe('CloudTrail encryption report');
  expect(await page.locator('main script, main img').count()).toBe(0);
  expect(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)).toBeLessThanOrEqual(0);
  expect(complaints).toEqual([]);
  expect(await violations(page)).toEqual([]);
});

describe('a large report', () => {
  let large: string;

  beforeAll(async () => {
    large = await pageOf('large', estate(72));
  });

  test('it shows some rows at once and more when asked', async () => {
    const { page, complaints } = await open(browser, large);
    expect(await shownTrails(page)).toHaveLength(200);
    await page.click('#more');
    expect(await shownTrails(page)).toHaveLength(700);
    await page.evaluate(() => {
      location.hash = '#trail-1000';
    });
    await page.waitForSelector('tr.row:has([href="#trail-1000"]) + tr.detail .lane');
    expect(complaints).toEqual([]);
  });

  test('it is searched by what is not built yet', async () => {
    const { page } = await open(browser, large);
    await page.fill('#search', 'explicit-deny-12 "aws:PrincipalOrgID":');
    await page.waitForFunction(() => document.querySelector('#shown')?.textContent?.startsWith('1 of'));
    expect(await shownTrails(page)).toEqual(['explicit-deny-12']);
  });

  test('what stands with the first trail alone is found and shown with the others', async () => {
    const { page, complaints } = await open(browser, large);
    const number = await page.$$eval('details.trail', (all) =>
      all.findIndex((one) => one.querySelector('noscript')?.textContent?.includes('data-part=')),
    );
    await page.evaluate(
      (hash) => {
        location.hash = hash;
      },
      `#trail-${number + 1}`,
    );
    const detail = page.locator('tr.detail');
    await detail.waitFor();
    expect(await detail.locator('.same').count()).toBe(0);
    for (const part of ['.statements', '.decisions', '.brief'])
      expect(await detail.locator(part).first().isVisible()).toBe(true);
    await page.fill('#search', 'DescribeKey');
    await page.waitForFunction(() => Number.parseInt(document.querySelector('#shown')?.textContent ?? '', 10) > 500);
    expect(complaints).toEqual([]);
  });

  test('without script every section is there', async () => {
    const { page } = await open(browser, large, { javaScriptEnabled: false });
    expect(await page.locator('details.trail .picture').count()).toBeGreaterThanOrEqual(1000);
    expect(await page.locator('#trails tr.row:visible').count()).toBeGreaterThanOrEqual(1000);
  });

  test('1,000 trails open in less than 2 seconds', async () => {
    const times: number[] = [];
    for (let attempt = 0; attempt < 3; attempt += 1) {
      const start = performance.now();
      const { page } = await open(browser, large);
      times.push(performance.now() - start);
      expect(await page.locator('details.trail').count()).toBeGreaterThanOrEqual(1000);
      await page.context().close();
    }
    // The best of three: others share the machine.
    expect(Math.min(...times)).toBeLessThan(2000);
  });
});

test('10,000 trails can be filtered, searched and sorted', async () => {
  const { page, complaints } = await open(browser, await pageOf('huge', estate(715)));
  await page.fill('#search', 'explicit-deny-555 DenyOutsideTheOrganization');
  await page.waitForFunction(() => document.querySelector('#shown')?.textContent?.startsWith('1 of 10010'));
  await page.click('[type=reset]');
  await page.waitForFunction(() => document.querySelector('#shown')?.textContent?.startsWith('10010 of'));
  await page.click('#trails .sort >> text=Trail');
  expect((await shownTrails(page)).length).toBe(200);
  expect(complaints).toEqual([]);
}, 300_000);
