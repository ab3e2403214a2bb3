/** @file The account of a compiled prompt: every section with its size, and what was left out of it. */
import type { PromptSection, SectionName } from '../../shared/conversation.ts';
import { splitContext } from './context-block.ts';
import type { FittedHistory } from './history.ts';
import type { SystemPart, SystemParts } from './system-parts.ts';
import type { TokenCounter } from './tokens.ts';

type Parts = {
  fitted: Pick<SystemParts, 'omitted'>;
  context: { block: string; omitted: Partial<Record<SectionName, string>> };
  history: FittedHistory;
  /** What a message of the history takes that is told in the system message instead, in tokens. */
  toldAbove: number;
  system: readonly SystemPart[];
  words: string;
};

/** Every section that was sent, and those of which something was left out. */
export function sectionsOf(
  counter: Pick<TokenCounter, 'count'>,
  { fitted, context, history, toldAbove, system, words }: Parts,
): PromptSection[] {
  const omitted: Partial<Record<SectionName, string>> = { ...fitted.omitted, ...context.omitted };
  if (history.trimmed && history.summary === '') omitted.history = 'Older messages do not fit into the context any more.';
  const section = (name: SectionName, text: string): PromptSection => {
    const why = omitted[name];
    delete omitted[name];
    return { name, tokens: counter.count(text), ...(why === undefined ? {} : { omitted: why }) };
  };
  const sent = [...system, { name: 'summary' as const, text: history.summary }].map(({ name, text }) => section(name, text));
  const { tokens, ...rest } = section('history', '');
  const talk = { ...rest, tokens: tokens + history.tokens - toldAbove - counter.count(history.summary) };
  const above = splitContext(context.block).map(({ name, text }) => section(name, text));
  const all = [...sent, talk, ...above, section('message', words)];
  const gone = Object.entries(omitted).map(([name, why]) => ({ name: name as SectionName, tokens: 0, omitted: why }));
  return [...all, ...gone].filter(({ name, tokens: count, omitted: why }) => count > 0 || why !== undefined || name === 'history');
}
