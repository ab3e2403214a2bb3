/** @file Every lie that HTTP can carry, told by each dependency in turn to the running service, over a whole turn on /ws/chat. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createLiar, type Liar, type Lie, lies, type Truth } from '../kit/liar.ts';
import { showBody, starterModel, tagsBody } from '../kit/ollama/models.ts';
import { type Service, startService, temporaryFolder } from '../kit/service.ts';
import { connectSocket } from '../kit/test-door.ts';

/** What the kernel holds on the way to a reader that has gone: an answer of 64 MiB is cut off far before its end. */
const HELD_BYTES = 16 * 1024 * 1024;
const json = 'application/json';
const odd = ['another id', 'negative numbers'] as const;
type Told = Lie | (typeof odd)[number];
const rows: readonly Told[] = [...lies, ...odd];

const cards: Record<'usual' | (typeof odd)[number], object> = {
  usual: { name: 'Mira', description: 'Keeps bees.' },
  'another id': { id: 'somebody-else', character_id: '../x', name: 'Mira', description: 'Keeps bees.' },
  'negative numbers': { name: 'Mira', description: -1, personality: 'Keeps bees.', first_mes: -1e308 },
};
const memories: typeof cards = {
  usual: { memories: ['She has a cat.'] },
  'another id': { user_id: 'somebody-else', memories: [{ id: '../x', text: 'She has a cat.' }] },
  'negative numbers': { memories: [{ text: 'She has a cat.', score: -1e308 }, { text: -5 }] },
};
const ends: typeof cards = {
  usual: { prompt_eval_count: 9, eval_count: 2 },
  'another id': { model: 'another:7b', prompt_eval_count: 9, eval_count: 2 },
  'negative numbers': { prompt_eval_count: -9, eval_count: -2, eval_duration: -1e300, load_duration: -1 },
};

/** The verdicts, written out: who speaks, whether the memories are told, how the turn ends. */
const expected: Record<Told, [manager: 'Mira' | 'Sarah', subsystem: 'told' | 'untold', ollama: string]> = {
  none: ['Mira', 'told', 'complete'],
  slow: ['Mira', 'told', 'complete'],
  silence: ['Sarah', 'untold', 'model-timeout'],
  'headers never end': ['Sarah', 'untold', 'model-timeout'],
  'headers break off': ['Sarah', 'untold', 'model-crashed'],
  'half and silence': ['Sarah', 'untold', 'model-timeout'],
  'half and gone': ['Sarah', 'untold', 'model-crashed'],
  reset: ['Sarah', 'untold', 'model-crashed'],
  'status 500': ['Sarah', 'untold', 'model-failed'],
  'status 204': ['Sarah', 'untold', 'model-crashed'],
  redirect: ['Sarah', 'untold', 'model-failed'],
  'other content type': ['Mira', 'told', 'complete'],
  'no content type': ['Mira', 'told', 'complete'],
  'login page': ['Sarah', 'untold', 'model-failed'],
  noise: ['Sarah', 'untold', 'model-failed'],
  'no UTF-8': ['Sarah', 'untold', 'model-crashed'],
  'another schema': ['Sarah', 'untold', 'model-crashed'],
  'a list of nothing': ['Sarah', 'untold', 'model-failed'],
  huge: ['Sarah', 'untold', 'model-failed'],
  'a length of a terabyte': ['Sarah', 'untold', 'model-failed'],
  'gzip bomb': ['Sarah', 'untold', 'model-failed'],
  'not HTTP': ['Sarah', 'untold', 'model-offline'],
  'HTTP/1.0': ['Mira', 'told', 'complete'],
  'two lengths': ['Sarah', 'untold', 'model-offline'],
  'a broken chunk': ['Sarah', 'untold', 'model-crashed'],
  'one byte at a time': ['Sarah', 'untold', 'complete'],
  'hints first': ['Mira', 'told', 'complete'],
  'another id': ['Mira', 'told', 'complete'],
  'negative numbers': ['Mira', 'told', 'complete'],
};

const lieOf = (told: Told): Lie => (odd.some((one) => one === told) ? 'none' : (told as Lie));
const kindOf = (told: Told): keyof typeof cards => odd.find((one) => one === told) ?? 'usual';
/** A request says which lie it is for: by the id that it is about, or by the person's words. */
const toldTo = (text: string, who: string): Told => rows[Number(new RegExp(`${who}-(\\d+)`).exec(text)?.[1] ?? 0)] ?? 'none';

