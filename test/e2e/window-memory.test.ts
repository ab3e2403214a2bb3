/** @file The page of memories in a real browser: whose they are, and what is shared. */
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { chromiumPath, type Opened, openPages, type Pages, unlessChromium } from '../kit/page/opened-page.ts';

const plain = { origin: 'person', confidence: 1, single: false, quote: '', source: undefined, pinned: false, edited: true } as const;
const note = { ...plain, supersedes: [], supersededBy: undefined, at: 1, saidAt: 1, kind: 'likes' } as const;

describe.skipIf(!chromiumPath)(`memories in the window${unlessChromium}`, () => {
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

  it('[W65] any companion’s memories are shown, those of a deleted one too; a note is shared and kept back where sharing is on', async () => {
    opened = await pages.open({
      context: { viewport: { width: 1_280, height: 800 } },
      prepare({ store }) {
        store.notes.add({ userId: 'default', characterId: 'default' }, { ...note, id: 'a', subject: 'cake', text: 'You like plum cake.' });
        store.notes.add({ userId: 'default', characterId: 'gone' }, { ...note, id: 'b', subject: 'tea', text: 'You like your tea black.' });
      },
    });
    const { page, house } = opened;
    await page.getByRole('button', { name: 'What is remembered' }).click();
    const cake = page.locator('.memory').filter({ hasText: 'plum cake' });
    await cake.waitFor();
    await cake.hover();
    expect(await cake.getByRole('button', { name: 'Share with all companions' }).count()).toBe(0);

    const whose = page.getByRole('combobox', { name: 'Whose memories' });
    await whose.selectOption({ label: 'A deleted companion (1)' });
    await page.getByText('You like your tea black.').waitFor();
    expect(await cake.count()).toBe(0);
    await page.getByRole('heading', { name: 'What a deleted companion remembers' }).waitFor();
    expect(await page.getByRole('button', { name: /^Tell / }).count()).toBe(0);

    await page.keyboard.press('Control+,');
    await page.getByRole('button', { name: 'Memory', exact: true }).click();
    const sharing = page.getByRole('switch', { name: 'Share among companions' });
    expect(await sharing.getAttribute('aria-checked')).toBe('false');
    await sharing.click();
    await page.getByRole('button', { name: 'Open', exact: true }).click();
    await cake.hover();
    const share = cake.getByRole('button', { name: 'Share with all companions' });
    await share.click();
    await cake.getByText('shared with all companions').waitFor();
    expect(house.store.notes.find('a')?.shared).toBe(true);
    await share.click();
    await expect.poll(() => house.store.notes.find('a')?.shared).toBeUndefined();
  });

  it('[W66] any message can be forgotten where its words are changed, and brought back while there is time', async () => {
    opened = await pages.open({
      context: { viewport: { width: 1_280, height: 800 } },
      prepare: ({ model }) => model.replies.push({ text: 'Who is Xavier?', tokensPerSecond: 400, firstTokenMs: 10 }),
    });
    const { page, house } = opened;
    await page.locator('.composer textarea').fill('Xavier must not be named here.');
    await page.keyboard.press('Enter');
    await page.locator('.reply').last().getByRole('button', { name: 'Copy' }).waitFor();
    const forget = async () => {
      await page.getByRole('button', { name: 'Change your words' }).last().click();
      await page.getByRole('button', { name: 'Forget', exact: true }).click();
      await page.getByText('The message is forgotten.').waitFor();
    };
    await forget();
    await page.getByRole('button', { name: 'Undo' }).click();
    await page.getByText('The message is forgotten.').waitFor({ state: 'detached' });
    expect(house.store.notes.hidden()).toEqual([]);
    await forget();
    await page.locator('.bubble').getByText('[forgotten]').waitFor();
    expect(await page.locator('.bubble').allInnerTexts()).toEqual(['[forgotten]']);
  });

  it('[ME45] deleting a conversation asks what becomes of what was learnt in it: kept without its sentences, or forgotten; either can be undone', async () => {
    opened = await pages.open({
      context: { viewport: { width: 1_280, height: 800 } },
      prepare: ({ model }) => model.replies.push(...['Good.', 'Yes.'].map((text) => ({ text, tokensPerSecond: 400, firstTokenMs: 10 }))),
    });
    const { page, house } = opened;
    const row = page.locator('.conversation').first();
    const dialog = page.getByRole('dialog');
    const known = () => house.store.notes.known({ userId: 'default', characterId: 'default' }, 10).map(({ text }) => text);
    const remove = async () => {
      await row.hover();
      await row.getByRole('button', { name: /^More for/ }).click();
      await page.getByRole('menuitem', { name: 'Delete' }).click();
    };
    await page.locator('.composer textarea').fill('My name is Tom and I live in Leeds.');
    await page.keyboard.press('Enter');
    await page.locator('.reply').last().getByRole('button', { name: 'Copy' }).waitFor();
    await expect.poll(() => known().length).toBe(2);

    await remove();
    await dialog.getByText('In this conversation 2 things were learnt.').waitFor();
    await page.keyboard.press('Escape');
    await dialog.waitFor({ state: 'detached' });
    expect(await row.count()).toBe(1);

    await remove();
    await dialog.getByRole('button', { name: 'Delete, keep what was learnt' }).click();
    await page.getByText('is deleted.').waitFor();
    expect(known()).toEqual(expect.arrayContaining(['Your name is Tom.', 'You live in Leeds.']));
    await page.getByRole('button', { name: 'Undo' }).click();
    await row.waitFor();

    await remove();
    await dialog.getByRole('button', { name: 'Delete and forget' }).click();
    await page.getByText('is deleted.').waitFor();
    await expect.poll(known).toEqual([]);
    await page.getByRole('button', { name: 'Undo' }).click();
    await row.waitFor();
    await expect.poll(() => known().length).toBe(2);
  });
});
