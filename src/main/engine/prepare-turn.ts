/** @file Everything between the person's words and the request: character, tone, context block, prompt. */
import type { ThinkingChoice } from '../../shared/character.ts';
import type { Conversation, Message, Report } from '../../shared/conversation.ts';
import type { Mood, Tone } from '../../shared/mood.ts';
import { contextBlock } from './context-block.ts';
import { continuationMessages, continuePrompt, tokensAfter } from './continuation.ts';
import type { Counted } from './counted.ts';
import type { Memory } from './memory-port.ts';
import type { Models } from './models/models.ts';
import type { ModelDescription } from './models/shelf.ts';
import { personFor } from './persona.ts';
import type { Characters, Clock, Ids, Log, Model, ModelRequest, Store } from './ports.ts';
import { type CompiledPrompt, finishPrompt, startPrompt } from './prompt.ts';
import type { AcceptedRequest } from './run-turn.ts';
import { recordOf } from './sent-prompt.ts';
import type { SettingsPort } from './settings.ts';
import { steeringText } from './steering-words.ts';
import { isR1, thinkingChoice, thinkingFor, thoughtLimit } from './thinking.ts';
import { startFor } from './token-starts.ts';
import { createTokenCounter, type Estimates, type TokenCounter, tokenFactorKey } from './tokens.ts';
import { temperatureBand, toneFor } from './tone.ts';
import { factsOf, loreMemory, turnSources } from './turn-sources.ts';

export type TurnPorts = {
  model: Model;
  store: Store;
  characters: Characters;
  memory: Memory;
  clock: Clock;
  ids: Ids;
  log: Log;
  settings: Pick<SettingsPort, 'now'>;
  /** Which model answers, and with how long a context; absent where there is one only. */
  models?: Pick<Models, 'modelFor' | 'contextOf' | 'noteUse'>;
  /** Hears of a conversation whose beginning will soon not fit any more. */
  summaryDue?(conversationId: string): void;
  /** Shared by the turns of one engine. */
  estimates?: Estimates;
  counted?: Counted;
};

export type PreparedTurn = {
  request: ModelRequest;
  prompt: CompiledPrompt;
  /** Puts the context block on disk as it was sent; after the first token, so that nobody waits for it. */
  keepContext(): void;
  /** What the reply's report keeps of the request, once it has left; the block is on disk by then too. */
  keepRecord(): ReturnType<typeof recordOf>;
  /** Whether older messages of the path were left out. */
  historyTrimmed(): boolean;
  description: ModelDescription;
  engine: string;
  counter: TokenCounter;
  mood: Mood;
  tone: Tone;
  warnings: string[];
  /** What bent this reply beside the conversation itself; undefined where nothing did. */
  steering: Report['steering'];
  /** Whether the model's template may open a thought without a tag. */
  expectsThought: boolean;
  /** A longer thought is ended, in tokens; undefined where the model was told not to think. */
  thoughtLimit: number | undefined;
  /** The same turn once more, without a thought first. */
  withoutThinking(): PreparedTurn;
  /** The same turn, compiled once more after the server refused it; promptTokens is the true size where it was told. */
  tighten(promptTokens: number | undefined): PreparedTurn;
};

/** Where the server does not say by how much the prompt was too long. */
const BLIND_TIGHTENING = 1.35;
const neutral: Mood = { compound: 0, positive: 0, negative: 0, neutral: 0 };

function steeringOf({ note }: Conversation, { wish, from }: AcceptedRequest): Report['steering'] {
  if (note === undefined && wish === undefined && from === undefined) return undefined;
  return { ...(note === undefined ? {} : { note }), ...(wish ? { wish } : {}), ...(from ? { continued: true } : {}) };
}

function isTrimmed(store: Store, oldestSentId: string, message: Message): boolean {
  const oldest = oldestSentId === message.id ? message : store.message(oldestSentId);
  return oldest !== undefined && oldest.parentId !== null;
}

