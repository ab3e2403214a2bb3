import { expect, it } from 'vitest';
import { sampleReport } from '../../../test/kit/fake-engine.ts';
import { attached, sampleMessage } from '../../../test/kit/page/samples.ts';
import type { ModelStatus } from '../../shared/status.ts';
import { toneDefaults } from '../../shared/tone-limits.ts';
import { attachThread } from '../state/thread.ts';
import { fillOf, loadingWords, rateOf, thousands, toneOf, wholeContext } from './figures.ts';

const model: ModelStatus = { state: 'ready', engine: 'ollama', model: 'm', label: 'm', reason: '', starter: false, contextTokens: 8_192 };
const report = {
  ...sampleReport,
  contextTokens: 8_192,
  usage: { promptTokens: 4_900, replyTokens: 123 },
  timings: { totalMs: 9, replyMs: 5_000 },
};

it('[W20] the context is what the last prompt and its reply took, of what there is', () => {
  expect(fillOf(report, model)).toEqual({ used: 5_023, of: 8_192, share: 5_023 / 8_192, near: false });
  expect(fillOf({ ...report, usage: { promptTokens: 7_800, replyTokens: 100 } }, model)?.near).toBe(true);
  expect(fillOf(undefined, model)).toMatchObject({ used: 0, of: 8_192 });
  expect([thousands(5_023), thousands(812), wholeContext(8_192), wholeContext(4_096)]).toEqual(['5.0k', '812', '8k', '4k']);
});

it('[W20] the speed is tokens over the time they were written in, and unknown where that is not told', () => {
  expect(rateOf(report)).toBe(24.6);
  expect(rateOf({ ...report, timings: { totalMs: 9 } })).toBeUndefined();
  expect(rateOf(undefined)).toBeUndefined();
});

it('[MD18] loading is told with the size of the model and the time it has taken', () => {
  expect(loadingWords(4_920_734_272, 300)).toBe('loading 4.9 GB');
  expect(loadingWords(4_920_734_272, 12_400)).toBe('loading 4.9 GB, 12 s');
  expect(loadingWords(undefined, 2_000)).toBe('loading model, 2 s');
});

it('[W20] the tone is said in words, with the score and the temperature it led to', () => {
  const mood = { compound: 0.6249, positive: 0.3, negative: 0, neutral: 0.7 };
  const user = sampleMessage({ id: 'u', role: 'user', turnId: 't', mood });
  const reply = sampleMessage({
    id: 'r',
    role: 'assistant',
    parentId: 'u',
    turnId: 't',
    report: { ...report, tone: { ...report.tone, direction: 'warm', temperature: 0.75 } },
  });
  const tone = toneOf(attachThread(null, attached({ messages: [user, reply] }), 1), toneDefaults);
  expect(tone).toMatchObject({ direction: 'warm', words: 'warm +0.62', temperature: '0.75' });
  expect(toneOf(null, toneDefaults).words).toBe('steady, nothing said yet');
  const low = { ...user, mood: { ...mood, compound: -0.52 } };
  expect(toneOf(attachThread(null, attached({ messages: [low] }), 1), toneDefaults)).toMatchObject({
    direction: 'low',
    words: 'low −0.52',
    temperature: null,
  });
  const patient = { warmAbove: 0.7, lowBelow: -0.6 };
  expect(toneOf(attachThread(null, attached({ messages: [low] }), 1), patient).words).toBe('steady −0.52');
});
