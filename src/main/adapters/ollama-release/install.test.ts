/** @file Installing Ollama from a release server of our own: what is fetched, believed and unpacked, and what is not. */
import { existsSync, readdirSync, readFileSync, readlinkSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { tarOf, zipOf } from '../../../../test/kit/ollama/archive.ts';
import { failure, installTry, LINUX, linux, MAC, mac, WINDOWS, weights, windows } from '../../../../test/kit/ollama/install-try.ts';
import { installRelease } from './install.ts';
import { placeAt, readInstalled } from './place.ts';
import type { Pin } from './release.ts';

describe('installing Ollama', () => {
  const { at, serve, options, left, inTarget } = installTry();

  it('[U50] fetches, checks, unpacks the parts that are wanted, adds licences, and leaves nothing else', async () => {
    await serve({ [LINUX]: await tarOf(linux, 'tar.zst') });
    at.server.now = { redirect: true };
    const installed = await installRelease(options());
    expect(left()).toEqual(['ollama']);
    expect(readdirSync(inTarget(''), { recursive: true }).map(String).sort()).toEqual([
      'bin',
      'bin/ollama',
      'installed.json',
      'lib',
      'lib/ollama',
      'lib/ollama/libggml.so',
      'lib/ollama/libggml.so.0',
      'lib/ollama/llama-server',
      'lib/ollama/vulkan',
      'lib/ollama/vulkan/libggml-vulkan.so',
      'licences',
      'licences/Ollama.txt',
    ]);
    expect(statSync(inTarget('bin/ollama')).mode & 0o100).toBe(0o100);
    expect(statSync(inTarget('lib/ollama/libggml.so.0')).mode & 0o111).toBe(0);
    expect(readlinkSync(inTarget('lib/ollama/libggml.so'))).toBe('libggml.so.0');
    expect(readFileSync(inTarget('lib/ollama/llama-server')).equals(weights)).toBe(true);
    expect(installed).toMatchObject({
      version: '0.32.15',
      graphics: [],
      files: [{ name: LINUX, sha256: at.server.hashOf(LINUX), hashFrom: 'release' }],
    });
    expect(readInstalled(placeAt(join(at.folder.path, 'ollama')), 'linux')).toEqual(installed);
    expect([...new Set(at.steps.map(({ state }) => state))]).toEqual(['looking', 'downloading', 'checking', 'unpacking']);
  });

  it('[U50] asks for no list where hash and size came with the program, and says so afterwards', async () => {
    const whole = await tarOf(linux, 'tar.zst');
    await serve({ [LINUX]: whole });
    const pin: Pin = { version: '0.32.15', files: { [LINUX]: { sha256: at.server.hashOf(LINUX), bytes: whole.length, source: 'here' } } };
    expect((await installRelease(options({}, { pin }))).files[0]?.hashFrom).toBe('pinned');
    expect(at.server.requests).toEqual([{ method: 'GET', file: LINUX, range: undefined }]);
  });

  it.each([
    ['linux', LINUX, () => tarOf(linux, 'tar.zst'), ['lib/ollama/cuda_v13/libggml-cuda.so', 'lib/ollama/libcudart.so']],
    ['win32', WINDOWS, async () => zipOf(windows), ['lib/ollama/cuda_v12/ggml-cuda.dll']],
  ] as const)(
    '[U51] unpacks the parts of a maker of graphics cards where they are asked for: %s',
    async (platform, name, make, expected) => {
      await serve({ [name]: await make() });
      await installRelease(options({}, { platform }));
      for (const path of expected) expect(existsSync(inTarget(path))).toBe(false);
      await installRelease(options({}, { platform, graphics: ['cuda'] }));
      for (const path of expected) expect(existsSync(inTarget(path))).toBe(true);
      expect(readInstalled(placeAt(join(at.folder.path, 'ollama')), platform)?.graphics).toEqual(['cuda']);
    },
  );

  it('[U51] takes what lies flat on macOS, and the add-on of another maker beside the whole', async () => {
    await serve({
      [MAC]: await tarOf(mac, 'tgz'),
      [LINUX]: await tarOf(linux, 'tar.zst'),
      'ollama-linux-amd64-rocm.tar.zst': await tarOf([{ path: 'lib/ollama/rocm/libggml-hip.so', content: 'rocm' }], 'tar.zst'),
    });
    await installRelease(options({}, { platform: 'darwin' }));
    expect(readdirSync(inTarget('')).sort()).toEqual(['installed.json', 'licences', 'llama-server', 'ollama']);
    await installRelease(options({}, { graphics: ['rocm'] }));
    expect(existsSync(inTarget('lib/ollama/rocm/libggml-hip.so'))).toBe(true);
    expect(existsSync(inTarget('lib/ollama/cuda_v13'))).toBe(false);
  });

  it('[U54] removes what is not the file by its hash, and installs nothing; the next try works', async () => {
    const whole = await tarOf(linux, 'tar.zst');
    await serve({ [LINUX]: whole });
    at.server.now = { content: Buffer.concat([whole.subarray(0, -1), Buffer.from('x')]) };
    const fault = await failure(options());
    expect(fault).toMatchObject({ code: 'download-failed', message: expect.stringMatching(/SHA-256/) });
    expect(existsSync(inTarget(''))).toBe(false);
    expect(left()).toEqual([]);
    at.server.now = {};
    await installRelease(options());
    expect(existsSync(inTarget('bin/ollama'))).toBe(true);
  });

  it('[U54] believes no list that does not name the file, and no size but the one it knows', async () => {
    const whole = await tarOf(linux, 'tar.zst');
    await serve({ [LINUX]: whole });
    at.server.now = { list: `${'0'.repeat(64)}  ./another.tgz\n<html>not found</html>` };
    expect((await failure(options())).message).toMatch(/does not name/);
    at.server.now = {};
    const pin: Pin = { version: '0.32.15', files: { [LINUX]: { sha256: at.server.hashOf(LINUX), bytes: whole.length - 7 } } };
    expect((await failure(options({}, { pin }))).message).toMatch(/size/);
    expect(existsSync(inTarget(''))).toBe(false);
  });

  it('[U56] says before anything is fetched that there is no room', async () => {
    await serve({ [LINUX]: await tarOf(linux, 'tar.zst') });
    const given = options();
    const fault = await failure({ ...given, plan: { ...given.plan, unpackedBytes: 1e18 } });
    expect(fault.message).toMatch(/Ollama needs .* GB on this disk and .* are free; nothing was fetched/);
    expect(at.server.servedBytes()).toBe(0);
  });
});