/** Gathers what the turn needs and compiles its prompt; the context block is kept on disk, so that later prompts repeat it. */
export async function prepareTurn(ports: TurnPorts, turn: AcceptedRequest): Promise<PreparedTurn> {
  const { store, model } = ports;
  const message = turn.userMessage;
  const { conversation, generation, above, path, context, found, answering, ...ground } = await turn.ground;
  const conversationId = conversation.id;
  const { description } = answering;
  const mood = message.mood ?? neutral;
  const base = { temperature: generation.temperature, topP: generation.topP, enabled: generation.tone, curve: generation.curve };
  const { character } = found;
  const tone = toneFor(mood, above.moods, base, temperatureBand(description.name), character.options.tone);
  const steering = steeringOf(conversation, turn);
  const chosen = turn.from ? 'off' : thinkingChoice(character.options.thinking, generation);
  const person = personFor(character, ports.settings.now());
  const lore = loreMemory(store, character, conversationId);
  let triggered: readonly string[] = [];
  const facts = factsOf(store, character, person, conversationId, message.parentId);
  const savedFactor = Number(store.value(tokenFactorKey(description.name)));

  const start = (factor: number | undefined, choice: ThinkingChoice) => {
    const thinking = thinkingFor(description, choice);
    const asked = [steeringText(steering?.note ?? '', steering?.wish), thinking.words].filter((words) => words !== '');
    const steered = contextBlock([{ name: 'note', text: asked.join('\n') }]);
    const after = turn.from ? continuationMessages(description, turn.from.text) : thinking.after;
    const counter = createTokenCounter(factor, ports.estimates, startFor(description.tokenizer));
    const started = startPrompt({
      character,
      person,
      conversationId,
      examples: !isR1(description),
      counter,
      contextTokens: answering.contextTokens,
      maxTokens: generation.maxTokens,
      taken: tokensAfter(after, counter),
      message: { id: message.id, text: message.text, note: steered },
      anchor: above.anchor,
      summaries: store.summaries(conversationId),
      loadHistory: path,
    });
    return { factor, choice, thinking, after, counter, started };
  };
  // What recall is not needed for is done before it answers.
  const first = start(savedFactor > 0 ? savedFactor : undefined, chosen);
  const recalled = await ground.recalled;
  const sources = turnSources({
    clock: ports.clock,
    tone,
    character,
    person,
    snippets: recalled.snippets,
    conversationId,
    messageId: message.id,
    facts,
    loreBefore: lore.before,
    triggered: (ids) => {
      triggered = ids;
    },
  });

  const finish = ({ factor, choice, thinking, after, counter, started }: ReturnType<typeof start>): PreparedTurn => {
    const { input } = started;
    const compiled = continuePrompt(finishPrompt(started, context === '' ? sources : context), after, input.taken ?? 0);
    const expected = ports.counted?.expect(conversationId, { model: description.name, messages: compiled.messages });
    const prompt: CompiledPrompt = expected === undefined ? compiled : { ...compiled, estimatedTokens: expected };
    const { temperature, topP } = tone;
    const { messages, contextTokens, replyTokens } = prompt;
    const think = thinking.think === undefined ? {} : { think: thinking.think };
    const request: ModelRequest = { model: description.name, messages, temperature, topP, contextTokens, replyTokens, ...think };
    /** A block that lies there already was sent with this message before, and stays. */
    let stored = context;
    const keepContext = () => {
      if (stored !== '' || prompt.context === '') return;
      store.setContext(message.id, prompt.ownContext);
      lore.keep(triggered);
      stored = prompt.ownContext;
    };
    return {
      prompt,
      steering,
      keepContext,
      keepRecord() {
        keepContext();
        return recordOf(ports.ids, prompt, request, stored, input.summaries);
      },
      historyTrimmed: () => isTrimmed(store, prompt.oldestSentId, message),
      counter,
      description,
      mood,
      tone,
      engine: model.status().engine,
      warnings: [...answering.warnings, ...found.warnings, ...recalled.warnings],
      expectsThought: thinking.opensThought && !(turn.from && description.continues),
      thoughtLimit: choice === 'off' ? undefined : thoughtLimit(choice, generation, replyTokens),
      withoutThinking: () => finish(start(factor, 'off')),
      request,
      tighten: (promptTokens) => finish(start(tightened(counter, prompt, promptTokens), choice)),
    };
  };
  return finish(first);
}

/** The factor with which the refused prompt would have been seen as too long. */
export function tightened(counter: TokenCounter, prompt: CompiledPrompt, promptTokens: number | undefined): number {
  const counted = prompt.messages.reduce((sum, message) => sum + counter.count(message.content), 0);
  const short = promptTokens === undefined ? BLIND_TIGHTENING : promptTokens / Math.max(1, counted);
  return (counter.factor ?? 1.2) * Math.max(1.05, short);
}
