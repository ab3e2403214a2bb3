/** @file A conversation over several days in the window, the whole program stopped and started between them: recalled, put right, forgotten. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Day, openDays } from '../kit/days-house.ts';
import { findPageBrowser, openBrowser } from '../kit/page/browser.ts';
import { buildPage } from '../kit/page/build.ts';

const chromium = findPageBrowser();
const unless = chromium ? '' : ' (skipped: no chromium was found)';
const HOUR = 3_600_000;
const DAY = 24 * HOUR;
/** Monday, 4 May 2026. */
const MONDAY = Date.UTC(2026, 4, 4, 12);
const REPLY = 'I am listening.';
/** Of the message and of nothing else that is said here. */
const SECRET = 'moved to Leeds after the fire';

const say = async (page: Page, text: string) => {
  const before = await page.locator('.turn.reply').count();
  await page.locator('.composer textarea').fill(text);
  await page.keyboard.press('Enter');
  await page.locator('.turn.reply').nth(before).getByRole('button', { name: 'Copy' }).waitFor();
};
const begin = async (page: Page, text: string) => {
  await page.getByRole('button', { name: 'New conversation' }).first().click();
  await page.locator('.turn.reply').first().waitFor({ state: 'detached' });
  await say(page, text);
};

describe.skipIf(!chromium)(`some days with a companion${unless}`, () => {
  let browser: Browser;
  let pageFolder: string;
  let days: Awaited<ReturnType<typeof openDays>>;
  let today: Day | undefined;
  beforeAll(async () => {
    pageFolder = mkdtempSync(join(tmpdir(), 'persona-page-'));
    await buildPage(pageFolder);
    browser = await openBrowser(chromium ?? '', { scrollbars: true });
    days = await openDays(browser, pageFolder, REPLY);
  });
  afterAll(async () => {
    await today?.stop();
    await days?.close();
    await browser?.close();
    rmSync(pageFolder, { recursive: true, force: true });
  });

  const next = async (at: number): Promise<Page> => {
    expect(today?.problems ?? []).toEqual([]);
    await today?.stop();
    today = undefined;
    today = await days.begin(at);
    return today.page;
  };
  const sent = () => days.ollama.lastChat().messages.at(-1)?.content ?? '';

  it('[RC11] over days: recall with its reason, a correction that supersedes, and a forgotten thing that is gone everywhere', {
    timeout: 120_000,
  }, async () => {
    let page = await next(MONDAY);
    await say(page, `My sister Nora ${SECRET} last winter.`);
    await say(page, 'I live in York.');
    for (const words of ['The plum tree is in bloom.', 'I painted the door green today.']) await say(page, words);

    page = await next(MONDAY + 2 * DAY);
    await begin(page, 'Actually, I live in Harrogate now.');

    // What was said a week ago comes up in a conversation of its own, and says why.
    page = await next(MONDAY + 7 * DAY);
    await begin(page, 'I want to visit Nora on Sunday. Where did she go?');
    expect(sent()).toMatch(new RegExp(`- On Monday,? 4 May 2026 they said: My sister Nora ${SECRET} last winter\\.`));
    await page.getByRole('button', { name: 'Why this reply?' }).last().click();
    const drawer = page.getByRole('complementary', { name: 'Why this reply?' });
    const nora = drawer.locator('.recalled').filter({ hasText: /^My sister Nora/ });
    expect(await nora.innerText()).toMatch(
      /You said it on 4 May 2026; it has “nora” in common with your message\.[\s\S]*\d+ % likely[\s\S]*\d+ tokens/,
    );
    await page.keyboard.press('Escape');
    await say(page, 'What did I paint last week?');
    expect(sent()).toContain('they said: I painted the door green today.');
    await page.getByRole('button', { name: 'Why this reply?' }).last().click();
    await drawer.getByText('it is of the time you speak of (last week)').first().waitFor();
    await page.keyboard.press('Escape');

    // The newer home stands in the place of the older one, which is history and not gone.
    await say(page, 'Do you know where I live?');
    // The note and the message say the same, and the same is told once.
    expect(sent()).toMatch(/Wednesday,? 6 May 2026(?: they said: Actually, I|: They) live in Harrogate/);
    expect(sent()).not.toContain('They live in York');
    expect(sent()).not.toContain('on this computer');
    await page.getByRole('button', { name: 'What is remembered' }).click();
    await page.locator('.memory-open').filter({ hasText: 'You live in Harrogate.' }).click();
    const detail = page.getByRole('complementary', { name: 'About this memory' });
    await detail.getByText('What it took the place of').waitFor();
    await detail.getByText('You live in York.').waitFor();

    // One click on what was recalled; a day later nothing is left of it in the window, the prompt or any file.
    expect(days.holding(SECRET)).toEqual(expect.arrayContaining(['conversations.db', expect.stringContaining('backups/')]));
    await page.getByRole('button', { name: 'Back to the conversation' }).click();
    // The log draws what is in sight, and that is its end: the drawer leads to the first reply.
    await page.getByRole('button', { name: 'Why this reply?' }).last().click();
    const before = drawer.getByRole('button', { name: 'The reply before' });
    await before.waitFor();
    while (await before.isEnabled()) await before.click();
    await nora.getByRole('button', { name: 'Forget' }).click();
    await drawer.getByText('Forgotten.').first().waitFor();
    await expect.poll(() => days.holding(SECRET), { timeout: 20_000, interval: 100 }).toEqual([]);

    page = await next(MONDAY + 8 * DAY);
    await begin(page, 'I want to visit Nora on Sunday. Where did she go?');
    expect(JSON.stringify(days.ollama.lastChat())).not.toContain(SECRET);
    const rows = page.locator('.conversation-open');
    expect(await rows.count()).toBe(4);
    for (let at = 0; at < 4; at++) {
      await rows.nth(at).click();
      await page.locator('.turn').first().waitFor();
      expect(await page.locator('body').innerText()).not.toContain(SECRET);
    }
    await page.getByText('[forgotten]').first().waitFor();
    expect(days.holding(SECRET)).toEqual([]);
  });
});
