/** @file The companions in a real browser: looked at, added, written, changed, handed on and deleted. */
import { readFileSync } from 'node:fs';
import type { Page } from 'playwright';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { createArchives } from '../../src/main/adapters/characters/archives.ts';
import { drawnPicture } from '../../src/main/engine/cards/avatar.ts';
import { readCard } from '../../src/main/engine/cards/import-card.ts';
import { readChunks, writeChunks } from '../../src/main/engine/cards/png-chunks.ts';
import { withCard } from '../../src/main/engine/cards/png-texts.ts';
import { bytesOf, textChunk, v2, v3Text, zipOf } from '../kit/cards.ts';
import { chromiumPath, type Opened, openPages, type Pages, unlessChromium } from '../kit/page/opened-page.ts';

const archives = createArchives();
const go = async (page: Page) => {
  await page.locator('.rail, .sidebar').first().waitFor();
  const link = page.locator('.sidebar .page-link', { hasText: 'Companions' });
  if (await link.isVisible()) await link.click();
  else await page.locator('.rail').getByRole('button', { name: 'Companions' }).click();
  await page.locator('.companion-card').first().waitFor();
};
const choose = (page: Page, name: string, bytes: Uint8Array) =>
  page
    .locator('input[type=file]')
    .first()
    .setInputFiles({ name, mimeType: 'application/octet-stream', buffer: Buffer.from(bytes) });
/** A real picture with a card in it, and with something hidden beside it. */
const larkPng = () => {
  const secret = textChunk('Comment', bytesOf('where I live'));
  const [header, ...rest] = readChunks(drawnPicture(20, archives));
  const chunks = [...(header ? [header] : []), secret, ...rest];
  return writeChunks(withCard(chunks, { ccv3: bytesOf(v3Text), chara: bytesOf(v2), assets: new Map() }));
};

