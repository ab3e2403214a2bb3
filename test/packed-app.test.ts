/** @file The packed program: what is in it, and that it finds and starts the Ollama that lies beside it. */
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { packedStarter } from '../src/main/paths.ts';
import { familyOf, modelReady, WAIT } from './kit/own-ollama.ts';
import { asar, type Packed, packDummy, unpackArchive } from './kit/packed-app.ts';
import { spawnService, temporaryFolder } from './kit/service.ts';

const built = existsSync(resolve(import.meta.dirname, '../out/main/index.js'));
const why = process.platform !== 'linux' ? 'a dummy can stand in for Electron on Linux alone' : built ? undefined : 'not built';

describe.skipIf(why !== undefined)(`the packed program${why ? ` (skipped: ${why})` : ''}`, () => {
  const place = temporaryFolder('packed');
  let packed: Packed;
  beforeAll(async () => {
    packed = await packDummy(place.path);
  }, 180_000);
  afterAll(place.remove);

  it('[H15] has the program in its archive, and neither packages, tests, the service nor anything of this machine', () => {
    const files = asar.listPackage(join(packed.resources, 'app.asar'), { isPack: false }).map(String);
    expect(files).toEqual(
      expect.arrayContaining(['/package.json', '/LICENSE', '/out/main/index.js', '/out/preload/index.cjs', '/out/renderer/index.html']),
    );
    const strange = files.filter((file) => !/^\/(package\.json|LICENSE|out(\/(main|preload|renderer)(\/.*)?)?)$/.test(file));
    expect(strange).toEqual([]);
    expect(files.filter((file) => /headless|\.test\.|\.map$|\.env|sha256/.test(file))).toEqual([]);
  });

  it('[H15] has beside it the notices, the warden, the starter model, and the Ollama of its own platform alone', () => {
    const beside = readdirSync(packed.resources).sort();
    expect(beside).toEqual(['app.asar', 'notices', 'ollama', 'starter', 'warden.sh']);
    expect(readdirSync(join(packed.resources, 'starter'))).toEqual(['starter.gguf']);
    expect(readdirSync(join(packed.resources, 'ollama'), { recursive: true }).map(String).sort()).toEqual([
      'bin',
      'bin/ollama',
      'lib',
      'lib/ollama',
      'lib/ollama/llama-server',
    ]);
    for (const program of ['ollama/bin/ollama', 'ollama/lib/ollama/llama-server', 'warden.sh']) {
      expect(statSync(join(packed.resources, program)).mode & 0o100, program).toBe(0o100);
    }
  });

  it('[U15] knows the starter model that lies beside it', () => {
    expect(packedStarter(packed.resources)).toBe(join(packed.resources, 'starter', 'starter.gguf'));
    expect(packedStarter(packed.folder)).toBeUndefined();
    expect(packedStarter(undefined)).toBeUndefined();
  });

  it('[H16] carries the notices of what it is made of', () => {
    const notices = join(packed.resources, 'notices');
    const read = (name: string) => readFileSync(join(notices, name), 'utf8');
    expect(read('mood.md')).toContain('VADER');
    expect(read('runtime.json')).toMatch(/Ollama[\s\S]*llama\.cpp|llama\.cpp[\s\S]*Ollama/);
    expect(read('models.md')).toContain('SmolLM2-135M-Instruct');
    const packages = read('packages.txt');
    for (const name of ['react', 'zod', 'ws', 'ioredis', 'radix-ui', 'undici'])
      expect(packages).toMatch(new RegExp(`^${name} \\d+\\.\\d+\\.\\d+ \\(\\S`, 'm'));
    expect(packages).not.toMatch(/^(electron|vitest|typescript|@types\/\S+) \d/m);
    expect(read('apache-2.0.txt')).toContain('Apache License');
  });

  it('[H14] has exactly those fuses on that are said', async () => {
    expect((await packed.fusesOn()).sort()).toEqual(['EnableEmbeddedAsarIntegrityValidation', 'OnlyLoadAppFromAsar']);
  });

  it('[U15] starts the Ollama that lies beside it, from its own resources', async () => {
    const entry = unpackArchive(packed);
    const dataFolder = join(place.path, 'data');
    const service = spawnService({ entry, dataFolder: place.path, environment: { PERSONA_DATA_DIR: dataFolder } });
    try {
      await modelReady(service.log);
      expect(service.log().find(({ event }) => event === 'model-chosen')).toMatchObject({
        engine: 'own',
        because: expect.stringContaining('Our own Ollama runs the binary shipped with this program.'),
      });
      expect(familyOf(dataFolder).length).toBeGreaterThan(0);
      expect(existsSync(join(packed.resources, 'ollama', 'bin', 'ollama'))).toBe(true);
      service.child.kill('SIGTERM');
      expect(await service.ended).toEqual({ code: 0, signal: null });
      await expect.poll(() => familyOf(dataFolder), WAIT).toEqual([]);
    } finally {
      service.child.kill('SIGKILL');
    }
  });
});
