/** @file What a store promises about the tree of messages: branches, pages, history. */
import { expect, it } from 'vitest';
import { codeOf, conversation, mood, report, say, speak, type Under } from './store-questions.ts';

export function branches(under: Under): void {
  it('[S8] answering a message once more adds a sibling, makes it the end of the path and destroys nothing', () => {
    const store = under();
    store.createConversation(conversation('a'), undefined);
    say(store, 'a', 1, 'Hi');
    speak(store, 1, { text: 'First' });
    say(store, 'a', 2, 'Then');
    speak(store, 2, { text: 'Later' });
    const { reply } = store.acceptTurn({
      turnId: 'again',
      conversationId: 'a',
      replyId: 'second',
      startedAt: 9,
      user: { existingId: 'user-1' },
    });
    expect(reply).toMatchObject({ parentId: 'user-1', sibling: { position: 2, count: 2, previousId: 'reply-1', nextId: null } });
    expect(store.page('a', 10).messages.map((message) => message.id)).toEqual(['user-1', 'second']);
    expect(store.message('reply-1')?.sibling).toEqual({ position: 1, count: 2, previousId: null, nextId: 'second' });
    expect(store.message('reply-2')?.text).toBe('Later');
  });

  it('[S8] only a message of the person in this conversation can be answered again', () => {
    const store = under();
    store.createConversation(conversation('a'), undefined);
    store.createConversation(conversation('b'), undefined);
    say(store, 'a', 1, 'Hi');
    for (const [conversationId, existingId] of [
      ['a', 'reply-1'],
      ['a', 'nothing'],
      ['b', 'user-1'],
    ] as const) {
      const start = { turnId: 'again', conversationId, replyId: 'second', startedAt: 9, user: { existingId } };
      expect(codeOf(() => store.acceptTurn(start))).toBe('bad-request');
    }
    expect(store.message('second')).toBeUndefined();
  });

  it('[S9] choosing a message makes its branch the path, down to the newest message below it', () => {
    const store = under();
    store.createConversation(conversation('a'), undefined);
    say(store, 'a', 1, 'Hi');
    say(store, 'a', 2, 'Deep');
    store.acceptTurn({ turnId: 'again', conversationId: 'a', replyId: 'second', startedAt: 9, user: { existingId: 'user-1' } });
    const path = () => store.page('a', 10).messages.map((message) => message.id);
    store.chooseMessage('a', 'reply-1');
    expect(path()).toEqual(['user-1', 'reply-1', 'user-2', 'reply-2']);
    store.chooseMessage('a', 'second');
    expect(path()).toEqual(['user-1', 'second']);
    store.chooseMessage('a', 'user-1');
    expect(path()).toEqual(['user-1', 'second']);
    store.createConversation(conversation('b'), undefined);
    expect(codeOf(() => store.chooseMessage('b', 'second'))).toBe('bad-request');
    expect(store.page('b', 10).messages).toEqual([]);
  });
}

