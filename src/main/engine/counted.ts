/** @file What the prompts of a conversation were counted as by the server: the next one is expected to differ by what differs in it. */
import { PATHS_KEPT } from '../../shared/limits.ts';
import type { ModelRequest } from './ports.ts';
import { createEstimates, type Estimates, MESSAGE_OVERHEAD } from './tokens.ts';

type Prompt = Pick<ModelRequest, 'model' | 'messages'>;
/** Sums over what came and went, the newest most: how talk was estimated, and how it was counted. */
type Talk = { raw: number; tokens: number };
type Seen = { model: string; raw: number; messages: number; tokens: number; talk: Talk };

export type Counted = {
  /** Tokens that a prompt is expected to take; undefined where no prompt of this conversation was counted before. */
  expect(conversationId: string, prompt: Prompt): number | undefined;
  note(conversationId: string, prompt: Prompt, promptTokens: number): void;
};

/** The first prompt speaks for talk as much as this, in estimated tokens: some messages outweigh it. Fitted on two long talks with a real model. */
const FIRST_SHARE = 300;
const OLDER_SHARE = 0.9;

/** Ground rules and card are counted otherwise than talk, and stay: what comes and goes is talk, and has a factor of its own. */
export function createCounted(estimates: Estimates = createEstimates()): Counted {
  const seen = new Map<string, Seen>();
  const rawOf = ({ messages }: Prompt) => messages.reduce((sum, { content }) => sum + estimates.of(content), 0);

  function talkOf(before: Seen | undefined, raw: number, messages: number, tokens: number): Talk {
    if (!before) return { raw: FIRST_SHARE, tokens: FIRST_SHARE * (Math.max(0, tokens - MESSAGE_OVERHEAD * messages) / Math.max(1, raw)) };
    const more = raw - before.raw;
    const counted = tokens - before.tokens - MESSAGE_OVERHEAD * (messages - before.messages);
    // Outside of this the server counted something else than what was sent.
    const ratio = counted / more;
    if (!(ratio > 0.25 && ratio < 4)) return before.talk;
    return { raw: before.talk.raw * OLDER_SHARE + Math.abs(more), tokens: before.talk.tokens * OLDER_SHARE + Math.abs(counted) };
  }

  return {
    expect(conversationId, prompt) {
      const before = seen.get(conversationId);
      if (before?.model !== prompt.model || before.raw === 0) return undefined;
      const talk = before.talk.tokens / before.talk.raw;
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
