/** @file The prompt compiler: ordered sections, one system message, a hard budget, and an account of what was left out. */
import type { Character } from '../../shared/character.ts';
import type { PromptSection, SectionName } from '../../shared/conversation.ts';
import { Fault } from '../../shared/faults.ts';
import { PERSONA_SHARE, SMALLEST_REPLY_TOKENS } from '../../shared/limits.ts';
import { splitContext } from './context-block.ts';
import { defuse, fence } from './fence.ts';
import { asModelMessage, fitHistory } from './history.ts';
import { MANDATE } from './mandate.ts';
import { cutAtSentence, exampleText, personaText } from './persona.ts';
import type { HistoryMessage, ModelMessage } from './ports.ts';
import { MESSAGE_OVERHEAD, type TokenCounter } from './tokens.ts';

export type PromptInput = {
  character: Character;
  /** Examples are left out for R1-like models, which do worse with them (DeepSeek-R1 model card). */
  examples: boolean;
  counter: TokenCounter;
  contextTokens: number;
  maxTokens: number;
  message: { id: string; text: string; context: string };
  /** The oldest message of the prompt before, where there was one. */
  anchorId: string | undefined;
  loadHistory(enough: (message: HistoryMessage) => boolean): HistoryMessage[];
};

/** One part of the system message, as it stands in it. */
export type SystemPart = { name: SectionName; text: string };

export type AfterMessage = ModelMessage & { role: 'user' | 'assistant' };

export type CompiledPrompt = {
  messages: ModelMessage[];
  /** Those of them that stand below the person's own, where a reply is gone on with. */
  after?: AfterMessage[];
  /** The parts of the system message, in order; `SYSTEM_JOINT` stands between them. */
  system: SystemPart[];
  /** The first message of the path is told in the system message. */
  greetingInSystem: boolean;
  /** The context block as it was sent; empty where there was none or no room for it. */
  context: string;
  sections: PromptSection[];
  /** The oldest message that is sent; the message itself where nothing goes before it. */
  oldestSentId: string;
  /** num_predict: what the reply may take. */
  replyTokens: number;
  replyReserve: number;
  contextTokens: number;
  warnings: string[];
};

/** Between two parts of the system message. */
export const SYSTEM_JOINT = '\n\n';

/** The last message: the block above the person's words. */
export const withContext = (context: string, words: string): string => (context === '' ? words : `${context}\n\n${words}`);

const began = (words: string) => fence('note', `You began this conversation with these words: ${words}`);
/** What stands between the sections of the system message. */
const FRAME = `${began('')}\n\n\n\n\n\n`;
/** Of the context, what examples may take at most; beyond it they go first. */
const EXAMPLES_SHARE = 0.1;

/** The person's words under the context block; without the block where even that does not fit. */
function fitMessage(input: PromptInput): { content: string; context: string; room: number } {
  const { counter, message } = input;
  const words = defuse(message.text);
  const free = input.contextTokens - counter.count(MANDATE) - counter.count(FRAME) - 2 * MESSAGE_OVERHEAD;
  for (const context of message.context === '' ? [''] : [message.context, '']) {
    const content = withContext(context, words);
    const room = free - counter.count(content);
    if (room >= SMALLEST_REPLY_TOKENS) return { content, context, room };
  }
  throw new Fault(
    'prompt-too-large',
    `This message does not fit into the model's context of ${input.contextTokens} tokens; it is kept, so shorten it or choose a longer context.`,
  );
}

function personaSection(input: PromptInput, room: number) {
  const { counter } = input;
  const limit = Math.min(Math.floor(input.contextTokens * PERSONA_SHARE), room - SMALLEST_REPLY_TOKENS);
  return cutAtSentence(personaText(input.character), (text) => counter.count(fence('about', text)) <= limit);
}

/** Builds the messages of one request; throws Fault('prompt-too-large') where mandate, message and the smallest reply do not fit. */
export function compilePrompt(input: PromptInput): CompiledPrompt {
  const { counter } = input;
  const message = fitMessage(input);
  const persona = personaSection(input, message.room);
  const about = persona.text === '' ? '' : fence('about', persona.text);
  let room = message.room - counter.count(about);
  const replyReserve = Math.min(input.maxTokens, Math.floor(input.contextTokens / 4), room);
  room -= replyReserve;

  const examples = input.examples ? exampleText(input.character) : '';
  const examplesFenced = examples === '' ? '' : fence('about', examples);
  const examplesFit = counter.count(examplesFenced) <= Math.min(room, input.contextTokens * EXAMPLES_SHARE);
  if (examplesFit) room -= counter.count(examplesFenced);

  const history = fitHistory(input.loadHistory, input.message.id, input.anchorId, room, counter);
  const [first] = history.messages;
  const greeting = first?.role === 'assistant' ? began(first.text) : '';
  const spoken = greeting === '' ? history.messages : history.messages.slice(1);
  const allParts: SystemPart[] = [
    { name: 'mandate', text: MANDATE },
    { name: 'persona', text: about },
    { name: 'examples', text: examplesFit ? examplesFenced : '' },
    { name: 'greeting', text: greeting },
  ];
  const system = allParts.filter(({ text }) => text !== '');
  const messages: ModelMessage[] = [
    { role: 'system', content: system.map(({ text }) => text).join(SYSTEM_JOINT) },
    ...spoken.map(asModelMessage),
    { role: 'user', content: message.content },
  ];
  const promptTokens = messages.reduce((sum, each) => sum + counter.count(each.content) + MESSAGE_OVERHEAD, 0);
  return {
    messages,
    system,
    greetingInSystem: greeting !== '',
    context: message.context,
    sections: sectionsOf(input, {
      persona: { ...persona, about },
      examplesFenced,
      examplesFit,
      greeting,
      history: history.tokens,
      context: message.context,
    }),
    oldestSentId: first?.id ?? input.message.id,
    replyTokens: Math.max(1, Math.min(input.maxTokens, input.contextTokens - promptTokens)),
    replyReserve,
    contextTokens: input.contextTokens,
    warnings: persona.cut ? ['The character’s description is longer than a quarter of the context and was cut at a sentence.'] : [],
  };
}

type Parts = {
  persona: { about: string; cut: boolean };
  examplesFenced: string;
  examplesFit: boolean;
  greeting: string;
  history: number;
  context: string;
};

function sectionsOf(input: PromptInput, parts: Parts): PromptSection[] {
  const { counter } = input;
  const section = (name: PromptSection['name'], text: string, omitted?: string): PromptSection =>
    omitted === undefined ? { name, tokens: counter.count(text) } : { name, tokens: counter.count(text), omitted };
  const examplesLeftOut = parts.examplesFenced !== '' && !parts.examplesFit;
  const examplesOmitted = examplesLeftOut
    ? 'No room for them in this context.'
    : input.examples
      ? undefined
      : 'This kind of model does worse with examples.';
  const noRoom = parts.context === '' ? 'No room beside the message.' : undefined;
  return [
    section('mandate', MANDATE),
    section('persona', parts.persona.about, parts.persona.cut ? 'Cut at a sentence: over a quarter of the context.' : undefined),
    section('examples', parts.examplesFit ? parts.examplesFenced : '', examplesOmitted),
    section('greeting', parts.greeting),
    { name: 'history', tokens: parts.history },
    ...splitContext(input.message.context).map(({ name, text }) => section(name, noRoom ? '' : text, noRoom)),
    section('message', defuse(input.message.text)),
  ];
}
