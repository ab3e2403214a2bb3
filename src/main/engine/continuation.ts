/** @file A reply that goes on: how the model is asked for the rest, and what it says again on the way. */
import { REPEATED_CHARACTERS } from '../../shared/steering-limits.ts';
import { defuse, fence } from './fence.ts';
import type { ModelDescription } from './models/shelf.ts';
import type { AfterMessage, CompiledPrompt } from './prompt.ts';
import { MESSAGE_OVERHEAD, type TokenCounter } from './tokens.ts';

const GO_ON =
  'Your last message breaks off. Go on from exactly there: begin with the very next word, repeat nothing of it, and say nothing about this note.';

/**
 * What follows the person's message in the request. A server that ends what the assistant said and begins anew (Ollama 0.33 does)
 * is told to go on; the embedded engine goes on from the last word by itself.
 */
export function continuationMessages(description: ModelDescription, reply: string): AfterMessage[] {
  const said: AfterMessage = { role: 'assistant', content: defuse(reply) };
  return description.continues ? [said] : [said, { role: 'user', content: fence('note', GO_ON) }];
}

/** What messages after the person's own take, and is kept free of everything else. */
export const tokensAfter = (after: readonly AfterMessage[], counter: TokenCounter): number =>
  after.reduce((sum, { content }) => sum + counter.count(content) + MESSAGE_OVERHEAD, 0);

/** The prompt with messages after the person's own, for which room was kept. */
export function continuePrompt(prompt: CompiledPrompt, after: AfterMessage[], tokens: number): CompiledPrompt {
  if (after.length === 0) return prompt;
  return {
    ...prompt,
    messages: [...prompt.messages, ...after],
    after,
    estimatedTokens: prompt.estimatedTokens + tokens,
    sections: () => [...prompt.sections(), { name: 'continued', tokens }],
  };
}

export type Joiner = {
  /** What of the new text is to be added now. */
  push(text: string): string;
  end(): string;
};

const letter = /[\p{L}\p{N}]/u;
const isLetter = (character: string | undefined) => character !== undefined && letter.test(character);

/** Whether the end of `before` that begins at `from` was said again on purpose, or by a model that was told to go on. */
function isRepetition(before: string, from: number, held: string): boolean {
  const length = before.length - from;
  if (isLetter(before[from - 1]) && isLetter(before[from])) return false;
  return length >= REPEATED_CHARACTERS || (isLetter(before.at(-1)) && isLetter(held[length]));
}

/** White space where a model that begins a message anew left it out. */
function gapBetween(before: string, next: string): string {
  const open = /\s$/.test(before) || before === '';
  return open || !(isLetter(next[0]) || /^["'“‘*_(]/.test(next)) ? '' : ' ';
}

/**
 * Joins what comes to `before`: the end of it said again is dropped, down to a word that was begun and is begun again. Text is held
 * only while it may still be such a repetition. `exact`: the model goes on from the last word, so that nothing is ever put between.
 */
export function createJoiner(before: string, exact: boolean): Joiner {
  let held = '';
  let joined = false;
  /** Places in `before` from which everything that was held is said there too. */
  let places: number[] | undefined;
  /** So much of it was compared already: with each piece only the piece is. */
  let compared = 0;

  const join = (): string => {
    joined = true;
    const next = held;
    held = '';
    if (exact) return next;
    const text = next.trimStart();
    const at = before.trimEnd().length;
    for (let from = Math.max(0, at - text.length); from < at; from++) {
      const length = at - from;
      if (!text.startsWith(before.slice(from, at)) || !isRepetition(before.slice(0, at), from, text)) continue;
      const rest = text.slice(length);
      return before.length > at ? rest.trimStart() : rest;
    }
    return next === text ? gapBetween(before, next) + next : next;
  };
  /** Whether what is held may become a repetition that reaches the end of `before`. */
  const mayRepeat = (): boolean => {
    const text = held.trimStart();
    if (text === '') return true;
    places ??= Array.from({ length: before.length }, (_, place) => place);
    const more = text.slice(compared);
    places = places.filter((place) => before.startsWith(more, place + compared));
    compared = text.length;
    return places.length > 0;
  };
  return {
    push(text) {
      if (joined) return text;
      held += text;
      if (!exact && mayRepeat()) return '';
      return join();
    },
    end: () => (joined || held === '' ? '' : join()),
  };
}
