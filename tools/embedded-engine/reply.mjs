/** @file One reply: keep the prefix, read the rest of the prompt in slices, then write token by token. */
import { randomInt } from 'node:crypto';
import { createSpelling } from './spelling.mjs';

/** Smallest and largest slice in tokens: below, the reading of a prompt becomes slower; above, a slow machine sees an abort late. */
const SMALLEST_SLICE = 8;
const FIRST_SLICE = 32;
const LARGEST_SLICE = 128;

/** Repetition is damped as Ollama does by default (1.1 over 64 tokens); small models fall into loops without it. */
const REPEAT_PENALTY = 1.1;
const REPEAT_TOKENS = 64;
/** Ollama's default too, so that a reply reads alike in both engines. */
const TOP_K = 40;

function commonLength(held, prompt) {
  const most = Math.min(held.length, prompt.length - 1);
  for (let index = 0; index < most; index++) if (held[index] !== prompt[index]) return index;
  return Math.max(0, most);
}

/** Erases what does not fit the prompt; returns how many tokens of it are there already. At least the last is always read anew. */
async function align(sequence, prompt) {
  const held = sequence.contextTokens;
  const common = commonLength(held, prompt);
  if (common === held.length) return common;
  if (common === 0 || sequence.needsCheckpoints) {
    await sequence.clearHistory();
    return 0;
  }
  await sequence.eraseContextTokenRanges([{ start: common, end: held.length }]);
  return sequence.nextTokenIndex;
}

/** Reads tokens in slices of about `sliceMs` each, so that an abort is seen in between; answers false when it was. */
async function read(sequence, tokens, sliceMs, aborted) {
  let size = FIRST_SLICE;
  let at = 0;
  while (at < tokens.length && !aborted()) {
    const slice = tokens.slice(at, at + size);
    const began = performance.now();
    await sequence.evaluateWithoutGeneratingNewTokens(slice);
    at += slice.length;
    const fitting = Math.floor((sliceMs * slice.length) / Math.max(performance.now() - began, 1));
    size = Math.min(LARGEST_SLICE, Math.max(SMALLEST_SLICE, fitting));
  }
  return !aborted();
}

/** Writes until the model ends, the limit is reached or the abort is seen. */
async function write(sequence, last, request, { aborted, hear, grammar }) {
  const spelling = createSpelling(sequence.model);
  const reply = { tokens: [], text: '', spelledTokens: 0, finish: 'stop', firstAt: undefined };
  const say = (text) => {
    if (text === '') return;
    reply.text += text;
    reply.spelledTokens = reply.tokens.length;
    hear({ type: 'text', text });
  };
  const sampling = {
    temperature: request.temperature,
    topP: request.topP,
    topK: TOP_K,
    seed: request.seed ?? randomInt(2 ** 31),
    ...(grammar ? { grammarEvaluationState: grammar } : {}),
    repeatPenalty: { penalty: REPEAT_PENALTY, punishTokens: () => reply.tokens.slice(-REPEAT_TOKENS) },
  };
  for await (const token of sequence.evaluate([last], sampling)) {
    reply.firstAt ??= performance.now();
    if (aborted()) break;
    reply.tokens.push(token);
    say(spelling.add(token));
    if (reply.tokens.length < request.replyTokens) continue;
    reply.finish = 'length';
    break;
  }
  if (!aborted()) say(spelling.rest());
  return reply;
}

/**
 * Answers the last message of `done`, or `cancelled` where the abort was seen; `hear` gets `reading` and `text` before.
 * @param grammar the state of a grammar that the reply keeps to, if any
 * @param prompt tokens of the whole prompt; with `request.replyTokens` more they fit into the context
 */
export async function writeReply(sequence, prompt, request, { sliceMs, aborted, hear, remember, grammar }) {
  const began = performance.now();
  const kept = await align(sequence, prompt);
  const evaluatedTokens = prompt.length - kept;
  hear({ type: 'reading', promptTokens: prompt.length, evaluatedTokens });
  if (!(await read(sequence, prompt.slice(kept, -1), sliceMs, aborted))) return { type: 'cancelled' };
  const reply = await write(sequence, prompt.at(-1), request, { aborted, hear, grammar });
  remember(reply.text, reply.tokens.slice(0, reply.spelledTokens));
  if (aborted()) return { type: 'cancelled' };
  const ended = performance.now();
  const firstAt = reply.firstAt ?? ended;
  const usage = {
    promptTokens: prompt.length,
    evaluatedTokens,
    replyTokens: reply.tokens.length,
    promptMs: Math.round(firstAt - began),
    replyMs: Math.round(ended - firstAt),
  };
  return { type: 'done', finish: reply.finish, usage };
}
