/** @file The figures of the status strip, from the last report and the reply that is being written. */
import type { Message, Report } from '../../shared/conversation.ts';
import type { Direction } from '../../shared/mood.ts';
import type { ModelStatus } from '../../shared/status.ts';
import { moodWords, soundOf, type Thresholds } from '../conversation/mood.ts';
import { CONTEXT_NEAR_END } from '../limits.ts';
import type { LiveReply, Thread } from '../state/window-state.ts';
import { bytes } from '../states/progress.ts';

const engines: Readonly<Record<ModelStatus['engine'], string>> = {
  ollama: 'Ollama',
  embedded: 'built in',
  // The label of the scripted model says so itself.
  scripted: '',
  none: '',
};
export const engineWords = (engine: ModelStatus['engine']) => engines[engine];

/** "loading 4.9 GB, 12 s": a server tells no more of it than that it goes on. */
export function loadingWords(sizeBytes: number | undefined, forMs: number): string {
  const size = sizeBytes === undefined ? 'model' : bytes(sizeBytes);
  const seconds = Math.floor(forMs / 1_000);
  return seconds < 1 ? `loading ${size}` : `loading ${size}, ${seconds} s`;
}

/** What the model does now, in one or two words; empty where it only waits. */
export function stateWords(model: ModelStatus, live: LiveReply | null, now: number, sizeBytes: number | undefined): string {
  if (live) {
    if (live.stage === 'loading') return loadingWords(sizeBytes, now - live.acceptedAt);
    const stages = {
      waiting: 'waiting its turn',
      loading: 'loading model',
      reading: 'reading',
      thinking: 'thinking',
      writing: 'writing',
    } as const;
    return stages[live.stage];
  }
  const states: Readonly<Record<ModelStatus['state'], string>> = {
    absent: 'no model',
    installing: 'downloading',
    stopped: 'stopped',
    starting: 'starting',
    loading: 'loading model',
    ready: 'ready',
    degraded: 'slow',
    failed: 'not answering',
  };
  return states[model.state];
}

export function lastReport(messages: readonly Message[]): Report | undefined {
  return messages.findLast((message) => message.report)?.report;
}

/** Tokens per second of a finished reply; undefined where the engine did not say how long it wrote. */
export function rateOf(report: Report | undefined): number | undefined {
  const { usage, timings } = report ?? {};
  return usage && timings?.replyMs ? (usage.replyTokens / timings.replyMs) * 1_000 : undefined;
}

/** Tokens per second of a reply that is being written, by its deltas; undefined in its first half second. */
export function liveRate(live: LiveReply, now: number): number | undefined {
  const passed = live.firstTextAt === null ? 0 : now - live.firstTextAt;
  return passed < 500 || live.textDeltas < 2 ? undefined : (live.textDeltas / passed) * 1_000;
}

/** Time from sending to the first word, in ms. */
export function firstTokenOf(live: LiveReply | null, report: Report | undefined): number | undefined {
  if (live) return live.firstTextAt === null ? undefined : Math.max(0, live.firstTextAt - live.acceptedAt);
  return report?.timings.firstTokenMs;
}

export type Fill = { used: number; of: number; share: number; near: boolean };

/** How much of the context the conversation takes; undefined where nothing is known. */
export function fillOf(report: Report | undefined, model: ModelStatus): Fill | undefined {
  const of = report?.contextTokens ?? model.contextTokens;
  if (!of) return undefined;
  const usage = report?.usage;
  const sent = report?.sections.reduce((sum, section) => sum + section.tokens, 0) ?? 0;
  const used = usage ? usage.promptTokens + usage.replyTokens : sent;
  const share = Math.min(1, used / of);
  return { used, of, share, near: share >= CONTEXT_NEAR_END };
}

/** "5.0k", "812". */
export function thousands(tokens: number): string {
  return tokens < 1_000 ? String(Math.round(tokens)) : `${(tokens / 1_000).toFixed(1)}k`;
}

/** The whole context: "8k" for 8,192. */
export function wholeContext(tokens: number): string {
  return tokens < 1_024 ? String(tokens) : `${Math.round(tokens / 1_024)}k`;
}

export type Tone = { direction: Direction; words: string; temperature: string | null; reason: string };

/** How the person's last words sounded and what that did to the reply. */
export function toneOf(thread: Thread | null, thresholds: Thresholds): Tone {
  const said = thread?.messages.findLast((message) => message.role === 'user');
  const mood = said?.mood;
  if (!mood) return { direction: 'steady', words: 'steady, nothing said yet', temperature: null, reason: 'Nothing was said yet.' };
  const last = thread?.messages.at(-1);
  const tone = thread?.live ? undefined : last?.report?.tone;
  const direction = soundOf(said, thread?.live ? undefined : last, thresholds);
  const words = moodWords(direction, mood);
  const read = `Your last message read as ${words}.`;
  if (!tone) return { direction, words, temperature: null, reason: read };
  const reason = `${read} Temperature ${tone.temperature.toFixed(2)}, top p ${tone.topP.toFixed(2)}. ${tone.reason}`;
  return { direction, words, temperature: tone.temperature.toFixed(2), reason };
}
