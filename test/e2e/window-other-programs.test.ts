/** @file The turn of another program on /ws/chat, seen from the window of the same house. */
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { chromiumPath, type Opened, openPages, type Pages, unlessChromium } from '../kit/page/opened-page.ts';
import { connectSocket } from '../kit/test-door.ts';

const within = { timeout: 20_000, interval: 20 };

describe.skipIf(!chromiumPath)(`the turns of other programs in the window${unlessChromium}`, () => {
  let pages: Pages;
  let opened: Opened;
  let [held, kept] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  beforeAll(async () => {
    pages = await openPages();
  });
  afterAll(() => pages?.close());
  afterEach(async () => {
    for (const one of [held, kept]) one.resolve();
    [held, kept] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    await opened.close();
    expect(opened.problems).toEqual([]);
  });

  it('[W76] come into the list at once, are followed word by word, can be stopped, and outlive their program where the window follows', async () => {
    opened = await pages.open({
      context: { viewport: { width: 1_280, height: 800 } },
      prepare: ({ model }) => {
        const pace = { tokensPerSecond: 500, firstTokenMs: 10 };
        model.replies.push({ ...pace, text: 'First half, second half.', pause: { after: 11, until: held.promise } });
        model.replies.push({ ...pace, text: 'Without an end', hangs: true });
        model.replies.push({ ...pace, text: 'All of it.', pause: { after: 4, until: kept.promise } });
      },
    });
    const { page, house } = opened;
    const program = await connectSocket(house.url, '/ws/chat');
    program.send({ message: 'Hello from a program' });
    await page.locator('.conversation').getByText('Hello from a program').click();
    const reply = page.locator('.reply .prose').last();
    const shown = async () => (await reply.textContent())?.trim();
    await expect.poll(shown, within).toMatch(/^First half,?/);
    const types = () => program.frames.map((frame) => (frame as { type: string }).type);
    expect(types()).not.toContain('complete');
    held.resolve();
    await expect.poll(shown, within).toBe('First half, second half.');
    await program.until((frames) => frames.some((frame) => (frame as { type: string }).type === 'complete'));

    program.send({ message: 'And on and on' });
    await page.locator('.bubble').getByText('And on and on').waitFor();
    await expect.poll(shown, within).toBe('Without an end');
    await page.getByRole('button', { name: 'Stop' }).click();
    await program.until((frames) => frames.some((frame) => (frame as { status?: string }).status === 'stopped'));

    program.send({ message: 'One more' });
    await page.locator('.bubble').getByText('One more').waitFor();
    await expect.poll(shown, within).toBe('All');
    program.ws.terminate();
    // What was sent after it is answered: the service has seen that the program is gone.
    const later = await connectSocket(house.url, '/ws/chat');
    later.send('?');
    await later.frame(0);
    later.ws.terminate();
    kept.resolve();
    await expect.poll(shown, within).toBe('All of it.');
  });
});
