import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { done, text } from '../../../test/kit/fake-model.ts';
import { createTestHouse, type TestHouse } from '../../../test/kit/house.ts';
import { ask, openTestDoor, type TestDoor, testToken } from '../../../test/kit/test-door.ts';
import { Fault } from '../../shared/faults.ts';
import { completionChunkSchema, completionSchema, openAiErrorSchema, openAiModelsSchema } from './openai-shapes.ts';

let house: TestHouse;
let door: TestDoor;
beforeEach(async () => {
  house = createTestHouse();
  door = await openTestDoor({ over: house.engine });
});
afterEach(() => door.close());

const hello = { model: 'default', messages: [{ role: 'user', content: 'Hello?' }] };
const post = (body: unknown, headers: Record<string, string> = {}, signal?: AbortSignal) =>
  fetch(`${door.url}/v1/chat/completions`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', ...headers },
    body: typeof body === 'string' ? body : JSON.stringify(body),
    ...(signal ? { signal } : {}),
  });

/** The data of a stream's events, as any reader of server-sent events takes them. */
function dataIn(stream: string): string[] {
  expect(stream.endsWith('\n\n')).toBe(true);
  return stream
    .split('\n\n')
    .slice(0, -1)
    .map((event) => {
      expect(event).toMatch(/^data: /);
      return event.slice('data: '.length);
    });
}
const chunksIn = (stream: string) =>
  dataIn(stream)
    .slice(0, -1)
    .map((data) => completionChunkSchema.parse(JSON.parse(data)));

describe('GET /v1/models', () => {
  it('[Q13] lists the characters, and gives one by its id', async () => {
    const listed = openAiModelsSchema.parse(JSON.parse((await ask(door.port, { path: '/v1/models' })).body));
    expect(listed.data.map(({ id }) => id)).toEqual(['default']);
    expect(JSON.parse((await ask(door.port, { path: '/v1/models/default' })).body)).toEqual(listed.data[0]);
    const missing = await ask(door.port, { path: '/v1/models/gpt-4o' });
    expect([missing.status, openAiErrorSchema.parse(JSON.parse(missing.body)).error.code]).toEqual([404, 'model_not_found']);
  });
});

