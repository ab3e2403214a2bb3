/** @file Which Ollama is taken for our own, and what is said of those that are not. */
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { type BinaryPlaces, findBinary, needsRunner, partsBeside, versionOf } from './find-binary.ts';
import { findTheirModels, modelsIn } from './find-models.ts';
import { layPrivateCopy } from './private-copy.ts';

const root = realpathSync(mkdtempSync(join(tmpdir(), 'persona-binary-')));
afterAll(() => rmSync(root, { recursive: true, force: true }));

let made = 0;
let home = '';
beforeEach(() => {
  home = join(root, String(++made));
  mkdirSync(home);
});

const put = (path: string, text = '#!/bin/sh\n') => {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
  chmodSync(path, 0o755);
  return path;
};
/** An unpacked release as Linux has it. */
const release = (folder: string, runner = true) => {
  put(join(folder, 'lib', 'ollama', 'libggml-base.so'));
  if (runner) put(join(folder, 'lib', 'ollama', 'llama-server'));
  return put(join(folder, 'bin', 'ollama'));
};
const places = (more: Partial<BinaryPlaces> = {}): BinaryPlaces => ({
  named: undefined,
  resources: join(home, 'resources'),
  checkout: join(home, 'checkout'),
  dataFolder: join(home, 'data'),
  path: `${join(home, 'one', 'bin')}:relative:${join(home, 'two', 'bin')}`,
  platform: 'linux',
  architecture: 'x64',
  versionOf: async () => '0.33.0',
  ...more,
});

describe('finding an Ollama to run', () => {
  it('[U2] takes the named one, else the bundled, the checkout’s, the fetched, the installed, in this order', async () => {
    const order = [
      ['named', release(join(home, 'mine'))],
      ['bundled', release(join(home, 'resources', 'ollama'))],
      ['checkout', release(join(home, 'checkout', 'resources', 'ollama', 'linux-x64'))],
      ['fetched', release(join(home, 'data', 'ollama'))],
      ['installed', release(join(home, 'two'))],
    ] as const;
    for (const [origin, path] of order) {
      const named = origin === 'named' ? path : undefined;
      const { found } = await findBinary(places({ named }));
      expect(found).toEqual({
        path,
        origin,
        runner: join(path, '../../lib/ollama/llama-server'),
        libraries: join(path, '../../lib/ollama'),
      });
      rmSync(join(path, '../..'), { recursive: true });
    }
    expect(await findBinary(places())).toEqual({ found: undefined, passedOver: [] });
  });

  it('[U2] passes over a new one without its runner, and says so; an old one needs none', async () => {
    const old = release(join(home, 'one'), false);
    const whole = release(join(home, 'two'));
    const broken = await findBinary(places());
    expect(broken.found?.path).toBe(whole);
    expect(broken.passedOver).toEqual([
      'the Ollama installed on this machine is version 0.33.0 and lacks llama-server, without which no model runs',
    ]);
    const taken = await findBinary(places({ versionOf: async () => '0.24.0' }));
    expect(taken.found).toEqual({ path: old, origin: 'installed', runner: undefined, libraries: join(home, 'one', 'lib', 'ollama') });
    const unusable = await findBinary(places({ versionOf: async () => undefined }));
    expect(unusable.passedOver).toEqual(['the Ollama installed on this machine cannot be run on this machine']);
    const versions = ['0.24.0', '0.29.9', '0.30.0', '0.33.0-rc2', '1.0.0', '0.0.0', undefined];
    expect(versions.map(needsRunner)).toEqual([false, false, true, true, true, true, true]);
  });

  it('[U2] where one is named no other is looked for', async () => {
    release(join(home, 'one'));
    for (const named of [join(home, 'nothing'), home, put(join(home, 'text'), 'words')]) {
      if (named.endsWith('text')) chmodSync(named, 0o644);
      const { found, passedOver } = await findBinary(places({ named }));
      expect(found).toBeUndefined();
      expect(passedOver).toEqual(['OLLAMA_BIN names no program that can be run']);
    }
  });

  it('[U2] looks behind links, and takes no launcher of another name for it', async () => {
    const real = release(join(home, 'app'));
    mkdirSync(join(home, 'one', 'bin'), { recursive: true });
    symlinkSync(put(join(home, 'usr', 'snap')), join(home, 'one', 'bin', 'ollama'));
    mkdirSync(join(home, 'two', 'bin'), { recursive: true });
    symlinkSync(real, join(home, 'two', 'bin', 'ollama'));
    const { found } = await findBinary(places());
    expect(found?.path).toBe(real);
    expect(found?.runner).toBe(join(home, 'app', 'lib', 'ollama', 'llama-server'));
  });

  it('[U2] knows the shapes of the other platforms’ releases', () => {
    const flat = put(join(home, 'mac', 'ollama'));
    put(join(home, 'mac', 'llama-server'));
    expect(partsBeside(flat, 'darwin')).toEqual({ runner: join(home, 'mac', 'llama-server'), libraries: join(home, 'mac') });
    const windows = put(join(home, 'win', 'ollama.exe'));
    put(join(home, 'win', 'lib', 'ollama', 'llama-server.exe'));
    const libraries = join(home, 'win', 'lib', 'ollama');
    expect(partsBeside(windows, 'win32')).toEqual({ runner: join(libraries, 'llama-server.exe'), libraries });
    expect(partsBeside(put(join(home, 'bare', 'bin', 'ollama')), 'linux')).toEqual({ runner: undefined, libraries: undefined });
  });

  it('[U2] asks a binary for its version without showing it our environment', async () => {
    const speaking = put(
      join(home, 'speaks'),
      '#!/bin/sh\nprintf "Warning: no server\\nWarning: client version is 0.24.1${API_TOKEN}\\n" >&2\n',
    );
    process.env['API_TOKEN'] = '-leaked';
    expect(await versionOf(speaking)).toBe('0.24.1');
    delete process.env['API_TOKEN'];
    expect(await versionOf(put(join(home, 'fails'), '#!/bin/sh\nexit 3\n'))).toBeUndefined();
    expect(await versionOf(join(home, 'nothing'))).toBeUndefined();
  });
});

