/** @file A model file becomes a model of the store, whole or not at all. */
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { CHATML, gguf } from '../../../../test/kit/ollama/gguf.ts';
import { keptLog } from '../../../../test/kit/ollama/pair.ts';
import { createRandom } from '../../../../test/kit/random.ts';
import { silentLog } from '../../../../test/kit/silent-log.ts';
import { Fault } from '../../../shared/faults.ts';
import { modelsIn } from './find-models.ts';
import { readGgufHeader } from './gguf-header.ts';
import { isSideLoaded, nameOfFile, sideLoad } from './side-load.ts';
import { createStarterSupply, type StarterFile } from './starter-supply.ts';

const DAMAGED = process.env['TEST_LONG'] ? 2_000 : 200;
const root = mkdtempSync(join(tmpdir(), 'persona-side-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));
const { signal } = new AbortController();

let made = 0;
let home = '';
beforeEach(() => {
  home = join(root, String(++made));
  mkdirSync(home);
});

const file = (content = gguf(), name = 'model.gguf') => {
  writeFileSync(join(home, name), content);
  return join(home, name);
};
const blobsOf = (models: string) => readdirSync(join(models, 'blobs')).sort();
const manifestOf = (models: string, ...parts: string[]) =>
  JSON.parse(readFileSync(join(models, 'manifests', 'registry.ollama.ai', ...parts), 'utf8')) as {
    config: { digest: string; size: number };
    layers: { mediaType: string; digest: string; size: number }[];
  };

describe('the header of a model file', () => {
  it('[U12] tells what it is, behind a vocabulary of any kind', () => {
    expect(readGgufHeader(file())).toEqual({ architecture: 'llama', sizeLabel: '135M', quantisation: 'Q4_1', chatTemplate: CHATML });
    expect(readGgufHeader(file(gguf(''))).chatTemplate).toBe('');
  });

  it(`[U12] ${DAMAGED} cut and damaged headers end in a fault or in words, at once`, () => {
    const whole = gguf();
    const random = createRandom(7);
    let refused = 0;
    for (let round = 0; round < DAMAGED; round++) {
      const bytes = Buffer.from(round % 2 ? whole : whole.subarray(0, random.whole(0, whole.length)));
      for (let flip = 0; flip < random.whole(1, 4) && bytes.length > 0; flip++)
        bytes[random.whole(0, Math.min(bytes.length - 1, 400))] = random.whole(0, 255);
      try {
        readGgufHeader(file(bytes));
      } catch (error) {
        expect(error).toBeInstanceOf(Fault);
        refused += 1;
      }
    }
    console.log(`gguf-header seed=7 files=${DAMAGED} refused=${refused}`);
    expect(refused).toBeGreaterThan(DAMAGED / 2);
    for (const content of [Buffer.alloc(0), Buffer.from('GGU'), Buffer.from('<html>'), gguf(CHATML, 1), gguf(CHATML, 9)]) {
      expect(() => readGgufHeader(file(content))).toThrow(Fault);
    }
  }, 60_000);
});

describe('side-loading', () => {
  it('[U12] lays down blobs under their own hashes, and the manifest with the form of a conversation', async () => {
    const path = file();
    const models = join(home, 'models');
    const load = { path, models, name: 'persona/smollm2:135m' };
    expect(isSideLoaded(load)).toBe(false);
    await sideLoad(load, signal);
    expect(isSideLoaded(load)).toBe(true);
    const { config, layers } = manifestOf(models, 'persona', 'smollm2', '135m');
    expect(layers.map(({ mediaType }) => mediaType.split('.').at(-1))).toEqual(['model', 'template', 'params']);
    for (const { digest, size } of [config, ...layers]) {
      const content = readFileSync(join(models, 'blobs', digest.replace(':', '-')));
      expect(`sha256:${createHash('sha256').update(content).digest('hex')}`).toBe(digest);
      expect(content.length).toBe(size);
    }
    expect(blobsOf(models)).toHaveLength(4);
    expect(statSync(join(models, 'blobs', layers[0]?.digest.replace(':', '-') ?? '')).ino).toBe(statSync(path).ino);
    const described = JSON.parse(readFileSync(join(models, 'blobs', config.digest.replace(':', '-')), 'utf8'));
    expect(described).toMatchObject({ model_format: 'gguf', model_family: 'llama', model_type: '135M', file_type: 'Q4_1' });
    expect(modelsIn(models)).toEqual(['registry.ollama.ai/persona/smollm2:135m']);
  });

  it('[U12] leaves the form to the file where it has another one', async () => {
    const models = join(home, 'models');
    for (const template of ['', "{{ '<|start_header_id|>' }}", `${CHATML}<think>`]) {
      const load = { path: file(gguf(template), `model-${template.length}.gguf`), models, name: `persona/m${template.length}:latest` };
      await sideLoad(load, signal);
      expect(manifestOf(models, 'persona', `m${template.length}`, 'latest').layers).toHaveLength(1);
    }
  });

  it('[U12] half a model is none: a blob that is missing or short is laid down anew, and what is no model leaves nothing', async () => {
    const models = join(home, 'models');
    const load = { path: file(), models, name: 'persona/smollm2:135m' };
    await sideLoad(load, signal);
    const [, ...others] = manifestOf(models, 'persona', 'smollm2', '135m').layers;
    rmSync(join(models, 'blobs', others[0]?.digest.replace(':', '-') ?? ''));
    expect(isSideLoaded(load)).toBe(false);
    await sideLoad(load, signal);
    expect(isSideLoaded(load)).toBe(true);
    writeFileSync(join(models, 'manifests', 'registry.ollama.ai', 'persona', 'smollm2', '135m'), '{"layers":');
    expect(isSideLoaded(load)).toBe(false);

    const fresh = join(home, 'fresh');
    await expect(
      sideLoad({ path: file(Buffer.from('words'), 'no.gguf'), models: fresh, name: 'persona/no:latest' }, signal),
    ).rejects.toThrow(Fault);
    expect(existsSync(fresh)).toBe(false);
  });

  it('[U12] names a person’s own file so that every server takes it', () => {
    expect(nameOfFile('/home/person/My Model (v2).Q4_K_M.gguf')).toBe('persona/my-model-v2-.q4_k_m:latest');
    expect(nameOfFile('C:\\models\\Ünï.gguf')).toBe('persona/n-:latest');
    expect(nameOfFile(`/x/${'a'.repeat(200)}.GGUF`)).toMatch(/^persona\/a{80}:latest$/);
    expect(nameOfFile('/x/模型.gguf')).toBe('persona/model:latest');
  });
});

describe('the supply of the starter model', () => {
  const supplyOf = (starterFile: Partial<StarterFile>, log = silentLog) =>
    createStarterSupply({
      file: { find: async () => undefined, obtain: () => Promise.reject(new Error('not asked for')), ...starterFile },
      log,
      signal,
    });

  it('[U13] lays the starter model where there is no other, once', async () => {
    const models = join(home, 'models');
    let finds = 0;
    const find = async () => {
      finds += 1;
      return { path: file(), starter: true };
    };
    await supplyOf({ find }).lay(models);
    expect(modelsIn(models)).toEqual(['registry.ollama.ai/persona/smollm2:135m']);
    const { mtimeMs } = statSync(join(models, 'manifests', 'registry.ollama.ai', 'persona', 'smollm2', '135m'));
    await supplyOf({ find }).lay(models);
    expect(statSync(join(models, 'manifests', 'registry.ollama.ai', 'persona', 'smollm2', '135m')).mtimeMs).toBe(mtimeMs);
    expect(finds).toBe(2);

    const filled = join(home, 'filled');
    mkdirSync(join(filled, 'manifests', 'registry.ollama.ai', 'library', 'llama3'), { recursive: true });
    writeFileSync(join(filled, 'manifests', 'registry.ollama.ai', 'library', 'llama3', '8b'), '{}');
    await supplyOf({ find }).lay(filled);
    expect(await supplyOf({ find }).fetch(filled, () => undefined)).toBe(false);
    expect(finds).toBe(2);
    expect(modelsIn(filled)).toHaveLength(1);
  });

  it('[U13] a file of the person’s own keeps its name', async () => {
    const models = join(home, 'models');
    await supplyOf({ find: async () => ({ path: file(gguf(), 'Qwen-3B.gguf'), starter: false }) }).lay(models);
    expect(modelsIn(models)).toEqual(['registry.ollama.ai/persona/qwen-3b:latest']);
  });

  it('[U13] fetches it where it is not there, and says in words why it cannot be had', async () => {
    const models = join(home, 'models');
    await supplyOf({}).lay(models);
    expect(modelsIn(models)).toEqual([]);
    const obtain: StarterFile['obtain'] = async (_signal, onProgress) => {
      onProgress({ label: 'Downloading', doneBytes: 1, totalBytes: 2 });
      return { path: file(), starter: true };
    };
    const told: number[] = [];
    expect(await supplyOf({ obtain }).fetch(models, ({ doneBytes }) => told.push(doneBytes))).toBe(true);
    expect(told).toEqual([1]);
    expect(modelsIn(models)).toHaveLength(1);

    const { log, lines } = keptLog();
    const missing = new Fault('model-missing', 'STARTER_MODEL does not name a model file.');
    await supplyOf({ find: () => Promise.reject(missing) }, log).lay(join(home, 'other'));
    expect(lines).toMatchObject([{ event: 'starter-not-laid', fields: { reason: missing.message } }]);
    writeFileSync(join(home, 'blocked'), 'a file where the folder should be');
    await expect(supplyOf({ obtain }).fetch(join(home, 'blocked'), () => undefined)).rejects.toMatchObject({
      code: 'model-loading-failed',
      detail: expect.stringMatching(/ENOTDIR|EEXIST/),
    });
  });
});
