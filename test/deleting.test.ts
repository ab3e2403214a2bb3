/** @file A companion is deleted with everything, comes back with everything, and is gone without a trace. */

import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { openLibrary } from '../src/main/adapters/characters/open-library.ts';
import { createIds } from '../src/main/adapters/log/system-clock.ts';
import { openStore } from '../src/main/adapters/sqlite/open.ts';
import { createEngine } from '../src/main/engine/engine.ts';
import { UNDO_CHARACTER_MS } from '../src/shared/card-limits.ts';
import { bytesOf } from './kit/cards.ts';
import { createFakeClock } from './kit/fake-clock.ts';
import { createFakeModel, done, text } from './kit/fake-model.ts';
import { createFixedSettings } from './kit/fixed-settings.ts';
import { ended } from './kit/house.ts';
import { noIndex, noMemory } from './kit/no-memory.ts';
import { silentLog } from './kit/silent-log.ts';

const folders: string[] = [];
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

async function open() {
  const folder = mkdtempSync(join(tmpdir(), 'persona-deleting-'));
  folders.push(folder);
  const clock = createFakeClock();
  let made = 0;
  const ids = { ...createIds(), next: () => `id-${String(++made).padStart(6, '0')}` };
  const store = openStore({ folder, log: silentLog, now: clock.now, outbox: false });
  const settings = createFixedSettings();
  const costs = { count: (words: string) => words.length, contextTokens: () => 8_192 };
  const library = openLibrary({ folder, clock, ids, log: silentLog, costs, talks: () => store.talks('default'), settings });
  const model = createFakeModel();
  const engine = createEngine({
    ...{ store, model, clock, ids, settings, library, log: silentLog, characters: library },
    ...{ memory: noMemory, notes: store.notes, index: noIndex },
  });
  const say = async (userId: string, characterId: string, words: string) => {
    const { id } = await engine.createConversation({ userId, characterId, greeting: 0 });
    const { promise, resolve } = Promise.withResolvers<void>();
    const { detach } = engine.attach(id, (event) => ended(event) && resolve());
    model.will([text(`You said: ${words}`), done()]);
    engine.startTurn({ turnId: `turn-${id}`, conversationId: id, text: words });
    await promise;
    detach();
    clock.advance(60_000);
    return id;
  };
  const card = { name: 'Lark', description: 'Lark carries letters.', first_mes: 'A letter from the Bellhouse.' };
  const bytes = bytesOf({ spec: 'chara_card_v2', spec_version: '2.0', data: card });
  const lark = library.add({ name: 'lark.json', bytes }, { avatar: undefined, accent: undefined }).id;
  const told = () => ({
    companions: engine.characters(),
    conversations: engine.listConversations({}).conversations,
    memories: ['default', 'anna'].map((userId) => engine.memories.list(userId, { superseded: true }).memories),
  });
  return { folder, clock, store, library, engine, say, lark, told };
}

/** Every file below a folder that holds these words. */
function filesWith(folder: string, words: string): string[] {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  return files
    .map(({ parentPath, name }) => join(parentPath, name))
    .filter((path) => existsSync(path) && readFileSync(path).includes(words));
}

describe('a companion that is deleted', () => {
  it('[KA44] goes with everything, comes back with everything, and leaves nothing', async () => {
    const { folder, clock, store, engine, say, lark, told } = await open();
    await say('default', lark, 'I live in Ravensworth near the mill.');
    await say('anna', lark, 'I live in Ottercombe by the sea.');
    const kept = await say('default', 'default', 'I live in Applegarth now.');
    const before = told();
    expect(before.memories.map((each) => each.map((memory) => memory.text))).toEqual([
      ['You live in Applegarth.', 'You live in Ravensworth near the mill.'].map((words) => expect.stringContaining(words.slice(0, 16))),
      [expect.stringContaining('You live in Otter')],
    ]);
    for (let round = 0; round < 3; round++) {
      const undoUntil = engine.library.remove(lark, true);
      expect(undoUntil).toBe(clock.now() + UNDO_CHARACTER_MS);
      expect(told().conversations.map(({ id }) => id)).toEqual([kept]);
      expect(
        told()
          .memories.flat()
          .map(({ characterId }) => characterId),
      ).toEqual(['default']);
      expect(engine.characters().map(({ id }) => id)).toEqual(['default']);
      // Long after the first deletion's own time, and just before this one's.
      clock.advance(UNDO_CHARACTER_MS - 1_000);
      engine.library.restore(lark);
      expect(told()).toEqual(before);
      clock.advance(2_000);
      expect(told()).toEqual(before);
    }
    engine.library.remove(lark, true);
    clock.advance(UNDO_CHARACTER_MS + 1);
    await engine.close();
    expect(() => engine.library.restore(lark)).toThrow(expect.objectContaining({ code: 'character-not-found' }));
    for (const words of ['Ravensworth', 'Ottercombe', 'Bellhouse', 'carries letters']) expect(filesWith(folder, words)).toEqual([]);
    expect(filesWith(folder, 'Applegarth')).not.toEqual([]);
    expect(store.conversationsWith(lark)).toEqual([]);
    expect(store.notes.heldBy(lark)).toEqual([]);
    store.close();
  });

  it('[KA44] alone leaves all of the rest as it was', async () => {
    const { engine, say, lark, told, clock, store } = await open();
    await say('default', lark, 'I live in Ravensworth near the mill.');
    const { conversations, memories } = told();
    engine.library.remove(lark, false);
    clock.advance(UNDO_CHARACTER_MS + 1);
    expect(told()).toMatchObject({ conversations, memories });
    await engine.close();
    store.close();
  });

  it('[KA44] what was deleted just before the program ended goes with the next one', async () => {
    const { folder, engine, say, clock, store } = await open();
    const id = await say('default', 'default', 'I live in Ravensworth near the mill.');
    engine.deleteConversation(id, 'forget');
    await engine.close();
    expect(filesWith(folder, 'Ravensworth')).not.toEqual([]);
    const settings = createFixedSettings();
    const next = createEngine({
      ...{ store, clock, settings, model: createFakeModel(), log: silentLog, ids: createIds() },
      ...{
        characters: { find: () => Promise.reject(new Error('nobody')), list: () => [] },
        memory: noMemory,
        notes: store.notes,
        index: noIndex,
      },
    });
    clock.advance(UNDO_CHARACTER_MS + 1);
    await next.close();
    expect(filesWith(folder, 'Ravensworth')).toEqual([]);
    store.close();
  });
});
