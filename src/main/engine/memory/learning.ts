/** @file Learning from what the person said: by rule at the end of each turn, by the model while nobody speaks; never from the companion's words. */
import { learntNotesFormat } from '../../../shared/learning.ts';
import type { Memory } from '../../../shared/memories.ts';
import {
  LEARN_KNOWN,
  LEARN_MESSAGES,
  LEARN_TOKENS,
  NOTES_COMPARED,
  RULE_MESSAGES,
  SUMMARY_AFTER_MESSAGES,
  SUMMARY_CHARACTERS,
  SUMMARY_TOKENS,
} from '../../../shared/notes-limits.ts';
import type { BackgroundTask } from '../background.ts';
import { cutAtSentence } from '../persona.ts';
import type { NoteDraft } from './draft.ts';
import { FORGOTTEN, forgottenWords, withoutRetellings } from './forgotten-text.ts';
import { type KnownNote, readLearntNotes } from './learnt.ts';
import type { MemoryPorts } from './memories.ts';
import { memoryItem } from './memory-item.ts';
import { notesInstruction, summaryInstruction } from './note-instruction.ts';
import type { Learner, Unlearnt } from './note-store.ts';
import { likenessTo } from './note-words.ts';
import { notesByRule } from './rules.ts';
import { type KeptNote, settleAll, soughtFor } from './settle-notes.ts';

export type LearningPorts = MemoryPorts & {
  enabled(): boolean;
  /** Puts a question to the model into the queue of what nobody waits for; never run on the starter model. */
  offer(task: BackgroundTask): void;
};

export type Learning = {
  /**
   * A turn ended: its words are read by rule, and passed over for good where nothing may be learnt. Answers whether more may wait in
   * the conversation, to be read by another call.
   */
  afterTurn(conversationId: string): boolean;
  /** Reads by rule what waits in a conversation, whatever may be learnt now. */
  read(conversationId: string): void;
  /** Reads by rule what was said before there were rules, a little at a time. */
  begin(): void;
  close(): void;
};

/** Pause between two messages of old conversations: never in anybody's way. */
const CATCH_UP_MS = 10;
/** A summary of fewer characters says nothing. */
const TOO_SHORT = 40;
/** No conversation's id: whichever has waited longest. */
const ANY = '';
/** Everything that waits in one conversation. */
const MESSAGES_AT_ONCE = 100_000;

/** Known notes whose nearness is reckoned in one go. */
const RATED_AT_ONCE = 200;

/** The known notes that have most to do with what was said now. */
async function nearest({ messages }: Unlearnt, known: readonly KeptNote[], rest: () => Promise<void>): Promise<KnownNote[]> {
  const near = likenessTo(messages.map(({ text }) => text).join('\n'));
  const rated: (KnownNote & { near: number })[] = [];
  for (const [at, { id, text }] of known.entries()) {
    if (at % RATED_AT_ONCE === 0) await rest();
    rated.push({ id, text, near: near(text) });
  }
  return rated.sort((one, other) => other.near - one.near).slice(0, LEARN_KNOWN);
}