function chatLines(told: Told): string {
  const line = (content: string, more: object) =>
    `${JSON.stringify({ model: starterModel.name, message: { role: 'assistant', content }, ...more })}\n`;
  return `${line('Hello ', { done: false })}${line('there.', { done: false })}${line('', { done: true, done_reason: 'stop', ...ends[kindOf(told)] })}`;
}

/** An honest server but for the replies; a title or a summary is no reply, and honest too. */
function ollamaAnswer({ path, body }: { path: string; body: string }): { lie: Lie; truth: Truth } {
  const honest = (value: object) => ({ lie: 'none' as const, truth: { type: json, body: JSON.stringify(value) } });
  if (path === '/api/version') return honest({ version: '0.33.0' });
  if (path === '/api/tags') return honest(tagsBody([starterModel], '0.33'));
  if (path === '/api/show') return honest(showBody(starterModel, '0.33'));
  if (path !== '/api/chat') return honest({ models: [] });
  const { messages = [] } = JSON.parse(body) as { messages?: { content: string }[] };
  if (messages.length === 0) return honest({ model: starterModel.name, done: true, message: { role: 'assistant', content: '' } });
  const told = toldTo(messages.at(-1)?.content ?? '', 'ollama');
  return { lie: lieOf(told), truth: { type: 'application/x-ndjson', body: chatLines(told) } };
}

const folder = temporaryFolder('dependencies');
const running: { service?: Service; all: Liar[] } = { all: [] };
let trap: Liar;
let manager: Liar;
let subsystem: Liar;
let ollama: Liar;

const open = async (answer: Parameters<typeof createLiar>[0]['answer'], port = 0) => {
  const made = await createLiar({ port, elsewhere: trap?.url ?? '', answer });
  running.all.push(made);
  return made;
};
const plain = (lie: Lie, value: object) => ({ lie, truth: { type: json, body: JSON.stringify(value) } });
const openManager = (port?: number) =>
  open(
    ({ path }) => (path === '/health' ? plain('none', {}) : plain(lieOf(toldTo(path, 'manager')), cards[kindOf(toldTo(path, 'manager'))])),
    port,
  );
const openSubsystem = (port?: number) =>
  open(({ path, body }) => {
    const told = toldTo(path === '/health' ? '' : (JSON.parse(body) as { user_id: string }).user_id, 'subsystem');
    return plain(lieOf(told), memories[kindOf(told)]);
  }, port);

beforeAll(async () => {
  trap = await open(() => plain('none', { name: 'Trap', memories: ['Trap'] }));
  [manager, subsystem, ollama] = await Promise.all([openManager(), openSubsystem(), open(ollamaAnswer)]);
  running.service = await startService({
    dataFolder: folder.path,
    environment: {
      OLLAMA_BASE_URL: ollama.url,
      OLLAMA_TIMEOUT: '1',
      LOG_LEVEL: 'DEBUG',
      CHARACTER_MANAGER_URL: manager.url,
      MEMORY_SUBSYSTEM_URL: subsystem.url,
    },
  });
});
afterAll(async () => {
  await running.service?.kill('SIGKILL');
  await Promise.all(running.all.map((one) => one.close()));
  folder.remove();
});
const service = () => running.service as Service;

type Frame = { type: string; task?: string; code?: string; message?: string; warnings?: string[]; usage?: Record<string, number> };
/** One turn on a socket of its own: its frames, checked for their order, and the last of them. */
async function turn(message: string, ids: { user_id: string; character_id: string }): Promise<Frame> {
  const client = await connectSocket(service().url, '/ws/chat');
  client.send({ message, ...ids });
  const frames = (await client.until((all) => all.some((frame) => ['complete', 'error'].includes((frame as Frame).type)))) as Frame[];
  client.ws.close();
  await client.closed;
  expect(client.frames.map((frame) => (frame as Frame).task ?? (frame as Frame).type).join(' ')).toMatch(
    /^processing_message generating_response (token )*(complete|error)$/,
  );
  const end = frames.at(-1) as Frame;
  if (end.type === 'error') expect(end.message).toMatch(/^[A-Z][^\n/\\]{20,298}\.$|http:\/\/127/);
  return end;
}
/** What the model was asked for a person's words. */
const promptOf = (message: string) =>
  ollama.asked.filter(({ path, body }) => path === '/api/chat' && body.includes(message)).map(({ body }) => body);
