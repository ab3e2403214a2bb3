/** @file Steering a conversation in the page: go on, other words, going back, a note, wishes; in two windows and over a reload. */
import type { Page } from 'playwright';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { chromiumPath, type Opened, openPages, type Pages, unlessChromium } from '../kit/page/opened-page.ts';
import { seedConversation, seedTurns } from '../kit/page/seeds.ts';

const quick = { tokensPerSecond: 400, firstTokenMs: 10 };
const replies = (page: Page) => page.locator('.reply .prose').allInnerTexts();
const bubbles = (page: Page) => page.locator('.bubble').allInnerTexts();

describe.skipIf(!chromiumPath)(`steering in the window${unlessChromium}`, () => {
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

  /** Two turns about rain, and what the model will say next. */
  async function open(...texts: string[]): Promise<Page> {
    opened = await pages.open({
      prepare: ({ model, store }) => {
        seedConversation(store, 'c', 'Rain', Date.now());
        seedTurns(store, 'c', [
          { user: 'Do you like rian?', reply: 'I like it when', at: Date.now() - 2_000 },
          { user: 'Go home', reply: 'Soon.', at: Date.now() - 1_000 },
        ]);
        model.replies.push(...texts.map((text) => ({ text, ...quick })));
      },
    });
    await opened.page.getByText('Soon.').waitFor();
    return opened.page;
  }

  it('[ST9] a reply goes on in a version of its own, seen in both windows and after a reload', async () => {
    const page = await open(' it falls on tin.');
    const other = await opened.another();
    await other.getByText('Soon.').waitFor();
    const first = page.locator('.turn.reply').first();
    await first.focus();
    await page.keyboard.press('Alt+Enter');
    for (const each of [page, other]) {
      await expect.poll(() => replies(each)).toEqual(['I like it when it falls on tin.']);
      await each.getByText('went on').waitFor();
      expect(await each.getByRole('img', { name: 'Version 2 of 2' }).count()).toBe(1);
    }
    await page.reload();
    await expect.poll(() => replies(page)).toEqual(['I like it when it falls on tin.']);
    await page.locator('.turn.reply').first().focus();
    await page.keyboard.press('ArrowLeft');
    await expect.poll(() => replies(other)).toEqual(['I like it when', 'Soon.']);
  });

  it('[ST10] my own words, changed, are answered in their place; the old ones are one step away', async () => {
    const page = await open('Rain, yes.');
    await page.locator('.turn.yours').first().focus();
    await page.keyboard.press('e');
    await page.keyboard.press('Control+A');
    await page.keyboard.type('Do you like rain?');
    await page.keyboard.press('Enter');
    await expect.poll(() => replies(page)).toEqual(['Rain, yes.']);
    expect(await bubbles(page)).toEqual(['Do you like rain?']);
    await page.locator('.turn.yours').first().focus();
    await page.keyboard.press('ArrowLeft');
    await expect.poll(() => bubbles(page)).toEqual(['Do you like rian?', 'Go home']);
    expect(await page.evaluate(() => document.activeElement?.className)).toBe('turn yours');
    await page.keyboard.press('ArrowRight');
    await expect.poll(() => bubbles(page)).toEqual(['Do you like rain?']);
  });

  it('[ST10] Up in an empty box changes the last message; Esc leaves it as it was', async () => {
    const page = await open('Now.');
    await page.locator('.composer textarea').focus();
    await page.keyboard.press('ArrowUp');
    await expect.poll(() => page.locator('.editor textarea').inputValue()).toBe('Go home');
    await page.keyboard.type(', now');
    await page.keyboard.press('Escape');
    expect(await bubbles(page)).toEqual(['Do you like rian?', 'Go home']);
    await page.locator('.composer textarea').focus();
    await page.keyboard.press('ArrowUp');
    await page.keyboard.type(' now');
    await page.keyboard.press('Enter');
    await expect.poll(() => bubbles(page)).toEqual(['Do you like rian?', 'Go home now']);
    await expect.poll(() => replies(page)).toEqual(['I like it when', 'Now.']);
  });

  it('[ST9] a reply in other words is marked, and the old one is kept', async () => {
    const page = await open();
    await page.getByRole('button', { name: 'Change these words' }).last().click();
    const box = page.getByRole('textbox', { name: 'Other words for this reply' });
    await box.fill('Later.');
    await page.keyboard.press('Control+Enter');
    await expect.poll(() => replies(page)).toEqual(['I like it when', 'Later.']);
    await page.getByText('in your words').waitFor();
    expect(await page.getByRole('img', { name: 'Version 2 of 2' }).count()).toBe(1);
  });

  it('[ST9] going back ends the path there, in both windows; what came after can be shown, and is a version of what is said next', async () => {
    const page = await open('A new way.');
    const other = await opened.another();
    await other.getByText('Soon.').waitFor();
    await page.locator('.turn.reply').first().focus();
    await page.keyboard.press('b');
    for (const each of [page, other]) {
      await expect.poll(() => replies(each)).toEqual(['I like it when']);
      await each.locator('.onward').waitFor();
    }
    await other.getByRole('button', { name: 'Show it' }).click();
    await expect.poll(() => replies(page)).toEqual(['I like it when', 'Soon.']);
    await page.locator('.turn.reply').first().focus();
    await page.keyboard.press('b');
    await page.locator('.onward').waitFor();
    await page.locator('.composer textarea').fill('Stay');
    await page.keyboard.press('Enter');
    await expect.poll(() => replies(page)).toEqual(['I like it when', 'A new way.']);
    await page.getByRole('button', { name: 'Previous version' }).click();
    await expect.poll(() => bubbles(page)).toEqual(['Do you like rian?', 'Go home']);
  });

  it('[ST9] shorter, this once: a version, and nothing of it in the next answer', async () => {
    const page = await open('S.', 'Next.');
    await page.getByRole('button', { name: 'Answer in another way' }).last().click();
    await page.getByRole('menuitem', { name: 'Answer shorter' }).click();
    await expect.poll(() => replies(page)).toEqual(['I like it when', 'S.']);
    await page.getByText('asked to be shorter').waitFor();
  });

  it('[ST9] the note is kept, shown in the bar of both windows, and can be removed', async () => {
    const page = await open();
    const other = await opened.another();
    await page
      .getByRole('button', { name: /^More for/ })
      .last()
      .click();
    await page.getByRole('menuitem', { name: 'Note for this conversation' }).click();
    await page.getByRole('textbox', { name: 'Note for this conversation' }).fill('We are on a night train.');
    await page.getByRole('button', { name: 'Keep the note' }).click();
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    await other.getByRole('button', { name: 'Note for this conversation' }).click();
    expect(await other.getByRole('textbox', { name: 'Note for this conversation' }).inputValue()).toBe('We are on a night train.');
    await other.getByRole('button', { name: 'Remove the note' }).click();
    await page.locator('.noted').waitFor({ state: 'detached' });
  });

  it('[ST11] single letters that are turned off do nothing', async () => {
    const page = await open();
    await page.evaluate(() => localStorage.setItem('letters', 'off'));
    await page.locator('.turn.reply').last().focus();
    await page.keyboard.press('e');
    await page.keyboard.press('b');
    expect(await page.locator('.editor').count()).toBe(0);
    expect(await replies(page)).toEqual(['I like it when', 'Soon.']);
    await page.evaluate(() => localStorage.removeItem('letters'));
    await page.keyboard.press('e');
    await page.locator('.editor').waitFor();
  });
});