export function createLearning(ports: LearningPorts): Learning {
  const { notes, store, index, clock, ids, log, send } = ports;
  let cancel = () => {};
  const rest = () => new Promise<void>((resolve) => clock.soon(resolve));

  const tell = (userId: string, memories: readonly Memory[]) => {
    for (const memory of memories) {
      const item = memoryItem(notes, { ...memory, userId });
      if (item) index.put([item]);
      else index.remove([memory.id]);
      send({ type: 'memory-changed', memory });
    }
  };
  const write = (learner: Learner, from: Unlearnt, drafts: readonly NoteDraft[], summary?: string) => {
    const { conversationId, userId, characterId, messages } = from;
    const pair = { userId, characterId };
    const through = messages.at(-1)?.number ?? 0;
    const related = drafts.length === 0 ? [] : notes.related(pair, soughtFor(drafts), NOTES_COMPARED);
    const settled = settleAll(drafts, related, ids.next, clock.now());
    const summed = summary === undefined ? {} : { summary: { id: ids.next(), text: summary, at: clock.now() } };
    tell(userId, notes.learn(pair, { conversationId, learner, through, ...settled, ...summed }));
  };
  /** Whether the words of a request are still there as they were when it left: none of them forgotten since, nor the conversation let go. */
  const stillSaid = ({ conversationId, messages }: Unlearnt) =>
    ports.enabled() && store.isRemembered(conversationId) && messages.every(({ id, text }) => store.message(id)?.text === text);
  const byRule = (from: Unlearnt) => write('rules', from, from.messages.flatMap(notesByRule));

  /** Whether nothing that was learnt from these words was forgotten since, while they stayed. */
  const stillWaits = ({ conversationId, messages }: Unlearnt) => {
    const waiting = new Set(notes.unlearntIn(conversationId, 'notes', MESSAGES_AT_ONCE)?.messages.map(({ id }) => id));
    return messages.every(({ id }) => waiting.has(id));
  };

  const catchUp = () => {
    const from = ports.enabled() ? notes.unlearnt('rules', 1, 1) : undefined;
    if (!from) {
      offerNotes(ANY);
      offerSummary(ANY);
      return;
    }
    byRule(from);
    cancel = clock.after(CATCH_UP_MS, catchUp);
  };

  const notesTask = (conversationId: string): BackgroundTask => {
    let asked: { from: Unlearnt; shown: KnownNote[] } | undefined;
    return {
      name: 'notes',
      conversationId,
      async ask() {
        const from = ports.enabled() ? notes.unlearntIn(conversationId, 'notes', LEARN_MESSAGES) : undefined;
        asked = from && { from, shown: await nearest(from, notes.known(from, NOTES_COMPARED), rest) };
        return (
          asked && { instruction: notesInstruction(asked.from.messages, asked.shown), replyTokens: LEARN_TOKENS, format: learntNotesFormat }
        );
      },
      take(text) {
        if (!asked || !stillSaid(asked.from) || !stillWaits(asked.from)) return;
        const learnt = readLearntNotes(text, asked.from.messages, asked.shown);
        log.info('notes-learnt', { kept: learnt?.drafts.length ?? 0, dropped: learnt?.dropped ?? {}, readable: learnt !== undefined });
        // What could not be read is passed over too: the same words would bring the same answer.
        write('notes', asked.from, learnt?.drafts ?? []);
        offerNotes(conversationId);
      },
    };
  };
  /** For this conversation while something of it waits, else for whichever has waited longest. */
  const offerNotes = (conversationId: string) => {
    const from = notes.unlearntIn(conversationId, 'notes', 1) ?? notes.unlearnt('notes', 1, 1);
    if (from) ports.offer(notesTask(from.conversationId));
  };

  /** What was forgotten while its message stayed is told by no summary. */
  const untellingOf = (conversationId: string, summary: string): string => {
    const untold = notes.untoldIn(conversationId);
    if (untold.length === 0) return summary;
    return withoutRetellings(summary, forgottenWords(untold)).replaceAll(FORGOTTEN, '').replaceAll(/\s+/gu, ' ');
  };

  const summaryTask = (conversationId: string): BackgroundTask => {
    let from: Unlearnt | undefined;
    return {
      name: 'whole-summary',
      conversationId,
      ask() {
        from = ports.enabled() ? notes.unlearntIn(conversationId, 'summary', MESSAGES_AT_ONCE) : undefined;
        const before = notes.summaryOf(conversationId);
        if (!from || from.messages.length < SUMMARY_AFTER_MESSAGES || before?.edited) return undefined;
        return { instruction: summaryInstruction(before?.text), replyTokens: SUMMARY_TOKENS };
      },
      take(text) {
        if (!from || !stillSaid(from)) return;
        const words = untellingOf(conversationId, text.replaceAll(/\s+/gu, ' ')).trim();
        const { text: fitting } = cutAtSentence(words, (part) => part.length <= SUMMARY_CHARACTERS);
        write('summary', from, [], fitting.length >= TOO_SHORT ? fitting : undefined);
        offerSummary(conversationId);
      },
    };
  };
  const offerSummary = (conversationId: string) => {
    const own = notes.unlearntIn(conversationId, 'summary', SUMMARY_AFTER_MESSAGES);
    const from = own && own.messages.length >= SUMMARY_AFTER_MESSAGES ? own : notes.unlearnt('summary', SUMMARY_AFTER_MESSAGES, 1);
    if (from) ports.offer(summaryTask(from.conversationId));
  };

  const readSome = (conversationId: string): boolean => {
    const from = notes.unlearntIn(conversationId, 'rules', RULE_MESSAGES);
    if (from) byRule(from);
    return from?.messages.length === RULE_MESSAGES;
  };
  return {
    read(conversationId) {
      while (readSome(conversationId));
    },
    afterTurn(conversationId) {
      if (!ports.enabled()) {
        notes.skip(conversationId);
        return false;
      }
      if (readSome(conversationId)) return true;
      offerNotes(conversationId);
      offerSummary(conversationId);
      return false;
    },
    begin: catchUp,
    close: () => cancel(),
  };
}
