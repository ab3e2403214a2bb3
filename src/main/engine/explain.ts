/** @file One reply explained: its prompt part by part, what was left out, and whether all of it is still as it was sent. */
import type { Message, PromptSection, Report, SectionName } from '../../shared/conversation.ts';
import { Fault } from '../../shared/faults.ts';
import type { ExplainedSection, Explanation } from '../../shared/inspection.ts';
import { splitContext } from './context-block.ts';
import { explainRecall } from './explain-recall.ts';
import type { NoteStore } from './memory/note-store.ts';
import type { Ids, Store } from './ports.ts';
import { sectionWords } from './section-words.ts';
import { digestOf, type RebuiltPrompt, rebuildPrompt } from './sent-prompt.ts';

type Place = { text: string; position: NonNullable<ExplainedSection['position']> };

const inSystem = { message: 0, messages: 1, words: 'in the system message' };

/** Where each part stands in the messages, with its text. */
function placesOf({ messages, system, summary, context, words, after }: RebuiltPrompt): Map<SectionName, Place> {
  const last = messages.length - 1 - after;
  const places = new Map<SectionName, Place>();
  for (const { name, text } of system) places.set(name, { text, position: inSystem });
  if (summary !== '') {
    places.set('summary', { text: summary, position: { message: 1, messages: 1, words: 'above the first message that is still sent' } });
  }
  if (last > 1) places.set('history', { text: '', position: { message: 1, messages: last - 1, words: 'as messages of their own' } });
  for (const { name, text } of splitContext(context)) {
    places.set(name, { text, position: { message: last, messages: 1, words: 'in the last message, above your words' } });
  }
  places.set('message', { text: words, position: { message: last, messages: 1, words: 'in the last message' } });
  if (after > 0) {
    const text = messages[last + 1]?.content ?? '';
    places.set('continued', { text, position: { message: last + 1, messages: after, words: 'below your words' } });
  }
  return places;
}

function explainedSection(section: PromptSection, place: Place | undefined): ExplainedSection {
  const { name, tokens, omitted } = section;
  return {
    id: name,
    ...sectionWords[name],
    text: place?.text ?? '',
    tokens,
    ...(place ? { position: place.position } : {}),
    ...(omitted === undefined ? {} : { omitted }),
  };
}

function sectionsOf(report: Report, rebuilt: RebuiltPrompt | undefined): ExplainedSection[] {
  const places = rebuilt ? placesOf(rebuilt) : new Map<SectionName, Place>();
  const explained = report.sections
    .filter(({ tokens, omitted }) => tokens > 0 || omitted !== undefined)
    .map((section) => explainedSection(section, places.get(section.name)));
  const order = [...places.keys()];
  const rank = ({ id, position }: ExplainedSection) => (position ? order.indexOf(id) : order.length);
  return explained.toSorted((one, other) => rank(one) - rank(other));
}

const faithfulWords = {
  exact: 'This is exactly what was sent.',
  changed: 'Something of this was forgotten or replaced since it was sent; what is shown is what is still kept.',
  unknown: 'This reply was written before the program kept what it sent.',
};

const noReport = () =>
  new Fault('not-found', 'There is nothing to show about this message: only a reply that a model was asked for has a report.');

/** Throws Fault('not-found') where the message has no report. */
export function explainReply(
  { store, notes, ids }: { store: Store; notes: Pick<NoteStore, 'find' | 'hidden'>; ids: Pick<Ids, 'ofText'> },
  reply: Message | undefined,
): Explanation {
  const report = reply?.report;
  if (!reply || !report || reply.parentId === null) throw noReport();
  const question = store.message(reply.parentId);
  const rebuilt = rebuildPrompt(store, reply.conversationId, reply.parentId, report);
  const digest = report.sent?.digest ?? '';
  const faithful = rebuilt ? (digestOf(ids, rebuilt.messages) === digest ? 'exact' : 'changed') : 'unknown';
  const { tone, sent } = report;
  return {
    messageId: reply.id,
    conversationId: reply.conversationId,
    previousReplyId: question?.parentId ?? null,
    model: report.model,
    engine: report.engine,
    sections: sectionsOf(report, rebuilt),
    leftOut: report.leftOut ?? [],
    recalled: explainRecall({ store, notes }, reply),
    sampling: {
      temperature: tone.temperature,
      topP: tone.topP,
      direction: tone.direction,
      reason: tone.reason,
      mood: report.mood,
      contextTokens: report.contextTokens,
      replyReserve: report.replyReserve,
      ...(sent ? { replyTokens: sent.replyTokens } : {}),
      ...(sent?.think === undefined ? {} : { think: sent.think }),
    },
    timings: report.timings,
    ...(report.usage ? { usage: report.usage } : {}),
    estimatedTokens: report.estimatedTokens ?? report.sections.reduce((sum, { tokens }) => sum + tokens, 0),
    messages: rebuilt?.messages ?? [],
    faithful,
    faithfulWords: faithfulWords[faithful],
    digest,
    oldestSentId: report.oldestSentId,
    historyTrimmed: report.historyTrimmed,
    warnings: report.warnings,
  };
}
