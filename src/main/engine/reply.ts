/** @file The reply while it is written: thoughts told from text, and the partial text on its way to disk. */
import { PARTIAL_EVERY_CHARACTERS, PARTIAL_EVERY_MS } from '../../shared/limits.ts';
import { createJoiner } from './continuation.ts';
import { createEchoFilter } from './echoes.ts';
import type { Clock, Log, Store } from './ports.ts';
import { thoughtTokens } from './thinking.ts';
import { createThoughtSplitter, type ThoughtPart } from './thoughts.ts';

export type ReplyStep =
  | { type: 'stage'; stage: 'thinking' | 'writing' }
  | { type: 'text'; text: string }
  | { type: 'thinking'; text: string };

export type Reply = {
  /** Before the first text: whether the model's template opens a thought by itself, and whether it goes on from the last word. */
  begin(expects: { thought: boolean; exact: boolean }): void;
  takeText(text: string): Generator<ReplyStep>;
  takeThinking(text: string): Generator<ReplyStep>;
  end(): Generator<ReplyStep>;
  text(): string;
  thinking(): string;
  /** Whether the model has said a word; thoughts are none. */
  spoke(): boolean;
  /** About how many tokens were thought since `begin`. */
  thought(): number;
  /** Whether anything has come from the model. */
  started(): boolean;
  firstTextAt(): number | undefined;
};

type ReplyPorts = { store: Store; clock: Clock; log: Log };

/** `from` is what the reply begins with, where it goes on from an earlier version. */
export function createReply(ports: ReplyPorts, turnId: string, from: { text: string; thinking: string }): Reply {
  let splitter = createThoughtSplitter({ expectsThought: false });
  let exact = false;
  const join = () => createJoiner(from.text, exact || from.text === '');
  let joiner = join();
  let echoes = createEchoFilter();
  let { text, thinking } = from;
  let thought = 0;
  let stage: 'thinking' | 'writing' | undefined;
  let firstTextAt: number | undefined;
  let saved = { text: text.length, thinking: thinking.length };
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
    yield { type: 'text', text: more };
    changed();
  };
  const addThinking = function* (more: string): Generator<ReplyStep> {
    if (more === '') return;
    yield* enter('thinking');
    thinking += more;
    thought += thoughtTokens(more);
    yield { type: 'thinking', text: more };
    changed();
  };
  const add = function* (part: ThoughtPart): Generator<ReplyStep> {
    if (part.type === 'text') yield* addText(echoes.push(joiner.push(part.text)));
    else if (part.type === 'thinking') yield* addThinking(part.text);
    else if (part.type === 'text-was-thought') {
      [text, thinking] = [from.text, thinking + text.slice(from.text.length)];
      joiner = join();
      echoes = createEchoFilter();
      turned = true;
    } else {
      const whole = thinking.slice(from.thinking.length);
      thinking = from.thinking;
      turned = true;
      yield* addText(echoes.push(joiner.push(whole)));
    }
  };
  const addAll = function* (parts: ThoughtPart[]): Generator<ReplyStep> {
    for (const part of parts) yield* add(part);
  };

  return {
    begin: (expects) => {
      splitter = createThoughtSplitter({ expectsThought: expects.thought });
      exact = expects.exact;
      thought = 0;
      joiner = join();
      echoes = createEchoFilter();
    },
    takeText: (more) => addAll(splitter.push(more)),
    takeThinking: addThinking,
    *end() {
      yield* addAll(splitter.end());
      yield* addText(echoes.push(joiner.end()) + echoes.end());
      cancelSave?.();
      cancelSave = undefined;
    },
    text: () => text,
    thinking: () => thinking,
    thought: () => thought,
    spoke: () => text.length > from.text.length,
    started: () => text.length > from.text.length || thinking.length > from.thinking.length,
    firstTextAt: () => firstTextAt,
  };
}
