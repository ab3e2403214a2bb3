/** @file What the prompts of a conversation were counted as by the server: the next one is expected to differ by what differs in it. */
import { PATHS_KEPT } from '../../shared/limits.ts';
import type { ModelRequest } from './ports.ts';
import { createEstimates, type Estimates, MESSAGE_OVERHEAD } from './tokens.ts';

type Prompt = Pick<ModelRequest, 'model' | 'messages'>;
type Seen = { model: string; raw: number; messages: number; tokens: number; talk: number | undefined };

export type Counted = {
  /** Tokens that a prompt is expected to take; undefined where no prompt of this conversation was counted before. */
  expect(conversationId: string, prompt: Prompt): number | undefined;
  note(conversationId: string, prompt: Prompt, promptTokens: number): void;
};

/** A smaller difference between two prompts says nothing of how talk is counted. */
const SMALLEST_DIFFERENCE = 48;
const NEWEST_SHARE = 0.5;

/** Ground rules and card are counted otherwise than talk, and stay: what comes and goes is talk, and has a factor of its own. */
export function createCounted(estimates: Estimates = createEstimates()): Counted {
  const seen = new Map<string, Seen>();
  const rawOf = ({ messages }: Prompt) => messages.reduce((sum, { content }) => sum + estimates.of(content), 0);

  function talkOf(before: Seen | undefined, raw: number, messages: number, tokens: number): number | undefined {
    if (!before || Math.abs(raw - before.raw) < SMALLEST_DIFFERENCE) return before?.talk;
    const now = (tokens - before.tokens - MESSAGE_OVERHEAD * (messages - before.messages)) / (raw - before.raw);
    // Outside of this the server counted something else than what was sent.
    if (!(now > 0.25 && now < 4)) return before.talk;
    return before.talk === undefined ? now : before.talk + (now - before.talk) * NEWEST_SHARE;
  }

  return {
    expect(conversationId, prompt) {
      const before = seen.get(conversationId);
      if (before?.model !== prompt.model || before.raw === 0) return undefined;
      const talk = before.talk ?? Math.max(0, before.tokens - MESSAGE_OVERHEAD * before.messages) / before.raw;
      const more = (rawOf(prompt) - before.raw) * talk + MESSAGE_OVERHEAD * (prompt.messages.length - before.messages);
      return Math.max(1, Math.round(before.tokens + more));
    },
    note(conversationId, prompt, tokens) {
      const known = seen.get(conversationId);
      const before = known?.model === prompt.model ? known : undefined;
      const [raw, messages] = [rawOf(prompt), prompt.messages.length];
      seen.delete(conversationId);
      seen.set(conversationId, { model: prompt.model, raw, messages, tokens, talk: talkOf(before, raw, messages, tokens) });
      const [oldest] = seen.keys();
      if (seen.size > PATHS_KEPT && oldest !== undefined) seen.delete(oldest);
    },
  };
}
