/** @file What a store promises about conversations: made, named, listed, deleted. */
import { expect, it } from 'vitest';
import { PAGE_CONVERSATIONS } from '../../src/shared/limits.ts';
import { codeOf, conversation, say, speak, type Under } from './store-questions.ts';

export function conversations(under: Under): void {
  it('[S1] a conversation is there as it was made, with its greeting as the first message', () => {
    const store = under();
    store.createConversation(conversation('a', { title: 'Named', titled: true }), { id: 'greeting', text: 'Hello you' });
    expect(store.conversation('a')).toEqual(conversation('a', { title: 'Named', titled: true }));
    const [greeting] = store.page('a', 10).messages;
    expect(greeting).toMatchObject({
      id: 'greeting',
      role: 'assistant',
      text: 'Hello you',
      status: 'complete',
      parentId: null,
      turnId: null,
    });
    expect(store.page('a', 10).before).toBeNull();
  });

  it('[S1] a conversation without a greeting has no messages, and one that was never made is not found', () => {
    const store = under();
    store.createConversation(conversation('a'), undefined);
    expect(store.page('a', 10)).toEqual({ messages: [], before: null });
    expect(store.conversation('b')).toBeUndefined();
    expect(codeOf(() => store.page('b', 10))).toBe('conversation-not-found');
    expect(codeOf(() => store.renameConversation('b', 'x', true, 1))).toBe('conversation-not-found');
    expect(codeOf(() => store.deleteConversation('b', 1))).toBe('conversation-not-found');
    expect(codeOf(() => store.restoreConversation('b'))).toBe('conversation-not-found');
    expect(codeOf(() => store.chooseMessage('b', 'x'))).toBe('conversation-not-found');
  });

  it('[S2] the title is the first line that says something, at most 60 characters cut at a word, until a person names it', () => {
    const store = under();
    store.createConversation(conversation('a'), undefined);
    say(store, 'a', 1, ' \n\t\n  A first   line that goes on for rather longer than sixty characters in all\nsecond');
    expect(store.conversation('a')).toMatchObject({ title: 'A first line that goes on for rather longer than sixty…', titled: false });
    say(store, 'a', 2, 'Something else');
    expect(store.conversation('a')?.title).toBe('A first line that goes on for rather longer than sixty…');
    store.createConversation(conversation('b', { title: '', titled: true }), undefined);
    say(store, 'b', 3, 'Words');
    expect(store.conversation('b')?.title).toBe('');
  });

  it('[S2] renaming sets the title, whether it is the person’s own, and the time', () => {
    const store = under();
    store.createConversation(conversation('a'), undefined);
    const renamed = store.renameConversation('a', 'Other', true, 77);
    expect(renamed).toEqual(conversation('a', { title: 'Other', titled: true, updatedAt: 77 }));
    expect(store.conversation('a')).toEqual(renamed);
  });

  it('[S45] a conversation is remembered until somebody says otherwise; one that is not there is not', () => {
    const store = under();
    store.createConversation(conversation('a'), undefined);
    expect(store.isRemembered('a')).toBe(true);
    store.setRemembered('a', false);
    expect(store.isRemembered('a')).toBe(false);
    store.setRemembered('a', true);
    expect(store.isRemembered('a')).toBe(true);
    store.deleteConversation('a', 5);
    expect(store.isRemembered('a')).toBe(false);
    expect(codeOf(() => store.setRemembered('a', false))).toBe('conversation-not-found');
  });

  it('[S46] a conversation may have a model of its own, and go back to none', () => {
    const store = under();
    store.createConversation(conversation('a', { updatedAt: 10 }), undefined);
    expect(store.conversation('a')).not.toHaveProperty('model');
    expect(store.setConversationModel('a', 'big:8b')).toMatchObject({ model: 'big:8b', updatedAt: 10 });
    expect(store.listConversations({}).conversations[0]?.model).toBe('big:8b');
    expect(store.setConversationModel('a', undefined)).not.toHaveProperty('model');
    expect(codeOf(() => store.setConversationModel('b', 'big:8b'))).toBe('conversation-not-found');
  });

  it('[S3] the latest conversation of a pair is the one last changed that is not deleted', () => {
    const store = under();
    store.createConversation(conversation('a', { updatedAt: 10 }), undefined);
    store.createConversation(conversation('b', { updatedAt: 20 }), undefined);
    store.createConversation(conversation('c', { updatedAt: 30, characterId: 'other' }), undefined);
    expect(store.latestConversation('user', 'sarah')?.id).toBe('b');
    say(store, 'a', 40, 'Hi');
    expect(store.latestConversation('user', 'sarah')?.id).toBe('a');
    store.deleteConversation('a', 50);
    expect(store.latestConversation('user', 'sarah')?.id).toBe('b');
    expect(store.latestConversation('nobody', 'sarah')).toBeUndefined();
  });
}

