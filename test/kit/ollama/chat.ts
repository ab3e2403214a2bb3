/** @file POST /api/chat of the scripted server: loading, reading, answering token by token, and every way of failing at it. */
import { type Behaviour, lastLine, notGguf, overflow, type Refusal, refusalOf, refuse } from './behaviour.ts';
import type { ChatBody, Exchange } from './exchange.ts';
import { findScripted, type ScriptedModel } from './models.ts';
import type { ServerState } from './state.ts';
import { sharedStart, tokenPieces } from './tokens.ts';

const ndjson = { 'Content-Type': 'application/x-ndjson' };
const nanoseconds = (ms: number) => Math.round(ms * 1e6);
/** Tokens written before others get a turn, where there is no pause between tokens. */
const TOKENS_IN_A_ROW = 64;

export async function answerChat(state: ServerState, exchange: Exchange, behaviour: Behaviour | undefined): Promise<void> {
  const body = parseChat(await exchange.body());
  exchange.record.body = body;
  const refusal = behaviour && refusalOf(behaviour, state.generation);
  if (refusal) return state.refuse(exchange, refusal);
  const model = chosenModel(state, body);
  if ('status' in model) return state.refuse(exchange, model);
  if (behaviour?.kind === 'reset' && behaviour.after === 0) return exchange.reset();
  if (body.messages.length === 0) return loadOnly(state, exchange, body, model);
  const release = await state.slot(exchange.gone);
  try {
    await generate(state, exchange, body, model, behaviour);
  } finally {
    release();
  }
}

function parseChat(text: string): ChatBody {
  try {
    const body = JSON.parse(text) as Partial<ChatBody>;
    return { ...body, model: body.model ?? '', messages: body.messages ?? [] };
  } catch (error) {
    throw new SyntaxError('unexpected EOF', { cause: error });
  }
}

function chosenModel(state: ServerState, body: ChatBody): ScriptedModel | Refusal {
  if (!body.model) return refuse(400, 'model is required');
  const model = findScripted(state.models, body.model);
  if (!model) return refuse(404, `model '${body.model}' not found`);
  if (body.think === true && (state.generation === '0.24' || !model.capabilities.includes('thinking')))
    return refuse(400, `"${body.model}" does not support thinking`);
  return model.broken ? notGguf(state.generation) : model;
}

/** Loads where the runner options ask for it; returns how long that took, in milliseconds. */
async function load(state: ServerState, exchange: Exchange, body: ChatBody, model: ScriptedModel): Promise<number> {
  const started = performance.now();
  const contextTokens = body.options?.['num_ctx'] ?? 4096;
  const there = state.loaded.get(model.name);
  if (there?.contextTokens === contextTokens && there.shift === body.shift) return 1;
  state.loaded.delete(model.name);
  await exchange.wait(state.pace.loadMs);
  state.loaded.set(model.name, { model, contextTokens, shift: body.shift, read: [] });
  state.counts.loads += 1;
  return Math.max(1, performance.now() - started);
}

async function loadOnly(state: ServerState, exchange: Exchange, body: ChatBody, model: ScriptedModel): Promise<void> {
  const unload = body.keep_alive === 0;
  if (unload) state.loaded.delete(model.name);
  else await load(state, exchange, body, model);
  const line = { ...head(body), message: { role: 'assistant', content: '' }, done: true, done_reason: unload ? 'unload' : 'load' };
  return state.json(exchange, line);
}

const head = (body: ChatBody) => ({ model: body.model, created_at: new Date().toISOString() });

