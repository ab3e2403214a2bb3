/** @file Which model server is chosen, in every mixture of what there may be on a machine. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { putRelease, putScript } from '../../test/kit/ollama/release.ts';
import { findModelServer, type Surroundings } from './choose-model.ts';

const root = mkdtempSync(join(tmpdir(), 'persona-choice-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));

const { binary } = putRelease(join(root, 'release'));
putRelease(join(root, 'data', 'ollama'));
const dataFolder = join(root, 'empty');
const withFetched = join(root, 'data');
const installed = join(root, 'release', 'bin');
const broken = putScript(join(root, 'broken', 'bin', 'ollama'), 'echo "ollama version is 0.31.0"');

type Found = { named?: string; fetched?: boolean; onPath?: string; local?: number };
function around({ named, fetched = false, onPath = '', local }: Found): Surroundings & { asked: () => number } {
  let asked = 0;
  return {
    asked: () => asked,
    places: {
      named,
      resources: undefined,
      checkout: dataFolder,
      dataFolder: fetched ? withFetched : dataFolder,
      path: onPath,
      platform: 'linux',
      architecture: 'x64',
      versionOf: async () => '0.31.0',
    },
    findLocal: async () => {
      asked += 1;
      return local === undefined ? undefined : { version: '0.31.1', models: local };
    },
  };
}
const choose = (found: Found, ollamaBaseUrl?: string) =>
  findModelServer({ ollamaBaseUrl, ollamaBin: found.named, dataFolder }, around(found));

describe.skipIf(process.platform === 'win32')('the choice of a model server', () => {
  it('[U30] OLLAMA_BASE_URL goes before everything, and nothing else is looked for', async () => {
    const everything = { named: binary, fetched: true, onPath: installed, local: 3 };
    expect(await choose(everything, 'http://10.0.0.1:11434')).toEqual({ engine: 'ollama', because: 'OLLAMA_BASE_URL is set.' });
    const surroundings = around({ local: 3 });
    await findModelServer({ ollamaBaseUrl: 'http://10.0.0.1', ollamaBin: undefined, dataFolder }, surroundings);
    expect(surroundings.asked()).toBe(0);
  });

  it('[U30] a binary that was named or fetched is ours, whatever else runs', async () => {
    expect(await choose({ named: binary, fetched: true, local: 3 })).toEqual({
      engine: 'own',
      because:
        'Our own Ollama runs the binary named by OLLAMA_BIN. An Ollama 0.31.1 of yours with 3 models answers on this machine too; it is left alone.',
      origin: 'named',
    });
    expect(await choose({ fetched: true, onPath: installed })).toEqual({
      engine: 'own',
      because: 'Our own Ollama runs the binary fetched by this program.',
      origin: 'fetched',
    });
  });

  it('[U30] one that is named and cannot be used has no stand-in', async () => {
    const flaws = [
      [join(root, 'nothing'), 'OLLAMA_BIN names no program that can be run'],
      [broken, 'the Ollama named by OLLAMA_BIN is version 0.31.0 and lacks llama-server, without which no model runs'],
    ] as const;
    for (const [named, flaw] of flaws)
      expect(await choose({ named, fetched: true, onPath: installed, local: 3 })).toEqual({
        engine: 'own',
        because: 'OLLAMA_BIN is set.',
        origin: 'named',
        flaw,
      });
  });

  it('[U30] a running Ollama with models goes before one that is only installed, and that before one without models', async () => {
    expect(await choose({ onPath: installed, local: 1 })).toEqual({
      engine: 'ollama',
      because: 'An Ollama 0.31.1 of yours with 1 model answers on this machine; it is used as it is.',
    });
    for (const local of [undefined, 0])
      expect(await choose({ onPath: installed, ...(local === undefined ? {} : { local }) })).toEqual({
        engine: 'own',
        because: `Our own Ollama runs the binary installed on this machine.${
          local === undefined ? '' : ' An Ollama 0.31.1 of yours with no model answers on this machine too; it is left alone.'
        }`,
        origin: 'installed',
      });
  });

  it('[U30] where there is nothing the embedded engine is used, with the reason', async () => {
    expect(await choose({})).toEqual({
      engine: 'embedded',
      because: 'The built-in engine is used, for no Ollama answers on this machine.',
    });
    expect((await choose({ local: 0 })).because).toBe('The built-in engine is used, for the Ollama on this machine has no model.');
    expect((await choose({ onPath: join(root, 'broken', 'bin') })).because).toBe(
      'The built-in engine is used, for the Ollama installed on this machine is version 0.31.0 and lacks llama-server, without which no model runs; no Ollama answers on this machine.',
    );
  });
});
