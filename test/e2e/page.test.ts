/** @file The page in a real Chromium over the real engine: what a person sees stays the same whatever happens to the window. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { findPageBrowser, openBrowser } from '../kit/page/browser.ts';
import { buildPage } from '../kit/page/build.ts';
import { openPageHouse, type PageHouse } from '../kit/page/page-house.ts';
import { createRandom } from '../kit/random.ts';

const RELOADS = process.env['TEST_LONG'] ? 100 : 10;
const SEED = 22;
const chromium = findPageBrowser();
const reason = chromium ? undefined : 'there is no Chromium at CHROMIUM_PATH or in the usual places';
if (reason) console.warn(`SKIPPED: the page: ${reason}`);

const folder = mkdtempSync(join(tmpdir(), 'persona-page-'));
let browser: Browser;
beforeAll(async () => {
  if (!chromium) return;
  await buildPage(folder);
  browser = await openBrowser(chromium, { scrollbars: false });
});
afterAll(async () => {
  await browser?.close();
  rmSync(folder, { recursive: true, force: true });
});

const numbered = (count: number) => Array.from({ length: count }, (_, index) => `w${index}`).join(' ');
/** The numbered words of the reply that is shown, in order. */
const shownWords = async (page: Page) => (await page.locator('[role="log"]').innerText()).match(/\bw\d+\b/g) ?? [];

async function openPage(house: PageHouse, errors: string[]): Promise<Page> {
  const page = await browser.newPage({ viewport: { width: 1_280, height: 900 } });
  page.on('pageerror', (error) => errors.push(error.message));
  page.on('console', (message) => void (message.type() === 'error' && errors.push(message.text())));
  await page.goto(house.address);
  await page.locator('textarea').waitFor();
  return page;
}

async function say(page: Page, words: string): Promise<void> {
  await page.locator('textarea').fill(words);
  await page.keyboard.press('Enter');
}

it.skipIf(reason !== undefined)('[W50] a conversation streams in, stops when asked, and is there after a reload', async () => {
  const errors: string[] = [];
  const house = await openPageHouse({ pageFolder: folder });
  house.model.replies.push({ text: numbered(400), tokensPerSecond: 100, firstTokenMs: 20 });
  const page = await openPage(house, errors);
  await say(page, 'Count for me');
  await expect.poll(() => shownWords(page), { timeout: 10_000 }).toContain('w20');
  await page.keyboard.press('Escape');
  await page.getByText('You stopped here').waitFor();
  const before = await shownWords(page);
  expect(numbered(400).startsWith(before.join(' '))).toBe(true);
  await page.reload();
  await expect.poll(() => shownWords(page), { timeout: 10_000 }).toEqual(before);
  expect(errors).toEqual([]);
  await page.close();
  await house.close();
});

it.skipIf(reason !== undefined)(
  `[W51] ${RELOADS} reloads in the middle of a reply leave the same text, without gap or double`,
  { timeout: RELOADS * 15_000 + 60_000 },
  async () => {
    const random = createRandom(SEED);
    const errors: string[] = [];
    const house = await openPageHouse({ pageFolder: folder });
    const page = await openPage(house, errors);
    let midway = 0;
    for (let round = 0; round < RELOADS; round++) {
      const words = 60 + random.whole(0, 60);
      const after = random.whole(1, 40);
      const reloaded = Promise.withResolvers<void>();
      const text = numbered(words);
      const pause = { after: numbered(after + 10).length, until: reloaded.promise };
      house.model.replies.push({ text, tokensPerSecond: 120, firstTokenMs: 20, pause });
      const conversation = {
        id: `c${round}`,
        userId: 'default',
        characterId: 'default',
        title: `Round ${round}`,
        titled: true,
        createdAt: Date.now(),
        updatedAt: Date.now() + round,
      };
      house.store.createConversation(conversation, undefined);
      await page.reload();
      await page.getByText(`Round ${round}`, { exact: true }).first().click();
      await page.locator('[aria-current]').getByText(`Round ${round}`).waitFor();
      await say(page, 'Count for me');
      await expect.poll(async () => (await shownWords(page)).length, { timeout: 10_000, interval: 10 }).toBeGreaterThanOrEqual(after);
      await page.reload();
      await expect.poll(async () => (await shownWords(page)).length, { timeout: 10_000, interval: 5 }).toBeGreaterThan(0);
      if ((await shownWords(page)).length < words) midway += 1;
      reloaded.resolve();
      await expect.poll(() => shownWords(page), { timeout: 20_000 }).toEqual(text.split(' '));
    }
    console.log(`page-reloads seed=${SEED} reloads=${RELOADS} midway=${midway} different=0`);
    expect(midway).toBe(RELOADS);
    expect(errors).toEqual([]);
    await page.close();
    await house.close();
  },
);

it.skipIf(reason !== undefined)('[W52] two windows on one conversation show the same, while it is written and after', async () => {
  const errors: string[] = [];
  const house = await openPageHouse({ pageFolder: folder });
  house.model.replies.push({ text: numbered(150), tokensPerSecond: 100, firstTokenMs: 20 });
  const one = await openPage(house, errors);
  await say(one, 'Count for me');
  await expect.poll(async () => (await shownWords(one)).length, { timeout: 10_000 }).toBeGreaterThan(10);
  const two = await openPage(house, errors);
  await expect.poll(async () => (await shownWords(two)).length, { timeout: 10_000 }).toBeGreaterThan(10);
  const whole = numbered(150).split(' ');
  await expect.poll(() => shownWords(one), { timeout: 20_000 }).toEqual(whole);
  await expect.poll(() => shownWords(two), { timeout: 20_000 }).toEqual(whole);
  await say(two, 'Again');
  await expect.poll(() => one.locator('[role="log"]').innerText(), { timeout: 10_000 }).toContain('Again');
  expect(errors).toEqual([]);
  await one.close();
  await two.close();
  await house.close();
});

it.skipIf(reason !== undefined)('[W53] nothing in a reply runs, loads or leads away by itself', async () => {
  const errors: string[] = [];
  const house = await openPageHouse({ pageFolder: folder });
  const hostile = [
    '<script>window.ran = 1</script><img src=x onerror="window.ran = 2"><iframe src="http://127.0.0.1:9/frame"></iframe>',
    '![secret](http://127.0.0.1:9/picture?q=words) ![data](data:image/svg+xml;base64,PHN2Zz48c2NyaXB0Pg==)',
    '[one](javascript:window.ran=3) [two](data:text/html,x) [three](file:///etc/passwd) [four](calculator://x) [five](https://example.org/)',
    '<style>@import url(http://127.0.0.1:9/style.css)</style><form action="http://127.0.0.1:9/form"><button>x</button></form>',
    'The end.',
  ].join('\n\n');
  house.model.replies.push({ text: hostile, tokensPerSecond: 400, firstTokenMs: 20 });
  const page = await openPage(house, errors);
  const asked: string[] = [];
  page.on('request', (request) => asked.push(request.url()));
  await say(page, 'Show me');
  await page.locator('[role="log"]').getByText('The end.').waitFor();
  expect(asked.filter((url) => !url.startsWith(house.url) && !url.startsWith('ws'))).toEqual([]);
  expect(await page.evaluate(() => (window as unknown as { ran?: number }).ran)).toBeUndefined();
  expect(await page.locator('[role="log"] :is(script, iframe, style, form, img[src^="http"], img[src^="data"])').count()).toBe(0);
  const links = await page.locator('[role="log"] a[href]').evaluateAll((all) => all.map((link) => link.getAttribute('href')));
  expect(links).toEqual(['https://example.org/']);
  await page.close();
  await house.close();
});
