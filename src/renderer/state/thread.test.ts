import { describe, expect, it } from 'vitest';
import { attached, sampleMessage, samplePath, sampleTurn } from '../../../test/kit/page/samples.ts';
import { addPage, attachThread, stepThread } from './thread.ts';
import type { Thread } from './window-state.ts';

const user2 = sampleMessage({ id: 'u2', role: 'user', parentId: 'r1', turnId: 't2', text: 'And now?' });
const fresh = () => attachThread(null, attached(), 10);
const play = (thread: Thread, events: ReturnType<typeof sampleTurn>) =>
  events.reduce((known, event) => stepThread(known, event, 20), thread);
const words = (thread: Thread) => thread.live?.text ?? thread.messages.at(-1)?.text;

describe('a thread', () => {
  it('[W1] takes a turn in step by step and ends with the finished reply', () => {
    const thread = play(fresh(), sampleTurn('t2', user2, ['It ', 'rains.']));
    expect(thread.stale).toBe(false);
    expect(thread.live).toBeNull();
    expect(thread.messages.map((message) => message.id)).toEqual(['g', 'u1', 'r1', 'u2', 'reply-of-t2']);
  });

  it('[W1] is stale after a gap, and takes nothing more until it is attached again', () => {
    const turn = sampleTurn('t2', user2, ['It ', 'rains', ' again', ' today.']);
    const [accepted, first, , third, fourth] = turn;
    const thread = play(
      fresh(),
      [accepted, first, third].filter((event) => event !== undefined),
    );
    expect(thread.stale).toBe(true);
    expect(words(thread)).toBe('It ');
    expect(fourth && stepThread(thread, fourth, 20)).toBe(thread);
  });

  it('[W1] an ended turn whose beginning was missed is a gap; one that is known is not', () => {
    const ended = sampleTurn('t9', user2, ['x']).at(-1);
    expect(ended && stepThread(fresh(), ended, 20).stale).toBe(true);
    const known = sampleTurn('t1', sampleMessage({ id: 'u1', role: 'user', turnId: 't1' }), ['x']).at(-1);
    expect(known && stepThread(fresh(), known, 20).stale).toBe(false);
  });

  it('[W2] wherever a turn is cut by an attach, no word is lost and none is doubled', () => {
    const texts = ['One ', 'two ', 'three ', 'four ', 'five.'];
    const turn = sampleTurn('t2', user2, texts);
    for (let cut = 0; cut <= texts.length; cut++) {
      const live = {
        turnId: 't2',
        throughSeq: cut,
        userMessage: user2,
        replyId: 'reply-of-t2',
        startedAt: 1,
        stage: 'writing' as const,
        text: texts.slice(0, cut).join(''),
        thinking: '',
      };
      const written = sampleMessage({ id: 'reply-of-t2', role: 'assistant', parentId: 'u2', turnId: 't2', status: 'writing' });
      const snapshot = attached({ messages: [...samplePath(1), user2, written], live });
      // Everything comes again after the snapshot, as from a wire that was slow.
      const thread = play(attachThread(play(fresh(), turn.slice(0, 2)), snapshot, 30), turn.slice(0, -1));
      expect(thread.live?.text, `cut at ${cut}`).toBe(texts.join(''));
      expect(thread.stale, `cut at ${cut}`).toBe(false);
      expect(thread.messages.at(-1)?.id, `cut at ${cut}`).toBe('u2');
    }
  });

  it('[W3] a merged delta stands for all its numbers; one that overlaps what is known is a gap', () => {
    const [accepted] = sampleTurn('t2', user2, []);
    const begun = accepted ? stepThread(fresh(), accepted, 20) : fresh();
    const delta = (fromSeq: number, seq: number, text: string) =>
      ({ type: 'text-delta', conversationId: 'c1', turnId: 't2', fromSeq, seq, text }) as const;
    const merged = stepThread(begun, delta(1, 4, 'abcd'), 20);
    expect([merged.live?.text, merged.live?.seq, merged.live?.textDeltas]).toEqual(['abcd', 4, 4]);
    expect(stepThread(merged, delta(5, 6, 'ef'), 20).live?.text).toBe('abcdef');
    expect(stepThread(merged, delta(4, 6, 'def'), 20).stale).toBe(true);
    expect(stepThread(merged, delta(2, 4, 'bcd'), 20)).toBe(merged);
  });

  it('[W4] a message answered once more: its reply and what followed leave the view, the new version is counted', () => {
    const thread = attachThread(null, attached({ messages: samplePath(3) }), 10);
    const again = sampleTurn('t9', samplePath(2).at(-2) ?? user2, ['New.']);
    const writing = play(thread, again.slice(0, 2));
    expect(writing.messages.map((message) => message.id)).toEqual(['g', 'u1', 'r1', 'u2']);
    expect(writing.live).toMatchObject({ version: 2, text: 'New.' });
    expect(play(thread, again).messages.at(-1)?.text).toBe('New.');
  });

  it('[W4] an accepted turn that does not hang on the last message means that the path is another one', () => {
    const elsewhere = sampleTurn('t9', { ...user2, parentId: 'somewhere' }, []).slice(0, 1);
    expect(play(fresh(), elsewhere).stale).toBe(true);
  });

  it('[W5] keeps what was loaded above through a new attach, and drops a page that does not fit', () => {
    const path = samplePath(4);
    const lower = attachThread(null, attached({ messages: path.slice(5), before: 'u3' }), 10);
    const whole = addPage(lower, {
      type: 'messages-loaded',
      requestId: 'q',
      conversationId: 'c1',
      messages: path.slice(0, 5),
      before: null,
    });
    expect(whole.messages).toEqual(path);
    expect(whole.before).toBeNull();
    const again = attachThread(whole, attached({ messages: path.slice(5), before: 'u3' }), 20);
    expect(again.messages).toEqual(path);
    expect(again.before).toBeNull();
    const strange = sampleMessage({ id: 'x', role: 'user' });
    const page = { type: 'messages-loaded', requestId: 'q', conversationId: 'c1', messages: [strange], before: null } as const;
    expect(addPage(lower, { ...page, messages: [...page.messages] })).toBe(lower);
  });

  it('[W13] measures how long a thought took by its own clock', () => {
    const [accepted, , ended] = sampleTurn('t2', user2, ['Yes.']);
    const at = { conversationId: 'c1', turnId: 't2' };
    let thread = accepted ? stepThread(fresh(), accepted, 1_000) : fresh();
    thread = stepThread(thread, { type: 'thinking-delta', ...at, seq: 1, text: 'Hm.' }, 2_000);
    thread = stepThread(thread, { type: 'text-delta', ...at, seq: 2, text: 'Yes.' }, 8_000);
    expect(thread.live?.thinkingMs).toBe(6_000);
    const message = ended?.type === 'turn-ended' && ended.message ? { ...ended.message, thinking: 'Hm.' } : undefined;
    thread = stepThread(thread, { type: 'turn-ended', ...at, seq: 3, status: 'complete', ...(message ? { message } : {}) }, 9_000);
    expect(thread.thinkingMs).toEqual({ 'reply-of-t2': 6_000 });
  });
});
