/** @file The prompt compiler: ordered sections, one system message, a hard budget, and an account of what was left out. */
import type { PromptSection, Recalled } from '../../shared/conversation.ts';
import { Fault } from '../../shared/faults.ts';
import type { LeftOut } from '../../shared/inspection.ts';
import { CONTEXT_SHARE, SMALLEST_REPLY_TOKENS } from '../../shared/limits.ts';
import { contextBlock, splitContext } from './context-block.ts';
import { type ContextDraft, type ContextRoom, type ContextSources, draftContext } from './context-draft.ts';
import { defuse, fence } from './fence.ts';
import { asModelMessage, fitHistory, type HistoryInput, type LoadedHistory, loadHistory, withSummary } from './history.ts';
import { MANDATE } from './mandate.ts';
import type { HistoryMessage, ModelMessage } from './ports.ts';
import { sectionsOf } from './prompt-sections.ts';
import type { Anchor, StoredSummary } from './stored-prompt.ts';
import { expendable, SYSTEM_JOINT, type SystemInput, type SystemPart, type SystemParts, systemParts } from './system-parts.ts';
import { MESSAGE_OVERHEAD } from './tokens.ts';

export type PromptInput = SystemInput & {
  maxTokens: number;
  message: {
    id: string;
    text: string;
    /** The block that it was sent with before, or what a new one can be made of. */
    context: string | ContextSources;
    /** Stands below that block for this once, and is not kept with the message; empty where there is nothing. */
    note: string;
  };
  /** Tokens that messages below the person's own will take. */
  taken?: number;
  anchor: Anchor | undefined;
  /** Newest first. */
  summaries: readonly StoredSummary[];
  loadHistory(enough: (message: HistoryMessage) => boolean): HistoryMessage[];
};

/** The same without what goes above the person's words, which may still be looked for. */
type PromptStart = Omit<PromptInput, 'message'> & { message: Omit<PromptInput['message'], 'context'> };

export type AfterMessage = ModelMessage & { role: 'user' | 'assistant' };

export type CompiledPrompt = {
  messages: ModelMessage[];
  /** Those of them that stand below the person's own, where a reply is gone on with. */
  after?: AfterMessage[];
  /** The parts of the system message, in order; `SYSTEM_JOINT` stands between them. */
  system: SystemPart[];
  /** The first message of the path is told in the system message. */
  greetingInSystem: boolean;
  /** What stands above the first message; empty where there is none. */
  summary: string;
  summaryId: string | undefined;
  /** A summary should be asked for, so that it is there when half of the history goes. */
  summaryDue: boolean;
  /** The context block as it was sent; empty where there was none or no room for it. */
  context: string;
  /** The part of it that stays with the message. */
  ownContext: string;
  /** The account of its parts; asked for when the request has left. */
  sections(): PromptSection[];
  /** The whole prompt's size as it is expected to be counted. */
  estimatedTokens: number;
  leftOut: LeftOut[];
  /** What was recalled; undefined where the block is one that was sent before. */
  recalled: Recalled[] | undefined;
  /** The oldest message that is sent; the message itself where nothing goes before it. */
  oldestSentId: string;
  /** num_predict: what the reply may take. */
  replyTokens: number;
  replyReserve: number;
  contextTokens: number;
  warnings: string[];
};

/** The last message: the block above the person's words. */
export const withContext = (context: string, words: string): string => (context === '' ? words : `${context}\n\n${words}`);

const began = (words: string) => fence('note', `You began this conversation with these words: ${words}`);
/** What stands between the sections of the system message, and between block and words. */
const FRAME = began('') + SYSTEM_JOINT.repeat(9);

/** What is free beside the mandate, the person's words and the smallest reply. */
function freeRoom(input: PromptStart, words: string): number {
  const { counter, contextTokens } = input;
  const fixed = counter.count(MANDATE) + counter.count(FRAME) + 2 * MESSAGE_OVERHEAD + counter.count(words) + (input.taken ?? 0);
  const room = contextTokens - fixed;
  if (room >= SMALLEST_REPLY_TOKENS) return room - SMALLEST_REPLY_TOKENS;
  throw new Fault(
    'prompt-too-large',
    `This message does not fit into the model's context of ${contextTokens} tokens; it is kept, so shorten it or choose a longer context.`,
  );
}

/** The system message's parts, the expendable ones gone where the person's message needs their room. */
function fitSystem(input: PromptStart, free: number): SystemParts & { tokens: number } {
  const made = systemParts(input, free);
  const cost = (parts: readonly SystemPart[]) => parts.reduce((sum, { text }) => sum + input.counter.count(text), 0);
  let parts = made.parts;
  const omitted = { ...made.omitted };
  for (const name of expendable) {
    if (cost(parts) <= free) break;
    if (!parts.some((part) => part.name === name)) continue;
    parts = parts.filter((part) => part.name !== name);
    omitted[name] = 'No room beside the message.';
  }
  return { ...made, parts, omitted, tokens: cost(parts) };
}

type FittedContext = Omit<ContextDraft, 'recalled'> & { block: string; recalled: Recalled[] | undefined };

/** What a new context block can be made of, or the one that was sent with the message before. */
type Context = PromptInput['message']['context'];
/** The part of it that a prompt may take at most. */
type Room = { free: number; share: number };