export function paths(under: Under): void {
  it('[S10] pages go back over the whole path without a gap or a double', () => {
    const store = under();
    store.createConversation(conversation('a'), { id: 'greeting', text: 'Hello' });
    for (let at = 1; at <= 60; at += 1) say(store, 'a', at, `Words ${at}`);
    const seen: string[] = [];
    let before: string | null = null;
    do {
      const page = store.page('a', 50, before ?? undefined);
      expect(page.messages.length).toBeLessThanOrEqual(50);
      seen.unshift(...page.messages.map((message) => message.id));
      before = page.before;
    } while (before !== null);
    const expected = ['greeting', ...Array.from({ length: 60 }, (_, i) => [`user-${i + 1}`, `reply-${i + 1}`]).flat()];
    expect(seen).toEqual(expected);
    expect(store.page('a', 121).before).toBeNull();
    expect(codeOf(() => store.page('a', 50, 'nothing'))).toBe('bad-request');
  });

  it('[S11] history goes from the message upwards only as far as it is asked, and comes newest last with its context', () => {
    const store = under();
    store.createConversation(conversation('a'), { id: 'greeting', text: 'Hello' });
    for (let at = 1; at <= 3; at += 1) say(store, 'a', at, `Words ${at}`);
    store.setContext('user-2', 'It rains.');
    const whole = store.history('user-3', () => false);
    expect(whole.map((message) => message.id)).toEqual(['greeting', 'user-1', 'reply-1', 'user-2', 'reply-2', 'user-3']);
    expect(whole[3]).toEqual({ id: 'user-2', role: 'user', text: 'Words 2', context: 'It rains.' });
    const asked: string[] = [];
    const part = store.history('user-3', (message) => asked.push(message.id) === 3);
    expect(asked).toEqual(['user-3', 'reply-2', 'user-2']);
    expect(part.map((message) => message.id)).toEqual(['user-2', 'reply-2', 'user-3']);
    expect(store.history('nothing', () => false)).toEqual([]);
  });

  it('[S28] what an accepted turn answers is what is read of it from then on', () => {
    const store = under();
    store.createConversation(conversation('a'), { id: 'greeting', text: 'Hello' });
    const turn = { conversationId: 'a', startedAt: 7, replyId: 'reply-1', turnId: 'turn-1' };
    const said = { text: 'A half \ud800 pair', mood: { ...mood, compound: 0.4 } };
    const first = store.acceptTurn({ ...turn, user: { id: 'user-1', ...said } });
    expect(first.userMessage).toEqual(store.message('user-1'));
    expect(first.reply).toEqual(store.message('reply-1'));
    const second = { ...turn, turnId: 'turn-2', replyId: 'reply-2' };
    const branch = store.acceptTurn({
      ...second,
      user: { id: 'user-2', ...said, parentId: 'greeting' },
      reply: { origin: 'continued', text: 'So', thinking: 'Hm' },
    });
    expect(branch.userMessage).toEqual(store.message('user-2'));
    expect(branch.userMessage.sibling).toEqual({ position: 2, count: 2, previousId: 'user-1', nextId: null });
    expect(branch.reply).toEqual(store.message('reply-2'));
    const again = store.acceptTurn({ ...turn, turnId: 'turn-3', replyId: 'reply-3', user: { existingId: 'user-1' } });
    expect(again.reply).toEqual(store.message('reply-3'));
    expect(again.reply.sibling.position).toBe(2);
  });

  it('[S27] the surroundings of a message are the moods above it, newest first, and where the prompt before began', () => {
    const store = under();
    store.createConversation(conversation('a'), { id: 'greeting', text: 'Hello' });
    for (let at = 1; at <= 3; at += 1) {
      store.acceptTurn({
        turnId: `turn-${at}`,
        conversationId: 'a',
        replyId: `reply-${at}`,
        startedAt: at,
        user: { id: `user-${at}`, text: 'Words', mood: { ...mood, compound: at / 10 } },
      });
      if (at < 3) speak(store, at, { text: 'Yes', report: { ...report, oldestSentId: `user-${at}` } });
    }
    const { moods, anchor } = store.surroundings('reply-2', 5);
    expect({ moods: moods.map(({ compound }) => compound), anchor }).toEqual({
      moods: [0.2, 0.1],
      anchor: { id: 'user-2', trimmed: false, summaryId: undefined },
    });
    expect(store.surroundings('reply-2', 1).moods.map(({ compound }) => compound)).toEqual([0.2]);
    expect(store.surroundings('greeting', 5)).toEqual({ moods: [], anchor: undefined });
    expect(store.surroundings('nothing', 5)).toEqual({ moods: [], anchor: undefined });
    expect(store.surroundings(null, 5)).toEqual({ moods: [], anchor: undefined });
    expect(store.pathEnd('a')).toBe('reply-3');
  });
}
