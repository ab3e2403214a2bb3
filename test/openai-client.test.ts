/** @file The package `openai` as its users have it, over the running engine: whatever it asks it understands the answer to. */
import OpenAI from 'openai';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Fault } from '../src/shared/faults.ts';
import { done, text } from './kit/fake-model.ts';
import { createTestHouse, type TestHouse } from './kit/house.ts';
import { openTestDoor, type TestDoor, testToken } from './kit/test-door.ts';

let house: TestHouse;
let door: TestDoor;
beforeEach(async () => {
  house = createTestHouse();
  door = await openTestDoor({ over: house.engine });
});
afterEach(() => door.close());

const clientOf = (apiKey = testToken) => new OpenAI({ baseURL: `${door.url}/v1`, apiKey, maxRetries: 0 });
const hello = { model: 'Sarah', messages: [{ role: 'user' as const, content: 'Hello?' }] };
const long = () => [text('Some'), { type: 'pause' as const, until: new Promise<void>(() => {}) }];

describe('OpenAI’s own client', () => {
  it('[Q23] talks with Sarah herself: an answer with usage, below her mandate and card, of which nothing is kept', async () => {
    house.model.will([{ type: 'thinking', text: 'Hm.' }, text('Hel'), text('lo.'), done(120, 7)]);
    const answer = await clientOf().chat.completions.create({
      ...hello,
      messages: [{ role: 'system', content: 'Be brief.' }, ...hello.messages],
    });
    expect(answer.choices[0]).toMatchObject({ message: { role: 'assistant', content: 'Hello.', refusal: null }, finish_reason: 'stop' });
    expect(answer.usage).toEqual({ prompt_tokens: 120, completion_tokens: 7, total_tokens: 127 });
    const [system] = house.model.requests[0]?.messages ?? [];
    expect(system?.content.indexOf('You speak as the character')).toBe(0);
    expect(system?.content).toMatch(/Sarah[\s\S]*Be brief\.\n<\/about>/);
    expect(house.store.listConversations({}).conversations).toEqual([]);
  });

  it('[Q23] hears a stream word by word, with usage at its end, and puts it together itself', async () => {
    const reply = [text('Hel'), text('lo '), text('— ü 🐝.'), done(120, 7)];
    house.model.will(reply);
    const heard: string[] = [];
    let usage: unknown;
    const stream = await clientOf().chat.completions.create({ ...hello, stream: true, stream_options: { include_usage: true } });
    for await (const chunk of stream) {
      heard.push(chunk.choices[0]?.delta.content ?? '');
      usage = chunk.usage ?? usage;
    }
    expect(heard.filter((words) => words !== '')).toEqual(['Hel', 'lo ', '— ü 🐝.']);
    expect(usage).toEqual({ prompt_tokens: 120, completion_tokens: 7, total_tokens: 127 });
    house.model.will(reply);
    const final = await clientOf().chat.completions.stream(hello).finalChatCompletion();
    expect(final.choices[0]).toMatchObject({ message: { role: 'assistant', content: 'Hello — ü 🐝.' }, finish_reason: 'stop' });
  });

  it('[Q23] goes on with a talk that it keeps itself, with its own numbers and stop words', async () => {
    house.model.will([text('One two three'), done()]);
    const { choices } = await clientOf().chat.completions.create({
      ...hello,
      messages: [...hello.messages, { role: 'assistant', content: 'Hi.' }, { role: 'user', content: 'Count.' }],
      temperature: 0.2,
      top_p: 0.3,
      max_completion_tokens: 9,
      stop: ['three'],
      user: 'user123',
    });
    expect(choices[0]?.message.content).toBe('One two ');
    expect(house.model.requests[0]).toMatchObject({ temperature: 0.2, topP: 0.3, replyTokens: 9 });
    expect(house.model.requests[0]?.messages.map(({ role }) => role)).toEqual(['system', 'user', 'assistant', 'user']);
  });

  it('[Q23] lists the characters as its models', async () => {
    const ids: string[] = [];
    for await (const { id, object, owned_by } of clientOf().models.list()) {
      ids.push(id);
      expect([object, owned_by]).toEqual(['model', 'persona_engine']);
    }
    expect(ids).toEqual(['default']);
    expect(await clientOf().models.retrieve('default')).toMatchObject({ id: 'default', object: 'model' });
  });

  it('[Q23] knows every refusal by its own kind of error', async () => {
    const ask = (body: object, client = clientOf()) => client.chat.completions.create({ ...hello, ...body });
    const refused = async (asked: Promise<unknown>) => asked.then(() => undefined).catch((error: unknown) => error);
    const missing = await refused(ask({ model: 'gpt-4o' }));
    expect(missing).toBeInstanceOf(OpenAI.NotFoundError);
    expect(missing).toMatchObject({ status: 404, code: 'model_not_found', param: 'model', type: 'invalid_request_error' });
    const tools = await refused(ask({ tools: [{ type: 'function', function: { name: 'x' } }] }));
    expect(tools).toBeInstanceOf(OpenAI.BadRequestError);
    expect(tools).toMatchObject({ param: 'tools' });
    expect(await refused(ask({ messages: [{ role: 'user', content: 'x'.repeat(60_000) }] }))).toMatchObject({
      status: 400,
      code: 'context_length_exceeded',
    });
    expect(await refused(ask({}, clientOf('sk-wrong')))).toBeInstanceOf(OpenAI.AuthenticationError);
    house.model.will([{ type: 'throw', error: new Fault('model-offline', 'The model server cannot be reached; try again.') }]);
    const offline = await refused(ask({}));
    expect(offline).toBeInstanceOf(OpenAI.InternalServerError);
    expect(offline).toMatchObject({ status: 503, code: 'model-offline' });
  });

  it('[Q23] hears what breaks a stream off, and lets go of the model where it breaks it off itself', async () => {
    house.model.will([text('Some'), { type: 'throw', error: new Fault('model-crashed', 'The model stopped in the middle; try again.') }]);
    const broken = await clientOf().chat.completions.create({ ...hello, stream: true });
    const read = async (): Promise<string> => {
      let heard = '';
      for await (const chunk of broken) heard += chunk.choices[0]?.delta.content ?? '';
      return heard;
    };
    await expect(read()).rejects.toThrow('The model stopped in the middle');
    house.model.will(long());
    const left = await clientOf().chat.completions.create({ ...hello, stream: true });
    for await (const chunk of left) if (chunk.choices[0]?.delta.content) break;
    await expect.poll(() => house.model.aborted()).toBe(1);
  });
});
