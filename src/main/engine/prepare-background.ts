/** @file A background request: the conversation's own prompt and one last instruction, so that the prefix that was read stays in use. */
import type { Report } from '../../shared/conversation.ts';
import { Fault } from '../../shared/faults.ts';
import { answeringModel } from './answering-model.ts';
import { personFor } from './persona.ts';
import type { JsonSchema, ModelRequest } from './ports.ts';
import type { TurnPorts } from './prepare-turn.ts';
import { compilePrompt } from './prompt.ts';
import type { Anchor } from './stored-prompt.ts';
import { beginsInThought, isR1 } from './thinking.ts';
import { createTokenCounter, tokenFactorKey } from './tokens.ts';

export type BackgroundQuestion = {
  /** The last message; what it asks for is about everything above it. */
  instruction: string;
  /** num_predict. */
  replyTokens: number;
  /** The reply is JSON of this shape, and nothing else. */
  format?: JsonSchema;
};

export type PreparedBackground = { request: ModelRequest; expectsThought: boolean };

/** Facts are wanted, no inspiration; sampling numbers load nothing anew (facts of both servers). */
const TEMPERATURE = 0.2;
const TOP_P = 0.9;

/** Where the latest prompt began. */
function anchorOf(report: Report | undefined): Anchor | undefined {
  return report && { id: report.oldestSentId, trimmed: report.historyTrimmed, summaryId: report.sent?.summaryId };
}

/** Undefined where the conversation is gone or its last word is not a whole reply. */
export async function prepareBackground(
  ports: TurnPorts,
  conversationId: string,
  question: BackgroundQuestion,
  signal: AbortSignal,
): Promise<PreparedBackground | undefined> {
  const { store } = ports;
  const conversation = store.conversation(conversationId);
  const head = conversation && store.page(conversationId, 1).messages.at(-1);
  if (!conversation || head?.role !== 'assistant' || head.status === 'writing') return undefined;
  const [{ character }, { description, contextTokens }] = await Promise.all([
    ports.characters.find(conversation.characterId, signal),
    answeringModel(ports, conversation, signal),
  ]);
  const saved = Number(store.value(tokenFactorKey(description.name)));
  const prompt = compilePrompt({
    character,
    person: personFor(character, ports.settings.now()),
    conversationId,
    examples: !isR1(description),
    counter: createTokenCounter(saved > 0 ? saved : undefined, ports.estimates),
    contextTokens,
    maxTokens: question.replyTokens,
    message: { id: 'instruction', text: question.instruction, context: '', note: '' },
    anchor: anchorOf(head.report),
    summaries: store.summaries(conversationId),
    loadHistory: (enough) => store.history(head.id, enough),
  });
  if (signal.aborted) throw new Fault('cancelled', 'Somebody spoke; this was let go.');
  return {
    expectsThought: beginsInThought(description),
    request: {
      model: description.name,
      messages: prompt.messages,
      temperature: TEMPERATURE,
      topP: TOP_P,
      contextTokens: prompt.contextTokens,
      replyTokens: prompt.replyTokens,
      ...(question.format ? { format: question.format } : {}),
      ...(description.thinking ? { think: false } : {}),
    },
  };
}
