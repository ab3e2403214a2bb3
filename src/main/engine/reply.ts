/** @file The reply while it is written: thoughts told from text, and the partial text on its way to disk. */
import { PARTIAL_EVERY_CHARACTERS, PARTIAL_EVERY_MS } from '../../shared/limits.ts';
import type { Clock, Log, Store } from './ports.ts';
import { createThoughtSplitter, type ThoughtPart } from './thoughts.ts';

export type ReplyStep =
  | { type: 'stage'; stage: 'thinking' | 'writing' }
  | { type: 'text'; text: string }
  | { type: 'thinking'; text: string };

export type Reply = {
  /** Says whether the model's template opens a thought by itself; before the first text. */
  expectThought(expected: boolean): void;
  takeText(text: string): Generator<ReplyStep>;
  takeThinking(text: string): Generator<ReplyStep>;
  end(): Generator<ReplyStep>;
  text(): string;
  thinking(): string;
  /** Whether anything has come from the model. */
  started(): boolean;
  firstTextAt(): number | undefined;
};

export function createReply(ports: { store: Store; clock: Clock; log: Log }, turnId: string): Reply {
  let splitter = createThoughtSplitter({ expectsThought: false });
  let text = '';
  let thinking = '';
  let stage: 'thinking' | 'writing' | undefined;
  let firstTextAt: number | undefined;
  let saved = { text: 0, thinking: 0 };
  /** What was saved as text turned out to be a thought. */
  let turned = false;
  let cancelSave: (() => void) | undefined;

  const save = () => {
    cancelSave?.();
    cancelSave = undefined;
    try {
      if (turned) ports.store.rewriteReply(turnId, text, thinking);
      else ports.store.appendReply(turnId, text.slice(saved.text), thinking.slice(saved.thinking));
      turned = false;
      saved = { text: text.length, thinking: thinking.length };
    } catch (error) {
      ports.log.warn('partial-text-not-saved', { turn: turnId, cause: error });
    }
  };
  const changed = () => {
    if (text.length + thinking.length - saved.text - saved.thinking >= PARTIAL_EVERY_CHARACTERS) save();
    else cancelSave ??= ports.clock.after(PARTIAL_EVERY_MS, save);
  };
  const enter = function* (next: 'thinking' | 'writing'): Generator<ReplyStep> {
    if (stage !== next) yield { type: 'stage', stage: next };
    stage = next;
  };
  const addText = function* (more: string): Generator<ReplyStep> {
    if (more === '') return;
    yield* enter('writing');
    firstTextAt ??= ports.clock.now();
    text += more;
    changed();
    yield { type: 'text', text: more };
  };
  const addThinking = function* (more: string): Generator<ReplyStep> {
    if (more === '') return;
    yield* enter('thinking');
    thinking += more;
    changed();
    yield { type: 'thinking', text: more };
  };
  const add = function* (part: ThoughtPart): Generator<ReplyStep> {
    if (part.type === 'text') yield* addText(part.text);
    else if (part.type === 'thinking') yield* addThinking(part.text);
    else if (part.type === 'text-was-thought') {
      [text, thinking] = ['', thinking + text];
      turned = true;
    } else {
      const whole = thinking;
      thinking = '';
      yield* addText(whole);
    }
  };
  const addAll = function* (parts: ThoughtPart[]): Generator<ReplyStep> {
    for (const part of parts) yield* add(part);
  };

  return {
    expectThought: (expected) => {
      splitter = createThoughtSplitter({ expectsThought: expected });
    },
    takeText: (more) => addAll(splitter.push(more)),
    takeThinking: addThinking,
    *end() {
      yield* addAll(splitter.end());
      cancelSave?.();
      cancelSave = undefined;
    },
    text: () => text,
    thinking: () => thinking,
    started: () => text !== '' || thinking !== '',
    firstTextAt: () => firstTextAt,
  };
}
