/** @file Which answer belongs to which path of the scripted server. */
import { type Behaviour, refusalOf, refuse } from './behaviour.ts';
import { answerChat } from './chat.ts';
import type { Exchange } from './exchange.ts';
import { findScripted, psBody, showBody, tagsBody, withTag } from './models.ts';
import { answerDelete, answerPull } from './pull.ts';
import type { ServerState } from './state.ts';
import { storedModels } from './store-pull.ts';
import type { Trace } from './traces.ts';

type Answer = (state: ServerState, exchange: Exchange, behaviour: Behaviour | undefined) => Promise<void>;

const routes: Record<string, Answer> = {
  'GET /': (state, exchange) => state.refuse(exchange, { status: 200, body: 'Ollama is running', type: 'text/plain; charset=utf-8' }),
  'GET /api/version': (state, exchange) => state.json(exchange, { version: state.version }),
  'GET /api/tags': (state, exchange) => state.json(exchange, tagsBody(state.models, state.generation)),
  'GET /api/ps': (state, exchange) => state.json(exchange, psBody(state.loaded.values())),
  'POST /api/show': answerShow,
  'POST /api/chat': answerChat,
  'POST /api/pull': answerPull,
  'DELETE /api/delete': answerDelete,
};

/** Answers one request; a client that leaves, or a body that is no JSON, is the end of that exchange only. */
export async function answer(state: ServerState, exchange: Exchange): Promise<void> {
  const { method, path } = exchange.record;
  // What was laid into its folder beside it is there at once, as with the real one.
  const stored = state.store ? storedModels(state.store.models) : [];
  state.models.push(...stored.filter(({ name }) => !findScripted(state.models, name)));
  const behaviour = state.waiting.get(path)?.shift() ?? state.standing.get(path);
  try {
    if (behaviour && (await answerAnywhere(state, exchange, behaviour))) return;
    const route = routes[`${method} ${path}`];
    if (route) await route(state, exchange, behaviour);
    else await unknown(state, exchange);
  } catch (error) {
    if (exchange.gone.aborted) return;
    if (error instanceof SyntaxError) return state.refuse(exchange, refuse(400, 'unexpected EOF'));
    throw error;
  }
}

function unknown(state: ServerState, exchange: Exchange): Promise<void> {
  const known = Object.keys(routes).some((route) => route.endsWith(` ${exchange.record.path}`));
  if (known) return state.refuse(exchange, { status: 405, body: '405 method not allowed', type: 'text/plain' });
  return state.refuse(exchange, { status: 404, body: '404 page not found', type: 'text/plain' });
}

/** The behaviours that mean the same for every path; /api/chat reads its own body first. */
async function answerAnywhere(state: ServerState, exchange: Exchange, behaviour: Behaviour): Promise<boolean> {
  if (behaviour.kind === 'trace') {
    if (exchange.record.method === 'POST') exchange.record.body = JSON.parse(await exchange.body());
    await replay(exchange, behaviour.trace, behaviour.speed);
    return true;
  }
  if (exchange.record.path === '/api/chat') return false;
  const refusal = refusalOf(behaviour, state.generation);
  if (refusal) await state.refuse(exchange, refusal);
  else if (behaviour.kind === 'reset') exchange.reset();
  else if (behaviour.kind === 'bytes') await raw(exchange, behaviour.body);
  else if (behaviour.kind === 'hang') await new Promise((resolve) => exchange.gone.addEventListener('abort', resolve, { once: true }));
  else return false;
  return true;
}

async function raw(exchange: Exchange, body: string): Promise<void> {
  exchange.head(200, { 'Content-Type': 'application/x-ndjson' });
  await exchange.end(body);
}

/** Says again what was recorded, byte for byte, in its own time or faster. */
async function replay(exchange: Exchange, trace: Trace, speed: number): Promise<void> {
  const started = performance.now();
  const until = async (ms: number) => {
    const due = started + ms * speed - performance.now();
    if (due > 0) await exchange.wait(due);
  };
  await until(trace.response.headers_ms);
  const { 'Transfer-Encoding': _, ...headers } = trace.response.headers;
  exchange.head(trace.response.status, headers);
  for (const { ms, line, text } of trace.response.lines) {
    await until(ms);
    await exchange.write(line === undefined ? (text ?? '') : `${line}\n`);
  }
  await exchange.end();
}

async function answerShow(state: ServerState, exchange: Exchange): Promise<void> {
  const body = JSON.parse(await exchange.body()) as { model?: string; name?: string };
  exchange.record.body = body;
  const name = body.model ?? body.name ?? '';
  const model = findScripted(state.models, name);
  if (!model) return state.refuse(exchange, refuse(404, `model '${withTag(name)}' not found`));
  if (model.broken) return state.refuse(exchange, refuse(500, 'invalid file magic'));
  return state.json(exchange, showBody(model, state.generation));
}