async function generate(state: ServerState, exchange: Exchange, body: ChatBody, model: ScriptedModel, behaviour: Behaviour | undefined) {
  const started = performance.now();
  const loadMs = await load(state, exchange, body, model);
  const loaded = state.loaded.get(model.name);
  const prompt = body.messages.flatMap((message) => ['<turn>', ...tokenPieces(message.content)]);
  const limit = loaded?.contextTokens ?? 4096;
  exchange.record.promptTokens = prompt.length;
  if (body.truncate === false && prompt.length > limit) return state.refuse(exchange, overflow(state.generation, prompt.length, limit));
  const evaluated = prompt.length - sharedStart(prompt, loaded?.read ?? []);
  exchange.record.evaluatedTokens = evaluated;
  if (behaviour?.kind === 'hang' && behaviour.after === 0) return hang(exchange);
  const promptMs = state.pace.firstTokenMs + evaluated * state.pace.promptTokenMs;
  await exchange.wait(promptMs);
  if (loaded) loaded.read = prompt;
  exchange.head(200, ndjson);
  if (behaviour?.kind === 'hang-after-headers') return hang(exchange);
  if (behaviour?.kind === 'bytes') return exchange.end(behaviour.body);
  const reply = replyPieces(state, body, model, behaviour);
  const room = Math.min(body.options?.['num_predict'] ?? limit, limit - prompt.length);
  const sent = await sendTokens(state, exchange, body, reply.slice(0, Math.max(0, room)), behaviour);
  if (!sent) return undefined;
  const usage = {
    loadMs,
    promptMs,
    promptTokens: prompt.length,
    replyTokens: Math.min(room, reply.length),
    totalMs: performance.now() - started,
  };
  await exchange.write(finalLine(body, reply.length > room ? 'length' : 'stop', usage));
  if (behaviour?.kind === 'late-end') await exchange.wait(behaviour.ms);
  return exchange.end();
}

type Usage = { loadMs: number; promptMs: number; promptTokens: number; replyTokens: number; totalMs: number };

function finalLine(body: ChatBody, reason: string, usage: Usage): string {
  const line = {
    ...head(body),
    message: { role: 'assistant', content: '' },
    done: true,
    done_reason: reason,
    total_duration: nanoseconds(usage.totalMs),
    load_duration: nanoseconds(usage.loadMs),
    prompt_eval_count: usage.promptTokens,
    prompt_eval_duration: nanoseconds(usage.promptMs) || undefined,
    eval_count: usage.replyTokens,
    eval_duration: nanoseconds(usage.totalMs - usage.loadMs - usage.promptMs),
  };
  return `${JSON.stringify(line)}\n`;
}

type Piece = { content: string; thinking?: string };

/** Thoughts come natively where they are asked for or not forbidden; the older generation writes them into the text. */
function replyPieces(state: ServerState, body: ChatBody, model: ScriptedModel, behaviour: Behaviour | undefined): Piece[] {
  const message = body.messages.findLast((one) => one.role === 'user')?.content ?? '';
  const reply = behaviour?.kind === 'text' ? behaviour : state.reply(message, body);
  const thinks = model.capabilities.includes('thinking') && body.think !== false && reply.thinking !== undefined;
  const thinking = thinks ? (reply.thinking ?? '') : '';
  if (state.generation === '0.24') return tokenPieces(thinking ? `<think>${thinking}</think>\n\n${reply.text}` : reply.text).map(said);
  return [...tokenPieces(thinking).map((piece) => ({ content: '', thinking: piece })), ...tokenPieces(reply.text).map(said)];
}

const said = (content: string): Piece => ({ content });

/** Sends the reply; returns false where the behaviour ended the exchange on the way. */
async function sendTokens(state: ServerState, exchange: Exchange, body: ChatBody, pieces: Piece[], behaviour: Behaviour | undefined) {
  const breaksAt = behaviour && 'after' in behaviour ? behaviour.after : Number.POSITIVE_INFINITY;
  const started = performance.now();
  for (const [index, piece] of pieces.entries()) {
    if (index >= breaksAt) break;
    const due = started + index * state.pace.tokenMs - performance.now();
    if (due > 0) await exchange.wait(due);
    else if (index % TOKENS_IN_A_ROW === 0) await exchange.wait(0);
    const message = { role: 'assistant', ...piece };
    await exchange.write(`${JSON.stringify({ ...head(body), message, done: false })}\n`);
  }
  if (breaksAt === Number.POSITIVE_INFINITY || !behaviour) return true;
  await breakOff(exchange, behaviour);
  return behaviour.kind === 'bad-line';
}

async function breakOff(exchange: Exchange, behaviour: Behaviour): Promise<void> {
  if (behaviour.kind === 'hang') return hang(exchange);
  if (behaviour.kind === 'reset') {
    await exchange.wait(1);
    return exchange.reset();
  }
  const line = lastLine(behaviour);
  if (behaviour.kind === 'bad-line') return exchange.write(line ?? '');
  return exchange.end(line);
}

const hang = (exchange: Exchange): Promise<void> =>
  new Promise((resolve) => exchange.gone.addEventListener('abort', () => resolve(), { once: true }));
