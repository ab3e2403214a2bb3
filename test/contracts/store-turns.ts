/** @file What a store promises about turns: accepted, written, ended, handed on. */
import { expect, it } from 'vitest';
import { codeOf, conversation, mood, report, say, speak, type Under } from './store-questions.ts';

export function turns(under: Under): void {
  it('[S5] an accepted turn is the person’s message under the end of the path and an empty reply under it', () => {
    const store = under();
    store.createConversation(conversation('a'), { id: 'greeting', text: 'Hello' });
    const { known, userMessage, reply } = say(store, 'a', 5, 'Hi');
    expect(known).toBe(false);
    expect(userMessage).toMatchObject({
      id: 'user-5',
      parentId: 'greeting',
      turnId: 'turn-5',
      role: 'user',
      text: 'Hi',
      status: 'complete',
      mood,
      createdAt: 5,
    });
    expect(reply).toMatchObject({
      id: 'reply-5',
      parentId: 'user-5',
      turnId: 'turn-5',
      role: 'assistant',
      text: '',
      thinking: '',
      status: 'writing',
    });
    expect(store.page('a', 10).messages.map((message) => message.id)).toEqual(['greeting', 'user-5', 'reply-5']);
    expect(store.conversation('a')?.updatedAt).toBe(5);
  });

  it('[S5] the same turn again changes nothing and answers what is there', () => {
    const store = under();
    store.createConversation(conversation('a'), undefined);
    say(store, 'a', 1, 'Hi');
    store.appendReply('turn-1', 'partial', '');
    const again = store.acceptTurn({
      turnId: 'turn-1',
      conversationId: 'a',
      replyId: 'other',
      startedAt: 99,
      user: { id: 'another', text: 'Other words', mood },
    });
    expect(again.known).toBe(true);
    expect(again.userMessage).toMatchObject({ id: 'user-1', text: 'Hi' });
    expect(again.reply).toMatchObject({ id: 'reply-1', text: 'partial', status: 'writing' });
    expect(store.page('a', 10).messages).toHaveLength(2);
    expect(store.conversation('a')?.updatedAt).toBe(1);
  });

  it('[S5] a turn is refused whole in a conversation that is not there, is deleted, or is another one than its first', () => {
    const store = under();
    store.createConversation(conversation('a'), undefined);
    store.createConversation(conversation('b'), undefined);
    say(store, 'a', 1, 'Hi');
    expect(codeOf(() => say(store, 'nowhere', 2, 'Hi'))).toBe('conversation-not-found');
    expect(codeOf(() => say(store, 'b', 1, 'Hi'))).toBe('bad-request');
    store.deleteConversation('a', 3);
    expect(codeOf(() => say(store, 'a', 1, 'Hi'))).toBe('conversation-not-found');
    expect(codeOf(() => say(store, 'a', 4, 'Hi'))).toBe('conversation-not-found');
    expect(store.message('user-4')).toBeUndefined();
    expect(store.page('b', 10).messages).toEqual([]);
  });

  it('[S5] a turn whose id of a message is taken leaves nothing behind', () => {
    const store = under();
    store.createConversation(conversation('a'), { id: 'reply-1', text: 'Hello' });
    expect(codeOf(() => say(store, 'a', 1, 'Hi'))).toBe('store-failed');
    expect(store.message('user-1')).toBeUndefined();
    expect(store.conversation('a')).toEqual(conversation('a'));
  });
}

