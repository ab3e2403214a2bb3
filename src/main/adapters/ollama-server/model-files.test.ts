/** @file The files of our own Ollama's models: what a removal frees, unfinished downloads, and a file of the person's. */
import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { temporaryFolder } from '../../../../test/kit/service.ts';
import { createModelFiles } from './model-files.ts';

const folders: { remove(): void }[] = [];
afterEach(() => {
  for (const folder of folders.splice(0)) folder.remove();
});

const digest = (letter: string) => `sha256:${letter.repeat(64)}`;
const put = (path: string, content: string | Buffer) => {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, content);
};

function open() {
  const folder = temporaryFolder('model-files');
  folders.push(folder);
  const models = join(folder.path, 'models');
  const blob = (letter: string, suffix = '') => join(models, 'blobs', `sha256-${letter.repeat(64)}${suffix}`);
  const model = (name: string, layers: { letter: string; bytes: number }[]) => {
    for (const { letter, bytes } of layers) put(blob(letter), Buffer.alloc(bytes));
    const described = layers.map(({ letter, bytes }) => ({
      mediaType: 'application/vnd.ollama.image.model',
      digest: digest(letter),
      size: bytes,
    }));
    put(join(models, 'manifests', 'registry.ollama.ai', 'library', name, 'latest'), JSON.stringify({ layers: described }));
  };
  mkdirSync(join(models, 'blobs'), { recursive: true });
  return {
    folder: folder.path,
    models,
    blob,
    model,
    files: createModelFiles(() => models),
    names: () => readdirSync(join(models, 'blobs')).sort(),
  };
}

/** The smallest file with a header: no tensors, one value. */
function tinyGguf(): Buffer {
  const text = (value: string) => {
    const length = Buffer.alloc(8);
    length.writeBigUInt64LE(BigInt(value.length));
    return Buffer.concat([length, Buffer.from(value)]);
  };
  const head = Buffer.alloc(24);
  head.write('GGUF', 0, 'latin1');
  head.writeUInt32LE(3, 4);
  head.writeBigUInt64LE(1n, 16);
  const kind = Buffer.alloc(4);
  kind.writeUInt32LE(8);
  return Buffer.concat([head, text('general.architecture'), kind, text('llama'), Buffer.alloc(4_096)]);
}

describe('the files of models', () => {
  it('[MD10] what a removal frees is what no other model needs', async () => {
    const { files, model } = open();
    model('one', [
      { letter: 'a', bytes: 5_000 },
      { letter: 'b', bytes: 70 },
    ]);
    model('two', [
      { letter: 'c', bytes: 900 },
      { letter: 'b', bytes: 70 },
    ]);
    expect(await files.freedBy('one')).toBe(5_000);
    expect(await files.freedBy('ONE:latest')).toBe(5_000);
    expect(await files.freedBy('nobody')).toBe(0);
    expect(files.has(digest('a'))).toBe(true);
    expect(files.has(digest('d'))).toBe(false);
  });

  it('[MD3] a download that was called off leaves nothing, and nothing of another model goes with it', async () => {
    const { files, model, blob, names } = open();
    model('kept', [{ letter: 'a', bytes: 500 }]);
    put(blob('b'), 'whole, and nobody’s');
    put(blob('c', '-partial'), Buffer.alloc(3_000));
    put(blob('c', '-partial-0'), '{"N":0,"Offset":0,"Size":10,"Completed":4}');
    put(blob('d', '-partial'), 'somebody else’s');
    expect(await files.discard([digest('a'), digest('b'), digest('c')])).toBeGreaterThan(0);
    expect(names()).toEqual([blob('a'), blob('d', '-partial')].map((path) => path.split('/').at(-1)));
  });

  it.each(['', '{"N":0,"Off', '\0\0\0\0', '[]', '{"N":0}'])(
    '[MD7] notes that cannot be read (%j) go with their layer; others stay',
    async (text) => {
      const { files, blob, names } = open();
      put(blob('a', '-partial'), 'x');
      put(blob('a', '-partial-0'), text);
      put(blob('a', '-partial-1'), '{"N":1,"Offset":1,"Size":1,"Completed":0}');
      put(blob('b', '-partial'), 'x');
      put(blob('b', '-partial-0'), '{"N":0,"Offset":0,"Size":1,"Completed":0}');
      expect(await files.mendUnfinished()).toBe(1);
      expect(names()).toHaveLength(2);
      expect(await files.mendUnfinished()).toBe(0);
    },
  );

  it('[MD9] a file of the person’s gets a name and a size; laid in, it is where the server finds it, and stays where it was', async () => {
    const { files, folder, models, names } = open();
    const path = join(folder, 'My Model-Q4_K_M.gguf');
    put(path, tinyGguf());
    const seen = await files.inspect(`"${path}"`);
    expect(seen).toMatchObject({ name: 'persona/my-model-q4_k_m:latest', bytes: tinyGguf().length, label: 'My Model-Q4_K_M' });
    const told: number[] = [];
    await files.place(path, seen.name, (bytes) => told.push(bytes), new AbortController().signal);
    expect(told.at(-1)).toBe(seen.bytes);
    expect(existsSync(join(models, 'manifests', 'registry.ollama.ai', 'persona', 'my-model-q4_k_m', 'latest'))).toBe(true);
    expect(names().length).toBeGreaterThanOrEqual(2);
    expect(existsSync(path)).toBe(true);
    expect(await files.freedBy(seen.name)).toBeGreaterThanOrEqual(seen.bytes);
  });

  it('[MD9] what is no file, no whole path or no GGUF file is refused in words, and nothing is laid in', async () => {
    const { files, folder, names } = open();
    const text = join(folder, 'letter.gguf');
    put(text, 'Dear Sarah, this is no model.');
    const refused = (path: string) => expect(files.inspect(path)).rejects;
    await refused(text).toMatchObject({ code: 'model-loading-failed' });
    const kindless = join(folder, 'kindless.gguf');
    put(kindless, Buffer.concat([Buffer.from('GGUF'), Buffer.from([3, 0, 0, 0]), Buffer.alloc(16)]));
    await refused(kindless).toMatchObject({ code: 'model-loading-failed' });
    await refused(join(folder, 'none.gguf')).toMatchObject({
      code: 'bad-request',
      message: expect.stringContaining('no file at that path'),
    });
    await refused(folder).toMatchObject({ code: 'bad-request' });
    await refused('model.gguf').toMatchObject({ code: 'bad-request', message: expect.stringContaining('whole path') });
    expect(names()).toEqual([]);
    const off = files.place(text, 'persona/x:latest', () => undefined, AbortSignal.abort());
    await expect(off).rejects.toMatchObject({ name: 'Fault' });
  });

  it('[MD1] how much room there is, and how much models take', async () => {
    const { files, model } = open();
    model('one', [{ letter: 'a', bytes: 50_000 }]);
    const space = await files.space();
    expect(space.modelsBytes).toBeGreaterThanOrEqual(49_000);
    expect(space.freeBytes).toBeGreaterThan(0);
    expect(space.totalBytes).toBeGreaterThan(space.freeBytes);
  });
});
