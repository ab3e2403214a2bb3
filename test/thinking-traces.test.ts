/** @file Reasoning models as real servers were recorded with them, through adapter, engine and doors. */
import { afterEach, describe, expect, it } from 'vitest';
import type { Library } from '../src/main/engine/cards/library-port.ts';
import type { Generation } from '../src/main/engine/ports.ts';
import type { CharacterOptions } from '../src/shared/character.ts';
import { SHORT_THOUGHT_TOKENS } from '../src/shared/thinking-limits.ts';
import { bytesOf } from './kit/cards.ts';
import { createTestHouse, ended } from './kit/house.ts';
import { memoryLibrary } from './kit/memory-library.ts';
import type { ChatBody } from './kit/ollama/exchange.ts';
import { starterModel, thinkingModel } from './kit/ollama/models.ts';
import { createPair, type Pair } from './kit/ollama/pair.ts';
import { loadTrace, type Trace, traceText } from './kit/ollama/traces.ts';
import { openTestDoor } from './kit/test-door.ts';

const onlyThought = loadTrace('0.33', 'chat-think-only-thoughts');
const leftOpen = loadTrace('0.33', 'chat-think-omitted');
const answered = loadTrace('0.33', 'chat-think-false');
const refused = loadTrace('0.33', 'chat-think-unsupported');
const thought = traceText(onlyThought, 'thinking');
const answer = traceText(answered);

/** The recorded model, as `/api/show` told it: it can think. */
const native = { ...starterModel, name: 'smol-think:latest', capabilities: ['completion', 'thinking'] };
const sarahOptions = { thinking: 'model', tone: { enabled: true } } as const;

const closing: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

async function open(options: { generation?: Partial<Generation>; server?: Parameters<typeof createPair>[0]; model?: string } = {}) {
  const pair: Pair = await createPair(
    { models: [native, starterModel, thinkingModel], ...options.server },
    { model: options.model ?? native.name },
  );
  const libraries: Library[] = [];
  const house = createTestHouse({
    model: pair.model,
    ...(options.generation ? { generation: options.generation } : {}),
    library: (clock) => {
      const made = memoryLibrary(clock);
      libraries.push(made);
      return made;
    },
  });
  closing.push(
    () => pair.close(),
    () => house.engine.close(),
  );
  const library = libraries[0] as Library;
  const replay = (...traces: Trace[]) => {
    for (const trace of traces) pair.scripted.next({ kind: 'trace', trace, speed: 0 });
  };
  /** A companion with choices of its own. */
  const companion = (chosen: Partial<CharacterOptions>) => {
    const card = bytesOf({ spec: 'chara_card_v2', spec_version: '2.0', data: { name: 'Lark', description: 'Lark carries letters.' } });
    const { id } = library.add({ name: 'lark.json', bytes: card }, { avatar: undefined, accent: undefined });
    const { character, text } = library.show(id);
    library.save(id, { text, accent: character.accent, options: { ...character.options, ...chosen } });
    return id;
  };
  let turns = 0;
  const begin = async (characterId = 'default') => {
    const { id } = await house.engine.createConversation({ userId: 'default', characterId });
    const heard = house.listen(id);
    const say = async (text: string) => {
      const turnId = `turn-${++turns}`;
      house.engine.startTurn({ turnId, conversationId: id, text });
      const end = await heard.until((event) => ended(event) && event.turnId === turnId);
      if (end.type !== 'turn-ended' || !end.message) throw new Error('the turn has no reply');
      return end.message;
    };
    const shown = () => heard.events.flatMap((event) => (event.type === 'text-delta' ? [event.text] : [])).join('');
    return { say, shown, heard };
  };
  const chats = () => pair.scripted.chats().map(({ body }) => body as ChatBody);
  return { ...house, pair, library, replay, companion, begin, chats };
}

/** Three words of the thought in a row: none of them may come back. */
const thoughtWords = thought.split(' ').slice(0, 3).join(' ');

