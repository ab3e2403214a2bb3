/** @file The log and the list in a real browser: following, reading back, keys, looks. */
import type { Locator, Page } from 'playwright';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { measureLook } from '../kit/page/contrast.ts';
import { chromiumPath, type Opened, openPages, type Pages, unlessChromium } from '../kit/page/opened-page.ts';
import type { PageHouse } from '../kit/page/page-house.ts';
import { seedConversation, seedTurns } from '../kit/page/seeds.ts';

/** Turns of a log that is read back to its first word: several pages of it. */
const FAR = process.env['TEST_LONG'] ? 250 : 125;
const long = (turns: number) => (house: PageHouse) => {
  const at = Date.now() - 60_000;
  seedConversation(house.store, 'long', 'A long talk', at, 'Hello.');
  const reply = (turn: number) => `Answer ${turn}. ${'Rain on the tin roof, and nobody says a word about it. '.repeat(8)}`;
  seedTurns(
    house.store,
    'long',
    Array.from({ length: turns }, (_, turn) => ({ user: `Question ${turn}`, reply: reply(turn), at: at + turn })),
  );
};
const paragraphs = (count: number) =>
  Array.from({ length: count }, (_, index) => `Paragraph ${index} of many. ${'Word after word. '.repeat(12)}`).join('\n\n');
const slow = (text: string) => (house: PageHouse) => {
  long(12)(house);
  house.model.replies.push({ text, tokensPerSecond: 400, firstTokenMs: 10 });
};
const place = (page: Page) =>
  page
    .locator('.log')
    .evaluate((log) => ({ top: Math.round(log.scrollTop), fromEnd: Math.round(log.scrollHeight - log.clientHeight - log.scrollTop) }));
/** Where something is seen: the number that must not change. */
const topOf = (part: Locator) => part.evaluate((element) => Math.round(element.getBoundingClientRect().top));
const say = async (page: Page, text: string) => {
  await page.locator('.composer textarea').fill(text);
  await page.keyboard.press('Enter');
};
const focused = (page: Page) => page.evaluate(() => document.activeElement?.getAttribute('data-row') ?? document.activeElement?.tagName);

