/** @file Own recall over a real store, beside it or in its own thread, with conversations that a test writes. */
import { resolve } from 'node:path';
import { openOwnMemory } from '../../src/main/adapters/memory/own-memory.ts';
import type { RecallPlace } from '../../src/main/adapters/memory/recall-sides.ts';
import { openStore } from '../../src/main/adapters/sqlite/open.ts';
import { watchedStore } from '../../src/main/engine/memory/watched-store.ts';
import type { MemoryQuery } from '../../src/main/engine/memory-port.ts';
import { createPatientClock } from './patient-clock.ts';
import { temporaryFolder } from './service.ts';
import { silentLog } from './silent-log.ts';

export const DAY = 86_400_000;
export const START = Date.UTC(2026, 4, 4, 10);
/** Closed by `afterEach(closeRecallHouses)`. */
const open: (() => Promise<void>)[] = [];
export async function closeRecallHouses(): Promise<void> {
  for (const close of open.splice(0)) await close();
}

const shipped = resolve(import.meta.dirname, '../../resources/memory');

export function recallHouse(settings = { on: true, shared: false }, place: RecallPlace = 'beside', vectors = shipped) {
  const folder = temporaryFolder('own-memory');
  const clock = createPatientClock();
  const opened = openStore({ folder: folder.path, log: silentLog, now: () => START, outbox: false });
  const database = `${folder.path}/conversations.db`;
  let ready = Promise.withResolvers<void>();
  const warnings: string[] = [];
  const log = {
    ...silentLog,
    info: (event: string) => event === 'memory-ready' && ready.resolve(),
    warn: (event: string) => void warnings.push(event),
  };
  const start = () => openOwnMemory({ database, vectors, empty: false, settings: () => settings, clock, log, place });
  let memory = start();
  let store = watchedStore(opened, memory);
  let turns = 0;
  open.push(async () => {
    await memory.close();
    opened.close();
    folder.remove();
  });
  return {
    database,
    /** Names of the warnings in the log. */
    warnings,
    store: () => store,
    memory: () => memory,
    async restart() {
      await memory.close();
      ready = Promise.withResolvers();
      memory = start();
      store = watchedStore(opened, memory);
    },
    begin(id: string, pair: { userId?: string; characterId?: string } = {}, greeting?: string) {
      const { userId = 'default', characterId = 'default' } = pair;
      store.createConversation(
        { id, userId, characterId, title: id, titled: true, createdAt: START, updatedAt: START },
        greeting === undefined ? undefined : { id: `${id}-greeting`, text: greeting },
      );
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
