/** @file A scripted model server with many slots whose tokens say when they were sent. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { createScriptedOllama } from '../kit/ollama/scripted-ollama.ts';

export type StampedOllama = { url: string; mostAtOnce(): number; close(): Promise<void> };
export type StampedOptions = { slots: number; tokens: number; tokenMs: number };

/** As many at once as there are slots; the others in order of arrival. */
function createSlots(count: number) {
  const waiting: (() => void)[] = [];
  let [taken, most] = [0, 0];
  return {
    most: () => most,
    async take() {
      if (taken >= count) await new Promise<void>((resolve) => waiting.push(resolve));
      else taken += 1;
      most = Math.max(most, taken);
    },
    free() {
      const next = waiting.shift();
      if (next) next();
      else taken -= 1;
    },
  };
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString();
}

/** Everything but replies is answered by the scripted server of the tests. */
export async function createStampedOllama({ slots: count, tokens, tokenMs }: StampedOptions): Promise<StampedOllama> {
  const behind = await createScriptedOllama();
  const slots = createSlots(count);
  const reply = async (response: ServerResponse, model: string) => {
    const line = (content: string, more: object = {}) =>
      response.write(
        `${JSON.stringify({ model, created_at: new Date().toISOString(), message: { role: 'assistant', content }, done: false, ...more })}\n`,
      );
    await slots.take();
    response.writeHead(200, { 'Content-Type': 'application/x-ndjson' });
    const began = performance.now();
    for (let token = 0; token < tokens; token++) {
      await pause(Math.max(0, began + token * tokenMs - performance.now()));
      line(`${token}@${performance.now()} `);
    }
    line('', { done: true, done_reason: 'stop', prompt_eval_count: 500, eval_count: tokens, total_duration: 1, load_duration: 1 });
    response.end();
    slots.free();
  };
  const answer = async (request: IncomingMessage, response: ServerResponse) => {
    const body = await bodyOf(request);
    const chat = request.url === '/api/chat' ? (JSON.parse(body) as { model: string; messages?: unknown[] }) : undefined;
    if (chat && (chat.messages ?? []).length > 0) return reply(response, chat.model);
    const method = request.method ?? 'GET';
    const forwarded = await fetch(behind.url + (request.url ?? '/'), {
      method,
      ...(method === 'GET' || method === 'HEAD' ? {} : { body }),
    });
    response.writeHead(forwarded.status, { 'Content-Type': forwarded.headers.get('content-type') ?? 'application/json' });
    response.end(Buffer.from(await forwarded.arrayBuffer()));
  };
  const server = createServer((request, response) => void answer(request, response));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    mostAtOnce: slots.most,
    close: async () => {
      server.closeAllConnections();
      server.close();
      await behind.close();
    },
  };
}
