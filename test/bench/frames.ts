/** @file A reply of 10,000 tokens at 200 a second into a conversation of 500 messages, in Chromium: frames, and typing beside it. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { Page } from 'playwright';
import { openStore } from '../../src/main/adapters/sqlite/open.ts';
import { findChromium, openBrowser } from '../kit/page/browser.ts';
import { createPacedModel } from '../kit/page/paced-model.ts';
import { openPageHouse } from '../kit/page/page-house.ts';
import { createRandom } from '../kit/random.ts';
import { silentLog } from '../kit/silent-log.ts';
import { atLeast, atMost, milliseconds, percentile, type Row, shown } from './figures.ts';

const TOKENS = Number(process.env['BENCH_TOKENS'] ?? 10_000);
const PER_SECOND = 200;
const TURNS = 250;
/** A paced token is four characters. */
const CHARACTERS = TOKENS * 4;

const words = 'the rain came down on the tin roof and nobody in the kitchen said anything about the letter or the night train'.split(' ');
const random = createRandom(5);
const sentence = (length: number) => `${Array.from({ length }, () => random.pick(words)).join(' ')}.`;
const prose = (characters: number) => {
  let text = '';
  while (text.length < characters) text += `${sentence(random.whole(5, 18))} `;
  return text.slice(0, characters);
};

/** Everything a long reply may hold: headings, lists, a table, code, quotes. */
function longReply(): string {
  const code = ['```python', 'for n, scan in enumerate(sorted(scans), 1):', '    copy(scan, f"card-{n:03}.jpg")', '```'].join('\n');
  const table = ['| Pile | Cards |', '|---|---|', '| Dated | 131 |', '| Undated | 64 |'].join('\n');
  let text = '';
  for (let part = 1; text.length < CHARACTERS; part++) {
    text += [
      `## Part ${part}`,
      prose(600),
      `- ${sentence(6)}\n- ${sentence(8)}\n- **${sentence(4)}**`,
      code,
      prose(400),
      table,
      `> ${sentence(12)}`,
      '',
    ].join('\n\n');
  }
  return text.slice(0, CHARACTERS);
}

/** Counts frames from now on; the page keeps nothing but their times. */
async function watchFrames(page: Page): Promise<() => Promise<number[]>> {
  await page.evaluate(() => {
    const times: number[] = [];
    const tick = (now: number) => {
      times.push(now);
      requestAnimationFrame(tick);
    };
    requestAnimationFrame(tick);
    Object.assign(window, { frameTimes: times });
  });
  return () => page.evaluate(() => (window as unknown as { frameTimes: number[] }).frameTimes);
}

/** From each key to the frame after the one that shows it. */
async function watchTyping(page: Page): Promise<() => Promise<number[]>> {
  await page.evaluate(() => {
    const delays: number[] = [];
    document.addEventListener('keydown', (event) => {
      const pressed = event.timeStamp;
      requestAnimationFrame(() => {
        const channel = new MessageChannel();
        channel.port1.onmessage = () => delays.push(performance.now() - pressed);
        channel.port2.postMessage(0);
      });
    });
    Object.assign(window, { typingDelays: delays });
  });
  return () => page.evaluate(() => (window as unknown as { typingDelays: number[] }).typingDelays);
}

export async function benchFrames(pageFolder: string): Promise<Row[]> {
  const chromium = findChromium();
  if (!chromium) return [shown('Frames in Chromium', 'not measured: there is no Chromium')];
  const folder = mkdtempSync(join(tmpdir(), 'persona-frames-'));
  const store = openStore({ folder, log: silentLog, now: Date.now, outbox: false });
  const model = createPacedModel();
  model.replies.push({ text: longReply(), tokensPerSecond: PER_SECOND, firstTokenMs: 50 });
  const house = await openPageHouse({ pageFolder, store, model });
  const at = Date.now();
  const conversation = {
    id: 'long',
    userId: 'default',
    characterId: 'default',
    title: 'A long one',
    titled: true,
    createdAt: at,
    updatedAt: at,
  };
  store.createConversation(conversation, undefined);
  for (let turn = 0; turn < TURNS; turn++) {
    const mood = { compound: 0, positive: 0, negative: 0, neutral: 1 };
    store.acceptTurn({
      turnId: `t${turn}`,
      conversationId: 'long',
      replyId: `a${turn}`,
      startedAt: at,
      user: { id: `u${turn}`, text: prose(300), mood },
    });
    store.finishTurn({
      turnId: `t${turn}`,
      status: 'complete',
      text: prose(random.whole(300, 1_200)),
      thinking: '',
      report: undefined,
      fault: undefined,
      endedAt: at,
    });
  }
  const browser = await openBrowser(chromium, { scrollbars: false });
  const page = await browser.newPage({ viewport: { width: 1_000, height: 800 } });
  await page.goto(house.address);
  const box = page.locator('textarea');
  await box.fill('Go on');
  await page.keyboard.press('Enter');
  await pause(1_000);
  const frames = await watchFrames(page);
  const typing = await watchTyping(page);
  await box.focus();
  const seconds = TOKENS / PER_SECOND - 2;
  const until = performance.now() + seconds * 1_000;
  while (performance.now() < until) {
    await page.keyboard.type('a');
    await pause(250);
  }
  const times = await frames();
  const delays = await typing();
  await browser.close();
  await house.close();
  store.close();
  rmSync(folder, { recursive: true });
  const gaps = times.slice(1).map((time, index) => time - (times[index] ?? time));
  const perSecond = (gaps.length / ((times.at(-1) ?? 0) - (times[0] ?? 0))) * 1_000;
  return [
    atLeast(`Frames a second while ${TOKENS} tokens stream at ${PER_SECOND}/s into 500 messages`, perSecond, 59),
    atMost('… 95th percentile of a frame, ms', percentile(gaps, 0.95), 18, milliseconds),
    shown('… 99th percentile and longest frame', `${milliseconds(percentile(gaps, 0.99))}, ${milliseconds(Math.max(...gaps))}`),
    atMost(
      `Typing beside it, key to the frame that shows it, 95th percentile of ${delays.length}, ms`,
      percentile(delays, 0.95),
      50,
      milliseconds,
    ),
  ];
}
