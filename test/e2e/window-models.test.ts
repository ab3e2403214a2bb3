/** @file Models in the page, over the real engine and door, in a real browser. */
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { createFakeShelf, type FakeShelf, MB, shelfModel, starter, step } from '../kit/fake-shelf.ts';
import { chromiumPath, type Opened, openPages, type Pages, unlessChromium } from '../kit/page/opened-page.ts';
import type { PageHouse } from '../kit/page/page-house.ts';
import { seedConversation } from '../kit/page/seeds.ts';

const WAIT = { interval: 20, timeout: 15_000 };

/** Gives the house's model an Ollama of our own; the shelf's downloads and files are the test's to decide. */
function keep({ model }: PageHouse, shelf: FakeShelf): void {
  const { shelf: kept, pull, prefer, defaultModel, describe: described, remove } = shelf.model;
  Object.assign(model, { shelf: kept, pull, prefer, defaultModel, describe: described, remove });
  model.setStatus({ model: starter.name, label: starter.label, starter: true });
}

describe.skipIf(!chromiumPath)(`models in the window${unlessChromium}`, () => {
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

  it('[MD19] looked up with size and licence, fetched with its progress, offered, taken, and shown in the strip', async () => {
    const shelf = createFakeShelf([starter]);
    const going = Promise.withResolvers<void>();
    shelf.pulls = [
      async function* () {
        yield { status: 'pulling manifest', doneBytes: 0 };
        yield step('sha256:a', 300 * MB, 1_000 * MB);
        await going.promise;
        yield step('sha256:a', 1_000 * MB, 1_000 * MB);
        yield { status: 'success', doneBytes: 1_000 * MB, totalBytes: 1_000 * MB };
      },
    ];
    opened = await pages.open({
      prepare: (house) => {
        keep(house, shelf);
        house.room.lookUp = async (found) => ({ found, bytes: 1_000 * MB, layers: [], licences: [{ name: 'MIT', text: 'MIT License' }] });
      },
    });
    const { page } = opened;
    await page.locator('.strip-model').click();
    await page.getByRole('menuitem', { name: 'Models and engine' }).click();
    await page.getByLabel('Name of a model to download').fill('a small one please');
    await page.keyboard.press('Enter');
    await page.getByText('That is no name of a model').waitFor();
    await page.getByLabel('Name of a model to download').fill('https://ollama.com/library/llama3.2:1b');
    await page.keyboard.press('Enter');
    await page.getByText('1.0 GB to download').waitFor();
    await page.getByText('Licence: MIT').waitFor();
    await page.getByRole('button', { name: 'Download', exact: true }).click();
    await page.locator('.model-list').getByText('300 MB of 1.0 GB').waitFor();
    await page.keyboard.press('Escape');
    going.resolve();
    await page.getByText('is ready').waitFor();
    expect(await page.locator('.strip-model').textContent()).toContain(starter.label);
    await page.getByRole('button', { name: 'Go on with it' }).click();
    await expect.poll(() => shelf.preferred(), WAIT).toBe('llama3.2:1b');
    await expect.poll(() => page.getByText('is ready').count(), WAIT).toBe(0);
  });

  it('[MD22] a companion’s model is chosen in its editor among those that are here, kept with it, and answers', async () => {
    const shelf = createFakeShelf([shelfModel('a:1b'), shelfModel('b:1b')]);
    opened = await pages.open({ prepare: (house) => keep(house, shelf) });
    const { page, house } = opened;
    const edit = async () => {
      const link = page.locator('.sidebar .page-link', { hasText: 'Companions' });
      await ((await link.isVisible()) ? link : page.locator('.rail').getByRole('button', { name: 'Companions' })).click();
      await page.getByRole('button', { name: 'More for Sarah' }).click();
      await page.getByRole('menuitem', { name: 'Edit' }).click();
      await page.getByLabel('Model', { exact: true }).waitFor();
    };
    await edit();
    await page.getByLabel('Model', { exact: true }).selectOption('b:1b');
    await page.getByRole('button', { name: 'Cancel' }).click();
    await page.getByRole('button', { name: 'Drop the changes' }).click();
    await edit();
    expect(await page.getByLabel('Model', { exact: true }).inputValue()).toBe('');
    await page.getByLabel('Model', { exact: true }).selectOption('b:1b');
    await page.getByRole('button', { name: 'Save' }).click();
    await page.locator('.companion-card', { hasText: 'Sarah' }).locator('.companion-open').click();
    await page.locator('.composer textarea').fill('Hello');
    await page.keyboard.press('Enter');
    await page.locator('.reply').last().getByRole('button', { name: 'Why this reply?' }).waitFor();
    const [talk] = house.store.listConversations({}).conversations;
    expect(house.store.page(talk?.id ?? '', 5).messages.at(-1)?.report?.model).toBe('b:1b');
  });

  it('[MD19] a conversation takes another model from the strip, and a model is removed after one question', async () => {
    const shelf = createFakeShelf([shelfModel('a:1b'), shelfModel('b:1b')]);
    opened = await pages.open({ prepare: (house) => keep(house, shelf) });
    const { page } = opened;
    await page.locator('.composer textarea').fill('Hello');
    await page.keyboard.press('Enter');
    await page.locator('.reply .prose').first().waitFor();
    await page.locator('.strip-model').focus();
    await page.keyboard.press('Enter');
    await page.getByRole('menuitemradio', { name: 'b', exact: true }).waitFor();
    await page.getByText('It reads the conversation anew').waitFor();
    await page.getByRole('menuitemradio', { name: 'b', exact: true }).click();
    await expect.poll(() => page.locator('.strip-model').textContent(), WAIT).toMatch(/^b/);
    await page.keyboard.press('Control+,');
    await page.locator('.settings-nav').getByText('Model').click();
    await page.getByRole('button', { name: 'Remove b' }).click();
    await expect
      .poll(() => page.getByRole('button', { name: 'Keep', exact: true }).evaluate((one) => one === document.activeElement), WAIT)
      .toBe(true);
    await page.getByRole('button', { name: 'Remove', exact: true }).click();
    await page.getByText('are free again').waitFor();
    await expect.poll(() => shelf.models.map(({ name }) => name), WAIT).toEqual(['a:1b']);
  });

  it('[W77] a notice lies over no banner, writing box or way to the newest words at any width, nor out of reach under the list', async () => {
    const shelf = createFakeShelf([starter]);
    opened = await pages.open({
      context: { viewport: { width: 400, height: 620 } },
      prepare: (house) => {
        keep(house, shelf);
        house.room.lookUp = async (found) => ({ found, bytes: 1_000 * MB, layers: [], licences: [{ name: 'MIT', text: 'MIT License' }] });
        house.model.replies.push({ text: 'A line.\n\n'.repeat(60), tokensPerSecond: 4_000, firstTokenMs: 5, hangs: true });
        seedConversation(house.store, 'other', 'Another one', Date.now() - 60_000, '');
      },
    });
    const { page } = opened;
    await page.getByRole('button', { name: 'Download it' }).waitFor();
    await page.getByRole('button', { name: 'New conversation' }).first().click();
    await page.locator('.composer textarea').fill('Hello');
    await page.keyboard.press('Enter');
    await page.getByText('A line.').nth(40).waitFor();
    await page.locator('.log').hover();
    await page.mouse.wheel(0, -2_000);
    await page.locator('.pill').waitFor();
    await page.getByRole('button', { name: 'Conversations' }).first().click();
    const row = page.locator('.conversation', { hasText: 'Another one' });
    await row.hover();
    await row.getByRole('button', { name: /^More for/ }).click();
    await page.getByRole('menuitem', { name: 'Delete' }).click();
    // Under the open list nothing of the page can be pressed; a notice can.
    await page.getByRole('button', { name: 'Undo' }).click({ trial: true });
    await page.keyboard.press('Escape');
    for (const width of [400, 800, 1_200, 1_600]) {
      await page.setViewportSize({ width, height: 620 });
      const { notice, others } = await page.evaluate(() => {
        const edges = (element: Element) => element.getBoundingClientRect().toJSON() as DOMRect;
        const [shown] = [...document.querySelectorAll('.notice')].map(edges);
        return { notice: shown, others: [...document.querySelectorAll('.banner, .composer, .strip, .bar-top, .pill')].map(edges) };
      });
      expect(others.length).toBe(5);
      expect(notice && notice.left >= 0 && notice.right <= width, `${width}`).toBe(true);
      const under = others.filter((other) => notice && other.top < notice.bottom && notice.top < other.bottom);
      expect(under, `${width}`).toEqual([]);
    }
  });

  it('[W86] a notice leaves what can be done with the last reply free and in sight, with the keyboard there too', async () => {
    const shelf = createFakeShelf([starter]);
    opened = await pages.open({
      prepare: (house) => {
        keep(house, shelf);
        house.model.replies.push({ text: 'A line.\n\n'.repeat(60), tokensPerSecond: 4_000, firstTokenMs: 5 });
        for (const id of ['one', 'two', 'three']) seedConversation(house.store, id, `Another ${id}`, Date.now() - 60_000, '');
      },
    });
    const { page } = opened;
    await page.getByRole('button', { name: 'New conversation' }).first().click();
    await page.locator('.composer textarea').fill('Hello');
    await page.keyboard.press('Enter');
    const retry = page.getByRole('button', { name: 'Answer again' });
    await retry.waitFor();
    const remove = async (name: string) => {
      const drawer = page.getByRole('button', { name: 'Conversations' }).first();
      if (await drawer.isVisible()) await drawer.click();
      const row = page.locator('.conversation', { hasText: name });
      await row.hover();
      await row.getByRole('button', { name: /^More for/ }).click();
      await page.getByRole('menuitem', { name: 'Delete' }).click();
      await page.getByText(`“${name}” is deleted.`).waitFor();
      if (await page.locator('.sidebar[data-open]').count()) await page.keyboard.press('Escape');
    };
    // How far the lowest deed of the last reply is above the notices and inside the log; both are to be positive.
    const free = () =>
      page.evaluate(() => {
        const edges = (of: string) => [...document.querySelectorAll(of)].map((one) => one.getBoundingClientRect());
        const deeds = edges('.reply:last-of-type .acts button').filter(({ height }) => height > 0);
        const lowest = Math.max(...deeds.map(({ bottom }) => bottom));
        const notices = edges('.notice');
        return {
          deeds: deeds.length > 1,
          notices: notices.length,
          clear: Math.min(...notices.map(({ top }) => top)) >= lowest,
          inside: lowest <= (edges('.log')[0]?.bottom ?? 0),
        };
      });
    let standing = 0;
    for (const [width, name] of [
      [1_280, 'Another one'],
      [800, 'Another two'],
      [400, 'Another three'],
    ] as const) {
      await page.setViewportSize({ width, height: 620 });
      // Focus lets the log go, so that only the notice can keep the end in sight.
      await page.locator('.log').evaluate((log) => log.scrollTo(0, log.scrollHeight));
      await retry.focus();
      await page.locator('.log').evaluate((log) => log.scrollTo(0, log.scrollHeight));
      await remove(name);
      standing += 1;
      await expect.poll(free, { ...WAIT, message: `${width}` }).toEqual({ deeds: true, notices: standing, clear: true, inside: true });
    }
    await retry.click({ trial: true });
    await page.keyboard.press('Control+z');
    await page.keyboard.press('Control+z');
    await page.keyboard.press('Control+z');
    await expect.poll(() => page.locator('.notice').count(), WAIT).toBe(0);
    expect(await page.locator('.thread').evaluate((thread) => getComputedStyle(thread).paddingBottom)).toBe('0px');
  });

  it('[MD20] a GGUF file that is dropped on a page in a browser leads to where its path can be given', async () => {
    const shelf = createFakeShelf([shelfModel('a:1b')]);
    opened = await pages.open({ prepare: (house) => keep(house, shelf) });
    const { page } = opened;
    await page.evaluate(() => {
      const data = new DataTransfer();
      data.items.add(new File(['GGUF'], 'Mine.Q4.gguf'));
      window.dispatchEvent(new DragEvent('drop', { dataTransfer: data, bubbles: true, cancelable: true }));
    });
    await page.getByText('A browser does not say where a file lies').waitFor();
    await page.getByRole('button', { name: 'Add a GGUF file' }).click();
    await page.getByLabel('Path of a GGUF file on this computer').waitFor();
  });
});
