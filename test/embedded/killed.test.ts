/** @file The embedded engine's process killed in the middle of a turn of the whole engine, over a store on disk. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openStore } from '../../src/main/adapters/sqlite/open.ts';
import type { TurnEvent } from '../../src/shared/events.ts';
import { until } from '../contracts/model-questions.ts';
import { createHeardLog, makeEmbedded, whyNoEmbedded } from '../kit/embedded.ts';
import { beginConversation, ended } from '../kit/house.ts';
import { silentLog } from '../kit/silent-log.ts';

const KILLS = process.env['TEST_LONG'] ? 10 : 1;
/** Of the reply that is killed: far more than it gets to. */
const REPLY_TOKENS = 1_000;

const skip = await whyNoEmbedded();
const log = createHeardLog();
const folder = mkdtempSync(join(tmpdir(), 'persona-embedded-killed-'));
const open = () => openStore({ folder, log: silentLog, now: Date.now, outbox: false });
const words = (events: TurnEvent[], turnId: string) =>
  events.map((event) => (event.type === 'text-delta' && event.turnId === turnId ? event.text : '')).join('');

describe.skipIf(skip !== undefined)(`killed in a turn${skip ? ` (skipped: ${skip})` : ''}`, { timeout: KILLS * 300_000 }, () => {
  const model = makeEmbedded({ log });
  beforeAll(async () => {
    await model.prepare();
    await until(model, 'ready');
  }, 120_000);
  afterAll(async () => {
    await model.close();
    rmSync(folder, { recursive: true });
  });

  it(`[E56] ${KILLS} times: the turn fails in words, its text is kept on disk, the next turn works`, async () => {
    const store = open();
    const generation = { contextTokens: 2_048, maxTokens: REPLY_TOKENS, temperature: 0.8 };
    const { engine, id, heard } = await beginConversation({ model, generation, change: () => store });
    const kept = new Map<string, string>();
    for (let round = 0; round < KILLS; round++) {
      const pid = Number(log.last('engine-loaded')?.['pid']);
      engine.startTurn({ turnId: `killed-${round}`, conversationId: id, text: 'Tell me a very long story about the sea.' });
      await heard.until((event) => event.type === 'text-delta' && event.turnId === `killed-${round}`);
      process.kill(pid, 'SIGKILL');
      const event = await heard.until((one) => ended(one) && one.turnId === `killed-${round}`);
      if (event.type !== 'turn-ended' || !event.message) throw new Error('The turn ended without its message.');
      expect(event).toMatchObject({ status: 'failed', fault: { code: 'model-crashed' } });
      expect(event.fault?.message).toMatch(/^[A-Z][^\n]{20,290}\.$/);
      expect(event.message.text).not.toBe('');
      expect(event.message.text).toBe(words(heard.events, `killed-${round}`));
      kept.set(event.message.id, event.message.text);

      engine.startTurn({ turnId: `next-${round}`, conversationId: id, text: 'Say yes.' });
      await heard.until((one) => one.type === 'text-delta' && one.turnId === `next-${round}`);
      engine.stopTurn(`next-${round}`);
      const next = await heard.until((one) => ended(one) && one.turnId === `next-${round}`);
      expect(next).toMatchObject({ status: expect.stringMatching(/^(?:stopped|complete)$/) });
      expect(Number(log.last('engine-loaded')?.['pid'])).not.toBe(pid);
    }
    await engine.close();
    store.close();
    const again = open();
    for (const [message, text] of kept) expect(again.message(message)).toMatchObject({ status: 'failed', text });
    again.close();
    console.log(`embedded-killed kills=${KILLS} kept=${kept.size} lost=0`);
    expect(kept.size).toBe(KILLS);
  });
});
