/** @file The first words of a conversation, chosen in the page before anything is said. */
import type { Page } from 'playwright';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { bytesOf } from '../kit/cards.ts';
import { chromiumPath, type Opened, openPages, type Pages, unlessChromium } from '../kit/page/opened-page.ts';

const card = bytesOf({
  spec: 'chara_card_v3',
  spec_version: '3.0',
  data: {
    name: 'Lark',
    description: 'Lark carries letters.',
    first_mes: 'You have a letter, {{user}}.',
    alternate_greetings: ['{{random:Rain,Snow,Fog}} again.', 'Sign here.'],
  },
});
const shown = (page: Page) => page.locator('.greeting .prose').innerText();

describe.skipIf(!chromiumPath)(`greetings in the window${unlessChromium}`, () => {
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

  it('[GR3] are stepped through with buttons and keys, read out, and begin the conversation as they were shown', async () => {
    opened = await pages.open({
      prepare: ({ model, library }) => {
        library.add({ name: 'lark.json', bytes: card }, { avatar: undefined, accent: undefined });
        model.replies.push({ text: 'Good.', tokensPerSecond: 400, firstTokenMs: 5 });
      },
    });
    const { page, house } = opened;
    await page.getByRole('button', { name: 'Companions' }).first().click();
    await page.locator('.companion-card', { hasText: 'Lark' }).locator('.companion-open').click();
    await expect.poll(() => shown(page)).toBe('You have a letter, User.');
    await page.getByRole('img', { name: 'Greeting 1 of 3' }).waitFor();

    await page.locator('.composer textarea').press('ArrowRight');
    await expect.poll(() => shown(page)).toMatch(/^(Rain|Snow|Fog) again\.$/);
    const random = await shown(page);
    await page.locator('.composer textarea').press('ArrowLeft');
    await page.locator('.composer textarea').press('ArrowLeft');
    await expect.poll(() => shown(page)).toBe('Sign here.');
    expect(await page.locator('.greeting [aria-live=polite]').innerText()).toContain('Greeting 3 of 3.');
    await page.getByRole('button', { name: 'Previous greeting' }).click();
    await expect.poll(() => shown(page)).toBe(random);

    // Inside words the arrows move the cursor; on the buttons they choose.
    await page.locator('.composer textarea').fill('Is it far?');
    await page.locator('.composer textarea').press('ArrowRight');
    expect(await shown(page)).toBe(random);
    await page.getByRole('button', { name: 'Next greeting' }).press('ArrowLeft');
    await expect.poll(() => shown(page)).toBe('You have a letter, User.');
    await page.getByRole('button', { name: 'Next greeting' }).press('Enter');
    await expect.poll(() => shown(page)).toBe(random);

    await page.getByRole('button', { name: 'Companions' }).first().click();
    await page.locator('.companion-card').first().waitFor();
    await page.keyboard.press('Escape');
    await expect.poll(() => shown(page)).toBe(random);
    await page.locator('.composer textarea').press('Enter');
    await page.locator('.reply .prose').getByText('Good.').waitFor();
    expect(await page.locator('.reply .prose').allInnerTexts()).toEqual([random, 'Good.']);
    const [made] = house.store.listConversations({}).conversations;
    expect(house.store.page(made?.id ?? '', 9).messages.map(({ text }) => text)).toEqual([random, 'Is it far?', 'Good.']);
    expect(await page.getByRole('button', { name: 'Next greeting' }).count()).toBe(0);
  });
});
