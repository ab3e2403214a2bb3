/** @file The inspector in the page: what it shows of a reply that was really asked for, and of one that was not. */
import type { Page } from 'playwright';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { chromiumPath, type Opened, openPages, type Pages, unlessChromium } from '../kit/page/opened-page.ts';

const say = async (page: Page, text: string, reply: string) => {
  await page.locator('.composer textarea').fill(text);
  await page.keyboard.press('Enter');
  await page.locator('.reply .prose').getByText(reply).waitFor();
  await page.locator('.reply').last().getByRole('button', { name: 'Copy' }).waitFor();
};

describe.skipIf(!chromiumPath)(`the inspector${unlessChromium}`, () => {
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

  async function open(): Promise<Page> {
    opened = await pages.open({
      prepare: ({ model }) =>
        model.replies.push(
          { text: 'Plum it is.', thinking: 'A plum cake, then.', tokensPerSecond: 400, firstTokenMs: 10 },
          { text: 'Two of them.', tokensPerSecond: 400, firstTokenMs: 10 },
        ),
    });
    await say(opened.page, 'Shall I make a wonderful plum cake? I love it.', 'Plum it is.');
    await say(opened.page, 'How many?', 'Two of them.');
    return opened.page;
  }

  it('[IW1] W explains a reply: its parts, the numbers and their reason, the exact words; Esc gives the keyboard back', async () => {
    const page = await open();
    await page.locator('.turn.reply').last().focus();
    await page.keyboard.press('w');
    const drawer = page.getByRole('complementary', { name: 'Why this reply?' });
    await drawer.getByText('tokens sent').waitFor();
    await drawer.getByRole('button', { name: /^Your words/ }).click();
    expect(await drawer.locator('.section-text pre').innerText()).toBe('How many?');
    await drawer.getByRole('button', { name: 'The reply before' }).click();
    await drawer.getByText('Plum it is.').waitFor();
    expect(await drawer.locator('.mood').getAttribute('data-mood')).toBe('warm');
    await drawer.getByRole('tab', { name: 'Thinking' }).click();
    await drawer.getByText('A plum cake, then.').waitFor();
    await drawer.getByRole('button', { name: 'The reply after' }).click();
    await drawer.getByRole('tab', { name: 'Exact text' }).click();
    await drawer.getByText('This is exactly what was sent.').waitFor();
    await drawer.getByText('Compare with the reply before').click();
    await drawer.getByText(/^\d of \d messages are as they were/).waitFor();
    expect(await drawer.locator('.sent-message').first().getAttribute('data-state')).toBe('same');
    expect(await drawer.locator('.sent-message').last().innerText()).toContain('How many?');
    expect(await drawer.innerText()).not.toContain('A plum cake, then.');
    await page.keyboard.press('Escape');
    await drawer.waitFor({ state: 'detached' });
    await expect.poll(() => page.evaluate(() => document.activeElement?.className)).toContain('turn');
  });

  it('[IW3] of words that no model was asked for there is no record, and it says so', async () => {
    const page = await open();
    await page.getByRole('button', { name: 'Change these words' }).last().click();
    await page.getByRole('textbox', { name: 'Other words for this reply' }).fill('Three of them.');
    await page.keyboard.press('Control+Enter');
    await page.getByText('in your words').waitFor();
    await page.getByRole('button', { name: 'Why this reply?' }).last().click();
    await page.getByText('No record is kept of this one.').waitFor();
  });
});
