/** @file Talking in the page, over the real engine and door, in a real browser. */

import type { Page } from 'playwright';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { chromiumPath, type Opened, openPages, type Pages, unlessChromium } from '../kit/page/opened-page.ts';
import { openPageHouse } from '../kit/page/page-house.ts';
import { seedConversation, seedTurns } from '../kit/page/seeds.ts';
import { createRandom } from '../kit/random.ts';

const write = async (page: Page, text: string) => {
  await page.locator('.composer textarea').fill(text);
  await page.keyboard.press('Enter');
};
const lastReply = (page: Page) => page.locator('.reply .prose').last();
const words = (count: number) => {
  const random = createRandom(3);
  return Array.from({ length: count }, (_, index) => `${random.pick(['rain', 'tin', 'roof', 'train', 'letter'])}${index}`).join(' ');
};
/** The text of a reply without what the line breaks of a browser add. */
const flat = (text: string | null) => (text ?? '').replace(/\s+/g, ' ').trim();

describe.skipIf(!chromiumPath)(`talking in the window${unlessChromium}`, () => {
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

  it('[W30] the first words make a conversation, are answered, and are there again after a reload', async () => {
    opened = await pages.open({
      prepare: ({ model }) => model.replies.push({ text: 'It rains **here** too.', tokensPerSecond: 200, firstTokenMs: 20 }),
    });
    const { page } = opened;
    expect(await page.locator('.greeting').textContent()).toContain("I'm Sarah");
    await write(page, 'It rains and I love it');
    await expect.poll(async () => flat(await lastReply(page).textContent())).toBe('It rains here too.');
    await page.locator('.conversation[data-open]').getByText('It rains and I love it').waitFor({ state: 'attached' });
    await page.reload();
    await expect.poll(async () => flat(await lastReply(page).textContent())).toBe('It rains here too.');
    expect(await page.locator('.bubble').allTextContents()).toEqual(['It rains and I love it']);
    expect(page.url()).not.toContain('token');
  });

  it('[W98] a model that takes long to load is said beside the writing box until it is there, and what is sent is answered then', async () => {
    let become = (_state: 'loading' | 'ready'): void => {};
    opened = await pages.open({
      prepare({ model }) {
        become = (state) => model.setStatus({ state, reason: 'So it is.' });
        model.replies.push({ text: 'Here I am.', tokensPerSecond: 200, firstTokenMs: 20 });
        become('loading');
      },
    });
    const { page } = opened;
    const reason = page.locator('.composer .reason');
    await reason
      .getByText('Sarah’s model is being loaded, which can take a minute. What you send now is kept, and answered then.')
      .waitFor();
    become('ready');
    await expect.poll(() => reason.textContent()).toBe('');
    await write(page, 'Are you there?');
    await expect.poll(async () => flat(await lastReply(page).textContent())).toBe('Here I am.');
  });

  it('[W31] a reload while she writes: the same text, without a gap and without a double', async () => {
    const text = words(400);
    opened = await pages.open({ prepare: ({ model }) => model.replies.push({ text, tokensPerSecond: 300, firstTokenMs: 10 }) });
    const { page } = opened;
    await write(page, 'Go on');
    for (const until of ['40', '120', '260']) {
      await lastReply(page).getByText(`${until} `).waitFor();
      await page.reload();
      const shown = flat(await lastReply(page).textContent());
      expect(text.startsWith(shown), shown.slice(-60)).toBe(true);
    }
    await expect.poll(async () => flat(await lastReply(page).textContent()), { timeout: 20_000 }).toBe(text);
  });

  it('[W32] two windows on one conversation see the same', async () => {
    const text = words(150);
    opened = await pages.open({
      prepare: ({ model, store }) => {
        seedConversation(store, 'c', 'Rain', Date.now());
        seedTurns(store, 'c', [{ user: 'Hello', reply: 'Hello.', at: Date.now() }]);
        model.replies.push({ text, tokensPerSecond: 200, firstTokenMs: 10 }, { text: 'Second.', tokensPerSecond: 200, firstTokenMs: 10 });
      },
    });
    const { page } = opened;
    const other = await opened.another();
    await other.getByText('Hello.').first().waitFor();
    await write(page, 'Tell me');
    await lastReply(other).getByText('rain').waitFor();
    await write(other, 'And then?');
    await expect.poll(async () => flat(await lastReply(page).textContent()), { timeout: 20_000 }).toBe('Second.');
    await expect.poll(async () => flat(await lastReply(other).textContent())).toBe('Second.');
    const all = (one: Page) => one.locator('.turn').allInnerTexts();
    // What is in sight is drawn a moment after it came into sight.
    await expect.poll(async () => (await all(page)).join('\n') === (await all(other)).join('\n')).toBe(true);
    expect((await all(page)).length).toBeGreaterThan(2);
  });

  it('[W33] Esc stops her, what was written is kept, and answering again makes a version that can be left and found', async () => {
    opened = await pages.open({
      prepare: ({ model }) =>
        model.replies.push(
          { text: 'The first answer', tokensPerSecond: 200, firstTokenMs: 10, hangs: true },
          { text: 'The second answer.', tokensPerSecond: 200, firstTokenMs: 10 },
        ),
    });
    const { page } = opened;
    await write(page, 'Well?');
    await lastReply(page).getByText('The first answer').waitFor();
    await page.keyboard.press('Escape');
    await page.getByText('You stopped here.').waitFor();
    await page.getByRole('button', { name: 'Try again' }).click();
    await expect.poll(async () => flat(await lastReply(page).textContent())).toBe('The second answer.');
    const version = page.getByRole('img', { name: /^Version/ });
    expect(await version.textContent()).toBe('2 / 2');
    await page.getByRole('button', { name: 'Previous version' }).click();
    await expect.poll(async () => flat(await lastReply(page).textContent())).toBe('The first answer');
    expect(await page.locator('.bubble').count()).toBe(1);
    await page.locator('.turn.reply').last().focus();
    await page.keyboard.press('ArrowRight');
    await expect.poll(async () => flat(await lastReply(page).textContent())).toBe('The second answer.');
    expect(await page.evaluate(() => document.activeElement?.className)).toBe('turn reply');
  });

  it('[W34] words said while she writes wait their turn, and are answered in order', async () => {
    opened = await pages.open({
      prepare: ({ model }) =>
        model.replies.push(
          { text: words(60), tokensPerSecond: 120, firstTokenMs: 10 },
          { text: 'To the second.', tokensPerSecond: 200, firstTokenMs: 10 },
        ),
    });
    const { page } = opened;
    await write(page, 'First');
    await lastReply(page).getByText('0').first().waitFor();
    await write(page, 'Second');
    await page.getByText('Waits until Sarah is done').waitFor();
    await expect.poll(async () => flat(await lastReply(page).textContent()), { timeout: 20_000 }).toBe('To the second.');
    expect(await page.locator('.bubble').allTextContents()).toEqual(['First', 'Second']);
  });

  it('[W35] when the program goes and comes back, the page says so, keeps what was written, and sends it once', async () => {
    opened = await pages.open({
      prepare: ({ store }) => {
        seedConversation(store, 'c', 'Rain', Date.now());
        seedTurns(store, 'c', [{ user: 'Hello', reply: 'Hello.', at: Date.now() }]);
      },
    });
    const { page, house } = opened;
    await page.getByText('Hello.').first().waitFor();
    const port = Number(new URL(house.url).port);
    await house.close();
    await page.getByText('The connection to the program is lost').waitFor();
    await write(page, 'Are you there?');
    await page.getByText('Not sent yet').waitFor();
    house.model.replies.push({ text: 'Back again.', tokensPerSecond: 200, firstTokenMs: 10 });
    const again = await openPageHouse({ pageFolder: opened.pageFolder, port, store: house.store, model: house.model });
    try {
      await expect.poll(async () => flat(await lastReply(page).textContent()), { timeout: 20_000 }).toBe('Back again.');
      await page.getByText('The connection to the program is lost').waitFor({ state: 'detached' });
      expect(await page.locator('.bubble').allTextContents()).toEqual(['Hello', 'Are you there?']);
    } finally {
      await again.close();
    }
  });

  it('[W36] an unfinished message stays with its conversation, also over a reload', async () => {
    opened = await pages.open({
      prepare: ({ store }) => {
        seedConversation(store, 'a', 'First talk', Date.now() - 5);
        seedConversation(store, 'b', 'Second talk', Date.now());
        seedTurns(store, 'a', [{ user: 'One', reply: 'Yes.', at: Date.now() - 5 }]);
        seedTurns(store, 'b', [{ user: 'Two', reply: 'No.', at: Date.now() }]);
      },
    });
    const { page } = opened;
    const box = page.locator('.composer textarea');
    await page.getByText('No.').waitFor();
    await box.fill('for the second');
    await page.keyboard.press('Control+k');
    await page.locator('.search input:focus').waitFor();
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    await page.getByText('Yes.').waitFor();
    expect(await box.inputValue()).toBe('');
    await box.fill('for the first');
    await page.reload();
    await page.getByText('Yes.').waitFor();
    expect(await box.inputValue()).toBe('for the first');
  });

  it('[W37] without its key the page says where to get one', async () => {
    opened = await pages.open();
    const bare = await opened.context.newPage();
    await bare.goto(opened.house.url);
    await bare.getByText('This page has no key').waitFor();
    await bare.goto(opened.house.address);
    await bare.locator('.composer').waitFor();
  });
});
