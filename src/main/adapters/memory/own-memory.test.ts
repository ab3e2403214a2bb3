/** @file Own recall over a real store and its own thread: it follows what is said, and forgets what is gone. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, describe, expect, it } from 'vitest';
import { closeRecallHouses, DAY, recallHouse, START } from '../../../../test/kit/recall-house.ts';
import { temporaryFolder } from '../../../../test/kit/service.ts';
import { RECALL_STARTS } from '../../../shared/memory-limits.ts';
import { holdsMore } from './recall-sides.ts';

afterEach(closeRecallHouses);

describe.each(['beside', 'thread'] as const)('own recall (%s)', (place) => {
  it('[RC1] finds what was said days ago and tells where it comes from and why', async () => {
    const { begin, say, recall } = recallHouse(undefined, place);
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
    const { begin, say, recall } = recallHouse(undefined, place);
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
    const { begin, say, recall, memory } = recallHouse(settings, place);
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
    const { begin, say, recall } = recallHouse(settings, place);
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
    const { begin, say, recall, store, restart } = recallHouse(undefined, place);
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

  it('[RC6] takes out by id at once, and puts notes in the place of older ones', async () => {
    const { begin, say, recall, memory } = recallHouse(undefined, place);
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
    const { begin, say, recall } = recallHouse(undefined, place);
    begin('a');
    for (let day = 0; day < 28; day++) say('a', START + day * DAY, `Lunch number ${day} was soup with the neighbours.`, 'Enjoy!');
    const found = await recall('What did I have for lunch yesterday?', { now: START + 20 * DAY });
    expect(found[0]?.text).toBe('Lunch number 19 was soup with the neighbours.');
    expect(found[0]?.reason).toContain('it is of the time you speak of (yesterday)');
  });

  it('[RC8] says a thing once, keeps to its budget, and pushes nothing in where nothing fits', async () => {
    const { begin, say, recall } = recallHouse(undefined, place);
    begin('a');
    for (let n = 0; n < 5; n++) say('a', START + n * DAY, 'My telescope stands in the attic.', 'Good to know.');
    const asked = 'Is the telescope still in the attic?';
    expect((await recall(asked)).filter(({ text }) => text === 'My telescope stands in the attic.')).toHaveLength(1);
    expect(await recall(asked, { tokens: 2 })).toEqual([]);
    for (const words of ['ok', 'Thanks!', 'What is the capital of Mongolia?']) expect(await recall(words)).toEqual([]);
  });

  it('[RC21] begins anew where it could not begin', async () => {
    const { begin, say, memory, database, restart } = recallHouse(undefined, place);
    begin('a');
    say('a', START, 'My telescope stands in the attic.', 'Good to know.');
    const other = new DatabaseSync(database);
    other.exec('ALTER TABLE messages RENAME TO away');
    await restart();
    const wanted = { userId: 'default', characterId: 'default', text: 'telescope', kinds: ['message'], limit: 5 } as const;
    await expect(memory().search(wanted)).rejects.toThrow();
    other.exec('ALTER TABLE away RENAME TO messages');
    other.close();
    expect((await memory().search(wanted)).map(({ text }) => text)).toContain('My telescope stands in the attic.');
  });

  it('[RC22] goes by words where the table of their meanings is missing or damaged, and says so in the log', async () => {
    const folder = temporaryFolder('vectors');
    const cut = (name: string) => () => writeFileSync(join(folder.path, name), 'no table');
    for (const damage of [() => {}, cut('vectors.bin'), cut('pieces.txt')]) {
      damage();
      const { begin, say, memory, warnings } = recallHouse(undefined, place, folder.path);
      begin('a');
      say('a', START, 'My telescope stands in the attic.', 'Good to know.');
      const found = await memory().search({ userId: 'default', characterId: 'default', text: 'telescope', kinds: ['message'], limit: 5 });
      expect(found.map(({ text }) => text)).toEqual(['My telescope stands in the attic.']);
      expect(warnings).toEqual(['memory-vectors-missing']);
    }
    folder.remove();
  });

  it('[RC20] counts what there is to look through', () => {
    const { begin, say, database } = recallHouse(undefined, place);
    begin('a');
    expect(holdsMore(database, 0)).toBe(false);
    say('a', START, 'My telescope stands in the attic.', 'Good to know.');
    expect([holdsMore(database, 0), holdsMore(database, 1), holdsMore(database, 2)]).toEqual([true, true, false]);
  });

  it('[RC14] outlives a disk that fails while it reads on, however often, and has read what it missed when it is asked', async () => {
    const { begin, say, recall, memory, database } = recallHouse(undefined, place);
    begin('a');
    say('a', START, 'My telescope stands in the attic.', 'Good to know.');
    const asked = 'Is the telescope still in the attic?';
    expect((await recall(asked)).length).toBeGreaterThan(0);
    const other = new DatabaseSync(database);
    for (let round = 0; round < 2 * RECALL_STARTS; round++) {
      other.exec('ALTER TABLE messages RENAME TO away');
      memory().refresh('a');
      expect(await recall(asked)).toEqual([]);
      other.exec('ALTER TABLE away RENAME TO messages');
    }
    other.close();
    say('a', START + DAY, 'The telescope in the attic is sold.', 'Oh!');
    expect((await recall(asked)).map(({ text }) => text)).toContain('The telescope in the attic is sold.');
  });
});
