import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { createTestHouse, ended, type TestHouse } from '../../../test/kit/house.ts';
import { openTestDoor, type TestDoor } from '../../../test/kit/test-door.ts';
import { Fault } from '../../shared/faults.ts';
import { STREAMS } from '../../shared/limits.ts';
import type { OpenApiDocument } from './openapi.ts';
import { routes } from './routes.ts';

let house: TestHouse;
let door: TestDoor;
let document: OpenApiDocument;
let conversationId = '';
beforeAll(async () => {
  house = createTestHouse();
  door = await openTestDoor({ over: house.engine });
  document = (await (await fetch(`${door.url}/openapi.json`)).json()) as OpenApiDocument;
  conversationId = (await house.engine.createConversation({ userId: 'u', characterId: 'default', greeting: 0 })).id;
  const heard = house.listen(conversationId);
  house.engine.startTurn({ turnId: 'turn-1', conversationId, text: 'Hello?' });
  await heard.until(ended);
  heard.detach();
});
afterAll(() => door.close());

const json = { 'Content-Type': 'application/json' };
const sent = (body: unknown, headers: Record<string, string> = json): RequestInit => ({
  method: 'POST',
  headers,
  body: JSON.stringify(body),
});
const chat = { message: 'Hi.' };
const completion = { model: 'default', messages: [{ role: 'user', content: 'Hi.' }] };
const posts: Record<string, unknown> = { '/api/sentiment': { text: 'Hi.' }, '/api/chat': chat, '/v1/chat/completions': completion };
const failing = (code: 'model-crashed' | 'model-offline' | 'model-timeout') => () =>
  house.model.will([{ type: 'throw', error: new Fault(code, 'The model has a reason; try again.') }]);

type Way = { to?: string; init?: RequestInit; before?: () => unknown; after?: () => unknown };

/** How every documented answer is had; what is the same everywhere comes from `common`. */
const ways: Record<string, Way[]> = {
  'get /health 200': [{}],
  'get /health 503': [
    {
      before: () => {
        door.health.now = { ...door.health.now, status: 'unhealthy' };
      },
      after: () => {
        door.health.now = { ...door.health.now, status: 'healthy' };
      },
    },
  ],
  'post /api/sentiment 200': [{ init: sent({ text: 'Good.' }) }],
  'post /api/chat 200': [{ init: sent(chat) }, { init: sent(chat), before: failing('model-offline') }],
  'post /api/chat 429': [{ init: sent(chat), before: () => fillPlaces(), after: () => leaveAll() }],
  'get /api/characters 200': [{}],
  'get /api/conversations 200': [{}, { to: '/api/conversations?query=hello' }],
  'get /api/conversations 400': [{ to: '/api/conversations?before=nonsense' }],
  'get /api/conversations/{id} 200': [{ to: '/api/conversations/ID' }],
  'get /api/conversations/{id} 400': [{ to: '/api/conversations/ID?before=..' }],
  'get /api/conversations/{id} 404': [{ to: '/api/conversations/nobody' }],
  'get /v1/models 200': [{}],
  'get /v1/models/{id} 200': [{ to: '/v1/models/default' }],
  'get /v1/models/{id} 404': [{ to: '/v1/models/nobody' }],
  'post /v1/chat/completions 200': [{ init: sent(completion) }, { init: sent({ ...completion, stream: true }) }],
  'post /v1/chat/completions 404': [{ init: sent({ ...completion, model: 'nobody' }) }],
  'post /v1/chat/completions 429': [{ init: sent(completion), before: () => fillPlaces(), after: () => leaveAll() }],
  'post /v1/chat/completions 502': [{ init: sent(completion), before: failing('model-crashed') }],
  'post /v1/chat/completions 503': [{ init: sent(completion), before: failing('model-offline') }],
  'post /v1/chat/completions 504': [{ init: sent(completion), before: failing('model-timeout') }],
  'get /openapi.json 200': [{}],
};

function common(method: string, path: string, status: string): Way[] {
  const init = (headers: Record<string, string>): RequestInit =>
    method === 'get' ? { headers } : sent(posts[path], { ...json, ...headers });
  if (status === '401') return [{ init: init({ Authorization: 'Bearer wrong' }) }];
  if (status === '403') return [{ init: init({ Origin: 'http://evil.test' }) }];
  if (status === '400') return [{ init: sent([]) }, { init: { ...sent([]), body: '{' } }];
  if (status === '413') return [{ init: sent({ more: 'x'.repeat(2 * 1024 * 1024) }) }];
  return status === '415' ? [{ init: sent(posts[path], { 'Content-Type': 'text/plain' }) }] : [];
}

