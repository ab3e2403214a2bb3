/** @file The rolling summary: asked for in silence before half of a conversation has to go, so that it is there when it does. */
import { DEFAULT_CONTEXT_TOKENS, SUMMARY_SHARE } from '../../shared/limits.ts';
import type { Background } from './background.ts';
import type { Store } from './ports.ts';
import type { TurnPorts } from './prepare-turn.ts';

/** The same words every time; what it asks for is everything above it, an older summary too. */
const INSTRUCTION = [
  'Step out of the conversation for a moment. Sum up everything that was said before this, the earlier summary included, as notes for later:',
  'facts about the person, what they told and asked, what was promised or decided, names, places, dates, how things stand between you.',
  'Third person, past tense, plain sentences, the newest things last. Write the notes and nothing else.',
].join(' ');

export type Summaries = {
  /** A turn found that one will be needed. */
  due(conversationId: string): void;
};

export function createSummaries(ports: TurnPorts, background: Background): Summaries {
  const { store, clock, ids } = ports;
  return {
    due(conversationId) {
      let throughId = '';
      background.offer({
        name: 'summary',
        conversationId,
        ask() {
          const head = headOf(store, conversationId);
          if (!head) return undefined;
          throughId = head;
          const contextTokens = ports.settings.now().model.contextTokens ?? DEFAULT_CONTEXT_TOKENS;
          return { instruction: INSTRUCTION, replyTokens: Math.floor(contextTokens * SUMMARY_SHARE) };
        },
        take(text) {
          // Whoever deleted the conversation or took another branch meanwhile has made it worthless.
          if (headOf(store, conversationId) === throughId)
            store.addSummary(conversationId, { id: ids.next(), throughId, text }, clock.now());
        },
      });
    },
  };
}

/** The last message of the active path, where it is a whole reply that no later summary covers. */
function headOf(store: Store, conversationId: string): string | undefined {
  const head = store.conversation(conversationId) && store.page(conversationId, 1).messages.at(-1);
  const [newest] = store.summaries(conversationId);
  return head?.role === 'assistant' && newest?.throughId !== head.id ? head.id : undefined;
}
