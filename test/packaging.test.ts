/** @file The packing of the desktop app, as far as it can be told without Electron's own downloads. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';

const root = join(import.meta.dirname, '..');
// electron-builder's own parts, found from where it lies: their paths are internal and hold for its exact version.
const builder = createRequire(createRequire(import.meta.url).resolve('electron-builder'));
const fromBuilderLib = createRequire(builder.resolve('app-builder-lib'));

type Configuration = Record<string, unknown>;
const { getConfig, validateConfiguration } = builder('app-builder-lib/out/util/config/config') as {
  getConfig(folder: string, file: string | null, request: Configuration | null): Promise<Configuration>;
  validateConfiguration(configuration: Configuration, log: unknown): Promise<void>;
};
const { DebugLogger } = fromBuilderLib('builder-util') as { DebugLogger: new (isEnabled: boolean) => unknown };

const validate = (configuration: Configuration) => validateConfiguration(configuration, new DebugLogger(false));

describe('the packing', () => {
  it('[H13] electron-builder takes electron-builder.yml, and would not take a key that it does not know', async () => {
    const configuration = await getConfig(root, 'electron-builder.yml', null);
    await expect(validate(configuration)).resolves.toBeUndefined();
    await expect(validate({ ...configuration, notAKey: true })).rejects.toThrow(/notAKey/);
  });

  it('[U14] lays the warden of our own Ollama outside the archive, where paths.ts looks for it', async () => {
    const { extraResources } = z
      .object({ extraResources: z.array(z.object({ from: z.string(), to: z.string() })) })
      .parse(await getConfig(root, 'electron-builder.yml', null));
    expect(extraResources).toContainEqual({ from: 'resources/warden.sh', to: 'warden.sh' });
    expect(extraResources).toContainEqual({ from: 'resources/memory', to: 'memory' });
    expect(existsSync(join(root, 'resources', 'warden.sh'))).toBe(true);
  });

  it('[H14] says every fuse that there is', async () => {
    const scheme = z
      .object({ definitions: z.object({ FuseOptionsV1: z.object({ properties: z.record(z.string(), z.unknown()) }) }) })
      .parse(JSON.parse(readFileSync(fromBuilderLib.resolve('app-builder-lib/scheme.json'), 'utf8')));
    const { electronFuses } = z
      .object({ electronFuses: z.record(z.string(), z.boolean()) })
      .parse(await getConfig(root, 'electron-builder.yml', null));
    expect(Object.keys(electronFuses).sort()).toEqual(Object.keys(scheme.definitions.FuseOptionsV1.properties).sort());
    expect(electronFuses).toMatchObject({ runAsNode: false, enableNodeCliInspectArguments: false, onlyLoadAppFromAsar: true });
  });

  it('[H17] has an icon for each platform, with every size in it', async () => {
    const { linux, win, mac } = z.object({ linux: icon, win: icon, mac: icon }).parse(await getConfig(root, 'electron-builder.yml', null));
    const sizes = readdirSync(join(root, linux.icon)).map((name) => pngSize(readFileSync(join(root, linux.icon, name))));
    expect(sizes.sort((a, b) => a - b)).toEqual([16, 32, 48, 64, 128, 256, 512]);
    const ico = readFileSync(join(root, win.icon));
    expect(ico.readUInt16LE(4)).toBe(7);
    for (let entry = 0; entry < 7; entry += 1) {
      const at = 6 + 16 * entry;
      const size = ico.readUInt8(at) || 256;
      expect(pngSize(ico.subarray(ico.readUInt32LE(at + 12)))).toBe(size);
    }
    const icns = readFileSync(join(root, mac.icon));
    expect([icns.toString('latin1', 0, 4), icns.readUInt32BE(4)]).toEqual(['icns', icns.length]);
    expect(icnsTypes(icns)).toEqual(['ic11', 'ic12', 'ic07', 'ic13', 'ic08', 'ic14', 'ic09', 'ic10']);
  });
});

const icon = z.object({ icon: z.string() });

/** Width of a PNG, which is as high as it is wide here. */
function pngSize(png: Buffer): number {
  expect(png.toString('latin1', 1, 4)).toBe('PNG');
  expect(png.readUInt32BE(16)).toBe(png.readUInt32BE(20));
  return png.readUInt32BE(16);
}

function icnsTypes(icns: Buffer): string[] {
  const types: string[] = [];
  for (let at = 8; at < icns.length; at += icns.readUInt32BE(at + 4)) types.push(icns.toString('latin1', at, at + 4));
  return types;
}