let leaving = new AbortController();
async function fillPlaces(): Promise<void> {
  leaving = new AbortController();
  const { signal } = leaving;
  for (let place = 0; place < STREAMS; place++) {
    house.model.will([{ type: 'pause', until: new Promise(() => {}) }]);
    fetch(`${door.url}/v1/chat/completions`, { ...sent(completion), signal }).catch(() => undefined);
  }
  const before = house.model.requests.length;
  await expect.poll(() => house.model.requests.length - before, { timeout: 10_000 }).toBe(STREAMS);
}
async function leaveAll(): Promise<void> {
  const before = house.model.aborted();
  leaving.abort();
  await expect.poll(() => house.model.aborted() - before, { timeout: 20_000 }).toBe(STREAMS);
}

const places = () =>
  Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).flatMap(([method, operation]) =>
      Object.entries(operation.responses).map(([status, response]) => ({ path, method, status, response })),
    ),
  );
const isMet = (schema: object, value: unknown): boolean =>
  z.fromJSONSchema(schema as Parameters<typeof z.fromJSONSchema>[0]).safeParse(value).success;

/** The values in a body: one, or one for each event. */
function valuesIn(type: string, body: string): unknown[] {
  if (type !== 'text/event-stream') return [JSON.parse(body)];
  const data = body.split('\n').filter((line) => line.startsWith('data: '));
  return data
    .map((line) => line.slice('data: '.length))
    .filter((each) => each !== '[DONE]')
    .map((each): unknown => JSON.parse(each));
}

describe('/openapi.json', () => {
  it('[Q17] is OpenAPI 3.1 of this service, and documents every route and no other', () => {
    expect(document).toMatchObject({ openapi: '3.1.0', info: { title: 'persona_engine', version: '0.0.0' } });
    const documented = Object.entries(document.paths).flatMap(([path, methods]) =>
      Object.keys(methods).map((method) => `${method} ${path}`),
    );
    expect(documented.sort()).toEqual(routes.map(({ method, path }) => `${method.toLowerCase()} ${path}`).sort());
  });

  it('[Q17] every documented answer is given, in the documented shape', async () => {
    const given: string[] = [];
    for (const { path, method, status, response } of places()) {
      const name = `${method} ${path} ${status}`;
      const found = ways[name] ?? common(method, path, status);
      expect(found.length, `no way to ${name}`).toBeGreaterThan(0);
      for (const way of found) {
        await way.before?.();
        const address = (way.to ?? path).replace('ID', conversationId).replace('{id}', 'default');
        const answer = await fetch(door.url + address, { ...(method === 'get' ? {} : { method: 'POST' }), ...way.init });
        const body = await answer.text();
        await way.after?.();
        const type = answer.headers.get('content-type')?.split(';')[0] ?? '';
        expect([name, answer.status, Object.keys(response.content)]).toEqual([name, Number(status), expect.arrayContaining([type])]);
        const values = valuesIn(type, body);
        expect(values.length).toBeGreaterThan(0);
        for (const value of values) expect([name, isMet(response.content[type]?.schema ?? {}, value), value]).toEqual([name, true, value]);
        given.push(name);
      }
    }
    expect(new Set(given).size).toBe(places().length);
    expect(Object.keys(ways).filter((name) => !given.includes(name))).toEqual([]);
    process.stdout.write(`openapi: ${Object.keys(document.paths).length} paths, ${places().length} answers, ${given.length} requests\n`);
  });

  it('[Q17] the schemas refuse what is not documented', () => {
    const schemaAt = (path: string, status: string) =>
      document.paths[path]?.['get']?.responses[status]?.content['application/json']?.schema ?? {};
    expect(isMet(schemaAt('/v1/models', '200'), { object: 'list', data: [{ id: 1 }] })).toBe(false);
    expect(isMet(schemaAt('/api/conversations', '400'), { error: { code: 'x' } })).toBe(false);
    expect(isMet(schemaAt('/health', '200'), { status: 'fine' })).toBe(false);
  });

  it('[Q17] examples of every body are taken by the schema of that body', () => {
    for (const [path, body] of Object.entries(posts)) {
      const schema = document.paths[path]?.['post']?.requestBody?.content['application/json']?.schema ?? {};
      expect([path, isMet(schema, body), isMet(schema, [])]).toEqual([path, true, false]);
    }
  });
});