describe.skipIf(!chromiumPath)(`the log and the list${unlessChromium}`, () => {
  let pages: Pages;
  let opened: Opened;
  beforeAll(async () => {
    pages = await openPages();
  });
  afterAll(() => pages.close());
  afterEach(async () => {
    await opened.close();
    expect(opened.problems).toEqual([]);
  });

  it('[W40] follows the end while she writes; a look upward lets go, and nothing moves until the person returns', async () => {
    opened = await pages.open({ prepare: slow(paragraphs(600)) });
    const { page } = opened;
    await say(page, 'Go on');
    const sixth = page.locator('.log').getByText('Paragraph 6 of');
    await sixth.waitFor();
    await expect.poll(async () => (await place(page)).fromEnd).toBeLessThanOrEqual(1);
    await page.locator('.log').hover();
    await page.mouse.wheel(0, -300);
    const pill = page.getByRole('button', { name: 'Sarah is writing. Jump to latest' });
    await pill.waitFor();
    await expect.poll(async () => (await place(page)).fromEnd).toBeGreaterThan(300);
    const before = { ...(await place(page)), sixth: await topOf(sixth) };
    await expect.poll(async () => (await place(page)).fromEnd - before.fromEnd).toBeGreaterThan(400);
    expect(await topOf(sixth)).toBe(before.sixth);
    await pill.click();
    await expect.poll(async () => (await place(page)).fromEnd).toBeLessThanOrEqual(1);
    await page.mouse.wheel(0, -300);
    await pill.waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('button', { name: 'New reply' }).waitFor();
    await page.mouse.move(500, 200);
    await page.mouse.wheel(0, 90_000);
    await page.getByRole('button', { name: 'New reply' }).waitFor({ state: 'detached' });
    expect((await place(page)).fromEnd).toBeLessThanOrEqual(48);
  });

  it('[W40] a selection in the log lets go as well', async () => {
    opened = await pages.open({ prepare: slow(paragraphs(600)) });
    const { page } = opened;
    await say(page, 'Go on');
    const third = page.locator('.log').getByText('Paragraph 3 of');
    await third.waitFor();
    await third.evaluate((paragraph) => document.getSelection()?.selectAllChildren(paragraph));
    await page.getByRole('button', { name: /Jump to latest/ }).waitFor();
    const before = { ...(await place(page)), third: await topOf(third) };
    await expect.poll(async () => (await place(page)).fromEnd - before.fromEnd).toBeGreaterThan(200);
    expect(await topOf(third)).toBe(before.third);
  });

  it('[W41] draws only what is in sight, and reads back to the first word without a jump', async () => {
    opened = await pages.open({ prepare: long(FAR) });
    const { page } = opened;
    await page.getByText(`Answer ${FAR - 1}.`).waitFor();
    expect(await page.locator('.turn').count()).toBeLessThan(30);
    await page.locator('.log').hover();
    const seen = new Set<number>();
    for (let step = 0; step < 400 && !seen.has(0); step++) {
      const shown = await page.locator('.log').evaluate((log) => {
        const top = log.getBoundingClientRect().top;
        return [...log.querySelectorAll('.bubble')]
          .filter((bubble) => bubble.getBoundingClientRect().bottom > top)
          .map((bubble) => Number(bubble.textContent?.slice(9)));
      });
      for (const question of shown) seen.add(question);
      await page.mouse.wheel(0, -600);
      await page.evaluate(() => new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn))));
    }
    // Every question came by: no page was skipped and none left a hole.
    expect([...seen].sort((a, b) => a - b)).toEqual(Array.from({ length: FAR }, (_, index) => index));
    expect(await page.locator('.turn').count()).toBeLessThan(30);
  });

  it('[W42] keys go from message to message, one letter does one thing, and End returns', async () => {
    opened = await pages.open({
      prepare: long(80),
      context: { permissions: ['clipboard-read', 'clipboard-write'], viewport: { width: 1_200, height: 700 } },
    });
    const { page } = opened;
    await page.getByText('Answer 79.').waitFor();
    await page.keyboard.press('Alt+ArrowUp');
    await expect.poll(() => focused(page)).toBe('reply-long-user-79');
    // Beyond what is drawn, and beyond what was loaded: no row is passed over.
    const below = (turn: number) => [`reply-long-user-${turn}`, `turn-long-turn-${turn}`];
    const way = Array.from({ length: 30 }, (_, index) => 79 - index)
      .flatMap(below)
      .slice(1);
    for (const row of [...way, 'reply-long-user-49']) {
      await page.keyboard.press('Alt+ArrowUp');
      // Where the loaded ones end, the next step is possible as soon as older ones are there.
      if ((await focused(page)) === 'turn-long-turn-55') await page.locator('[data-row="reply-long-user-54"]').waitFor();
      await expect.poll(() => focused(page)).toBe(row);
    }
    await page.keyboard.press('c');
    await page.getByText('Copied.').waitFor();
    expect(await page.evaluate(() => navigator.clipboard.readText())).toMatch(/^Answer 49\./);
    await page.keyboard.press('ArrowUp');
    await expect.poll(() => focused(page)).toBe('turn-long-turn-49');
    await page.keyboard.press('End');
    await expect.poll(() => focused(page)).toBe('reply-long-user-79');
    await expect.poll(async () => (await place(page)).fromEnd).toBeLessThanOrEqual(48);
    await page.keyboard.press('Escape');
    expect(await focused(page)).toBe('TEXTAREA');
    await page.keyboard.type('cr');
    expect(await page.locator('.composer textarea').inputValue()).toBe('cr');
    const regions: (string | null | undefined)[] = [];
    for (let step = 0; step < 4; step++) {
      await page.keyboard.press('F6');
      regions.push(await page.evaluate(() => document.activeElement?.closest('[data-region]')?.className));
    }
    expect(regions).toEqual(['sidebar', 'bar-top', 'log', 'composer']);
  });

  it('[W43] those who listen hear whole sentences from a polite region, and the log itself is silent', async () => {
    const heard = Promise.withResolvers<void>();
    const rained = Promise.withResolvers<void>();
    opened = await pages.open({
      prepare: ({ model }) =>
        model.replies.push({
          thinking: 'Hm.',
          text: 'It rains. It will go on raining until',
          tokensPerSecond: 100,
          firstTokenMs: 10,
          thinksUntil: heard.promise,
          pause: { after: 'It rains. It'.length, until: rained.promise },
          hangs: true,
        }),
    });
    const { page } = opened;
    await say(page, 'And?');
    const region = page.locator('[aria-live="polite"].only-read');
    await region.getByText('Sarah is thinking.').waitFor({ state: 'attached' });
    heard.resolve();
    await region.getByText('It rains.').waitFor({ state: 'attached' });
    rained.resolve();
    await page.getByText('It will go on raining until').waitFor();
    await page.keyboard.press('Escape');
    await region.getByText('was stopped').waitFor({ state: 'attached' });
    const lines = await region.locator('p').allTextContents();
    expect(lines).toEqual([
      'Sarah is thinking.',
      expect.stringMatching(/^Sarah thought for \d+ s\.$/),
      'It rains.',
      'It will go on raining until Sarah was stopped. These words are kept.',
    ]);
    expect(await page.getByRole('log').getAttribute('aria-live')).toBe('off');
  });

  it('[W44] a conversation is renamed in place, deleted, brought back, and found by its title', async () => {
    opened = await pages.open({ prepare: long(2), context: { viewport: { width: 1_200, height: 700 } } });
    const { page } = opened;
    await page.getByText('Answer 1.').waitFor();
    const titles = () => page.locator('.conversation .clip').allTextContents();
    await page.locator('.conversation-open').focus();
    await page.keyboard.press('F2');
    await page.locator('.title-field').fill('  Another name ');
    await page.keyboard.press('Enter');
    await expect.poll(titles).toEqual(['Another name']);
    await page.locator('.conversation-open').focus();
    await page.keyboard.press('F2');
    await page.locator('.title-field').fill('not this');
    await page.keyboard.press('Escape');
    expect(await titles()).toEqual(['Another name']);
    await page.locator('.conversation-open').focus();
    await page.keyboard.press('Delete');
    await page.locator('.greeting').waitFor();
    expect(await titles()).toEqual([]);
    await page.getByRole('button', { name: 'Undo' }).click();
    await page.getByText('Answer 1.').waitFor();
    await expect.poll(titles).toEqual(['Another name']);
    await page.keyboard.press('Control+k');
    await page.keyboard.type('nowhere');
    await page.getByText('No conversation has these words').waitFor();
    await page.keyboard.press('Escape');
    await expect.poll(titles).toEqual(['Another name']);
  });

  it('[W45] from 400 to 1600 pixels every text can be read and nothing is cut off, in light and dark', async () => {
    opened = await pages.open({
      prepare: (house) => {
        long(3)(house);
        house.model.setStatus({
          state: 'failed',
          reason: 'x',
          fault: {
            code: 'model-crashed',
            message: 'The engine ended; what was written is kept, so try again.',
            retryable: true,
            detail: 'code 1',
          },
        });
        house.model.replies.push({
          text: '# Head\n\n`code` [link](https://x.org)\n\n```ts\nconst a = 1; // x\n```\n\n| a | b |\n|---|---|\n| 1 | 2 |',
          thinking: 'Hm.',
          tokensPerSecond: 900,
          firstTokenMs: 5,
          hangs: true,
        });
      },
      context: { viewport: { width: 400, height: 720 }, reducedMotion: 'reduce' },
    });
    const { page } = opened;
    await say(page, 'This is great, I love it');
    await page.locator('.prose table').waitFor();
    for (const width of [400, 560, 720, 860, 1_040, 1_280, 1_600, 400]) {
      await page.setViewportSize({ width, height: 720 });
      for (const colorScheme of ['light', 'dark'] as const) {
        await page.emulateMedia({ colorScheme });
        await page.evaluate(() => new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn))));
        const look = await page.evaluate(measureLook);
        expect(look.failures, `${width} pixels, ${colorScheme}`).toEqual([]);
        expect(look.texts).toBeGreaterThan(15);
      }
    }
  });

  it('[W46] the chosen look stands from the first picture on, and outlasts the page', async () => {
    opened = await pages.open({ context: { colorScheme: 'light', viewport: { width: 1_200, height: 700 } } });
    const { page } = opened;
    const background = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
    const lightOne = await background();
    await page.getByRole('button', { name: /^Look/ }).last().click();
    await page.getByRole('menuitemradio', { name: 'Dark' }).click();
    await expect.poll(background).not.toBe(lightOne);
    // The body comes after the scripts of the head: nothing was drawn before it.
    await page.addInitScript(() => {
      new MutationObserver((_, observer) => {
        if (!document.body) return;
        observer.disconnect();
        Object.assign(window, { themeAtBody: document.documentElement.dataset['theme'] });
      }).observe(document, { childList: true, subtree: true });
    });
    await page.reload();
    await page.locator('.composer').waitFor();
    expect(await page.evaluate(() => 'themeAtBody' in window && window.themeAtBody)).toBe('dark');
  });
});
