/** @file What own recall leaves untold: other branches, what the prompt says already, what the other one said. */
import { afterEach, describe, expect, it } from 'vitest';
import { closeRecallHouses, DAY, recallHouse, START } from '../../../../test/kit/recall-house.ts';

afterEach(closeRecallHouses);

describe.each(['beside', 'thread'] as const)('own recall leaves untold (%s)', (place) => {
  it('[RC5] what was said on another branch is not recalled until the person goes there, and then what was said here is not', async () => {
    const { begin, say, recall, store, restart } = recallHouse(undefined, place);
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
    const { begin, say, recall, memory } = recallHouse(undefined, place);
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

  it('[RC12] what the other one said is no answer to a question about oneself; what one said is', async () => {
    const { begin, say, recall } = recallHouse(undefined, place);
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

  it('[RC24] a pasted chapter is told where its words are asked for, not for its length', async () => {
    const house = recallHouse(undefined, place);
    house.begin('a');
    house.say('a', START, 'My neighbour Ahmed plays the oud at night.', 'I am listening.');
    const chapter = `Here is my novel: ${'The harpsichord of Brno was silent. '.repeat(1_500)}`;
    house.say('a', START + 1_000, chapter, 'I am listening.');
    house.say('a', START + 2_000, 'At ten to midnight I was reading Middlemarch.', 'I am listening.');
    const told = async (message: string) => (await house.recall(message, { now: START + DAY })).map(({ text }) => text.slice(0, 20));
    expect(await told('What did I read yesterday?')).toEqual(['At ten to midnight I']);
    expect(await told('What did I do yesterday?')).not.toContain(chapter.slice(0, 20));
    expect((await told('Was the harpsichord of Brno silent in my novel?')).at(0)).toBe(chapter.slice(0, 20));
  });

  it('[RC7] yesterday ends at the midnight of the place where the person is', async () => {
    const { begin, say, recall } = recallHouse(undefined, place);
    const local = (date: number, hour: number, minute: number) => new Date(2026, 4, date, hour, minute).getTime();
    begin('a');
    say('a', local(4, 23, 58), 'I dropped the lantern into the well.', 'Oh.');
    say('a', local(5, 0, 3), 'I found a silver spoon under the stairs.', 'Oh.');
    const ofYesterday = async (now: number) => {
      const snippets = await recall('What did I drop or find yesterday, the lantern or the spoon?', { now });
      return snippets.filter(({ reason }) => reason.includes('(yesterday)')).map(({ text }) => text);
    };
    for (const now of [local(5, 0, 5), local(5, 23, 59)]) expect(await ofYesterday(now)).toEqual(['I dropped the lantern into the well.']);
    expect(await ofYesterday(local(6, 0, 1))).toEqual(['I found a silver spoon under the stairs.']);
  });
});
