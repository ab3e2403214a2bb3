/** @file What is listed, what it takes in memory, which model answers whom, and what is offered. */
import { describe, expect, it } from 'vitest';
import { createFakeClock } from '../../../../test/kit/fake-clock.ts';
import { createFakeShelf, type FakeShelf, MB, shelfModel, starter, whole } from '../../../../test/kit/fake-shelf.ts';
import { createFixedSettings } from '../../../../test/kit/fixed-settings.ts';
import { memoryStore } from '../../../../test/kit/memory-store.ts';
import { silentLog } from '../../../../test/kit/silent-log.ts';
import { Fault } from '../../../shared/faults.ts';
import type { Store } from '../ports.ts';
import type { SettingsPort } from '../settings.ts';
import { createModels, type ModelsPorts } from './models.ts';

const WAIT = { interval: 1, timeout: 20_000 };
const GIB = 1024 ** 3;
const SEED = 'mradermacher/DeepSeek-R1-Distill-Llama-8B-Abliterated-GGUF:Q4_K_M';
const big = shelfModel('big:8b', { label: 'Big 8B', sizeBytes: 4_900 * MB, contextBytesPerToken: 131_072, contextTokens: 131_072 });

async function open(
  shelf: FakeShelf,
  options: { freeBytes?: number; settings?: SettingsPort; store?: Store; registry?: ModelsPorts['registry']; wanted?: string } = {},
) {
  const free = { bytes: options.freeBytes ?? 64 * GIB };
  const machine = { memory: () => ({ freeBytes: free.bytes, totalBytes: 128 * GIB }) };
  const settings = options.settings ?? createFixedSettings();
  const store = options.store ?? memoryStore();
  const clock = createFakeClock();
  const { registry, wanted = SEED } = options;
  const models = createModels({ model: shelf.model, store, settings, clock, log: silentLog, wanted, machine, registry });
  await models.refresh();
  return { models, settings, store, clock, free };
}

describe('what there is', () => {
  it('[MD1] every model with its facts, the newest use first and kept over a restart', async () => {
    const shelf = createFakeShelf([shelfModel('a:1b'), { ...big, loaded: { bytes: 6 * GIB, contextTokens: 8_192, onGraphics: 0 } }]);
    const { models, clock, store } = await open(shelf);
    expect(models.state().models.map(({ name }) => name)).toEqual(['big:8b', 'a:1b']);
    models.noteUse('a:1b');
    expect(models.state().models[0]).toMatchObject({
      name: 'a:1b',
      sizeBytes: 1_000 * MB,
      family: 'llama',
      quantisation: 'Q4_K_M',
      contextTokens: 32_768,
      capabilities: ['completion'],
      lastUsedAt: clock.now(),
    });
    const again = await open(shelf, { store });
    expect(again.models.state().models[0]).toMatchObject({ name: 'a:1b', lastUsedAt: clock.now() });
    expect(again.models.state()).toMatchObject({ place: 'ours', canPull: true, canImport: true, disk: { folder: '~/models' } });
  });

  it('[MD1] a server that is away leaves what it was last seen to have', async () => {
    const shelf = createFakeShelf([shelfModel('a:1b')]);
    const { models } = await open(shelf);
    Object.assign(shelf.model.shelf ?? {}, {
      inventory: () => Promise.reject(new Fault('model-offline', 'It is away; nothing was changed.')),
    });
    await expect(models.refresh()).rejects.toThrow('It is away');
    expect(models.state().models).toHaveLength(1);
  });

  it('[MD1] a disk that does not tell its room leaves the list as it is, and keeps nothing from coming', async () => {
    const shelf = createFakeShelf([shelfModel('a:1b')]);
    const files = shelf.model.shelf?.files();
    const mute = { ...files, space: () => Promise.reject(new Fault('model-failed', 'It cannot be asked; nothing was changed.')) };
    Object.assign(shelf.model.shelf ?? {}, { files: () => mute });
    const { models } = await open(shelf);
    expect(models.state().models).toHaveLength(1);
    expect(models.state().disk).toBeUndefined();
    expect((await models.lookUp('b:1b')).freeBytes).toBeUndefined();
    models.pull('b:1b');
    await expect.poll(() => shelf.asked, WAIT).toEqual(['b:1b']);
  });

  it('[MD10] removing says what it freed, and another one answers', async () => {
    const shelf = createFakeShelf([shelfModel('a:1b'), big]);
    const { models } = await open(shelf);
    expect(await models.remove('A:1B')).toBe(1_000 * MB - 1);
    expect(models.state()).toMatchObject({ answering: 'big:8b' });
    await expect(models.remove('a:1b')).rejects.toMatchObject({ code: 'model-missing' });
  });
});