/** The block that was there already where it fits; else a new one that says nothing that `path` still says. */
function fitContext(input: PromptStart, context: Context, path: readonly HistoryMessage[], { free, share }: Room): FittedContext {
  const { counter, message } = input;
  const none: FittedContext = { block: '', parts: [], omitted: {}, leftOut: [], recalled: undefined };
  if (typeof context === 'string') {
    if (context === '' || counter.count(context) <= free) return { ...none, block: context };
    const names = splitContext(context).map(({ name }) => [name, 'No room beside the message.']);
    return { ...none, omitted: Object.fromEntries(names) };
  }
  const own: HistoryMessage = { id: message.id, role: 'user', text: message.text, context: '' };
  const room: ContextRoom = { path: [...path, own], tokens: Math.min(free, Math.floor(input.contextTokens * share)), count: counter.count };
  const draft = draftContext(context, room);
  return { ...draft, block: contextBlock(draft.parts) };
}

/** Context and history together: what is still seen above needs no saying again, and what has to go from above may. */
function fitPath({ input, loaded, left: free, reserve }: StartedPrompt, sources: Context) {
  const { counter } = input;
  const room: Room = { free, share: CONTEXT_SHARE };
  const roomBeside = (context: FittedContext) => {
    const left = free - counter.count(context.block);
    return left - reserve(left);
  };
  const first = fitContext(input, sources, loaded.path, room);
  const history = fitHistory(historyOf(input), loaded, roomBeside(first));
  if (!history.trimmed) return { context: first, history };
  const again = fitContext(input, sources, history.messages, room);
  const fits = history.tokens <= roomBeside(again);
  return { context: fits ? again : first, history };
}

const historyOf = (input: PromptStart): HistoryInput => ({ ...input, load: input.loadHistory, currentId: input.message.id });

export type StartedPrompt = {
  input: PromptStart;
  words: string;
  fitted: SystemParts & { tokens: number };
  loaded: LoadedHistory;
  /** For history and context, in tokens. */
  left: number;
  /** What the reply is promised beyond the smallest one, of what is left. */
  reserve(left: number): number;
  noteFits: boolean;
};

/** All that hangs neither on memories nor on the rest of the block above the person's words; throws as `compilePrompt` does. */
export function startPrompt(input: PromptStart): StartedPrompt {
  const { counter, contextTokens, maxTokens } = input;
  const words = defuse(input.message.text);
  const free = freeRoom(input, words);
  const fitted = fitSystem(input, free);
  const note = counter.count(input.message.note);
  const noteFits = note <= free - fitted.tokens;
  return {
    input,
    words,
    fitted,
    loaded: loadHistory(historyOf(input)),
    left: free - fitted.tokens - (noteFits ? note : 0),
    reserve: (left) =>
      Math.max(0, Math.min(maxTokens, Math.floor(contextTokens / 4), left + SMALLEST_REPLY_TOKENS) - SMALLEST_REPLY_TOKENS),
    noteFits,
  };
}

/** Builds the messages of one request; throws Fault('prompt-too-large') where mandate, message and the smallest reply do not fit. */
export function compilePrompt(input: PromptInput): CompiledPrompt {
  return finishPrompt(startPrompt(input), input.message.context);
}

/** The messages of a request that was begun, with what stands above the person's words. */
export function finishPrompt(started: StartedPrompt, sources: Context): CompiledPrompt {
  const { input, words, fitted, left, noteFits } = started;
  const { counter, contextTokens, maxTokens } = input;
  const { context, history } = fitPath(started, sources);

  const sentContext = [context.block, noteFits ? input.message.note : ''].filter((part) => part !== '').join('\n');
  const [first] = history.messages;
  const greeting = first?.role === 'assistant' ? began(first.text) : '';
  /** It was fitted as a message and is told in the system message. */
  const toldAbove = first && greeting !== '' ? counter.count(asModelMessage(first).content) + MESSAGE_OVERHEAD : 0;
  const spoken = greeting === '' ? history.messages : history.messages.slice(1);
  const named: SystemPart[] = [{ name: 'mandate', text: MANDATE }, ...fitted.parts, { name: 'greeting', text: greeting }];
  const system = named.filter(({ text }) => text !== '');
  const below: ModelMessage[] = [...spoken.map(asModelMessage), { role: 'user', content: withContext(sentContext, words) }];
  const messages: ModelMessage[] = [
    { role: 'system', content: system.map(({ text }) => text).join(SYSTEM_JOINT) },
    ...withSummary(below, history.summary),
  ];
  const promptTokens = messages.reduce((sum, each) => sum + counter.count(each.content) + MESSAGE_OVERHEAD, 0);
  return {
    messages,
    system,
    greetingInSystem: greeting !== '',
    summary: history.summary,
    summaryId: history.summaryId,
    summaryDue: history.summaryDue,
    context: sentContext,
    ownContext: context.block,
    sections: () => sectionsOf(counter, { fitted, context: { ...context, block: sentContext }, history, toldAbove, system, words }),
    estimatedTokens: Math.round(messages.reduce((sum, { content }) => sum + counter.expect(content) + MESSAGE_OVERHEAD, 0)),
    leftOut: [...fitted.leftOut, ...context.leftOut],
    recalled: context.recalled,
    oldestSentId: first?.id ?? input.message.id,
    replyTokens: Math.max(1, Math.min(maxTokens, contextTokens - promptTokens - (input.taken ?? 0))),
    replyReserve: started.reserve(left) + SMALLEST_REPLY_TOKENS,
    contextTokens,
    warnings: fitted.warnings,
  };
}