const noManager = expect.stringMatching(/^The Character Manager had no usable answer/);
const noSubsystem = expect.stringMatching(/^The Memory Subsystem had no usable answer/);

describe('dependencies that lie', () => {
  it.concurrent.for(rows.map((told, index) => [told, index] as const))('[X8] Character Manager: %s', async ([told, index], { expect }) => {
    const message = `Hello manager ${index}.`;
    const end = await turn(message, { user_id: `m${index}`, character_id: `manager-${index}` });
    const [speaker] = expected[told];
    expect(end).toMatchObject({ type: 'complete', warnings: speaker === 'Mira' ? [] : [noManager] });
    for (const prompt of promptOf(message)) expect(prompt).toContain(`Name: ${speaker}`);
    const asked = manager.asked.filter(({ path }) => path === `/characters/manager-${index}`);
    expect(asked).toHaveLength(1);
    await expect.poll(() => asked[0]?.leftAt).toBeDefined();
    expect(asked[0]?.sentBytes).toBeLessThan(HELD_BYTES);
  });

  it.concurrent.for(rows.map((told, index) => [told, index] as const))('[X8] Memory Subsystem: %s', async ([told, index], { expect }) => {
    const message = `Hello subsystem ${index}.`;
    const end = await turn(message, { user_id: `subsystem-${index}`, character_id: 'default' });
    const isTold = expected[told][1] === 'told';
    expect(end).toMatchObject({ type: 'complete', warnings: isTold ? [] : [noSubsystem] });
    for (const prompt of promptOf(message)) expect(prompt.includes('She has a cat.')).toBe(isTold);
    const asked = subsystem.asked.filter(({ body }) => body.includes(`"subsystem-${index}"`));
    expect(asked).toHaveLength(1);
    await expect.poll(() => asked[0]?.leftAt).toBeDefined();
    expect(asked[0]?.sentBytes).toBeLessThan(HELD_BYTES);
  });

  it.concurrent.for(rows.map((told, index) => [told, index] as const))('[X8] Ollama: %s', async ([told, index], { expect }) => {
    const ids = { user_id: `o${index}`, character_id: 'default' };
    const end = await turn(`Hello ollama-${index}`, ids);
    expect(end.code ?? end.type).toBe(expected[told][2]);
    for (const count of Object.values(end.usage ?? {})) expect(count).toBeGreaterThanOrEqual(0);
    const asked = ollama.asked.filter(({ path, body }) => path === '/api/chat' && body.includes(`ollama-${index}"`));
    expect(asked.length).toBeLessThanOrEqual(2);
    for (const { sentBytes } of asked) expect(sentBytes).toBeLessThan(HELD_BYTES);
    expect(await turn('And now?', ids)).toMatchObject({ type: 'complete' });
  });
});

describe('dependencies that are absent', () => {
  const ids = (user: string) => ({ user_id: user, character_id: user });

  it('[X8] gone in the middle of everything, and back: said so, and used again', async () => {
    await Promise.all([manager.close(), subsystem.close()]);
    expect(await turn('Gone?', ids('gone'))).toMatchObject({ type: 'complete', warnings: [noManager, noSubsystem] });
    await ollama.close();
    expect(await turn('Gone too?', ids('gone'))).toMatchObject({ type: 'error', code: 'model-offline' });
    [manager, subsystem, ollama] = await Promise.all([
      openManager(manager.port),
      openSubsystem(subsystem.port),
      open(ollamaAnswer, ollama.port),
    ]);
    expect(await turn('Back?', ids('back'))).toMatchObject({ type: 'complete', warnings: [] });
  });

  it('[X8] nothing was asked where a redirect pointed, nothing went wrong inside, nothing that was said is in the log, and the service ends as it should', async () => {
    expect(trap.asked).toEqual([]);
    expect(
      service()
        .log()
        .filter(({ level, event }) => level === 'ERROR' || event === 'unhandled-rejection'),
    ).toEqual([]);
    // Neither what was said to anybody nor what a parser could not read.
    expect(JSON.stringify(service().log())).not.toMatch(/Hello|there\.|bees|a cat|And now|Log in|OpenSSH|xxxx/);
    expect(await service().kill('SIGTERM')).toEqual({ code: 0, signal: null });
    console.log(`dependencies: ${rows.length} lies of 3 services, one turn each and ${rows.length} turns after them`);
  });
});
