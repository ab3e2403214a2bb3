/** @file Installing Ollama from a release server of our own: cut, wrong, without room, hostile, called off, and gone on with. */
import { randomBytes } from 'node:crypto';
import { existsSync, lstatSync, mkdirSync, readdirSync, readFileSync, readlinkSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Entry, tarOf, zipOf } from '../../../../test/kit/ollama/archive.ts';
import { openReleaseServer, type ReleaseServer } from '../../../../test/kit/ollama/release-server.ts';
import { createRandom } from '../../../../test/kit/random.ts';
import { temporaryFolder } from '../../../../test/kit/service.ts';
import { silentLog } from '../../../../test/kit/silent-log.ts';
import type { Fault } from '../../../shared/faults.ts';
import type { Clock } from '../../engine/ports.ts';
import { createSystemClock } from '../log/system-clock.ts';
import { createReleaseClient, type ReleaseClient } from './client.ts';
import { type InstallOptions, type InstallStep, installRelease, partOf } from './install.ts';
import { placeAt, readInstalled } from './place.ts';
import { type Pin, planRelease } from './release.ts';
import { createSink } from './sink.ts';

const LINUX = 'ollama-linux-amd64.tar.zst';
const WINDOWS = 'ollama-windows-amd64.zip';
const MAC = 'ollama-darwin.tgz';
const weights = randomBytes(1_500_000);

const linux: Entry[] = [
  { path: './', folder: true },
  { path: './bin/ollama', content: '#!/bin/sh\necho served\n', program: true },
  { path: './lib/ollama/llama-server', content: weights, program: true },
  { path: './lib/ollama/libggml.so.0', content: 'library' },
  { path: './lib/ollama/libggml.so', link: 'libggml.so.0' },
  { path: './lib/ollama/vulkan/libggml-vulkan.so', content: 'vulkan' },
  { path: './lib/ollama/cuda_v13/libggml-cuda.so', content: 'cuda' },
  { path: './lib/ollama/libcudart.so', link: 'cuda_v13/libggml-cuda.so' },
  { path: './lib/ollama/mlx_cuda_v13/libmlx.so', content: 'mlx' },
];
const windows: Entry[] = [
  { path: 'ollama.exe', content: 'MZ server' },
  { path: 'lib/ollama/llama-server.exe', content: weights },
  { path: 'lib/ollama/cuda_v12/ggml-cuda.dll', content: randomBytes(300_000) },
  { path: 'lib/ollama/ggml.dll', content: 'library' },
];
const mac: Entry[] = [
  { path: 'ollama', content: 'server', program: true },
  { path: 'llama-server', content: weights, program: true },
  { path: 'libmlx.dylib', content: 'mlx' },
  { path: 'mlx_metal_v3/mlx.metallib', content: 'mlx' },
];

/** The same with a runner that is quickly packed, for what is refused. */
const light: Entry[] = linux.map((entry) => ('content' in entry && entry.content === weights ? { ...entry, content: 'runner' } : entry));

let folder: ReturnType<typeof temporaryFolder>;
let server: ReleaseServer;
let client: ReleaseClient;
let steps: InstallStep[];

const noPins: Pin = { version: '0.32.15', files: {} };

async function serve(files: Record<string, Buffer>): Promise<void> {
  server = await openReleaseServer(files);
}

function options(
  change: Partial<InstallOptions> = {},
  machine: { platform?: NodeJS.Platform; pin?: Pin; graphics?: ('cuda' | 'rocm')[] } = {},
): InstallOptions {
  const { platform = 'linux', pin = noPins, graphics = [] } = machine;
  const plan = planRelease(pin, { platform, architecture: 'x64', graphics });
  if (!plan) throw new Error('There is no plan for such a machine.');
  return {
    plan: { ...plan, unpackedBytes: 5_000_000 },
    place: placeAt(join(folder.path, 'ollama')),
    base: server.base,
    notices: [{ of: 'Ollama', name: 'MIT', text: 'Permission is hereby granted' }],
    client,
    tries: 3,
    clock: createSystemClock(),
    log: silentLog,
    signal: new AbortController().signal,
    onStep: (step) => void steps.push(step),
    ...change,
  };
}