describe('a recorded thought without an answer', () => {
  it.each([
    ['where thinking was asked for', 'on', onlyThought, true],
    ['where it was left to the model', 'model', leftOpen, undefined],
  ] as const)('[TH4] is kept apart, and the answer asked for once, %s', async (_, thinking, trace, think) => {
    const { replay, begin, chats } = await open({ generation: { thinking } });
    replay(trace, answered, answered);
    const { say, shown } = await begin();
    const first = await say('What is 2+2?');
    expect(first).toMatchObject({ status: 'complete', text: answer, thinking: traceText(trace, 'thinking') });
    expect(first.report?.warnings).toEqual([expect.stringContaining('once more, without thinking')]);
    expect(shown()).toBe(answer);
    expect(chats().map((body) => body.think)).toEqual([think, false]);
    const [one, two] = chats();
    expect(two?.messages).toEqual(one?.messages);
    await say('And 3+3?');
    expect(chats()).toHaveLength(3);
    expect(JSON.stringify(chats()[2]?.messages)).toContain(JSON.stringify(answer).slice(1, 40));
    for (const body of chats()) expect(JSON.stringify(body.messages)).not.toContain(thoughtWords);
    expect(new Set(chats().map(({ options, shift, truncate }) => JSON.stringify([options?.['num_ctx'], shift, truncate]))).size).toBe(1);
  });

  it('[TH4] is the same wherever the connection cuts it', async () => {
    for (const bytes of [1, 7, 61]) {
      const { replay, begin, pair } = await open();
      pair.scripted.setCutting({ kind: 'every', bytes });
      replay(leftOpen, answered);
      const { say } = await begin();
      expect(await say('What is 2+2?')).toMatchObject({ text: answer, thinking: thought });
    }
  });

  it('[TH4] a second thought is the end of it: one retry, and what was thought is kept', async () => {
    const { replay, begin, chats } = await open();
    replay(onlyThought, onlyThought);
    const { say } = await begin();
    expect(await say('What is 2+2?')).toMatchObject({ status: 'failed', text: '', thinking: thought + thought });
    expect(chats()).toHaveLength(2);
  });

  it('[TH4] at its cap it is let go, and the answer asked for', async () => {
    const { begin, chats, pair } = await open({ generation: { thoughtTokens: 10 } });
    const last = onlyThought.response.lines.length - 1;
    // The recording in its own time, with a silence before its end that nobody waits for.
    const lines = onlyThought.response.lines.map((line, index) => (index === last ? { ...line, ms: line.ms + 20_000 } : line));
    pair.scripted.next({ kind: 'trace', trace: { ...onlyThought, response: { ...onlyThought.response, lines } }, speed: 1 });
    pair.scripted.next({ kind: 'trace', trace: answered, speed: 0 });
    const { say } = await begin();
    const reply = await say('What is 2+2?');
    expect(reply).toMatchObject({ status: 'complete', text: answer });
    expect(thought.startsWith(reply.thinking)).toBe(true);
    expect(reply.thinking.length).toBeGreaterThan(40);
    expect(reply.report?.warnings).toEqual([expect.stringContaining('too long')]);
    expect(chats().map((body) => body.think)).toEqual([undefined, false]);
    await expect.poll(() => pair.scripted.chats()[0]?.closedByClientAt).toBeDefined();
  });
});

describe('what a companion chose about thinking', () => {
  it('[TH5] reaches the server in a turn and through both doors, before what is set for all', async () => {
    const { begin, chats, companion, engine } = await open({ generation: { thinking: 'on' } });
    const door = await openTestDoor({ over: engine });
    closing.push(() => door.close());
    const post = async (path: string, body: unknown) => {
      const headers = { 'Content-Type': 'application/json' };
      return (await fetch(`${door.url}${path}`, { method: 'POST', headers, body: JSON.stringify(body) })).text();
    };
    for (const [thinking, think] of [
      ['model', true],
      ['on', true],
      ['short', true],
      ['off', false],
    ] as const) {
      const id = companion({ thinking });
      const { say } = await begin(id);
      await say('Hello.');
      await post('/api/chat', { message: 'Hello.', character_id: id });
      await post('/v1/chat/completions', { model: id, messages: [{ role: 'user', content: 'Hello.' }] });
      const asked = chats().splice(-3);
      expect([thinking, ...asked.map((body) => body.think)]).toEqual([thinking, think, think, think]);
    }
    expect(chats()).toHaveLength(12);
  });

  it('[TH5] short is a cap of its own, in a turn and through the door', async () => {
    const long = 'and on '.repeat(SHORT_THOUGHT_TOKENS);
    const { begin, companion, engine, chats } = await open({
      server: { reply: () => ({ text: 'Yes.', thinking: long }), models: [native] },
    });
    const id = companion({ thinking: 'short' });
    const { say } = await begin(id);
    expect(await say('Well?')).toMatchObject({ text: 'Yes.', report: { warnings: [expect.stringContaining('too long')] } });
    const door = await openTestDoor({ over: engine });
    closing.push(() => door.close());
    const response = await fetch(`${door.url}/v1/chat/completions`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({ model: id, messages: [{ role: 'user', content: 'Well?' }] }),
    });
    expect(await response.json()).toMatchObject({ choices: [{ message: { content: 'Yes.' }, finish_reason: 'stop' }] });
    expect(chats().map((body) => body.think)).toEqual([true, false, true, false]);
  });

  it('[TH5] a server that cannot be asked to think is asked without', async () => {
    const { begin, chats, replay, companion } = await open();
    replay(refused, answered);
    const { say } = await begin(companion({ thinking: 'on' }));
    expect(await say('What is 2+2?')).toMatchObject({ status: 'complete', text: answer, thinking: '' });
    expect(chats().map((body) => body.think)).toEqual([true, undefined]);
  });

  it('[TH5] thoughts in tags, as older servers send them, are told apart and never sent again', async () => {
    const reply = () => ({ text: 'Bread.', thinking: 'They ask what to bake.' });
    const server = { generation: '0.24', reply, models: [thinkingModel] } as const;
    const { begin, chats } = await open({ server: { ...server, models: [...server.models] }, model: thinkingModel.name });
    const { say, shown } = await begin();
    expect(await say('What shall I bake?')).toMatchObject({ text: 'Bread.', thinking: 'They ask what to bake.' });
    await say('And then?');
    expect(shown()).toBe('Bread.Bread.');
    expect(JSON.stringify(chats())).not.toContain('They ask what to bake');
    expect(chats().every((body) => body.think === undefined)).toBe(true);
  });
});