export function lists(under: Under): void {
  it('[S4] pages list every conversation once, newest first, also where many have the same time', () => {
    const store = under();
    const total = PAGE_CONVERSATIONS * 2 + 17;
    for (let i = 0; i < total; i += 1) store.createConversation(conversation(`c${i}`, { updatedAt: Math.floor(i / 70) }), undefined);
    const seen: { id: string; at: number }[] = [];
    let before: string | undefined;
    let pages = 0;
    do {
      const page = store.listConversations(before === undefined ? {} : { before });
      seen.push(...page.conversations.map((found) => ({ id: found.id, at: found.updatedAt })));
      before = page.before;
      pages += 1;
    } while (before !== undefined);
    expect(pages).toBe(3);
    expect(new Set(seen.map((found) => found.id)).size).toBe(total);
    expect(seen).toHaveLength(total);
    expect(seen.map((found) => found.at)).toEqual(seen.map((found) => found.at).sort((a, b) => b - a));
  });

  it('[S4] an exact page has no next one, and a cursor that cannot be read is a bad request', () => {
    const store = under();
    for (let i = 0; i < PAGE_CONVERSATIONS; i += 1) store.createConversation(conversation(`c${i}`, { updatedAt: i }), undefined);
    expect(store.listConversations({}).before).toBeUndefined();
    for (const before of ['', 'x', '12', '12_', "1_a'--", 'NaN_a'])
      expect(codeOf(() => store.listConversations({ before }))).toBe('bad-request');
  });

  it('[S4] a search finds a part of the title without regard to case, in every script, and takes no sign as a pattern', () => {
    const store = under();
    const titles = ['École d’été', 'ΑΘΗΝΑ', '100% sure', 'under_score', 'plain'];
    for (const [i, title] of titles.entries())
      store.createConversation(conversation(`c${i}`, { title, titled: true, updatedAt: i }), undefined);
    const found = (query: string) => store.listConversations({ query }).conversations.map((one) => one.title);
    expect(found('ÉCOLE')).toEqual(['École d’été']);
    expect(found('e\u0301cole')).toEqual(['École d’été']);
    expect(found('αθη')).toEqual(['ΑΘΗΝΑ']);
    expect(found('%')).toEqual(['100% sure']);
    expect(found('_')).toEqual(['under_score']);
    expect(found('nothing of it')).toEqual([]);
    expect(found('  ')).toHaveLength(titles.length);
  });
}

export function removal(under: Under): void {
  it('[S13] a deleted conversation is hidden everywhere, and comes back as it was', async () => {
    const store = under();
    store.createConversation(conversation('a'), undefined);
    say(store, 'a', 1, 'Hi');
    const before = { conversation: store.conversation('a'), page: store.page('a', 10) };
    store.deleteConversation('a', 50);
    expect(store.conversation('a')).toBeUndefined();
    expect(store.listConversations({}).conversations).toEqual([]);
    expect(codeOf(() => store.page('a', 10))).toBe('conversation-not-found');
    expect(store.restoreConversation('a')).toEqual(before.conversation);
    expect(store.page('a', 10)).toEqual(before.page);
    expect(await store.purgeDeleted(1_000)).toBe(0);
  });

  it('[S13] purging removes what was deleted up to the time, with its turns and what was to be handed on, and nothing else', async () => {
    const store = under();
    for (const id of ['a', 'b', 'c']) store.createConversation(conversation(id), { id: `greeting-${id}`, text: 'Hello' });
    for (const [i, id] of ['a', 'b', 'c'].entries()) {
      say(store, id, i + 1, 'Hi');
      speak(store, i + 1, { text: 'Yes' });
    }
    store.deleteConversation('a', 50);
    store.deleteConversation('b', 51);
    expect(await store.purgeDeleted(50)).toBe(1);
    expect(store.message('user-1')).toBeUndefined();
    expect(store.message('user-2')).toBeDefined();
    expect(store.outbox(10).map((row) => row.conversationId)).toEqual(['b', 'c']);
    expect(codeOf(() => store.restoreConversation('a'))).toBe('conversation-not-found');
    expect(store.restoreConversation('b').id).toBe('b');
    expect(codeOf(() => store.appendReply('turn-1', 'x', ''))).toBe('turn-not-found');
  });
}

export function smallThings(under: Under): void {
  it('[S14] small values are kept under their keys', () => {
    const store = under();
    expect(store.value('calibration')).toBeUndefined();
    store.setValue('calibration', '{"a":1}');
    store.setValue('calibration', '{"a":2}');
    store.setValue('other', '');
    expect(store.value('calibration')).toBe('{"a":2}');
    expect(store.value('other')).toBe('');
  });

  it('[S14] after closing, everything is refused with a fault and closing again does nothing', () => {
    const store = under();
    store.close();
    store.close();
    expect(codeOf(() => store.conversation('a'))).toBe('store-failed');
    expect(codeOf(() => store.createConversation(conversation('a'), undefined))).toBe('store-failed');
  });
}
