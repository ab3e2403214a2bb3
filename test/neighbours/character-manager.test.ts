/** @file A Character Manager that answers in every shape, in time or not, truthfully or not; over the real adapter, engine and door. */
import { afterEach, describe, expect, it } from 'vitest';
import { MANDATE } from '../../src/main/engine/mandate.ts';
import { CHARACTER_FRESH_MS, CHARACTER_GRACE_MS } from '../../src/shared/limits.ts';
import { createNeighbour, type NeighbourAnswer } from '../kit/neighbour.ts';
import { createNeighbourHouse, openManagerHouse, speak } from '../kit/neighbour-house.ts';
import { freePort } from '../kit/redis.ts';
import { ask } from '../kit/test-door.ts';

const undo: (() => unknown)[] = [];
afterEach(async () => {
  for (const step of undo.splice(0).reverse()) await step();
});

const houseWith: typeof openManagerHouse = async (...given) => {
  const opened = await openManagerHouse(...given);
  undo.push(opened.manager.close, opened.house.close);
  return opened;
};

const unknown = 'The Character Manager had no usable answer and this character is not known yet; Sarah answered.';
const card = (more: object) => ({ body: { name: 'Mira', ...more } });
const isSarah = expect.stringContaining('Name: Sarah');

describe('characters of a Character Manager', () => {
  const fields = { name: 'Mira', description: 'Keeps bees.', personality: 'Dry.', scenario: 'A hill.', system_prompt: 'Never hurries.' };
  it.each<[string, object]>([
    ['bare fields', fields],
    ['under data', { data: fields }],
    ['under character', { ok: true, character: fields }],
    ['a V1 card', { ...fields, first_mes: 'Oh.', mes_example: '' }],
    ['a V2 card', { spec: 'chara_card_v2', spec_version: '2.0', data: { ...fields, extensions: {}, tags: ['bees'] } }],
    ['a V3 card, old fields beside it', { spec: 'chara_card_v3', name: 'Old', data: { ...fields, group_only_greetings: [], assets: [] } }],
    ['a V2 card under character', { character: { spec: 'chara_card_v2', data: fields } }],
    ['an empty data beside the fields', { ...fields, data: {} }],
    ['fields of other types beside good ones', { ...fields, mes_example: 7, tags: 'bees', alternate_greetings: [1], first_mes: null }],
  ])('[NB10] %s', async (_name, body) => {
    const { manager, house, client, system } = await houseWith({ body });
    expect(await speak(client, { message: 'Hi', character_id: 'mira' })).toMatchObject({ status: 'complete', warnings: [] });
    expect(manager.requests.map(({ method, target }) => `${method} ${target}`)).toEqual(['GET /characters/mira']);
    expect(system().startsWith(MANDATE)).toBe(true);
    for (const part of ['Name: Mira', 'Keeps bees.', 'Dry.', 'A hill.', 'Never hurries.']) expect(system().split(part)).toHaveLength(2);
    expect(house.model.requests.at(-1)?.messages.filter(({ role }) => role === 'system')).toHaveLength(1);
  });

  it('[NB10] a persona stands beside the description; the address may have a path, and a name and password', async () => {
    const { manager, client, system } = await houseWith(card({ description: 'Keeps bees.', persona: 'Is brave.' }), { path: '/cm/v1/' });
    await speak(client, { message: 'Hi', character_id: 'mira' });
    expect(manager.requests[0]?.target).toBe('/cm/v1/characters/mira');
    expect(system()).toContain('Keeps bees.\n\nIs brave.');
    const guarded = await createNeighbour();
    undo.push(guarded.close);
    guarded.says(card({ description: 'Keeps bees.' }));
    const house = await createNeighbourHouse({ environment: { CHARACTER_MANAGER_URL: guarded.url.replace('//', '//ann:s%40d@') } });
    undo.push(house.close);
    await speak(await house.connect(), { message: 'Hi', character_id: 'mira' });
    expect(guarded.requests[0]?.headers.authorization).toBe(`Basic ${Buffer.from('ann:s@d').toString('base64')}`);
    expect(JSON.stringify(house.logged)).not.toContain('s@d');
  });

  it('[NB11] 404 is character-not-found on /ws/chat; nothing is asked of the model, and the socket goes on', async () => {
    const { manager, house, client } = await houseWith({ status: 404, body: { detail: 'Not found' } });
    const error = {
      type: 'error',
      code: 'character-not-found',
      retryable: false,
      message: expect.stringContaining('has no character "nobody"'),
    };
    expect(await speak(client, { message: 'Hi', character_id: 'nobody' })).toEqual(error);
    expect(house.engine.listConversations({}).conversations).toEqual([]);
    manager.says(card({ description: 'Keeps bees.' }));
    expect(await speak(client, { message: 'Hi', character_id: 'mira' })).toMatchObject({ type: 'complete' });
    expect(house.model.requests).toHaveLength(1);
    manager.says({ status: 404 });
    house.pass(CHARACTER_FRESH_MS);
    expect(await speak(client, { message: 'Hi again', character_id: 'mira' })).toMatchObject({
      type: 'error',
      code: 'character-not-found',
    });
  });

  it('[NB13] slower than the grace of a new conversation: the turn waits for the card, and asks once', async () => {
    const afterMs = CHARACTER_GRACE_MS * 3;
    const { manager, client, system } = await houseWith({ body: { name: 'Mira', description: 'Keeps bees.' }, afterMs });
    expect(await speak(client, { message: 'Hi', character_id: 'mira' })).toMatchObject({ status: 'complete', warnings: [] });
    expect(system()).toContain('Keeps bees.');
    expect(manager.requests).toHaveLength(1);
    manager.says({ status: 404, afterMs });
    expect(await speak(client, { message: 'Hi', character_id: 'nobody' })).toMatchObject({ type: 'error', code: 'character-not-found' });
    expect(await speak(client, { message: 'Hi', character_id: 'mira' })).toMatchObject({ type: 'complete' });
  });

  const big = 'x'.repeat(2 * 1024 * 1024);
  it.each<[string, NeighbourAnswer]>([
    ['500', { status: 500, body: { name: 'Evil' } }],
    ['403 with a character in it', { status: 403, body: { name: 'Evil' } }],
    ['a redirect to a character', { status: 302, headers: { location: '/characters/evil' }, body: { name: 'Evil' } }],
    ['a 304 that nobody asked for', { status: 304 }],
    ['204', { status: 204 }],
    ['a part of a character', { status: 206, body: { name: 'Evil' } }],
    ['an empty answer', { body: '' }],
    ['HTML', { headers: { 'content-type': 'text/html' }, body: '<html><body>Login</body></html>' }],
    ['half a JSON text', { body: '{"name": "Evil"' }],
    ['bytes that are no UTF-8', { body: Buffer.from([0x7b, 0x22, 0xff, 0xfe, 0x22, 0x7d]) }],
    ['2 MiB', { body: { name: 'Evil', description: big } }],
    ['2 MiB that are said to be short', { headers: { 'transfer-encoding': 'chunked' }, body: `{"name":"Evil","x":"${big}"}` }],
    ['a list', { body: [{ name: 'Evil' }] }],
    ['null', { body: 'null' }],
    ['a string', { body: '"Evil"' }],
    ['a hundred thousand brackets', { body: '['.repeat(100_000) }],
    ['fields of wrong types', { body: { name: 7, description: ['Evil'], personality: null, persona: {}, system_prompt: true } }],
    ['nothing that describes anybody', { body: { name: ' ', description: '', tags: ['evil'], __proto__: { name: 'Evil' } } }],
    ['a broken connection', 'reset'],
  ])('[NB12] %s: Sarah answers, with a warning, after one try', async (_name, answer) => {
    const { manager, client, system } = await houseWith(answer);
    expect(await speak(client, { message: 'Hi', character_id: 'mira' })).toMatchObject({ status: 'complete', warnings: [unknown] });
    expect(system()).toEqual(isSarah);
    expect(system()).not.toContain('Evil');
    expect(manager.requests).toHaveLength(1);
    expect(await speak(client, { message: 'And now?', character_id: 'mira' })).toMatchObject({ status: 'complete', warnings: [unknown] });
    expect(manager.requests).toHaveLength(1);
  });

  it('[NB12] nobody there: the same', async () => {
    const house = await createNeighbourHouse({ environment: { CHARACTER_MANAGER_URL: `http://127.0.0.1:${await freePort()}` } });
    undo.push(house.close);
    expect(await speak(await house.connect(), { message: 'Hi' })).toMatchObject({ status: 'complete', warnings: [unknown] });
  });

  it.each<NeighbourAnswer>(['hang', 'hang-in-body'])('[NB13] %s: given up after two seconds, once', async (answer) => {
    const { manager, client } = await houseWith(answer);
    const began = performance.now();
    expect(await speak(client, { message: 'Hi', character_id: 'mira' })).toMatchObject({ status: 'complete', warnings: [unknown] });
    const took = performance.now() - began;
    console.log(`character manager, ${String(answer)}: the reply came after ${Math.round(took)} ms`);
    expect(manager.requests).toHaveLength(1);
    expect(took).toBeLessThan(20_000);
    await expect.poll(() => manager.requests[0]?.leftAt).toBeDefined();
    expect((manager.requests[0]?.leftAt ?? 0) - (manager.requests[0]?.startedAt ?? 0)).toBeLessThan(20_000);
  });

  it('[NB13] both services hang: they are waited for side by side and not one after the other, in the first turn too', async () => {
    const memory = await createNeighbour();
    undo.push(memory.close);
    memory.says('hang');
    const { manager, client, house } = await houseWith('hang', { environment: { MEMORY_SUBSYSTEM_URL: memory.url } });
    const began = performance.now();
    expect(await speak(client, { message: 'Hi', character_id: 'mira' })).toMatchObject({
      status: 'complete',
      warnings: [unknown, expect.any(String)],
    });
    const took = performance.now() - began;
    console.log(`both services hang: the first reply came after ${Math.round(took)} ms`);
    await expect.poll(() => [manager.requests[0]?.leftAt, memory.requests[0]?.leftAt].every((at) => at !== undefined)).toBe(true);
    expect(memory.requests[0]?.startedAt).toBeLessThan(manager.requests[0]?.leftAt ?? 0);
    expect([manager.requests.length, memory.requests.length, house.model.requests.length]).toEqual([1, 1, 1]);
    expect(took).toBeLessThan(20_000);
  });

  it('[NB10] without a manager `default` is Sarah and any other id is character-not-found', async () => {
    const house = await createNeighbourHouse();
    undo.push(house.close);
    const client = await house.connect();
    expect(await speak(client, { message: 'Hi' })).toMatchObject({ status: 'complete', warnings: [] });
    expect(house.model.requests.at(-1)?.messages[0]?.content).toEqual(isSarah);
    expect(await speak(client, { message: 'Hi', character_id: 'mira' })).toMatchObject({ type: 'error', code: 'character-not-found' });
    const health = await ask(Number(new URL(house.url).port));
    expect(JSON.parse(health.body)).toMatchObject({ status: 'healthy', dependencies: { character_manager: { state: 'not_configured' } } });
  });
});
