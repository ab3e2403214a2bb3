/** @file Own recall over a real store and its own thread: it follows what is said, and forgets what is gone. */
import { resolve } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { temporaryFolder } from '../../../../test/kit/service.ts';
import { silentLog } from '../../../../test/kit/silent-log.ts';
import { watchedStore } from '../../engine/memory/watched-store.ts';
import type { MemoryQuery } from '../../engine/memory-port.ts';
import { createSystemClock } from '../log/system-clock.ts';
import { openStore } from '../sqlite/open.ts';
import { openOwnMemory } from './own-memory.ts';

const DAY = 86_400_000;
const START = Date.UTC(2026, 4, 4, 10);
const open: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of open.splice(0)) await close();
});

function house(settings = { on: true, shared: false }) {
  const folder = temporaryFolder('own-memory');
  const clock = createSystemClock();
  const opened = openStore({ folder: folder.path, log: silentLog, now: () => START, outbox: false });
  const database = `${folder.path}/conversations.db`;
  const vectors = resolve(import.meta.dirname, '../../../../resources/memory');
  let ready = Promise.withResolvers<void>();
  const log = { ...silentLog, info: (event: string) => event === 'memory-ready' && ready.resolve() };
  const start = () => openOwnMemory({ database, vectors, empty: false, settings: () => settings, clock, log });
  let memory = start();
  let store = watchedStore(opened, memory);
  let turns = 0;
  open.push(async () => {
    await memory.close();
    opened.close();
    folder.remove();
  });
  return {
    store: () => store,
    memory: () => memory,
    async restart() {
      await memory.close();
      ready = Promise.withResolvers();
      memory = start();
      store = watchedStore(opened, memory);
    },
    begin(id: string, pair: { userId?: string; characterId?: string } = {}) {
      const { userId = 'default', characterId = 'default' } = pair;
      store.createConversation({ id, userId, characterId, title: id, titled: true, createdAt: START, updatedAt: START }, undefined);
    },
    say(conversationId: string, at: number, text: string, reply: string) {
      const n = ++turns;
      const mood = { compound: 0, positive: 0, negative: 0, neutral: 1 };
      const turnId = `t${n}`;
      store.acceptTurn({ turnId, conversationId, replyId: `r${n}`, startedAt: at, user: { id: `u${n}`, text, mood } });
      store.finishTurn({
        turnId,
        status: 'complete',
        text: reply,
        thinking: 'a secret thought',
        report: undefined,
        fault: undefined,
        endedAt: at + 1,
      });
      return `u${n}`;
    },
    async recall(message: string, more: Partial<MemoryQuery> = {}) {
      await ready.promise;
      const query = {
        userId: 'default',
        characterId: 'default',
        conversationId: undefined,
        message,
        before: [],
        now: START + 30 * DAY,
        exclude: [],
        tokens: 1200,
      };
      const { snippets } = await memory.recall({ ...query, ...more }, new AbortController().signal);
      return snippets;
    },
  };
}

describe('own recall', () => {
  it('[RC1] finds what was said days ago and tells where it comes from and why', async () => {
    const { begin, say, recall } = house();
    begin('a');
    const id = say('a', START, 'My sister Nora moved to Leeds last month.', 'That must be quite a change for her!');
    for (let n = 1; n < 30; n++) say('a', START + n * DAY, `Today I watered the plants again, number ${n}.`, 'They will thank you.');
    const [first] = await recall('I am going to visit Nora on Sunday.');
    expect(first).toMatchObject({
      text: 'My sister Nora moved to Leeds last month.',
      source: { kind: 'message', messageId: id, speaker: 'person', at: START },
    });
    expect(first?.reason).toBe('You said it on 4 May 2026; it has “nora” in common with your message.');
  });
});
