/** @file Whom the window shows as the one who is talked with. */
import { describe, expect, it } from 'vitest';
import { attached, sampleConversation } from '../../../test/kit/page/samples.ts';
import { attachThread } from './thread.ts';
import { companionOf, firstState } from './window-state.ts';

const accent = { hue: 10, chroma: 0.1 };
const characters = ['default', 'lark'].map((id) => ({ id, name: id, accent, firstMessage: '' }));
const thread = (characterId: string) => attachThread(null, attached({ conversation: sampleConversation({ characterId }) }), 1);

describe('the companion on show', () => {
  it('[W64] is the conversation’s own, before and after it is attached, and never somebody else where that one is gone', () => {
    const state = { ...firstState, characters };
    expect(companionOf(state)?.id).toBe('default');
    expect(companionOf({ ...state, companionId: 'lark' })?.id).toBe('lark');
    expect(companionOf({ ...state, thread: thread('lark') })?.id).toBe('lark');
    const items = [sampleConversation({ id: 'c9', characterId: 'lark' })];
    expect(companionOf({ ...state, openId: 'c9', list: { ...state.list, items } })?.id).toBe('lark');
    const gone = { ...state, thread: thread('gone') };
    expect(companionOf(gone)?.name).toBe('gone');
    expect(companionOf(gone)).toBe(companionOf(gone));
    expect(companionOf({ ...firstState, thread: thread('gone') })).toBeUndefined();
  });
});