export function ends(under: Under): void {
  it('[S6] partial text is appended and read back, and the whole reply replaces it', () => {
    const store = under();
    store.createConversation(conversation('a'), undefined);
    say(store, 'a', 1, 'Hi');
    store.appendReply('turn-1', 'One ', 'I ');
    store.appendReply('turn-1', 'two', 'think');
    expect(store.message('reply-1')).toMatchObject({ text: 'One two', thinking: 'I think', status: 'writing' });
    const done = speak(store, 1, { text: 'One two three', thinking: 'I thought' });
    expect(done).toMatchObject({ id: 'reply-1', text: 'One two three', thinking: 'I thought', status: 'complete', report });
    expect(store.message('reply-1')).toEqual(done);
    expect(store.conversation('a')?.updatedAt).toBe(1_001);
  });

  it('[S6] a failed reply keeps its fault, and an ended turn stays as it ended', () => {
    const store = under();
    store.createConversation(conversation('a'), undefined);
    say(store, 'a', 1, 'Hi');
    const fault = { code: 'model-crashed', message: 'It stopped.', retryable: true } as const;
    const failed = speak(store, 1, { status: 'failed', text: 'Half', fault });
    expect(failed).toMatchObject({ status: 'failed', text: 'Half', fault });
    expect(speak(store, 1, { text: 'Other', endedAt: 5_000 })).toEqual(failed);
    expect(codeOf(() => store.appendReply('turn-1', 'more', ''))).toBe('turn-not-found');
    expect(codeOf(() => speak(store, 9, {}))).toBe('turn-not-found');
    expect(store.message('reply-1')).toEqual(failed);
    expect(store.outbox(10)).toEqual([]);
  });

  it('[S7] complete turns and stopped ones with text are handed on, once, in order, with the keys as wire.md has them', () => {
    const store = under();
    store.createConversation(conversation('a'), undefined);
    for (const at of [1, 2, 3, 4]) say(store, 'a', at, `Words ${at}`);
    speak(store, 1, { text: 'Said "it"', endedAt: 1_700_000_000_250 });
    speak(store, 2, { status: 'stopped', text: '' });
    speak(store, 3, { status: 'stopped', text: 'Cut', endedAt: 2_000 });
    speak(store, 4, { status: 'failed', text: 'Broken' });
    speak(store, 1, { text: 'Again' });
    const rows = store.outbox(10);
    expect(rows.map((row) => [row.turnId, row.conversationId])).toEqual([
      ['turn-1', 'a'],
      ['turn-3', 'a'],
    ]);
    expect(rows[0]?.payload).toBe(
      '{"user_id":"user","character_id":"sarah","user_message":"Words 1","ai_response":"Said \\"it\\"","timestamp":1700000000.25}',
    );
    expect(store.outbox(1)).toEqual(rows.slice(0, 1));
    store.removeFromOutbox(rows.slice(0, 1).map((row) => row.id));
    expect(store.outbox(10)).toEqual(rows.slice(1));
  });
}

export function texts(under: Under): void {
  it('[S12] every character survives, NUL too; lone halves of surrogate pairs become U+FFFD at once', () => {
    const store = under();
    store.createConversation(conversation('a'), { id: 'greeting', text: 'a\0b' });
    const text = 'NUL \0 inside, 👩‍🚀 whole, \ud83d half, \udc00 half, \u2028, \uffff, \u0001';
    const accepted = say(store, 'a', 1, text);
    expect(accepted.userMessage.text).toBe(text.toWellFormed());
    store.appendReply('turn-1', 'x\0', '\0y');
    store.appendReply('turn-1', '\0z', '');
    expect(store.message('reply-1')).toMatchObject({ text: 'x\0\0z', thinking: '\0y' });
    expect(speak(store, 1, { text: 'end\0\ud800' }).text).toBe('end\0\ufffd');
    expect(store.page('a', 9).messages.map((message) => message.text)).toEqual(['a\0b', text.toWellFormed(), 'end\0\ufffd']);
    expect(store.history('user-1', () => false)[0]?.text).toBe('a\0b');
    expect(store.renameConversation('a', 'half \ud83d', true, 5).title).toBe('half \ufffd');
    expect(JSON.parse(store.outbox(1)[0]?.payload ?? '')).toMatchObject({ user_message: text.toWellFormed(), ai_response: 'end\0\ufffd' });
  });
}
