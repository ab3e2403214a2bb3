import { describe, expect, it } from 'vitest';
import { attached, sampleConversation, sampleFault, sampleMessage, sampleTurn } from '../../../test/kit/page/samples.ts';
import type { ClientEvent } from '../../shared/events.ts';
import { askList } from './conversation-list.ts';
import { reduceEvent } from './reduce.ts';
import { firstState, type WindowState } from './window-state.ts';

const open: WindowState = { ...firstState, openId: 'c1', connection: 'open', wasOpen: true };
const take = (state: WindowState, ...events: ClientEvent[]) => events.reduce((known, event) => reduceEvent(known, event, 5), state);
const outgoing = { turnId: 't2', conversationId: 'c1', text: 'Are you there?', sentAt: 1 };
const user = sampleMessage({ id: 'u2', role: 'user', parentId: 'r1', turnId: 't2', text: outgoing.text });
const titles = (state: WindowState) => (state.list.found ?? state.list.items)?.map((conversation) => conversation.title);
const listed = (requestId: string, ...names: string[]): ClientEvent => ({
  type: 'conversations-listed',
  requestId,
  conversations: names.map((title, index) => sampleConversation({ id: title, title, updatedAt: 100 - index })),
});

describe('the state of the window', () => {
  it('[W6] a message leaves the waiting ones when it is on disk', () => {
    const state = take({ ...open, outgoing: [outgoing] }, attached(), ...sampleTurn('t2', user, ['Yes.']).slice(0, 1));
    expect(state.outgoing).toEqual([]);
    expect(state.thread?.messages.at(-1)?.text).toBe('Are you there?');
  });

  it('[W6] words that could not be put on disk stay, with the reason, and the disk is named', () => {
    const ended = { type: 'turn-ended', conversationId: 'c1', turnId: 't2', seq: 0, status: 'failed', fault: sampleFault() } as const;
    const state = take({ ...open, outgoing: [outgoing] }, attached(), ended);
    expect(state.outgoing).toEqual([{ ...outgoing, fault: sampleFault() }]);
    expect(state.trouble?.code).toBe('store-full');
    expect(state.thread?.stale).toBe(false);
  });

  it('[W7] a snapshot that has the message already takes it out of the waiting ones, wherever it stands there', () => {
    const waiting = { ...open, outgoing: [outgoing] };
    expect(take(waiting, attached({ waiting: [{ turnId: 't2', text: outgoing.text }] })).outgoing).toEqual([]);
    expect(take(waiting, attached({ messages: [user] })).outgoing).toEqual([]);
    expect(take(waiting, attached()).outgoing).toEqual([outgoing]);
  });

  it('[W7] a new session makes the conversation stale, so that it is attached again', () => {
    const opened: ClientEvent = {
      type: 'session-opened',
      contract: 1,
      service: 's',
      version: '1',
      characters: [],
      model: { state: 'ready', engine: 'ollama', model: 'm', label: 'm', reason: '', starter: false },
    };
    expect(take({ ...open, connection: 'lost' }, attached(), opened)).toMatchObject({ connection: 'open', thread: { stale: true } });
  });

  it('[W8] another branch makes the conversation stale; that of another conversation does not', () => {
    const state = take(open, attached());
    expect(take(state, { type: 'conversation-rerouted', conversationId: 'c1' }).thread?.stale).toBe(true);
    expect(take(state, { type: 'conversation-rerouted', conversationId: 'c2' })).toBe(state);
  });

  it('[W8] a snapshot of a conversation that is no longer open changes nothing', () => {
    const state = { ...open, openId: 'c2' };
    expect(take(state, attached())).toBe(state);
  });

  it('[W9] the list keeps the newest first, whatever is made, renamed or spoken in', () => {
    const asked = { ...open, list: askList(open.list, { requestId: 'q1', kind: 'newest', query: '' }) };
    const state = take(asked, listed('q1', 'a', 'b', 'c'));
    expect(titles(state)).toEqual(['a', 'b', 'c']);
    const spoken = take(state, {
      type: 'conversation-changed',
      conversation: sampleConversation({ id: 'c', title: 'c2', updatedAt: 200 }),
    });
    expect(titles(spoken)).toEqual(['c2', 'a', 'b']);
    expect(titles(take(spoken, { type: 'conversation-deleted', conversationId: 'a', undoUntil: 9 }))).toEqual(['c2', 'b']);
  });

  it('[W9] the answer to an older search is dropped', () => {
    let state: WindowState = { ...open, list: askList(open.list, { requestId: 'q1', kind: 'search', query: 'ra' }) };
    state = { ...state, list: askList(state.list, { requestId: 'q2', kind: 'search', query: 'rain' }) };
    for (const answers of [
      [listed('q1', 'radio', 'rain'), listed('q2', 'rain')],
      [listed('q2', 'rain'), listed('q1', 'radio', 'rain')],
    ]) {
      expect(titles(take(state, ...answers))).toEqual(['rain']);
    }
    state = { ...state, list: askList(state.list, { requestId: 'q3', kind: 'newest', query: '' }) };
    expect(state.list.found).toBeNull();
  });

  it('[W9] deleting the open conversation leaves no part of it on show', () => {
    const state = take({ ...open, outgoing: [outgoing] }, attached(), { type: 'conversation-deleted', conversationId: 'c1', undoUntil: 9 });
    expect(state).toMatchObject({ openId: null, thread: null, outgoing: [] });
  });
});
