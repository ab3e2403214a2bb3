/** @file The request for an answer without a conversation: a turn's prompt over a history that only the asker has. */
import type { Character, ThinkingChoice } from '../../shared/character.ts';
import { Fault } from '../../shared/faults.ts';
import { MEMORY_BEFORE } from '../../shared/limits.ts';
import { answeringModel } from './answering-model.ts';
import { contextBlock } from './context-block.ts';
import { continuePrompt, tokensAfter } from './continuation.ts';
import type { Question } from './contract.ts';
import { memoryTokens } from './memory/query.ts';
import type { MemoryQuery, Snippet } from './memory-port.ts';
import { readMood } from './mood/mood.ts';
import { personFor } from './persona.ts';
import type { HistoryMessage, ModelRequest, Store } from './ports.ts';
import { type TurnPorts, tightened } from './prepare-turn.ts';
import { compilePrompt, type PromptInput } from './prompt.ts';
import { generationOf } from './settings.ts';
import { isR1, thinkingChoice, thinkingFor, thoughtLimit } from './thinking.ts';
import { createTokenCounter, type TokenCounter, tokenFactorKey } from './tokens.ts';
import { MOOD_MEMORY, temperatureBand, toneFor } from './tone.ts';
import { turnSources } from './turn-sources.ts';

/** Of the store only its small values can be read: nothing of an answer can get there. */
export type AnswerPorts = Omit<TurnPorts, 'store'> & { store: Pick<Store, 'value'> };

export type PreparedAnswer = {
  request: ModelRequest;
  counter: TokenCounter;
  /** Whether the model's template may open a thought without a tag. */
  expectsThought: boolean;
  /** A longer thought is ended, in tokens; undefined where the model was told not to think. */
  thoughtLimit: number | undefined;
  /** The same once more, without a thought first. */
  withoutThinking(): PreparedAnswer;
  /** The same, compiled once more after the server refused it as too long. */
  tighten(promptTokens: number | undefined): PreparedAnswer;
};

/** Neighbours of one role become one message, so that roles alternate as chat templates demand. */
function asPath(messages: Question['messages']): HistoryMessage[] {
  const path: HistoryMessage[] = [];
  for (const { role, text } of messages) {
    const last = path.at(-1);
    if (last?.role === role) last.text += `\n\n${text}`;
    else path.push({ id: `m${path.length}`, role, text, context: '' });
  }
  return path;
}

/** The newest messages up to the one that is enough, oldest first. */
function newest(path: HistoryMessage[], enough: (message: HistoryMessage) => boolean): HistoryMessage[] {
  for (let index = path.length - 1; index >= 0; index--) {
    const message = path[index];
    if (message && enough(message)) return path.slice(index);
  }
  return path;
}

function toneOf(ports: AnswerPorts, path: HistoryMessage[], modelName: string, { options }: Character) {
  const { temperature, topP, tone: enabled, curve } = generationOf(ports.settings.now());
  const theirs = path.filter(({ role }) => role === 'user').slice(-1 - MOOD_MEMORY);
  const [now, ...earlier] = theirs.map(({ text }) => readMood(text)).reverse();
  const base = { temperature, topP, enabled, curve };
  return toneFor(now ?? readMood(''), earlier, base, temperatureBand(modelName), options.tone);
}

/** The asker's own history is the window; no conversation of ours is looked at for it. */
function queryOf(
  ports: AnswerPorts,
  pair: { userId: string; characterId: string },
  path: HistoryMessage[],
  message: HistoryMessage,
): MemoryQuery {
  const before = path.slice(-1 - MEMORY_BEFORE, -1).map(({ role, text }) => ({ role, text }));
  const tokens = memoryTokens(generationOf(ports.settings.now()));
  return { ...pair, conversationId: undefined, message: message.text, before, now: ports.clock.now(), exclude: [], tokens };
}

/** Gathers what the answer needs and compiles its prompt; rejects with Fault('character-not-found') where there is no such character. */
export async function prepareAnswer(ports: AnswerPorts, question: Question, signal: AbortSignal): Promise<PreparedAnswer> {
  const { store } = ports;
  const settings = ports.settings.now();
  const generation = generationOf(settings);
  const path = asPath(question.messages);
  const message = path.at(-1);
  if (message?.role !== 'user') throw new Fault('bad-request', 'The last message has to be the person’s; nothing was asked.');
  const { characterId, userId } = question;
  const nothing: { snippets: Snippet[] } = { snippets: [] };
  const [{ character }, { snippets }, { description, contextTokens }] = await Promise.all([
    ports.characters.find(characterId, signal),
    userId === undefined ? nothing : ports.memory.recall(queryOf(ports, { characterId, userId }, path, message), signal),
    answeringModel(ports, { characterId }, signal),
  ]);
  const tone = toneOf(ports, path, description.name, character);
  const person = personFor(character, settings);
  const conversationId = `answer-${characterId}`;
  const sources = turnSources({
    clock: ports.clock,
    tone,
    character,
    person,
    snippets,
    conversationId,
    messageId: message.id,
    facts: () => ({ replies: path.filter(({ role }) => role === 'assistant').length, greeting: undefined }),
    loreBefore: new Set(),
    triggered: () => undefined,
  });
  const said = [character.systemPrompt, question.system].filter((text) => text.trim() !== '').join('\n\n');
  const saved = Number(store.value(tokenFactorKey(description.name)));

  const compileWith = (factor: number | undefined, choice: ThinkingChoice): PreparedAnswer => {
    const counter = createTokenCounter(factor);
    const thinking = thinkingFor(description, choice);
    const note = contextBlock(thinking.words === '' ? [] : [{ name: 'note', text: thinking.words }]);
    const input: PromptInput = {
      character: { ...character, systemPrompt: said },
      person,
      conversationId,
      examples: !isR1(description),
      counter,
      contextTokens,
      maxTokens: Math.min(question.maxTokens ?? generation.maxTokens, generation.maxTokens),
      taken: tokensAfter(thinking.after, counter),
      message: { id: message.id, text: message.text, context: sources, note },
      anchor: undefined,
      summaries: [],
      loadHistory: (enough) => newest(path, enough),
    };
    const prompt = continuePrompt(compilePrompt(input), thinking.after, input.taken ?? 0);
    return {
      counter,
      expectsThought: thinking.opensThought,
      thoughtLimit: choice === 'off' ? undefined : thoughtLimit(choice, generation, prompt.replyTokens),
      withoutThinking: () => compileWith(factor, 'off'),
      request: {
        model: description.name,
        messages: prompt.messages,
        temperature: question.temperature ?? tone.temperature,
        topP: question.topP ?? tone.topP,
        contextTokens: prompt.contextTokens,
        replyTokens: prompt.replyTokens,
        ...(thinking.think === undefined ? {} : { think: thinking.think }),
      },
      tighten: (promptTokens) => compileWith(tightened(counter, prompt, promptTokens), choice),
    };
  };
  return compileWith(saved > 0 ? saved : undefined, thinkingChoice(character.options.thinking, generation));
}
