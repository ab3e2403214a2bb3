import { describe, expect, it } from 'vitest';
import { sampleReport } from '../../../test/kit/fake-engine.ts';
import { attached, sampleMessage, samplePath, sampleTurn } from '../../../test/kit/page/samples.ts';
import { toneDefaults } from '../../shared/tone-limits.ts';
import { attachThread, stepThread } from '../state/thread.ts';
import { finishedRows, isUnspoken, openRows } from './rows.ts';

const mood = (compound: number) => ({ compound, positive: 0, negative: 0, neutral: 1 });

describe('the rows of the log', () => {
  it('[W18] a reply keeps its row from the first letter to the last, and through its versions', () => {
    const user = sampleMessage({ id: 'u2', role: 'user', parentId: 'r1', turnId: 't2' });
    const turn = sampleTurn('t2', user, ['a', 'b']);
    let thread = attachThread(null, attached(), 1);
    const keys: string[] = [];
    for (const event of turn) {
      thread = stepThread(thread, event, 2);
      const rows = finishedRows(thread.messages, thread.thinkingMs, toneDefaults);
      keys.push([...rows, ...openRows(thread, [], rows.at(-1))].at(-1)?.key ?? '');
    }
    expect(new Set(keys).size).toBe(1);
    const other = { ...thread.messages.slice(-1)[0], id: 'another-version' } as (typeof thread.messages)[number];
    expect(finishedRows([...thread.messages.slice(0, -1), other], {}, toneDefaults).at(-1)?.key).toBe(keys[0]);
  });

  it('[W18] words keep their row from typed to kept', () => {
    const outgoing = [{ turnId: 't2', conversationId: 'c1', text: 'x', sentAt: 1 }];
    const typed = openRows(null, outgoing, undefined)[0]?.key;
    const kept = finishedRows([sampleMessage({ id: 'u2', role: 'user', turnId: 't2' })], {}, toneDefaults)[0]?.key;
    expect(typed).toBe(kept);
  });

  it('[W19] the thread takes its colour from the person’s words, and turns towards the next', () => {
    const path = samplePath(2).map((message) =>
      message.id === 'u1' ? { ...message, mood: mood(-0.6) } : message.id === 'u2' ? { ...message, mood: mood(0.7) } : message,
    );
    const tints = finishedRows(path, {}, toneDefaults).map(({ from, to }) => `${from}>${to}`);
    expect(tints).toEqual(['steady>low', 'low>low', 'low>warm', 'warm>warm', 'warm>warm']);
  });

  it('[W19] how words sounded is what their reply took them for, and by the thresholds that are set where there is none yet', () => {
    const path = samplePath(2).map((message) => (message.role === 'user' ? { ...message, mood: mood(0.4) } : message));
    const took = path.map((message) =>
      message.id === 'r1'
        ? { ...message, report: { ...sampleReport, tone: { ...sampleReport.tone, direction: 'low' as const } } }
        : message,
    );
    const sounds = (thresholds: Parameters<typeof finishedRows>[2]) =>
      finishedRows(took, {}, thresholds).flatMap((row) => (row.kind === 'user' ? [row.from] : []));
    expect(sounds(toneDefaults)).toEqual(['low', 'steady']);
    expect(sounds({ warmAbove: 0.35, lowBelow: -0.3 })).toEqual(['low', 'warm']);
  });

  it('[W19] what the companion no longer sees lies above a boundary', () => {
    const path = samplePath(3);
    const last = path.at(-1);
    const seen = last ? [...path.slice(0, -1), { ...last, report: { ...sampleReport, historyTrimmed: true, oldestSentId: 'u2' } }] : path;
    const rows = finishedRows(seen, {}, toneDefaults);
    expect(rows.map((row) => row.kind)).toEqual(['reply', 'user', 'reply', 'boundary', 'user', 'reply', 'user', 'reply']);
    expect(rows.map((row) => 'beyond' in row && row.beyond)).toEqual([true, true, true, false, false, false, false, false]);
  });

  it('[W18] a conversation with only a greeting is unspoken; one with anything more is not', () => {
    const greeted = attachThread(null, attached({ messages: samplePath(0) }), 1);
    expect(isUnspoken(greeted, [])).toBe(true);
    expect(isUnspoken(greeted, [{ turnId: 't', conversationId: 'c1', text: 'x', sentAt: 1 }])).toBe(false);
    expect(isUnspoken(attachThread(null, attached(), 1), [])).toBe(false);
  });
});
