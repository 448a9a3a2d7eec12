// biome-ignore-all lint/performance/useDomNodeTextContent: what a reader sees is what matters here
import { readFile } from 'node:fs/promises';
import type { Browser, Page } from 'playwright-core';
import { launch, open } from './browser.ts';
import { audited, pageOf, removePages } from './pages.ts';

let browser: Browser;
let page: Page;

beforeAll(async () => {
  browser = await launch();
  ({ page } = await open(browser, await pageOf('audited', ...(await audited(3)))));
});

afterAll(async () => {
  await browser.close();
  removePages();
});

test('forty trails: standing, coverage, evidence time and the gravest trails are on the first screen', async () => {
  for (const part of ['.cards', '.coverage', '.urgent', '.made', '.changes']) {
    const box = await page.locator(part).first().boundingBox();
    expect([part, box === null ? null : box.y + box.height <= 900]).toEqual([part, true]);
  }
  expect(await page.locator('#trails tr.row').count()).toBeGreaterThanOrEqual(40);
});

test('the cards count the five standings', async () => {
  expect(await page.locator('.card').allInnerTexts()).toEqual([
    expect.stringMatching(/^\d+\s+Non-compliant$/),
    expect.stringMatching(/^\d+\s+Undecided$/),
    '3 Excepted',
    expect.stringMatching(/^\d+\s+Compliant$/),
    '0 Not applicable',
  ]);
});

test('the gravest trails come first, each with its severity', async () => {
  const severities = await page.locator('.urgent .tag').allInnerTexts();
  expect(severities).toHaveLength(6);
  expect(new Set(severities)).toEqual(new Set(['CRITICAL']));
});

test('coverage says what was read, what AWS or a policy refused, what was skipped, and where no trail lives', async () => {
  const text = (await page.locator('.coverage').innerText()).replace(/\s+/g, ' ');
  expect(text).toContain('Facts of 2026-11-20 10:00:00 UTC');
  expect(text).toContain('Read 2 Regions of 3 accounts');
  expect(text).toContain('111122223333 (prod) eu-west-1 failed AccessDenied: not authorized');
  expect(text).toContain('111122223333 (prod) ap-east-1 not enabled');
  expect(text).toContain('444455556666 denied by a service control policy');
  expect(text).toContain('No trail 777788889999 (empty)');
});

test('checks stand by severity', async () => {
  const severities = await page.locator('.causes tbody .tag').allInnerTexts();
  const order = ['CRITICAL', 'HIGH', 'MEDIUM', 'LOW'];
  expect(severities).toEqual(severities.toSorted((a, b) => order.indexOf(a) - order.indexOf(b)));
  expect(new Set(severities).size).toBeGreaterThan(2);
});

test('exceptions have owner, reason, end and state', async () => {
  expect(await page.locator('.exceptions tbody tr').allInnerTexts()).toEqual([
    expect.stringMatching(
      /unencrypted\S*\s+trail-encrypted\s+security@example.com\s+moves \(SEC-1\)\s+2027-01-31\s+in force/,
    ),
    expect.stringMatching(/none\s+all below CRITICAL\s+ops\s+old\s+2026-12-01\s+for no trail/),
  ]);
});

test('what has changed since the baseline', async () => {
  expect(await page.locator('.changes').innerText()).toMatch(/\d+ new, 1 fixed, \d+ unchanged, 1 gone/);
  await page.selectOption('#change', 'fixed');
  await page.waitForFunction(() => document.querySelector('#shown')?.textContent?.startsWith('1 of'));
  await page.click('[type=reset]');
  await page.waitForFunction(() => document.querySelector('#shown')?.textContent?.startsWith('42 of'));
});

test.each([
  ['account', /^Account \d{12}( \(prod\))?: \d+ trails?/],
  ['region', /^Region [a-z0-9-]+: \d+ trails?/],
  ['key', /^(No key|Key arn:aws:kms:\S+): \d+ trails?/],
  ['', /^All: 42 trails, \d+ non-compliant, \d+ undecided$/],
])('the table is grouped by %p', async (by, heading) => {
  await page.selectOption('#group', by);
  await page.waitForFunction((is) => document.querySelector('#trails .group')?.textContent?.match(is), heading);
  for (const text of await page.locator('#trails .group').allInnerTexts()) expect(text).toMatch(heading);
});

test('a column sorts, and again the other way', async () => {
  await page.selectOption('#group', '');
  await page.waitForFunction(() => document.querySelectorAll('#trails .group').length === 1);
  const names = () => page.locator('#trails tr.row a').allInnerTexts();
  await page.click('#trails .sort >> text=Trail');
  const up = await names();
  expect(up).toEqual(up.toSorted(new Intl.Collator('en', { numeric: true }).compare));
  await page.click('#trails .sort >> text=Trail');
  expect(await names()).not.toEqual(up);
  expect(await page.getAttribute('#trails th:nth-child(3)', 'aria-sort')).toBe('descending');
  await page.click('#trails .sort >> text=Gravest');
  expect(await page.locator('#trails tr.row').first().innerText()).toContain('CRITICAL');
});

test.each([
  ['csv', /^accountId,accountName,region,trail,standing,severity,gravestCheck,openChecks,key,owner,change\r\n/],
  ['json', /"standing": "undecided"/],
])('what is shown is exported as %s', async (format, expected) => {
  await page.click('[type=reset]');
  for (const other of ['non-compliant', 'excepted', 'compliant', 'not-applicable'])
    await page.uncheck(`[value=${other}]`);
  await page.waitForFunction(() => !document.querySelector('#shown')?.textContent?.startsWith('42 of'));
  const [download] = await Promise.all([page.waitForEvent('download'), page.click(`#${format}`)]);
  const text = await readFile(await download.path(), 'utf8');
  expect(text).toMatch(expected);
  expect(text).toContain('undecided');
  expect(text).not.toContain('non-compliant');
  if (format === 'json') expect(JSON.parse(text)).toMatchObject({ tool: /./, factsAt: '2026-11-20T10:00:00.000Z' });
});
