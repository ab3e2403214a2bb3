/** @file What is kept of a sent prompt, and how it is built again: its texts are stored once, wherever they came from. */
import type { Report, SentPrompt } from '../../shared/conversation.ts';
import { asModelMessage, summaryBlock, withSummary } from './history.ts';
import { FORGOTTEN } from './memory/forgotten-text.ts';
import type { HistoryMessage, Ids, ModelMessage, ModelRequest, Store } from './ports.ts';
import { type CompiledPrompt, withContext } from './prompt.ts';
import type { PromptText, StoredSummary } from './stored-prompt.ts';
import { SYSTEM_JOINT } from './system-parts.ts';

/** Enough of a hash to tell the texts of one conversation apart. */
const NAME_DIGITS = 32;

type Names = Pick<Ids, 'ofText'>;

export const digestOf = (names: Names, messages: readonly ModelMessage[]): string =>
  names.ofText(JSON.stringify(messages.map(({ role, content }) => ({ role, content }))));

/** The record of a request, and the texts that it names; `stored` is the block that lies beside the person's message by then. */
export function recordOf(
  names: Names,
  prompt: CompiledPrompt,
  request: ModelRequest,
  stored: string,
  summaries: readonly StoredSummary[],
): { sent: SentPrompt; texts: PromptText[] } {
  const texts: PromptText[] = [];
  const named = (text: string): string => {
    const hash = names.ofText(text).slice(0, NAME_DIGITS);
    texts.push({ hash, text });
    return hash;
  };
  const system = prompt.system.map(({ name, text }) => ({ name, hash: named(text) }));
  const own = prompt.context !== stored;
  const context = own ? { contextHash: named(prompt.context) } : {};
  const after = (prompt.after ?? []).map(({ role, content }) => ({ role, hash: named(content) }));
  const { summary, summaryId } = prompt;
  const whole = summaries.find(({ id }) => id === summaryId);
  const cut = summary !== '' && (!whole || summaryBlock(whole.text) !== summary);
  const sent: SentPrompt = {
    system,
    greetingInSystem: prompt.greetingInSystem,
    ...context,
    ...(after.length === 0 ? {} : { after }),
    ...(summaryId === undefined ? {} : { summaryId }),
    ...(cut ? { summaryHash: named(summary) } : {}),
    digest: digestOf(names, request.messages),
    replyTokens: request.replyTokens,
    ...(request.think === undefined ? {} : { think: request.think }),
  };
  return { sent, texts };
}

export type RebuiltPrompt = {
  messages: ModelMessage[];
  /** As in the record: the parts of the system message, and the block above the person's words. */
  system: { name: SentPrompt['system'][number]['name']; text: string }[];
  summary: string;
  context: string;
  words: string;
  /** How many of the messages stand below the person's own. */
  after: number;
};

function summaryOf(store: Pick<Store, 'summaries'>, conversationId: string, sent: SentPrompt, textOf: (hash: string) => string): string {
  if (sent.summaryHash !== undefined) return textOf(sent.summaryHash);
  if (sent.summaryId === undefined) return '';
  const kept = store.summaries(conversationId).find(({ id }) => id === sent.summaryId);
  return summaryBlock(kept?.text ?? FORGOTTEN);
}

/** Builds the messages again that answered this message of the person; undefined where nothing was kept of them. */
export function rebuildPrompt(
  store: Pick<Store, 'history' | 'promptText' | 'summaries'>,
  conversationId: string,
  userMessageId: string,
  report: Report,
): RebuiltPrompt | undefined {
  const { sent } = report;
  if (!sent) return undefined;
  const textOf = (hash: string) => store.promptText(conversationId, hash) ?? FORGOTTEN;
  const system = sent.system.map(({ name, hash }) => ({ name, text: textOf(hash) }));
  const path = store.history(userMessageId, ({ id }) => id === report.oldestSentId);
  const own: HistoryMessage | undefined = path.at(-1);
  if (!own) return undefined;
  const before = path.slice(sent.greetingInSystem ? 1 : 0, -1);
  const context = sent.contextHash === undefined ? own.context : textOf(sent.contextHash);
  const { content: words } = asModelMessage({ ...own, context: '' });
  const summary = summaryOf(store, conversationId, sent, textOf);
  const below: ModelMessage[] = [...before.map(asModelMessage), { role: 'user', content: withContext(context, words) }];
  const messages: ModelMessage[] = [
    { role: 'system', content: system.map(({ text }) => text).join(SYSTEM_JOINT) },
    ...withSummary(below, summary),
    ...(sent.after ?? []).map(({ role, hash }) => ({ role, content: textOf(hash) })),
  ];
  return { messages, system, summary, context, words, after: sent.after?.length ?? 0 };
}