describe('memory', () => {
  it('[MD11] weights, context and what it computes in, against what is free; each length with its cost', async () => {
    const { models, free } = await open(createFakeShelf([big]));
    const [one] = models.state().models;
    expect(one?.memory).toEqual({ contextTokens: 8_192, weights: 4_900 * MB, context: GIB, total: 4_900 * MB * 1.1 + GIB, fits: 'yes' });
    const { needs } = await models.show('big:8b');
    expect(needs.map(({ contextTokens }) => contextTokens)).toEqual([2_048, 4_096, 8_192, 16_384, 32_768, 65_536, 131_072]);
    expect(needs.at(-1)?.context).toBe(16 * GIB);
    free.bytes = 7 * GIB;
    expect(models.state().models[0]?.memory?.fits).toBe('tight');
  });

  it('[MD11] a context that nobody chose is as long as memory allows, and stays so', async () => {
    const { models, free, settings } = await open(createFakeShelf([big]), { freeBytes: 5.8 * GIB });
    expect(models.contextOf(big)).toBe(4_096);
    free.bytes = 64 * GIB;
    expect(models.contextOf(big)).toBe(4_096);
    settings.change({ model: { contextTokens: 16_384 } });
    expect(models.contextOf(big)).toBe(16_384);
    expect(models.contextOf(starter)).toBe(8_192);
  });

  it('[MD11] more than there is, is said before loading, with the numbers and a context that fits; elsewhere nothing is', async () => {
    const shelf = createFakeShelf([big]);
    const settings = createFixedSettings();
    settings.change({ model: { contextTokens: 32_768 } });
    const { models, free } = await open(shelf, { freeBytes: 6 * GIB, settings });
    expect(models.state().warning).toEqual({
      model: 'big:8b',
      label: 'Big 8B',
      needsBytes: 4_900 * MB * 1.1 + 4 * GIB,
      freeBytes: 6 * GIB,
      fittingContextTokens: 4_096,
      words:
        'Big 8B needs about 9.7 GB of memory with a context of 32k tokens, and 6.4 GB are free; what a graphics card has is not known.',
    });
    free.bytes = 1 * GIB;
    expect(models.state().warning?.fittingContextTokens).toBeUndefined();
    shelf.place = 'elsewhere';
    expect(models.state().warning).toBeUndefined();
    expect(models.state().memory).toBeUndefined();
  });
});

describe('graphics cards', () => {
  it('[MD21] what is free on a card counts with the rest, and is told; too little of both is said with both', async () => {
    const shelf = createFakeShelf([big]);
    const cards = [{ name: 'A card', totalBytes: 8 * GIB, freeBytes: 5 * GIB }];
    Object.assign(shelf.model.shelf ?? {}, { graphics: () => cards });
    const { models, free } = await open(shelf, { freeBytes: 5 * GIB });
    expect(models.state().models[0]?.memory?.fits).toBe('yes');
    expect(models.state().memory).toEqual({ freeBytes: 5 * GIB, totalBytes: 128 * GIB, graphics: cards });
    free.bytes = 0;
    expect(models.state().warning?.words).toContain('5.4 GB are free, 5.4 GB of that on the graphics card.');
    cards.length = 0;
    expect(models.state().warning?.words).toMatch(/0\.0 GB are free\.$/);
  });
});

describe('choosing', () => {
  it('[MD12] a conversation’s own goes before its companion’s, that before the default', async () => {
    const { models, settings, store } = await open(createFakeShelf([shelfModel('a:1b'), shelfModel('b:1b'), shelfModel('c:1b')]));
    expect(models.modelFor({ characterId: 'sarah' })).toBeUndefined();
    models.choose('B:1b', 'sarah');
    expect(models.modelFor({ characterId: 'sarah' })).toBe('b:1b');
    expect(models.modelFor({ characterId: 'sarah', model: 'c:1b' })).toBe('c:1b');
    models.choose('c:1b', undefined);
    expect(settings.now().model.name).toBe('c:1b');
    expect(models.state()).toMatchObject({ answering: 'c:1b', byCharacter: { sarah: 'b:1b' } });
    expect(() => models.choose('zz:1b', undefined)).toThrow('is not here');
    const again = await open(createFakeShelf([]), { store });
    expect(again.models.modelFor({ characterId: 'sarah' })).toBe('b:1b');
    models.choose(undefined, 'sarah');
    expect(models.modelFor({ characterId: 'sarah' })).toBeUndefined();
  });

  it('[MD12] what the environment fixes cannot be chosen, and says so', async () => {
    const settings = createFixedSettings({}, { 'model.name': 'OLLAMA_MODEL' });
    const { models } = await open(createFakeShelf([shelfModel('a:1b')]), { settings });
    expect(() => models.choose('a:1b', undefined)).toThrow('OLLAMA_MODEL');
  });
});