/** A clock whose pauses are over at once. */
const hasty = (clock: Clock): Clock => ({ ...clock, after: (_ms, action) => clock.after(1, action) });

const failure = (given: InstallOptions, what = 'this'): Promise<Fault> =>
  installRelease(given).then(
    () => Promise.reject(new Error(`It was installed in spite of ${what}.`)),
    (fault: Fault) => fault,
  );
const left = () => readdirSync(folder.path).sort();
const inTarget = (path: string) => join(folder.path, 'ollama', path);

describe('installing Ollama', () => {
  beforeEach(() => {
    folder = temporaryFolder('install');
    client = createReleaseClient({ answerMs: 2_000, silenceMs: 500 });
    steps = [];
  });
  afterEach(async () => {
    await client.close();
    await server.close();
    folder.remove();
  });

  it('[U50] fetches, checks, unpacks the parts that are wanted, adds licences, and leaves nothing else', async () => {
    await serve({ [LINUX]: await tarOf(linux, 'tar.zst') });
    server.now = { redirect: true };
    const installed = await installRelease(options());
    expect(left()).toEqual(['ollama']);
    expect(readdirSync(inTarget(''), { recursive: true }).sort()).toEqual([
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
      files: [{ name: LINUX, sha256: server.hashOf(LINUX), hashFrom: 'release' }],
    });
    expect(readInstalled(placeAt(join(folder.path, 'ollama')), 'linux')).toEqual(installed);
    expect([...new Set(steps.map(({ state }) => state))]).toEqual(['looking', 'downloading', 'checking', 'unpacking']);
  });

  it('[U50] asks for no list where hash and size came with the program, and says so afterwards', async () => {
    const whole = await tarOf(linux, 'tar.zst');
    await serve({ [LINUX]: whole });
    const pin: Pin = { version: '0.32.15', files: { [LINUX]: { sha256: server.hashOf(LINUX), bytes: whole.length, source: 'here' } } };
    expect((await installRelease(options({}, { pin }))).files[0]?.hashFrom).toBe('pinned');
    expect(server.requests).toEqual([{ method: 'GET', file: LINUX, range: undefined }]);
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
      expect(readInstalled(placeAt(join(folder.path, 'ollama')), platform)?.graphics).toEqual(['cuda']);
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

  it('[U52] goes on where it was cut, at many places, and fetches nothing twice', async () => {
    const whole = await tarOf(linux, 'tar.zst');
    await serve({ [LINUX]: whole });
    const random = createRandom(4_711);
    let cuts = 0;
    server.now = {
      pieceBytes: 8_192,
      cutAfter: () => {
        cuts += 1;
        return cuts > 20 ? Number.POSITIVE_INFINITY : random.whole(1, 90_000);
      },
    };
    const given = options();
    // Each try brings something; the first answer may be lost with the connection that was cut.
    await installRelease({ ...given, tries: 20, clock: hasty(given.clock) });
    console.log(`release cut: seed 4711, ${cuts - 1} cuts, ${server.servedBytes()} of ${whole.length} bytes`);
    expect(cuts).toBeGreaterThan(20);
    expect(server.servedBytes()).toBeLessThan(whole.length * 1.1 + 20 * 65_536);
    expect(readFileSync(inTarget('lib/ollama/llama-server')).equals(weights)).toBe(true);
  });

  it('[U53] begins anew where the server knows no rests, or has another file by now', async () => {
    const whole = await tarOf(linux, 'tar.zst');
    await serve({ [LINUX]: whole });
    let asked = 0;
    server.now = { ranges: false, cutAfter: () => (asked++ === 0 ? 500_000 : Number.POSITIVE_INFINITY) };
    await installRelease(options());
    expect(server.requests.filter(({ method }) => method === 'GET').at(-1)?.range).toMatch(/^bytes=\d+-$/);
    expect(readFileSync(inTarget('lib/ollama/llama-server')).equals(weights)).toBe(true);

    const called = new AbortController();
    server.now = { pieceBytes: 65_536, pauseMs: 60 };
    const paused = failure(
      options({ signal: called.signal, onStep: ({ progress }) => (progress?.doneBytes ?? 0) > 300_000 && called.abort() }),
    );
    expect((await paused).code).toBe('cancelled');
    server.now = { etag: '"two"' };
    await installRelease(options());
    expect(readFileSync(inTarget('lib/ollama/llama-server')).equals(weights)).toBe(true);
  });

  it('[U53] gives up where a server begins anew each time and is cut at the same place', async () => {
    await serve({ [LINUX]: await tarOf(linux, 'tar.zst') });
    server.now = { ranges: false, cutAfter: () => 300_000 };
    const given = options();
    expect((await failure({ ...given, clock: hasty(given.clock) })).message).toMatch(/broke off/);
    expect(server.requests.length).toBeLessThan(10);
  });

  it('[U54] removes what is not the file by its hash, and installs nothing; the next try works', async () => {
    const whole = await tarOf(linux, 'tar.zst');
    await serve({ [LINUX]: whole });
    server.now = { content: Buffer.concat([whole.subarray(0, -1), Buffer.from('x')]) };
    const fault = await failure(options());
    expect(fault).toMatchObject({ code: 'download-failed', message: expect.stringMatching(/SHA-256/) });
    expect(existsSync(inTarget(''))).toBe(false);
    expect(left()).toEqual([]);
    server.now = {};
    await installRelease(options());
    expect(existsSync(inTarget('bin/ollama'))).toBe(true);
  });

  it('[U54] believes no list that does not name the file, and no size but the one it knows', async () => {
    const whole = await tarOf(linux, 'tar.zst');
    await serve({ [LINUX]: whole });
    server.now = { list: `${'0'.repeat(64)}  ./another.tgz\n<html>not found</html>` };
    expect((await failure(options())).message).toMatch(/does not name/);
    server.now = {};
    const pin: Pin = { version: '0.32.15', files: { [LINUX]: { sha256: server.hashOf(LINUX), bytes: whole.length - 7 } } };
    expect((await failure(options({}, { pin }))).message).toMatch(/size/);
    expect(existsSync(inTarget(''))).toBe(false);
  });

  it('[U55] says at once where there is no network, no such file or no answer', async () => {
    await serve({});
    expect((await failure(options())).message).toMatch(/does not name/);
    const pin: Pin = { version: '0.32.15', files: { [LINUX]: { sha256: '0'.repeat(64), bytes: 10 } } };
    expect((await failure(options({}, { pin }))).message).toMatch(/does not have this file \(404\)/);
    expect((await failure(options({ base: 'http://127.0.0.1:1' }))).message).toMatch(/cannot be reached; nothing was changed/);
    expect((await failure(options({ base: 'http://does-not-exist.invalid' }))).message).toMatch(/cannot be reached/);
    server.now = { silent: true };
    await client.close();
    client = createReleaseClient({ answerMs: 200, silenceMs: 200 });
    expect((await failure(options({ client }))).message).toMatch(/cannot be reached/);
    expect(left()).toEqual([]);
  });

  it('[U55] waits for a server that is out of order, and for a silence to end', async () => {
    await serve({ [LINUX]: await tarOf(linux, 'tar.zst') });
    const pin: Pin = {
      version: '0.32.15',
      files: { [LINUX]: { sha256: server.hashOf(LINUX), bytes: (await tarOf(linux, 'tar.zst')).length } },
    };
    server.now = { status: 503 };
    const reasons: string[] = [];
    await installRelease(
      options(
        {
          onStep({ reason }) {
            reasons.push(reason);
            if (/tried again/.test(reason)) server.now = {};
          },
        },
        { pin },
      ),
    );
    expect(reasons.some((reason) => /tried again at once, and what came is kept/.test(reason))).toBe(true);
  });

  it('[U56] says before anything is fetched that there is no room', async () => {
    await serve({ [LINUX]: await tarOf(linux, 'tar.zst') });
    const given = options();
    const fault = await failure({ ...given, plan: { ...given.plan, unpackedBytes: 1e18 } });
    expect(fault.message).toMatch(/Ollama needs .* GB on this disk and .* are free; nothing was fetched/);
    expect(server.servedBytes()).toBe(0);
  });

  it('[U57] refuses an archive with a way out of its folder, or with far too much in it, and writes nothing outside', async () => {
    const bad: [string, Entry[]][] = [
      ['up', [{ path: '../outside', content: 'x' }]],
      ['deeper up', [{ path: 'bin/../../outside', content: 'x' }]],
      ['absolute', [{ path: `${folder.path}/outside`, content: 'x' }]],
      ['a drive', [{ path: 'C:/outside', content: 'x' }]],
      ['backslashes', [{ path: '..\\outside', content: 'x' }]],
      ['a link out', [{ path: 'bin/link', link: '../../outside' }]],
      ['an absolute link', [{ path: 'bin/link', link: '/etc/passwd' }]],
      [
        'a file through a link',
        [
          { path: 'way', link: 'bin' },
          { path: 'way/ollama2', content: 'x' },
        ],
      ],
      ['a link over a file', [{ path: 'bin/ollama', link: 'other' }]],
      ['the same twice', [{ path: 'bin/ollama', content: 'x' }]],
      ['a hard link', [{ path: 'bin/hard', hardLink: 'bin/ollama' }]],
      ['a device of Windows', [{ path: 'lib/nul.txt', content: 'x' }]],
      ['a control character', [{ path: 'lib/a\nb', content: 'x' }]],
    ];
    await serve({});
    for (const [name, entries] of bad) {
      await server.close();
      await serve({ [LINUX]: await tarOf([...light, ...entries], 'tar.zst') });
      const fault = await failure(options());
      expect(fault, name).toMatchObject({ code: 'download-failed', message: expect.stringMatching(/nothing was installed/) });
      expect(left(), name).toEqual([]);
    }
  });

  it('[U57] looks where links really lead: a way over two of them is none', async () => {
    const over: Entry[] = [
      { path: 'p/q/top', link: '../..' },
      { path: 'p/q/out', link: 'top/../../../../etc' },
    ];
    await serve({ [LINUX]: await tarOf([...light, ...over], 'tar.zst') });
    await failure(options());
    expect(left()).toEqual([]);
  });

  it('[U57] stops where far more comes than Ollama has, however little it was before', async () => {
    const root = join(folder.path, 'sink');
    mkdirSync(root);
    await serve({});
    const sink = createSink({ root, signal: new AbortController().signal, onBytes() {}, bombBytes: 1_000_000, entries: 5 });
    const endless = async function* () {
      for (;;) yield Buffer.alloc(100_000);
    };
    await expect(sink.file('zeroes', false, endless())).rejects.toThrow(/far more/);
    expect(() => sink.count(2_000_000)).toThrow(/far more/);
    const many = createSink({ root, signal: new AbortController().signal, onBytes() {}, entries: 5 });
    expect(() => Array.from({ length: 6 }).forEach(() => many.count(1))).toThrow(/far more/);
  });

  it('[U57] refuses a zip that lies about what is in it', async () => {
    const honest = zipOf(windows);
    const directory = honest.indexOf(Buffer.from([0x50, 0x4b, 0x01, 0x02]));
    const lies: [string, (zip: Buffer) => void][] = [
      ['a sum', (zip) => zip.writeUInt32LE(1, directory + 16)],
      ['a size', (zip) => zip.writeUInt32LE(3, directory + 24)],
      ['a way of packing', (zip) => zip.writeUInt16LE(12, directory + 10)],
      ['a place', (zip) => zip.writeUInt32LE(5, directory + 42)],
      ['a lock', (zip) => zip.writeUInt16LE(1, directory + 8)],
      ['an end', (zip) => zip.fill(0, zip.length - 22)],
      ['zip64', (zip) => zip.writeUInt32LE(0xffff_ffff, directory + 24)],
    ];
    await serve({});
    for (const [name, lie] of lies) {
      const zip = Buffer.from(honest);
      lie(zip);
      await server.close();
      await serve({ [WINDOWS]: zip });
      expect((await failure(options({}, { platform: 'win32' }))).message, name).toMatch(/nothing was installed/);
      expect(left(), name).toEqual([]);
    }
  });

  it('[U57] says that an archive is broken, or lacks the runner, and keeps what was installed before', async () => {
    await serve({ [LINUX]: await tarOf(linux, 'tar.zst') });
    await installRelease(options());
    const whole = await tarOf(linux, 'tar.zst');
    for (const content of [
      whole.subarray(0, whole.length / 2),
      randomBytes(10_000),
      await tarOf(linux.slice(0, 2), 'tar.zst'),
      Buffer.from(' '),
    ]) {
      await server.close();
      await serve({ [LINUX]: Buffer.from(content) });
      expect((await failure(options())).message).toMatch(/nothing was installed/);
      expect(left()).toEqual(['ollama']);
      expect(existsSync(inTarget('bin/ollama'))).toBe(true);
    }
  });

  it('[U58] keeps what came when it is called off, wherever that happens, and goes on from there', async () => {
    const whole = await tarOf(linux, 'tar.zst');
    await serve({ [LINUX]: whole });
    for (const state of ['looking', 'downloading', 'checking', 'unpacking'] as const) {
      const called = new AbortController();
      server.now = { pieceBytes: 65_536, pauseMs: 60 };
      const onStep = (step: InstallStep) => {
        if (step.state === state && (state !== 'downloading' || (step.progress?.doneBytes ?? 0) > 300_000)) called.abort();
      };
      expect((await failure(options({ signal: called.signal, onStep }), state)).code, state).toBe('cancelled');
      expect(left(), state).toEqual(state === 'looking' ? [] : ['ollama.download']);
    }
    await installRelease(options());
    expect(server.servedBytes()).toBeLessThan(whole.length * 1.3);
  });

  it('[U58] throws away what another start of the machine may not have on its disk', async () => {
    const whole = await tarOf(linux, 'tar.zst');
    await serve({ [LINUX]: whole });
    const given = options();
    mkdirSync(given.place.download, { recursive: true });
    const part = partOf(given.place, '0.32.15', LINUX);
    // As after a loss of power: longer than what was surely written, and empty from there on.
    writeFileSync(part, Buffer.concat([whole.subarray(0, 400_000), Buffer.alloc(600_000)]));
    writeFileSync(`${part}.json`, JSON.stringify({ sha256: server.hashOf(LINUX), bytes: whole.length, syncedBytes: 400_000, bootedAt: 1 }));
    await installRelease(given);
    expect(server.requests.at(-1)?.range).toBe('bytes=400000-');
  });

  it('[U59] is one at a time into a folder; a lock whose holder has gone is none', async () => {
    await serve({ [LINUX]: await tarOf(linux, 'tar.zst') });
    const given = options();
    mkdirSync(given.place.download, { recursive: true });
    writeFileSync(join(given.place.download, 'lock'), `${process.ppid} abc`);
    expect((await failure(given)).message).toMatch(/by another program/);
    writeFileSync(join(given.place.download, 'lock'), '999999999 abc');
    await installRelease(given);
    expect(left()).toEqual(['ollama']);
  });

  it('[U59] clears away what a program that was ended left half done; what was in place comes back', async () => {
    await serve({ [LINUX]: await tarOf(linux, 'tar.zst') });
    const { place } = options();
    mkdirSync(place.fresh);
    writeFileSync(join(place.fresh, 'half'), 'x');
    mkdirSync(place.old);
    writeFileSync(join(place.old, 'before'), 'x');
    expect((await failure(options({ base: 'http://127.0.0.1:1' }))).code).toBe('download-failed');
    expect(left()).toEqual(['ollama']);
    expect(readdirSync(inTarget(''))).toEqual(['before']);
    expect(lstatSync(inTarget('before')).isFile()).toBe(true);
  });
});