describe('a private copy of the binary', () => {
  it('[U3] has a name of its own, finds the libraries, and writes nothing beside the original', async () => {
    const path = release(join(home, 'app'));
    const before = statSync(dirname(path)).mtimeMs;
    const parts = partsBeside(path, 'linux');
    const run = join(home, 'run');
    const program = layPrivateCopy({ path, origin: 'named', ...parts }, run, 'linux');
    expect(program).toBe(join(run, 'bin', 'persona-ollama'));
    expect(statSync(program).ino).toBe(statSync(path).ino);
    expect(realpathSync(join(run, 'lib', 'ollama'))).toBe(parts.libraries);
    expect(statSync(dirname(path)).mtimeMs).toBe(before);

    layPrivateCopy({ path, origin: 'named', ...parts }, run, 'linux');
    const newer = release(join(home, 'newer'));
    writeFileSync(newer, '#!/bin/sh\n# another version\n');
    layPrivateCopy({ path: newer, origin: 'named', ...partsBeside(newer, 'linux') }, run, 'linux');
    expect(readFileSync(program, 'utf8')).toContain('another version');
    expect(readFileSync(path, 'utf8')).toBe('#!/bin/sh\n');
    expect(realpathSync(join(run, 'lib', 'ollama'))).toBe(join(home, 'newer', 'lib', 'ollama'));
    layPrivateCopy({ path, origin: 'named', runner: undefined, libraries: undefined }, run, 'linux');
    expect(statSync(join(run, 'lib', 'ollama'), { throwIfNoEntry: false })).toBeUndefined();
    expect(statSync(join(home, 'newer', 'lib', 'ollama', 'llama-server')).isFile()).toBe(true);
  });
});

describe('models folders', () => {
  it('[U4] counts manifests, finds the person’s own folder, and touches nothing', () => {
    expect(findTheirModels({}, home)).toBeUndefined();
    const folder = join(home, '.ollama', 'models');
    put(join(folder, 'manifests', 'registry.ollama.ai', 'library', 'llama3', '8b'));
    put(join(folder, 'manifests', 'hf.co', 'person', 'Model-GGUF', 'Q4_K_M'));
    put(join(folder, 'manifests', 'registry.ollama.ai', 'library', '.DS_Store'));
    put(join(folder, 'manifests', 'registry.ollama.ai', 'library', 'stray'));
    put(join(folder, 'manifests', 'registry.ollama.ai', 'library', 'llama3', 'deep', 'er'));
    put(join(folder, 'blobs', 'sha256-00'));
    expect(modelsIn(folder).sort()).toEqual(['hf.co/person/Model-GGUF:Q4_K_M', 'registry.ollama.ai/library/llama3:8b']);
    expect(findTheirModels({}, home)).toEqual({ folder, models: 2 });

    const said = join(home, 'elsewhere');
    put(join(said, 'manifests', 'registry.ollama.ai', 'library', 'qwen', 'latest'));
    expect(findTheirModels({ OLLAMA_MODELS: said }, home)).toEqual({ folder: said, models: 1 });
    expect(findTheirModels({ OLLAMA_MODELS: 'elsewhere' }, home)?.folder).toBe(folder);
    expect(findTheirModels({ OLLAMA_MODELS: join(home, 'nothing') }, home)?.folder).toBe(folder);
  });
});
