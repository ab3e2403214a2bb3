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

  it('[RC2] keeps each person and each companion apart', async () => {
    const { begin, say, recall } = house();
    begin('a');
    begin('b', { characterId: 'other' });
    begin('c', { userId: 'anna' });
    say('a', START, 'My sister Nora moved to Leeds.', 'Oh!');
    say('b', START, 'Secretly I hid the telescope in the attic.', 'I will not tell.');
    say('c', START, 'The telescope is a present for Nora.', 'Lovely.');
    expect(await recall('Where did I hide the telescope in the attic?')).toEqual([]);
    expect((await recall('Where did I hide the telescope in the attic?', { characterId: 'other' })).length).toBeGreaterThan(0);
    const annas = await recall('Where is the telescope for Nora?', { userId: 'anna' });
    expect(annas.map(({ text }) => text)).toContain('The telescope is a present for Nora.');
    expect(new Set(annas.map(({ source }) => source?.conversationId))).toEqual(new Set(['c']));
  });

  it('[RC3] shares between companions only where it is switched on, and then only the notes that are shared, for the same person alone', async () => {
    const settings = { on: true, shared: false };
    const { begin, say, recall, memory } = house(settings);
    begin('a', { characterId: 'other' });
    const id = say('a', START, 'The telescope is hidden in the attic.', 'Remember: the telescope hidden in the attic must be sold.');
    const note = { kind: 'note', characterId: 'other', conversationId: 'a', messageId: id, at: START } as const;
    memory().put([
      { ...note, id: 'open', userId: 'default', text: 'They hid the telescope in the attic of the mill.', shared: true },
      { ...note, id: 'closed', userId: 'default', text: 'They want the telescope in the attic to be a surprise for Nora.' },
      { ...note, id: 'annas', userId: 'anna', text: 'They saw the telescope hidden in the attic at noon.', shared: true },
    ]);
    const asked = 'Where is the telescope hidden, in the attic?';
    const found = async () => (await recall(asked)).map(({ source }) => source?.id);
    expect(await found()).toEqual([]);
    settings.shared = true;
    expect(await found()).toEqual(['open']);
    expect((await recall(asked))[0]?.reason).toMatch(/You told it to another companion, and share it with all\.$/);
    memory().put([{ ...note, id: 'open', userId: 'default', text: 'They hid the telescope in the attic of the mill.' }]);
    expect(await found()).toEqual([]);
    memory().put([{ ...note, id: 'open', userId: 'default', text: 'They hid the telescope in the attic of the mill.', shared: true }]);
    expect(await found()).toEqual(['open']);
    memory().remove(['open']);
    expect(await found()).toEqual([]);
    // Its own companion knows all of it all the time, and nothing of another person's.
    settings.shared = false;
    const own = (await recall(asked, { characterId: 'other' })).map(({ source }) => source?.id);
    expect(own).toContain(id);
    expect(own).toContain('closed');
    expect(own).not.toContain('annas');
  });

  it('[RC4] recalls nothing that the prompt still holds, no thought, and nothing at all where it is switched off', async () => {
    const settings = { on: true, shared: false };
    const { begin, say, recall } = house(settings);
    begin('a');
    const id = say('a', START, 'My telescope stands in the attic.', 'Good to know.');
    const asked = 'Is the telescope still in the attic?';
    expect((await recall(asked)).map(({ source }) => source?.messageId)).toContain(id);
    expect((await recall(asked, { exclude: [id] })).map(({ source }) => source?.messageId)).not.toContain(id);
    expect(await recall('a secret thought')).toEqual([]);
    // A greeting begins every conversation, and is nothing that was said in this one.
    begin('b', {}, 'Is the telescope still in the attic, dear?');
    say('b', START, 'It is raining.', 'Let it.');
    expect((await recall(asked)).map(({ source }) => source?.id)).not.toContain('b-greeting');
    settings.on = false;
    expect(await recall(asked)).toEqual([]);
  });

  it('[RC5] follows what becomes of a conversation: said, deleted, restored, not remembered, on another branch; after a restart too', async () => {
    const { begin, say, recall, store, restart } = house();
    const asked = 'Is the telescope still in the attic?';
    const found = async () => (await recall(asked)).length > 0;
    begin('a');
    expect(await found()).toBe(false);
    say('a', START, 'My telescope stands in the attic.', 'Good to know.');
    expect(await found()).toBe(true);
    store().deleteConversation('a', START);
    expect(await found()).toBe(false);
    store().restoreConversation('a');
    expect(await found()).toBe(true);
    store().setRemembered('a', false);
    expect(await found()).toBe(false);
    await restart();
    expect(await found()).toBe(false);
    store().setRemembered('a', true);
    expect(await found()).toBe(true);
    await restart();
    expect(await found()).toBe(true);
  });

  it('[RC5] what was said on another branch is not recalled until the person goes there, and then what was said here is not', async () => {
    const { begin, say, recall, store, restart } = house();
    begin('a');
    const first = say('a', START, 'My telescope stands in the attic.', 'Good to know.');
    say('a', START + 1, 'It is raining.', 'Let it.');
    const texts = async () => (await recall('Does my telescope stand in the attic or in the cellar?')).map(({ text }) => text);
    expect(await texts()).toEqual(['My telescope stands in the attic.']);
    // The same message in other words: a branch of its own, which the conversation goes on from.
    store().addVersion({ id: 'v', conversationId: 'a', besideId: first, text: 'My telescope stands in the cellar.', at: START + 2 });
    expect(await texts()).toEqual(['My telescope stands in the cellar.']);
    store().chooseMessage('a', first);
    expect(await texts()).toEqual(['My telescope stands in the attic.']);
    await restart();
    expect(await texts()).toEqual(['My telescope stands in the attic.']);
    store().chooseMessage('a', 'v');
    expect(await texts()).toEqual(['My telescope stands in the cellar.']);
    store().endPathAt('a', null);
    expect(await texts()).toEqual([]);
  });

  it('[RC13] a note is not told while the message it was drawn from stands in the prompt', async () => {
    const { begin, say, recall, memory } = house();
    begin('a');
    const id = say('a', START, 'By the way, the brass thing I look at stars with lives upstairs under the roof.', 'Good to know.');
    const note = { kind: 'note', userId: 'default', characterId: 'default', conversationId: 'a', messageId: id, at: START } as const;
    memory().put([{ ...note, id: 'n1', text: 'They have a brass telescope in the attic.' }]);
    const found = async (exclude: string[]) =>
      (await recall('Is the brass telescope still in the attic?', { exclude })).map(({ source }) => source?.id);
    expect(await found([])).toContain('n1');
    expect(await found(['another'])).toContain('n1');
    expect(await found([id])).toEqual([]);
  });

  it('[RC6] takes out by id at once, and puts notes in the place of older ones', async () => {
    const { begin, say, recall, memory } = house();
    begin('a');
    const id = say('a', START, 'My telescope stands in the attic.', 'Good to know.');
    const note = {
      kind: 'note',
      id: 'n1',
      userId: 'default',
      characterId: 'default',
      conversationId: 'a',
      messageId: id,
      at: START,
    } as const;
    memory().put([{ ...note, text: 'Has a telescope in the attic.' }]);
    memory().put([{ ...note, text: 'Has a telescope in the cellar.' }]);
    const texts = async () => (await recall('Where is my telescope, in the attic or the cellar?')).map(({ text }) => text);
    expect(await texts()).toEqual(expect.arrayContaining(['My telescope stands in the attic.', 'Has a telescope in the cellar.']));
    expect(await texts()).not.toContain('Has a telescope in the attic.');
    memory().remove(['n1', id]);
    expect((await texts()).some((text) => text.includes('telescope'))).toBe(false);
  });

  it('[RC7] knows the time that is asked for', async () => {
    const { begin, say, recall } = house();
    begin('a');
    for (let day = 0; day < 28; day++) say('a', START + day * DAY, `Lunch number ${day} was soup with the neighbours.`, 'Enjoy!');
    const found = await recall('What did I have for lunch yesterday?', { now: START + 20 * DAY });
    expect(found[0]?.text).toBe('Lunch number 19 was soup with the neighbours.');
    expect(found[0]?.reason).toContain('it is of the time you speak of (yesterday)');
  });

  it('[RC12] what the other one said is no answer to a question about oneself; what one said is', async () => {
    const { begin, say, recall } = house();
    begin('a');
    const seen = ['The garage door is stuck.', 'I like a good film.', 'The colour of the sky was odd.', 'Paint is expensive these days.'];
    for (const [n, words] of [...seen, ...seen, ...seen].entries()) say('a', START + n, words, 'Is it?');
    say('a', START + 90, 'It is raining again.', 'Somebody once painted a whole garage red in a film.');
    say('a', START + 91, 'Let it rain.', 'It will.');
    const texts = async (asked: string) => (await recall(asked)).map(({ text }) => text);
    const film = 'Somebody once painted a whole garage red in a film.';
    expect(await texts('Who painted a garage?')).toContain(film);
    for (const asked of ['Did I ever paint the garage?', 'Which film did I like?', 'What did I say about the garage?']) {
      const found = await texts(asked);
      expect(found.length).toBeGreaterThan(0);
      expect(found).not.toContain(film);
    }
    expect(await texts('What did you say about the garage?')).toEqual([film]);
  });

  it('[RC8] says a thing once, keeps to its budget, and pushes nothing in where nothing fits', async () => {
    const { begin, say, recall } = house();
    begin('a');
    for (let n = 0; n < 5; n++) say('a', START + n * DAY, 'My telescope stands in the attic.', 'Good to know.');
    const asked = 'Is the telescope still in the attic?';
    expect((await recall(asked)).filter(({ text }) => text === 'My telescope stands in the attic.')).toHaveLength(1);
    expect(await recall(asked, { tokens: 2 })).toEqual([]);
    for (const words of ['ok', 'Thanks!', 'What is the capital of Mongolia?']) expect(await recall(words)).toEqual([]);
  });
});
