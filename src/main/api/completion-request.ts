/** @file An OpenAI client's request as a question to a character. */
import { clientIdSchema } from '../../shared/character.ts';
import { Fault } from '../../shared/faults.ts';
import { messageTextSchema } from '../../shared/message-text.ts';
import type { Engine, Question } from '../engine/contract.ts';
import { characterIdOf, unknownModel } from './openai-models.ts';
import { type CompletionRequest, completionRequestSchema } from './openai-shapes.ts';

export type AskedCompletion = { model: string; question: Question; stream: boolean; streamUsage: boolean };

type Message = CompletionRequest['messages'][number];

const wordsOf = ({ content }: Message): string =>
  typeof content === 'string' ? content : (content ?? []).map(({ text }) => text).join('');
const isSystem = ({ role }: Message): boolean => role === 'system' || role === 'developer';

/** Throws Fault('bad-request') naming the field that is wrong, in its detail too, without quoting it, and ('character-not-found'). */
export function readCompletion(engine: Engine, value: unknown): AskedCompletion {
  const parsed = completionRequestSchema.safeParse(value);
  if (!parsed.success) throw misunderstood(parsed.error.issues[0]?.path[0]);
  const request = parsed.data;
  const characterId = characterIdOf(engine, request.model);
  if (!clientIdSchema.safeParse(characterId).success) throw unknownModel();
  const { stop } = request;
  return {
    model: request.model,
    stream: request.stream ?? false,
    streamUsage: request.stream_options?.include_usage ?? false,
    question: {
      characterId,
      userId: request.user ?? undefined,
      ...conversationIn(request.messages),
      temperature: request.temperature ?? undefined,
      topP: request.top_p ?? undefined,
      maxTokens: request.max_completion_tokens ?? request.max_tokens ?? undefined,
      stop: typeof stop === 'string' ? [stop] : (stop ?? []),
    },
  };
}

/** System texts are put together wherever they stand; an empty message of the history is left out. */
function conversationIn(messages: Message[]): Pick<Question, 'system' | 'messages'> {
  const spoken: Question['messages'] = [];
  for (const message of messages) {
    if (isSystem(message)) continue;
    const text = wordsOf(message);
    if (text.trim() !== '') spoken.push({ role: message.role === 'user' ? 'user' : 'assistant', text });
  }
  const last = messages.findLast((message) => !isSystem(message));
  if (last?.role !== 'user' || !messageTextSchema.safeParse(wordsOf(last)).success) {
    const words = 'The last message has to be one of the user with 1 byte to 64 KiB of text; nothing was asked.';
    throw new Fault('bad-request', words, { detail: 'messages' });
  }
  return { system: messages.filter(isSystem).map(wordsOf).join('\n\n'), messages: spoken };
}

const known = new Set<PropertyKey>(Object.keys(completionRequestSchema.shape));

function misunderstood(field: PropertyKey | undefined): Fault {
  const name = field !== undefined && known.has(field) ? String(field) : undefined;
  const where = name === undefined ? 'its form' : `its field ${name}`;
  const words = `This request was not understood because of ${where}; nothing was asked.`;
  return new Fault('bad-request', words, name === undefined ? {} : { detail: name });
}
