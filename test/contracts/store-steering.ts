/** @file What a store promises about steering: going back, versions in the person's own words, beginnings, notes. */
import { expect, it } from 'vitest';
import { codeOf, conversation, mood, say, speak, type Under } from './store-questions.ts';

export function steering(under: Under): void {
  it('[ST5] the path ends where it is told to, up to the very start, and what lies below is found', () => {
    const store = under();
    store.createConversation(conversation('a'), undefined);
    store.createConversation(conversation('b'), undefined);
    say(store, 'a', 1, 'Hi');
    say(store, 'a', 2, 'Then');
    expect(store.onward('a')).toBeUndefined();
    store.endPathAt('a', 'reply-1');
    expect(store.page('a', 10).messages.map(({ id }) => id)).toEqual(['user-1', 'reply-1']);
    expect(store.onward('a')).toBe('user-2');
    store.endPathAt('a', null);
    expect(store.page('a', 10).messages).toEqual([]);
    expect(store.onward('a')).toBe('user-1');
    expect(store.onward('b')).toBeUndefined();
    expect(codeOf(() => store.endPathAt('b', 'reply-1'))).toBe('bad-request');
    expect(store.message('reply-2')).toBeDefined();
  });

  it('[ST3] a message of the person goes below the parent it names', () => {
    const store = under();
    store.createConversation(conversation('a'), { id: 'greeting', text: 'Hello' });
    say(store, 'a', 1, 'Hi');
    say(store, 'a', 2, 'Then');
    const user = { id: 'other', text: 'Hey', mood, parentId: 'greeting' };
    const { userMessage } = store.acceptTurn({ turnId: 'turn-3', conversationId: 'a', replyId: 'reply-3', startedAt: 3, user });
    expect(userMessage).toMatchObject({ parentId: 'greeting', sibling: { position: 2, count: 2, previousId: 'user-1' } });
    expect(store.page('a', 10).messages.map(({ id }) => id)).toEqual(['greeting', 'other', 'reply-3']);
    expect(store.message('reply-2')).toBeDefined();
  });

  it('[ST4] a version in the person’s own words stands beside the old one, with nothing below', () => {
    const store = under();
    store.createConversation(conversation('a'), undefined);
    say(store, 'a', 1, 'Hi');
    speak(store, 1, { text: 'Hello' });
    say(store, 'a', 2, 'Then');
    const version = store.addVersion({ id: 'mine', conversationId: 'a', besideId: 'reply-1', text: 'Hello \ud800', at: 9 });
    expect(version).toMatchObject({
      role: 'assistant',
      parentId: 'user-1',
      text: 'Hello \ufffd',
      status: 'complete',
      origin: 'edited',
      turnId: null,
    });
    expect(store.page('a', 10).messages.map(({ id }) => id)).toEqual(['user-1', 'mine']);
    expect(store.conversation('a')?.updatedAt).toBe(9);
    expect(store.message('reply-1')).toMatchObject({ text: 'Hello', sibling: { count: 2, nextId: 'mine' } });
    expect(codeOf(() => store.addVersion({ id: 'x', conversationId: 'b', besideId: 'reply-1', text: 'x', at: 9 }))).toBe(
      'conversation-not-found',
    );
  });

  it('[ST1] a reply may begin with words, to which more are added', () => {
    const store = under();
    store.createConversation(conversation('a'), undefined);
    say(store, 'a', 1, 'Hi');
    const reply = { origin: 'continued', text: 'Once', thinking: 'Hm' } as const;
    const start = { turnId: 'more', conversationId: 'a', replyId: 'second', startedAt: 2, user: { existingId: 'user-1' }, reply };
    expect(store.acceptTurn(start).reply).toMatchObject({ text: 'Once', thinking: 'Hm', status: 'writing', origin: 'continued' });
    store.appendReply('more', ' upon', '');
    expect(store.message('second')?.text).toBe('Once upon');
  });

  it('[ST6] a note is kept with its conversation, and gone when it is empty', () => {
    const store = under();
    store.createConversation(conversation('a'), undefined);
    expect(store.setNote('a', 'The sea', 7)).toMatchObject({ note: 'The sea', updatedAt: 7 });
    expect(store.conversation('a')?.note).toBe('The sea');
    expect(store.setNote('a', '', 8)).not.toHaveProperty('note');
    expect(codeOf(() => store.setNote('nowhere', 'x', 9))).toBe('conversation-not-found');
  });
}