describe.skipIf(!chromiumPath)(`companions in the window${unlessChromium}`, () => {
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

  it('[W60] a card is looked at, and nothing is added before it is confirmed; its picture is drawn anew', async () => {
    opened = await pages.open();
    const { page, house } = opened;
    await go(page);
    await choose(page, 'nyx.png', larkPng());
    const dialog = page.getByRole('dialog');
    await dialog.getByText('Look before you add Nyx').waitFor();
    await dialog.getByText('Kept in the file, but not followed').waitFor();
    expect(house.library.list()).toHaveLength(1);
    await page.keyboard.press('Escape');
    await dialog.waitFor({ state: 'hidden' });
    expect(house.library.list()).toHaveLength(1);

    await choose(page, 'nyx.png', larkPng());
    await dialog.getByRole('button', { name: 'Add Nyx' }).click();
    await page.locator('.companion-card', { hasText: 'Nyx' }).locator('img').waitFor();
    const added = house.library.list().find(({ name }) => name === 'Nyx');
    const shown = readChunks(house.library.avatar(added?.id ?? ''));
    expect(new Set(shown.map(({ type }) => type))).toEqual(new Set(['IHDR', 'IDAT', 'IEND']));
  });

  it('[W61] cards are dropped and pasted anywhere; what is no card is refused in words', async () => {
    opened = await pages.open();
    const { page } = opened;
    const text = JSON.stringify(v2);
    const drop = (content: string) =>
      page.evaluate((value) => {
        const dataTransfer = new DataTransfer();
        dataTransfer.items.add(new File([value], 'lark.json'));
        window.dispatchEvent(new DragEvent('drop', { dataTransfer, cancelable: true, bubbles: true }));
      }, content);
    await drop(text);
    const dialog = page.getByRole('dialog');
    await dialog.getByText('Look before you add Lark').waitFor();
    await dialog.getByRole('button', { name: 'Do not import' }).last().click();
    await page.evaluate((value) => {
      const clipboardData = new DataTransfer();
      clipboardData.setData('text/plain', value);
      document.body.dispatchEvent(new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true }));
    }, text);
    await dialog.getByText('Look before you add Lark').waitFor();
    await page.keyboard.press('Escape');
    await drop('nothing of the kind');
    await dialog.getByText('There is no character card in this file; nothing was added, so choose another file.').waitFor();
  });

  it('[W67] several files at once are looked at one after the other, and all are put away with Esc', async () => {
    opened = await pages.open();
    const { page, house } = opened;
    await go(page);
    const files = [JSON.stringify(v2), 'no card', v3Text, JSON.stringify(v2)].map((text, index) => ({
      name: `${index}.json`,
      mimeType: 'application/json',
      buffer: Buffer.from(text),
    }));
    await page.locator('input[type=file]').first().setInputFiles(files);
    const dialog = page.getByRole('dialog');
    await dialog.getByText('3 more files follow after this one.').waitFor();
    await dialog.getByRole('button', { name: 'Add Lark' }).click();
    await dialog.getByText('1.json was not added').waitFor();
    await dialog.getByRole('button', { name: 'Next file' }).click();
    await dialog.getByText('Look before you add Nyx').waitFor();
    await dialog.getByText('One more file follows after this one.').waitFor();
    await dialog.getByRole('button', { name: 'Do not import' }).last().click();
    await dialog.getByText('The same card is in your library already.').waitFor();
    await page.locator('input[type=file]').first().setInputFiles(files);
    await dialog.getByText('3 more files follow after this one.').waitFor();
    await page.keyboard.press('Escape');
    await dialog.waitFor({ state: 'hidden' });
    expect(house.library.list().map(({ name }) => name)).toEqual(['Sarah', 'Lark']);
  });

  it('[W62] a companion is written, talked with, changed, deleted and brought back', async () => {
    opened = await pages.open({ prepare: ({ model }) => model.replies.push({ text: 'Evening.', tokensPerSecond: 200, firstTokenMs: 5 }) });
    const { page, house } = opened;
    await go(page);
    await page.getByRole('button', { name: 'Write one' }).click();
    await page.getByLabel('Name', { exact: true }).fill('Fern');
    await page.getByLabel('Description').fill('Fern knows every plant by its second name.');
    await page
      .getByText(/\d+ tokens/)
      .first()
      .waitFor();
    await page.getByLabel('First words').fill('Mind the seedlings.');
    await page.getByRole('button', { name: 'Add an entry' }).click();
    await page.getByLabel('When one of these comes up').fill('greenhouse, glass house');
    await page.getByLabel('What is true then').fill('The greenhouse leaks.');
    await page.getByRole('button', { name: 'Save' }).click();
    await page.locator('.companion-card', { hasText: 'Fern' }).locator('.companion-open').click();
    await page.locator('.greeting').getByText('Mind the seedlings.').waitFor();
    await page.locator('.composer textarea').fill('Hello');
    await page.keyboard.press('Enter');
    await page.locator('.reply .prose').getByText('Evening.').waitFor();
    const { conversations } = house.store.listConversations({});
    const fern = house.library.list().find(({ name }) => name === 'Fern');
    expect(conversations.map(({ characterId }) => characterId)).toEqual([fern?.id]);
    expect(house.library.show(fern?.id ?? '').character.lorebook?.entries[0]).toMatchObject({ keys: ['greenhouse', 'glass house'] });

    await go(page);
    await page.getByRole('button', { name: 'More for Fern' }).click();
    await page.getByRole('menuitem', { name: 'Edit' }).click();
    await page.getByLabel('Personality').fill('Slow.');
    await page.getByRole('button', { name: 'Save' }).click();
    await expect.poll(() => house.library.show(fern?.id ?? '').character.personality).toBe('Slow.');
    await page.getByRole('button', { name: 'More for Fern' }).click();
    await page.getByRole('menuitem', { name: 'Delete' }).click();
    await page.getByRole('button', { name: 'Delete, keep the rest' }).click();
    await page.getByRole('button', { name: 'Undo' }).click();
    await page.locator('.companion-card', { hasText: 'Fern' }).waitFor();
    expect(house.library.list().map(({ name }) => name)).toEqual(['Sarah', 'Fern']);
  });

  it('[W63] a companion leaves as a file that reads as the same card; Sarah can be changed and put back, not deleted', async () => {
    opened = await pages.open({
      prepare: ({ library }) => {
        library.add({ name: 'x.charx', bytes: zipOf({ 'card.json': v3Text }) }, { avatar: undefined, accent: undefined });
      },
    });
    const { page, house } = opened;
    await go(page);
    await page.getByRole('button', { name: 'More for Nyx' }).click();
    const [file] = await Promise.all([page.waitForEvent('download'), page.getByRole('menuitem', { name: 'Save as PNG card' }).click()]);
    expect(file.suggestedFilename()).toBe('Nyx.png');
    const card = readCard(readFileSync(await file.path()), archives);
    expect(card.text).toBe(v3Text);

    await page.getByRole('button', { name: 'More for Sarah' }).click();
    expect(await page.getByRole('menuitem', { name: 'Delete' }).count()).toBe(0);
    await page.getByRole('menuitem', { name: 'Edit' }).click();
    await page.getByLabel('Personality').fill('Chatty.');
    await page.getByRole('button', { name: 'Save' }).click();
    await expect
      .poll(async () => (await house.library.find('default', new AbortController().signal)).character.personality)
      .toBe('Chatty.');
    await page.getByRole('button', { name: 'More for Sarah' }).click();
    await page.getByRole('menuitem', { name: 'As she came' }).click();
    await expect
      .poll(async () => (await house.library.find('default', new AbortController().signal)).character.personality)
      .toContain('Warm without flattery');
  });

  it('[W68] nothing that is being written is dropped without a question', async () => {
    opened = await pages.open();
    const { page, house } = opened;
    const edit = async () => {
      await go(page);
      await page.getByRole('button', { name: 'More for Sarah' }).click();
      await page.getByRole('menuitem', { name: 'Edit' }).click();
      await page.getByLabel('Personality').waitFor();
    };
    const dialog = page.getByRole('dialog', { name: /^Keep what you changed/ });
    const personality = () => house.library.show('default').character.personality;
    await edit();
    await page.keyboard.press('Escape');
    await page.locator('.composer').waitFor();
    expect(await dialog.count()).toBe(0);

    // The page is found again as it was left.
    await page.getByRole('button', { name: 'Companions' }).first().click();
    const before = await page.getByLabel('Personality').inputValue();
    const ways: (() => Promise<void>)[] = [
      () => page.getByLabel('Personality').press('Escape'),
      () => page.getByRole('button', { name: 'Cancel' }).click(),
      () => page.getByRole('button', { name: 'Back to the conversation' }).click(),
      () => page.getByRole('button', { name: 'Settings' }).first().click(),
      () => page.getByRole('button', { name: 'New conversation' }).first().click(),
      () => page.keyboard.press('Control+,'),
    ];
    for (const way of ways) {
      await page.getByLabel('Personality').fill('Chatty.');
      await way();
      await dialog.waitFor();
      await expect.poll(() => page.evaluate(() => document.activeElement?.textContent)).toBe('Go on writing');
      await page.keyboard.press('Escape');
      await dialog.waitFor({ state: 'hidden' });
      expect(await page.getByLabel('Personality').inputValue()).toBe('Chatty.');
    }
    // Back as it was, there is nothing to ask about.
    await page.getByLabel('Personality').fill(before);
    await page.getByRole('button', { name: 'Cancel' }).click();
    await page.locator('.companion-card').first().waitFor();

    await edit();
    await page.getByLabel('Personality').fill('Chatty.');
    let asked = '';
    page.once('dialog', (native) => {
      asked = native.type();
      void native.dismiss();
    });
    await page.evaluate(() => setTimeout(() => window.location.reload(), 0));
    await expect.poll(() => asked).toBe('beforeunload');
    expect(await page.getByLabel('Personality').inputValue()).toBe('Chatty.');
    await page.keyboard.press('Control+,');
    await dialog.getByRole('button', { name: 'Drop the changes' }).click();
    await page.getByRole('heading', { name: 'Settings' }).waitFor();
    expect(personality()).toBe(before);

    await edit();
    await page.getByLabel('Personality').fill('Chatty.');
    await page.keyboard.press('Control+,');
    await dialog.getByRole('button', { name: 'Save and leave' }).click();
    await page.getByRole('heading', { name: 'Settings' }).waitFor();
    expect(personality()).toBe('Chatty.');
  });

  it('[W69] what becomes of its conversations and memories is asked before a companion goes, and undone with it', async () => {
    opened = await pages.open({ prepare: ({ model }) => model.replies.push({ text: 'Noted.', tokensPerSecond: 400, firstTokenMs: 5 }) });
    const { page, house } = opened;
    const { id } = house.library.add({ name: 'x.json', bytes: bytesOf(v2) }, { avatar: undefined, accent: undefined });
    const [name = ''] = house.library.list().flatMap((each) => (each.id === id ? [each.name] : []));
    await go(page);
    const card = page.locator('.companion-card', { hasText: name });
    await card.locator('.companion-open').click();
    await page.locator('.composer textarea').fill('I live in Leeds.');
    await page.keyboard.press('Enter');
    await page.locator('.reply .prose').getByText('Noted.').waitFor();
    await expect.poll(() => house.store.notes.heldBy(id).length).toBe(1);
    const conversations = () => house.store.listConversations({}).conversations.length;

    const ask = async () => {
      await go(page);
      await page.getByRole('button', { name: `More for ${name}` }).click();
      await page.getByRole('menuitem', { name: 'Delete' }).click();
    };
    const dialog = page.getByRole('dialog', { name: `Delete ${name}?` });
    await ask();
    await dialog.getByText(`You have 1 conversation with ${name}, and ${name} remembers 1 thing.`).waitFor();
    await page.keyboard.press('Escape');
    await dialog.waitFor({ state: 'hidden' });
    expect(house.library.list()).toHaveLength(2);

    await ask();
    await dialog.getByRole('button', { name: 'Delete everything' }).click();
    await card.waitFor({ state: 'hidden' });
    expect([conversations(), house.store.notes.heldBy(id).length]).toEqual([0, 0]);
    await page.getByRole('button', { name: 'Undo' }).click();
    await card.waitFor();
    expect([conversations(), house.store.notes.heldBy(id).length]).toEqual([1, 1]);

    await ask();
    await dialog.getByRole('button', { name: 'Delete, keep the rest' }).click();
    await card.waitFor({ state: 'hidden' });
    expect([conversations(), house.store.notes.heldBy(id).length]).toEqual([1, 1]);
  });
});