describe('offers', () => {
  it('[MD13] while the starter answers, the configured model is offered with size and licence; declined, it is not offered again', async () => {
    const { models, store } = await open(createFakeShelf([starter]));
    expect(models.state().offer).toMatchObject({
      kind: 'missing',
      model: SEED,
      label: 'DeepSeek R1 Distill Llama 8B Abliterated',
      bytes: 4_920_734_272,
    });
    expect(models.state().offer?.licence).toContain('MIT');
    models.putOfferAway();
    expect(models.state().offer).toBeUndefined();
    expect((await open(createFakeShelf([starter]), { store })).models.state().offer).toBeUndefined();
    expect((await open(createFakeShelf([shelfModel('a:7b')]))).models.state().offer).toBeUndefined();
  });

  it('[MD13] a model that comes takes nobody’s place: it is offered, and answers when the offer is taken', async () => {
    const shelf = createFakeShelf([starter]);
    shelf.pulls = [whole(4_900 * MB)];
    const { models, store } = await open(shelf);
    models.pull(SEED);
    expect(shelf.preferred()).toBe(starter.name);
    await expect.poll(() => models.state().offer, WAIT).toMatchObject({ kind: 'ready', model: SEED });
    expect(models.state().answering).toBe(starter.name);
    const again = await open(shelf, { store });
    expect(again.models.state()).toMatchObject({ answering: starter.name, offer: { kind: 'ready' } });
    again.models.choose(SEED, undefined);
    expect(again.models.state()).toMatchObject({ answering: SEED });
    expect(again.models.state().offer).toBeUndefined();
    await again.models.remove(SEED);
    expect(again.models.state().answering).toBe(starter.name);
  });

  it('[MD13] one that was asked for before anything answered takes nobody’s place either', async () => {
    const shelf = createFakeShelf([]);
    // The server’s default is the configured model as soon as it is there.
    shelf.model.defaultModel = () => shelf.preferred() ?? shelf.models.find(({ name }) => name === SEED)?.name ?? starter.name;
    const { models } = await open(shelf);
    const come = Promise.withResolvers<void>();
    shelf.pulls = [
      async function* (name, signal) {
        await come.promise;
        yield* whole(4_900 * MB)(name, signal);
      },
    ];
    models.pull(SEED);
    expect(shelf.preferred()).toBeUndefined();
    shelf.models.push(starter);
    await models.refresh();
    expect(shelf.preferred()).toBe(starter.name);
    come.resolve();
    await expect.poll(() => models.state().offer, WAIT).toMatchObject({ kind: 'ready', model: SEED });
    expect(models.state().answering).toBe(starter.name);
  });

  it('[MD14] size and licence are told before anything is fetched, as far as they are known', async () => {
    const licences = [{ name: 'Apache License', text: 'Apache License 2.0' }];
    const entry = { found: 'qwen3:8b', bytes: 5_200 * MB, layers: [], licences };
    const known = await open(createFakeShelf([starter]), { registry: { lookUp: async () => entry } });
    expect(await known.models.lookUp('qwen3:8b')).toMatchObject({
      bytes: 5_200 * MB,
      licences,
      installed: false,
      found: 'qwen3:8b',
      freeBytes: 100_000 * MB,
    });
    const refusing = { lookUp: () => Promise.reject(new Fault('download-failed', 'The library cannot be asked; nothing was changed.')) };
    const away = await open(createFakeShelf([starter]), { registry: refusing });
    expect(await away.models.lookUp(SEED)).toMatchObject({
      bytes: 4_920_734_272,
      note: 'The library cannot be asked; nothing was changed.',
    });
    expect((await away.models.lookUp(SEED)).licences[0]?.name).toContain('Llama 3.1');
  });

  it('[MD14] what runs on somebody else’s machines is refused', async () => {
    const { models } = await open(createFakeShelf([starter]));
    for (const name of ['gpt-oss:120b-cloud', 'qwen3:cloud']) expect(() => models.pull(name)).toThrow('somebody else');
  });
});
