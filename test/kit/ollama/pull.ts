/** @file POST /api/pull and DELETE /api/delete of the scripted server. */
import { refuse } from './behaviour.ts';
import type { Exchange } from './exchange.ts';
import { digestOf, findScripted, withTag } from './models.ts';
import type { ServerState } from './state.ts';
import { answerStorePull } from './store-pull.ts';

/** Steps in which the large layer is told to arrive. */
const STEPS = 8;
const CONFIG_BYTES = 209;

function named(text: string): string {
  const body = JSON.parse(text) as { model?: string; name?: string };
  return body.model ?? body.name ?? '';
}

/** Streams the lines of a real pull; almost every failure is an error line in a stream with status 200. */
export async function answerPull(state: ServerState, exchange: Exchange): Promise<void> {
  const text = await exchange.body();
  exchange.record.body = JSON.parse(text);
  const name = named(text);
  if (!/^[\w./:-]+$/.test(name)) return state.refuse(exchange, refuse(400, 'invalid model name'));
  if (state.store && (await answerStorePull(state, exchange, name, state.store))) return undefined;
  exchange.head(200, { 'Content-Type': 'application/x-ndjson' });
  const line = (value: unknown) => exchange.write(`${JSON.stringify(value)}\n`);
  await line({ status: 'pulling manifest' });
  const model = findScripted([...state.pullable, ...state.models], name);
  if (!model) return exchange.end(`${JSON.stringify({ error: 'pull model manifest: file does not exist' })}\n`);
  const layers = [
    { hex: digestOf(model.name), total: model.sizeBytes, steps: STEPS },
    { hex: digestOf(`${model.name} config`), total: CONFIG_BYTES, steps: 1 },
  ];
  for (const { hex, total, steps } of layers) {
    for (let step = 1; step <= steps; step += 1) {
      await exchange.wait(state.pace.pullLineMs);
      const completed = Math.round((total * step) / steps);
      await line({ status: `pulling ${hex.slice(0, 12)}`, digest: `sha256:${hex}`, total, completed });
    }
  }
  await line({ status: 'verifying sha256 digest' });
  await line({ status: 'writing manifest' });
  if (!findScripted(state.models, model.name)) state.models.push(model);
  return exchange.end(`${JSON.stringify({ status: 'success' })}\n`);
}

export async function answerDelete(state: ServerState, exchange: Exchange): Promise<void> {
  const text = await exchange.body();
  exchange.record.body = JSON.parse(text);
  const name = named(text);
  const model = findScripted(state.models, name);
  if (!model) return state.refuse(exchange, refuse(404, `model '${withTag(name)}' not found`));
  state.models.splice(state.models.indexOf(model), 1);
  state.loaded.delete(model.name);
  return state.refuse(exchange, { status: 200, body: '', type: '' });
}
