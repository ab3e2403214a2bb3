/** @file The words of an answer, told from its thoughts, which nobody is shown. */
import type { AnswerStep } from './contract.ts';
import { createEchoFilter } from './echoes.ts';
import { createStopWords } from './stop-words.ts';
import { thoughtTokens } from './thinking.ts';
import { createThoughtSplitter, type ThoughtPart } from './thoughts.ts';

export type AnswerWords = {
  /** What may be shown of a piece of raw text. */
  take(text: string): Generator<AnswerStep, void>;
  /** A thought that came as one. */
  think(text: string): void;
  end(): Generator<AnswerStep, void>;
  text(): string;
  /** About how many tokens were thought. */
  thought(): number;
  /** One of the asker's words for an end has come. */
  stopped(): boolean;
};

/** Thoughts are dropped; they count only where the reply turns out to have been taken for one. */
export function createAnswerWords(expectsThought: boolean, stop: readonly string[]): AnswerWords {
  const splitter = createThoughtSplitter({ expectsThought });
  const stopWords = createStopWords(stop);
  let echoes = createEchoFilter();
  let [shown, thought, stopped] = ['', '', false];
  let tokens = 0;
  const think = (text: string) => {
    thought += text;
    tokens += thoughtTokens(text);
  };
  const show = function* (text: string): Generator<AnswerStep, void> {
    if (text === '') return;
    shown += text;
    yield { type: 'text', text };
  };
  const add = function* (text: string): Generator<AnswerStep, void> {
    const next = stopWords.push(text);
    stopped = next.found;
    yield* show(next.text);
  };
  const addAll = function* (parts: ThoughtPart[]): Generator<AnswerStep, void> {
    for (const part of parts) {
      if (stopped) return;
      if (part.type === 'text') yield* add(echoes.push(part.text));
      else if (part.type === 'thinking') think(part.text);
      else if (part.type === 'thought-was-text') {
        tokens = 0;
        yield* add(echoes.push(thought));
      } else {
        think(shown);
        shown = '';
        stopWords.clear();
        echoes = createEchoFilter();
        yield { type: 'withdrawn' };
      }
    }
  };
  return {
    take: (text) => addAll(splitter.push(text)),
    think,
    *end() {
      yield* addAll(splitter.end());
      if (stopped) return;
      yield* add(echoes.end());
      if (!stopped) yield* show(stopWords.rest());
    },
    text: () => shown,
    thought: () => tokens,
    stopped: () => stopped,
  };
}