describe('the doors speak as a turn of the window does', () => {
  it('[Q21] a recorded thought without an answer is asked once more, whole and as a stream; no thought leaves', async () => {
    for (const stream of [false, true]) {
      const { replay, engine, chats } = await open();
      const door = await openTestDoor({ over: engine });
      closing.push(() => door.close());
      replay(leftOpen, answered);
      const response = await fetch(`${door.url}/v1/chat/completions`, {
        method: 'POST',
        headers: { 'Content-Type': 'application/json' },
        body: JSON.stringify({ model: 'default', stream, messages: [{ role: 'user', content: 'What is 2+2?' }] }),
      });
      const body = await response.text();
      const events = stream ? body.split('\n\n').filter((line) => line.startsWith('data: {')) : [`data: ${body}`];
      const said = events.map(
        (line) => JSON.parse(line.slice(6)) as { choices: { delta?: { content?: string }; message?: { content: string } }[] },
      );
      expect(said.map(({ choices: [one] }) => one?.delta?.content ?? one?.message?.content ?? '').join('')).toBe(answer);
      expect(body).not.toContain(thoughtWords);
      expect(chats().map((asked) => asked.think)).toEqual([undefined, false]);
    }
  });

  it('[Q22] a companion’s own limits and switch of tone hold in each; numbers that an asker names are the asker’s', async () => {
    const { begin, chats, companion, engine } = await open({ server: { reply: () => ({ text: 'Yes.' }) } });
    const door = await openTestDoor({ over: engine });
    closing.push(() => door.close());
    const glad = 'I love this, it is wonderful!';
    const openAi = (id: string, more: object = {}) =>
      fetch(`${door.url}/v1/chat/completions`, {
        method: 'POST',
        headers: { 'Content-Type': 'application/json' },
        body: JSON.stringify({ model: id, messages: [{ role: 'user', content: glad }], ...more }),
      }).then((response) => response.text());
    const numbers = (body: ChatBody | undefined) => [body?.options?.['temperature'], body?.options?.['top_p']];
    for (const [tone, temperature, topP] of [
      [{ enabled: true }, 0.85, 0.95],
      [{ enabled: true, highest: 0.75 }, 0.75, 0.95],
      [{ enabled: false }, 0.7, 0.9],
    ] as const) {
      const id = companion({ ...sarahOptions, tone });
      await (await begin(id)).say(glad);
      await fetch(`${door.url}/api/chat`, {
        method: 'POST',
        headers: { 'Content-Type': 'application/json' },
        body: JSON.stringify({ message: glad, character_id: id }),
      }).then((response) => response.text());
      await openAi(id);
      expect(chats().slice(-3).map(numbers)).toEqual(Array.from({ length: 3 }, () => [temperature, topP]));
    }
    await openAi(companion({ tone: { enabled: true, highest: 0.75 } }), { temperature: 1.2, top_p: 0.4 });
    expect(numbers(chats().at(-1))).toEqual([1.2, 0.4]);
  });
});