describe('POST /v1/chat/completions', () => {
  it('[Q14] answers whole, with usage, and nothing of it is stored', async () => {
    house.model.will([{ type: 'thinking', text: 'Hm.' }, text('Hel'), text('lo.'), done(120, 7)]);
    const answer = await post(hello);
    expect(answer.status).toBe(200);
    const completion = completionSchema.parse(await answer.json());
    expect(completion).toMatchObject({
      object: 'chat.completion',
      model: 'default',
      choices: [{ message: { role: 'assistant', content: 'Hello.' }, finish_reason: 'stop' }],
      usage: { prompt_tokens: 120, completion_tokens: 7, total_tokens: 127 },
    });
    expect(Math.abs(completion.created - Date.now() / 1000)).toBeLessThan(60);
    expect(house.store.listConversations({}).conversations).toEqual([]);
  });

  it('[Q14] answers as a stream that ends in [DONE]; usage comes last where it is asked for', async () => {
    house.model.will([
      text('Hel'),
      text('lo.'),
      { ...done(120, 7), type: 'done', finish: 'length', usage: { promptTokens: 120, replyTokens: 7 } },
    ]);
    const answer = await post({ ...hello, stream: true, stream_options: { include_usage: true } });
    expect([answer.status, answer.headers.get('content-type')]).toEqual([200, 'text/event-stream; charset=utf-8']);
    const stream = await answer.text();
    expect(dataIn(stream).at(-1)).toBe('[DONE]');
    const chunks = chunksIn(stream);
    expect(chunks.map(({ choices }) => choices[0] && [choices[0].delta, choices[0].finish_reason])).toEqual([
      [{ role: 'assistant', content: '' }, null],
      [{ content: 'Hel' }, null],
      [{ content: 'lo.' }, null],
      [{}, 'length'],
      undefined,
    ]);
    expect(chunks.map(({ usage }) => usage?.total_tokens ?? usage)).toEqual([null, null, null, null, 127]);
    expect(new Set(chunks.map(({ id }) => id)).size).toBe(1);
    house.model.will([text('Hello.'), done()]);
    const plain = chunksIn(await (await post({ ...hello, stream: true })).text());
    expect(plain.map((chunk) => 'usage' in chunk)).toEqual([false, false, false]);
  });

  it('[Q13] the character may be called by its name; system and developer texts, parts and nulls are understood', async () => {
    const answer = await post({
      model: 'SARAH',
      messages: [
        { role: 'system', content: 'Be brief.' },
        { role: 'assistant', content: 'Hi.' },
        { role: 'assistant', content: null },
        {
          role: 'user',
          content: [
            { type: 'text', text: 'One ' },
            { type: 'text', text: 'two.' },
          ],
        },
        { role: 'developer', content: 'Be kind.' },
      ],
      temperature: null,
      stop: null,
      max_tokens: null,
      user: null,
      presence_penalty: 1,
    });
    expect(answer.status).toBe(200);
    const messages = house.model.requests[0]?.messages ?? [];
    expect(messages[0]?.content).toContain('Be brief.\n\nBe kind.\n</about>');
    expect(messages.at(-1)?.content.endsWith('\n\nOne two.')).toBe(true);
  });

  it('[Q5] numbers and stop words reach the request', async () => {
    house.model.will([text('One two three'), done()]);
    const answer = await post({ ...hello, temperature: 0, top_p: 0.2, max_completion_tokens: 9, max_tokens: 99, stop: 'two' });
    expect(completionSchema.parse(await answer.json()).choices[0]?.message.content).toBe('One ');
    expect(house.model.requests[0]).toMatchObject({ temperature: 0, topP: 0.2, replyTokens: 9 });
  });

  it.each<[string, unknown, number, string, string | null]>([
    ['an unknown model', { ...hello, model: 'gpt-4o' }, 404, 'model_not_found', 'model'],
    ['a model that is a way', { ...hello, model: '../x' }, 404, 'model_not_found', 'model'],
    ['no model', { messages: hello.messages }, 400, 'bad-request', 'model'],
    ['no messages', { model: 'default', messages: [] }, 400, 'bad-request', 'messages'],
    ['no word of the user', { model: 'default', messages: [{ role: 'system', content: 'x' }] }, 400, 'bad-request', 'messages'],
    [
      'a last word of the assistant',
      { ...hello, messages: [...hello.messages, { role: 'assistant', content: 'x' }] },
      400,
      'bad-request',
      'messages',
    ],
    [
      'an empty last word',
      { model: 'default', messages: [...hello.messages, { role: 'user', content: ' ' }] },
      400,
      'bad-request',
      'messages',
    ],
    [
      'a picture',
      { ...hello, messages: [{ role: 'user', content: [{ type: 'image_url', image_url: { url: 'x' } }] }] },
      400,
      'bad-request',
      'messages',
    ],
    ['tools', { ...hello, tools: [{ type: 'function' }] }, 400, 'bad-request', 'tools'],
    ['two answers', { ...hello, n: 2 }, 400, 'bad-request', 'n'],
    ['a temperature of 3', { ...hello, temperature: 3 }, 400, 'bad-request', 'temperature'],
    ['five stop words', { ...hello, stop: ['a', 'b', 'c', 'd', 'e'] }, 400, 'bad-request', 'stop'],
    ['an empty stop word', { ...hello, stop: '' }, 400, 'bad-request', 'stop'],
    ['a user that is a way', { ...hello, user: 'a/../b' }, 400, 'bad-request', 'user'],
    ['no JSON', '{"model"', 400, 'bad-request', null],
    ['a body over 2 MiB', { ...hello, metadata: 'x'.repeat(2 * 1024 * 1024) }, 413, 'too-large', null],
    [
      'a message that fits no context',
      { ...hello, messages: [{ role: 'user', content: 'x'.repeat(60_000) }] },
      400,
      'context_length_exceeded',
      'messages',
    ],
  ])('[Q15] %s is refused in OpenAI’s shape', async (_name, body, status, code, param) => {
    const answer = await post(body);
    const { error } = openAiErrorSchema.parse(await answer.json());
    expect([answer.status, error.type, error.code, error.param]).toEqual([status, 'invalid_request_error', code, param]);
    expect(error.message).toMatch(/^[^/\\]{10,299}$/);
    expect(house.model.requests).toHaveLength(0);
  });

  it.each<[string, Record<string, string>, number, string]>([
    ['a wrong key', { Authorization: 'Bearer sk-wrong' }, 401, 'authentication_error'],
    ['a strange page', { Origin: 'http://evil.test' }, 403, 'permission_error'],
    ['another type', { 'Content-Type': 'text/plain' }, 415, 'invalid_request_error'],
  ])('[Q15] %s is refused by the guard, in that shape too', async (_name, headers, status, type) => {
    const answer = await post(hello, headers);
    expect([answer.status, openAiErrorSchema.parse(await answer.json()).error.type]).toEqual([status, type]);
    expect((await post(hello, { Authorization: `Bearer ${testToken}` })).status).toBe(200);
  });

  it('[Q15] an unknown address below /v1/ and a wrong method have that shape, and nothing else has', async () => {
    for (const [method, path, status] of [
      ['GET', '/v1/embeddings', 404],
      ['DELETE', '/v1/models', 405],
    ] as const) {
      const answer = await ask(door.port, { method, path });
      expect([answer.status, openAiErrorSchema.safeParse(JSON.parse(answer.body)).success]).toEqual([status, true]);
    }
    expect(Object.keys(JSON.parse((await ask(door.port, { path: '/nothing' })).body).error)).toEqual(['code', 'message']);
  });

  it.each([false, true])('[Q15] a model that fails before its first word is a status (stream: %s)', async (stream) => {
    house.model.will([{ type: 'throw', error: new Fault('model-offline', 'The model server cannot be reached; try again.') }]);
    const answer = await post({ ...hello, stream });
    expect(answer.status).toBe(503);
    expect(openAiErrorSchema.parse(await answer.json()).error).toMatchObject({ type: 'server_error', code: 'model-offline' });
  });

  it('[Q15] a model that fails after its first word ends the stream with an error and without [DONE]', async () => {
    house.model.will([text('Some'), { type: 'throw', error: new Fault('model-crashed', 'The model stopped in the middle; try again.') }]);
    const data = dataIn(await (await post({ ...hello, stream: true })).text());
    expect(openAiErrorSchema.parse(JSON.parse(data.at(-1) ?? '')).error.code).toBe('model-crashed');
    expect(data).not.toContain('[DONE]');
    expect(data).toHaveLength(3);
  });

  it.each([false, true])('[Q16] leaving lets go of the model (stream: %s)', async (stream) => {
    house.model.will([...(stream ? [text('Some')] : []), { type: 'pause', until: new Promise(() => {}) }]);
    const leaving = new AbortController();
    const asked = post({ ...hello, stream }, {}, leaving.signal).then((answer) => answer.text());
    asked.catch(() => undefined);
    await expect.poll(() => house.model.requests.length).toBe(1);
    leaving.abort();
    await expect(asked).rejects.toThrow();
    await expect.poll(() => house.model.aborted()).toBe(1);
    expect((await post(hello)).status).toBe(200);
    expect(door.logged.filter(({ level }) => level === 'error')).toEqual([]);
  });

  it('[Q8] closing the engine ends a stream with the reason', async () => {
    house.model.will([text('Some'), { type: 'pause', until: new Promise(() => {}) }]);
    const answer = await post({ ...hello, stream: true });
    await house.engine.close();
    expect(dataIn(await answer.text()).at(-1)).toContain('shutting-down');
    expect((await post(hello)).status).toBe(503);
  });
});
