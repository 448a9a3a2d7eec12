import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { launch, open } from './browser.ts';
import { audited, pageOf, removePages } from './pages.ts';

/** What `npm run screenshots` copies into docs/images. */
const made = join(__dirname, '../../dist/screenshots');

let browser: Browser;
let file: string;

beforeAll(async () => {
  browser = await launch();
  file = await pageOf('audited', ...(await audited(1)));
  mkdirSync(made, { recursive: true });
});

afterAll(async () => {
  await browser.close();
  removePages();
});

/** Opens a trail, and scrolls to the picture of its key. */
const openTrail = (name: string) => async (page: Page) => {
  await page.locator('#trails tr.row a', { hasText: new RegExp(`^${name}$`) }).click();
  const picture = page.locator('tr.detail .lane').first();
  await picture.evaluate((element) => scrollBy(0, element.getBoundingClientRect().top - 40));
};

test.each<[string, 'light' | 'dark', (page: Page) => Promise<void>]>([
  ['report', 'light', async () => undefined],
  ['report-dark', 'dark', async () => undefined],
  ['trail', 'light', openTrail('wrong-account')],
])('docs/images/%s.webp shows what the report looks like today', async (name, colorScheme, act) => {
  const { page } = await open(browser, file, { colorScheme, viewport: { width: 1280, height: 800 } });
  await act(page);
  const session = await page.context().newCDPSession(page);
  const { data } = await session.send('Page.captureScreenshot', { format: 'webp', quality: 75 });
  writeFileSync(join(made, `${name}.webp`), Buffer.from(data, 'base64'));
  // Pixels differ from machine to machine, words do not. Where they change: `npm run screenshots`.
  expect(await wordsShown(page)).toMatchSnapshot();
});

/** Headings, heads of columns and marks within the picture, without its lowest part: where it ends depends on fonts. */
const wordsShown = (page: Page) =>
  page.$$eval('h1, h2, h3, h4, th, .card, .tag', (elements) =>
    elements
      .filter((element) => {
        const { top, bottom } = element.getBoundingClientRect();
        return element.checkVisibility() && top >= 0 && bottom <= innerHeight - 90;
      })
      .map((element) => (element.textContent ?? '').replace(/\s+/g, ' ').trim()),
  );
