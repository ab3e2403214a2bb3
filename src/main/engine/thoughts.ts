/** @file Tells thoughts from reply in a model's raw text, with the same result wherever the chunks are cut. */
import { THOUGHT_CHARACTERS } from '../../shared/limits.ts';

export type ThoughtPart =
  | { type: 'text'; text: string }
  | { type: 'thinking'; text: string }
  /** A closing tag without an opener: all text so far was a thought. */
  | { type: 'text-was-thought' }
  /** The reply ended without a closing tag where a thought had been expected: the thought so far is the reply. */
  | { type: 'thought-was-text' };

export type ThoughtSplitter = {
  push(text: string): ThoughtPart[];
  end(): ThoughtPart[];
};

const openers = ['<think>', '<thinking>'];
const closers = ['</think>', '</thinking>'];
const fences = ['```', '~~~'];
const lineTokens = [...openers, ...closers, ...fences];
/** White space that may stand before a tag at the start of a line; more of it is code or prose. */
const MOST_INDENT = 16;

/** Words of one line that begin neither a tag nor a fence: they need no looking at, and most chunks are such. */
const PLAIN = /^[^\s<`~][^\n<`~]*$/;

const isPrefixOf = (tokens: string[], text: string) => tokens.some((token) => token.length > text.length && token.startsWith(text));
const startsWithOne = (tokens: string[], text: string) => tokens.find((token) => text.startsWith(token));

type State = {
  mode: 'text' | 'thought';
  /** Text that cannot be decided yet. */
  held: string;
  atLineStart: boolean;
  inFence: string | undefined;
  /** Nothing but white space has come out in this mode yet, so white space is dropped. */
  fresh: boolean;
  sawThought: boolean;
  /** The thought was assumed, no opener was seen. */
  assumed: boolean;
  spoke: boolean;
  thoughtLength: number;
  out: ThoughtPart[];
};

function emit(state: State, text: string): void {
  const shown = state.fresh ? text.trimStart() : text;
  if (shown === '') return;
  state.fresh = false;
  if (state.mode === 'text') {
    state.spoke = true;
    state.out.push({ type: 'text', text: shown });
    return;
  }
  const room = THOUGHT_CHARACTERS - state.thoughtLength;
  state.thoughtLength += shown.length;
  if (room > 0) state.out.push({ type: 'thinking', text: shown.slice(0, room) });
}

function enter(state: State, mode: State['mode']): void {
  state.mode = mode;
  state.fresh = mode === 'thought' || !state.spoke;
  state.atLineStart = true;
  if (mode === 'thought') state.sawThought = true;
}

/** Takes a tag or fence at the start of a line; answers false where the line begins with something else. */
function takeLineToken(state: State, indent: string, rest: string): boolean {
  const token = startsWithOne(lineTokens, rest);
  if (token === undefined) return false;
  state.held = rest.slice(token.length);
  if (fences.includes(token)) {
    emit(state, indent + token);
    state.atLineStart = false;
    if (state.inFence === undefined) state.inFence = token;
    else if (state.inFence === token) state.inFence = undefined;
    return true;
  }
  if (state.inFence !== undefined) {
    emit(state, indent + token);
    state.atLineStart = false;
    return true;
  }
  if (openers.includes(token)) enter(state, 'thought');
  else {
    if (!state.sawThought && state.spoke) {
      state.out.push({ type: 'text-was-thought' });
      state.spoke = false;
    }
    state.sawThought = true;
    enter(state, 'text');
  }
  return true;
}

/** One step over held text in a reply; answers false when more text is needed to decide. */
function stepText(state: State): boolean {
  if (state.atLineStart) {
    const rest = state.held.trimStart();
    const newline = state.held.lastIndexOf('\n', state.held.length - rest.length - 1);
    const indent = state.held.slice(newline + 1, state.held.length - rest.length);
    if (rest === '') return false;
    if (indent.length <= MOST_INDENT) {
      if (newline >= 0) {
        emit(state, state.held.slice(0, newline + 1));
        state.held = state.held.slice(newline + 1);
      }
      if (takeLineToken(state, indent, rest)) return true;
      if (isPrefixOf(lineTokens, rest)) return false;
    }
    state.atLineStart = false;
  }
  const end = state.held.indexOf('\n');
  const upTo = end < 0 ? state.held.length : end + 1;
  emit(state, state.held.slice(0, upTo));
  state.held = state.held.slice(upTo);
  state.atLineStart = end >= 0;
  return state.held !== '';
}

/** The longest end of the text that may be the beginning of a closing tag. */
function openEnd(text: string): number {
  const from = text.lastIndexOf('<');
  return from >= 0 && isPrefixOf(closers, text.slice(from)) ? text.length - from : 0;
}

/** Drops the opener that a model writes although its template wrote one; answers false when more text is needed to decide. */
function skipOpener(state: State): boolean {
  const rest = state.held.trimStart();
  const token = startsWithOne(openers, rest);
  if (token === undefined) return rest !== '' && !isPrefixOf(openers, rest);
  state.held = rest.slice(token.length);
  state.assumed = false;
  return true;
}

function stepThought(state: State): boolean {
  if (state.assumed && state.fresh && !skipOpener(state)) return false;
  const found = closers.map((token) => ({ token, at: state.held.indexOf(token) })).filter(({ at }) => at >= 0);
  const [first] = found.sort((a, b) => a.at - b.at);
  if (first) {
    emit(state, state.held.slice(0, first.at));
    state.held = state.held.slice(first.at + first.token.length);
    state.assumed = false;
    enter(state, 'text');
    return true;
  }
  const keep = openEnd(state.held);
  emit(state, state.held.slice(0, state.held.length - keep));
  state.held = state.held.slice(state.held.length - keep);
  return false;
}

function drain(state: State): ThoughtPart[] {
  while (state.held !== '' && (state.mode === 'text' ? stepText(state) : stepThought(state)));
  const out = state.out;
  state.out = [];
  return out;
}

/**
 * A tag counts at the start of a line and outside fenced code; a closing tag counts anywhere in a thought.
 * `expectsThought`: the model's template opens a thought by itself, so the reply begins inside one.
 */
export function createThoughtSplitter(options: { expectsThought: boolean }): ThoughtSplitter {
  const state: State = {
    mode: options.expectsThought ? 'thought' : 'text',
    held: '',
    atLineStart: true,
    inFence: undefined,
    fresh: true,
    sawThought: false,
    assumed: options.expectsThought,
    spoke: false,
    thoughtLength: 0,
    out: [],
  };
  return {
    push(text) {
      if (state.mode === 'text' && state.held === '' && PLAIN.test(text)) {
        state.atLineStart = false;
        emit(state, text);
        return drain(state);
      }
      state.held += text;
      return drain(state);
    },
    end() {
      const rest = state.held;
      state.held = '';
      emit(state, state.mode === 'text' && rest.trim() === '' ? '' : rest);
      if (state.assumed && state.mode === 'thought') state.out.push({ type: 'thought-was-text' });
      const out = state.out;
      state.out = [];
      return out;
    },
  };
}
