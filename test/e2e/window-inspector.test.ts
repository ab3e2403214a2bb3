/** @file The inspector in the page: what it shows of a reply that was really asked for, and of one that was not. */
import type { Page } from 'playwright';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { chromiumPath, type Opened, openPages, type Pages, unlessChromium } from '../kit/page/opened-page.ts';
import { seedConversation, seedTurns } from '../kit/page/seeds.ts';

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

  it('[IW6] the explained reply is in sight, when it is opened and when another one takes its place', async () => {
    opened = await pages.open({
      context: { viewport: { width: 1_280, height: 620 } },
      prepare: ({ store }) => {
        const at = Date.now() - 60_000;
        const reply = (turn: number) => `Answer ${turn}. ${'Rain on the tin roof, and nobody says a word about it. '.repeat(4)}`;
        const turns = Array.from({ length: 12 }, (_, turn) => ({ user: `Question ${turn}`, reply: reply(turn), at: at + turn }));
        seedConversation(store, 'long', 'A long talk', at, 'Hello.');
        seedTurns(store, 'long', turns);
      },
    });
    const { page } = opened;
    const inSight = (turn: number) =>
      page.evaluate((words) => {
        const log = document.querySelector('.log')?.getBoundingClientRect();
        const row = [...document.querySelectorAll('.turn.reply')].find((each) => each.textContent?.includes(words));
        const place = row?.getBoundingClientRect();
        return log !== undefined && place !== undefined && place.top >= log.top - 1 && place.bottom <= log.bottom + 1;
      }, `Answer ${turn}.`);
    await page.getByText('Answer 11.').waitFor();
    await page.getByRole('button', { name: 'Why this reply?' }).last().click();
    const drawer = page.getByRole('complementary', { name: 'Why this reply?' });
    await drawer.waitFor();
    await expect.poll(() => inSight(11), { timeout: 10_000 }).toBe(true);
    for (const turn of [10, 9, 8, 7, 6, 5]) {
      await drawer.getByRole('button', { name: 'The reply before' }).click();
      await drawer.getByText(`Answer ${turn}.`).waitFor();
      await expect.poll(() => inSight(turn), { message: `${turn}`, timeout: 10_000 }).toBe(true);
    }
  });

  it('[IW4] what was recalled stands there with its reason; one click corrects it, one forgets it, and Undo brings it back', async () => {
    const pair = { userId: 'default', characterId: 'default' };
    const note = { kind: 'you', subject: 'home', single: true, origin: 'words', confidence: 0.95, quote: 'I live in Leeds.' } as const;
    const plain = { pinned: false, edited: false, supersedes: [], supersededBy: undefined, at: 1, saidAt: 1 } as const;
    const at = Date.UTC(2026, 4, 4, 12);
    const from = { conversationId: 'before', turnId: undefined, speaker: 'person', at } as const;
    opened = await pages.open({
      house: {
        memory: {
          recall: async () => ({
            warnings: [],
            snippets: [
              {
                text: 'They live in Leeds.',
                reason: 'Noted from what you said on 4 May 2026; it is close in meaning to your message.',
                score: 0.82,
                source: { ...from, kind: 'note', id: 'home', messageId: 'before-user-0' },
              },
              {
                text: 'I live in Leeds, by the mill.',
                reason: 'You said it on 4 May 2026; it has “mill” in common with your message.',
                score: 0.6,
                source: { ...from, kind: 'message', id: 'before-user-0', messageId: 'before-user-0' },
              },
            ],
          }),
        },
      },
      prepare({ store, model }) {
        seedConversation(store, 'before', 'The mill', at);
        seedTurns(store, 'before', [{ user: 'I live in Leeds, by the mill.', reply: 'By the mill, then.', at }]);
        store.notes.add(pair, {
          ...note,
          ...plain,
          id: 'home',
          source: { conversationId: 'before', messageId: 'before-user-0', at },
          text: 'You live in Leeds.',
        });
        model.replies.push({ text: 'Near the water.', tokensPerSecond: 400, firstTokenMs: 10 });
      },
    });
    const { page } = opened;
    await page.getByRole('button', { name: 'New conversation' }).first().click();
    await say(page, 'What is near the mill?', 'Near the water.');
    await page.getByRole('button', { name: 'Why this reply?' }).last().click();
    const drawer = page.getByRole('complementary', { name: 'Why this reply?' });
    const home = drawer.locator('.recalled').first();
    const mill = drawer.locator('.recalled').last();
    await mill.getByText('it has “mill” in common with your message').waitFor();
    expect(await home.innerText()).toMatch(
      /They live in Leeds\.[\s\S]*close in meaning[\s\S]*The mill[\s\S]*82 % likely to be meant[\s\S]*\d+ tokens/,
    );

    await home.getByRole('button', { name: 'Correct' }).click();
    await home.getByRole('textbox').fill('You live in York.');
    await page.keyboard.press('Enter');
    await home.getByText('Now in your wording: You live in York.').waitFor();

    await mill.getByRole('button', { name: 'Forget' }).click();
    await mill.getByText('Forgotten.').waitFor();
    await page.getByRole('button', { name: 'Undo' }).click();
    await mill.getByText('I live in Leeds, by the mill.').waitFor();

    // What was said stays; a note is told in its place.
    await mill.getByRole('button', { name: 'Correct' }).click();
    await mill.getByText('in the place of the message').waitFor();
    await mill.getByRole('textbox').fill('You can see the mill from your window.');
    await page.keyboard.press('Enter');
    await mill.getByRole('textbox').waitFor({ state: 'detached' });
    const { notes } = opened.house.store;
    const [written] = notes.list('default', { query: 'from your window' }, 1).memories;
    expect(notes.corrected(written?.id ?? '')).toEqual([{ messageId: 'before-user-0', quote: '' }]);

    await home.getByRole('button', { name: 'Forget' }).click();
    await home.getByText('The message it came from is still there.').waitFor();
    await home.getByRole('button', { name: 'Forget that too' }).click();
    await expect.poll(() => opened.house.store.message('before-user-0')?.text, { timeout: 15_000 }).toBe('[forgotten]');
    await expect.poll(() => drawer.innerText()).not.toContain('Leeds');
    expect(opened.house.store.notes.find('home')).toBeUndefined();
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
