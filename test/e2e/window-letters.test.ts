/** @file Letters of twice the size in the smallest window: everything can still be read and pressed. */
import type { Page } from 'playwright';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { chromiumPath, type Opened, openPages, type Pages, unlessChromium } from '../kit/page/opened-page.ts';
import { seedConversation, seedTurns } from '../kit/page/seeds.ts';

const WAIT = { timeout: 10_000 };
const note = {
  id: 'a',
  subject: 'cake',
  text: 'You would rather have plum cake than anything that comes out of a packet.',
  kind: 'likes',
  origin: 'person',
  confidence: 1,
  single: false,
  quote: '',
  source: undefined,
  pinned: false,
  edited: true,
  supersedes: [],
  supersededBy: undefined,
  at: 1,
  saidAt: 1,
} as const;

/** Runs in the page: what is outside the window where nothing scrolls sideways, and what of the strip lies over its neighbour. */
function misplaced(): { looked: number; outside: string[]; over: string[] } {
  const seen = (element: Element) => {
    const { width, height } = element.getBoundingClientRect();
    return width > 0 && height > 0 && !element.closest('[inert], .sidebar:not([data-open]), .only-read');
  };
  const scrolls = (element: Element): boolean => {
    const { parentElement } = element;
    if (!parentElement) return false;
    return ['auto', 'scroll'].includes(getComputedStyle(parentElement).overflowX) || scrolls(parentElement);
  };
  const all = [...document.querySelectorAll('button, input, textarea, select, p, h1, h2, h3, label, span')].filter(seen);
  const named = (element: Element) => `${element.tagName} ${element.className}: ${(element.textContent ?? '').slice(0, 40)}`;
  const outside = all.filter((element) => {
    const { left, right } = element.getBoundingClientRect();
    return (left < -1 || right > window.innerWidth + 1) && !scrolls(element);
  });
  const parts = [...document.querySelectorAll('.strip > *, .strip-model > svg')].filter(seen);
  const over = parts.filter((one) =>
    parts.some((other) => {
      if (one === other || one.contains(other) || other.contains(one)) return false;
      const [a, b] = [one.getBoundingClientRect(), other.getBoundingClientRect()];
      return a.left < b.right - 1 && b.left < a.right - 1 && a.top < b.bottom - 1 && b.top < a.bottom - 1;
    }),
  );
  return { looked: all.length, outside: outside.map(named), over: over.map(named) };
}

async function expectRoom(page: Page, where: string): Promise<void> {
  await expect.poll(() => page.evaluate(misplaced), { ...WAIT, message: where }).toMatchObject({ outside: [], over: [] });
  expect((await page.evaluate(misplaced)).looked, where).toBeGreaterThan(8);
}

describe.skipIf(!chromiumPath)(`large letters in a small window${unlessChromium}`, () => {
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

  it('[W88] nothing lies outside the window or over something else', async () => {
    opened = await pages.open({
      context: { viewport: { width: 400, height: 720 }, reducedMotion: 'reduce' },
      prepare({ store, model }) {
        model.replies.push({ text: 'One question: which tin?', tokensPerSecond: 400, firstTokenMs: 5 });
        seedConversation(store, 'long', 'A long talk about cake', Date.now() - 60_000, 'Hello.');
        seedTurns(store, 'long', [{ user: 'This is great, I love it', reply: 'Then let us bake one.', at: Date.now() - 50_000 }]);
        store.notes.add({ userId: 'default', characterId: 'default' }, note);
      },
    });
    const { page, context } = opened;
    const devtools = await context.newCDPSession(page);
    await devtools.send('Page.setFontSizes', { fontSizes: { standard: 32, fixed: 32 } });
    const go = async (name: string) => {
      await page.getByRole('button', { name: 'Conversations' }).first().click();
      await page.locator('.sidebar').getByRole('button', { name, exact: true }).click();
    };
    await page.locator('.composer textarea').fill('The blue one, and I love it');
    await page.keyboard.press('Enter');
    await page.locator('.acts[data-last]').getByRole('button', { name: 'Why this reply?' }).waitFor();
    await page.locator('.strip .context').waitFor();
    await expectRoom(page, 'conversation');
    await page.getByRole('button', { name: 'Why this reply?' }).last().click();
    await page.locator('.section-row').first().waitFor();
    await expectRoom(page, 'inspector');
    await page.keyboard.press('Escape');
    await page.locator('.strip-model').click();
    await page.getByRole('menu').waitFor();
    await expectRoom(page, 'models');
    await page.keyboard.press('Escape');
    await go('What is remembered');
    await page.locator('.memory-open').waitFor();
    await expectRoom(page, 'memories');
    await page.getByRole('button', { name: /^Edit: / }).click();
    await page.locator('.memory-form').waitFor();
    await expectRoom(page, 'a memory that is changed');
    await page.keyboard.press('Escape');
    await go('Companions');
    await page.locator('.companion-card').first().waitFor();
    await expectRoom(page, 'companions');
    await page.getByRole('button', { name: 'Write one' }).click();
    await page.locator('.companion-editor').waitFor();
    await page.getByRole('button', { name: 'Add an entry' }).click();
    await expectRoom(page, 'editor');
    await page.getByRole('button', { name: 'Cancel' }).click();
    await page.getByRole('button', { name: 'Drop the changes' }).click();
    await go('Settings');
    const sections = page.locator('.settings-nav button');
    const count = await sections.count();
    expect(count).toBeGreaterThan(6);
    for (let at = 0; at < count; at += 1) {
      await sections.nth(at).click();
      await expectRoom(page, `section ${at}`);
    }
  });
});
