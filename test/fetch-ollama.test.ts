/** @file `npm run fetch-ollama` as a process: gone on with after every kind of end, one sentence and an exit code where it cannot be had. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { entriesOf, tarOf } from './kit/ollama/archive.ts';
import { putRelease } from './kit/ollama/release.ts';
import { openReleaseServer, type ReleaseServer } from './kit/ollama/release-server.ts';
import { createRandom } from './kit/random.ts';
import { temporaryFolder } from './kit/service.ts';

const programs = {
  fetch: resolve(import.meta.dirname, '../scripts/fetch-ollama.ts'),
  pin: resolve(import.meta.dirname, '../scripts/pin-ollama.ts'),
};
const NAME = 'ollama-linux-amd64.tar.zst';
const KILLS = process.env['TEST_LONG'] ? 60 : 6;
const SEED = 20_261_126;
const random = createRandom(SEED);

/** Bytes that cannot be packed, so that the archive is as large as what it holds. */
function bulk(bytes: number): Buffer {
  const made = Buffer.alloc(bytes);
  for (let at = 0; at < bytes; at += 4) made.writeUInt32LE(random.whole(0, 0xffff_ffff), at);
  return made;
}

let folder: ReturnType<typeof temporaryFolder>;
let server: ReleaseServer;
let archive: Buffer;

function start(program: string, ...words: string[]) {
  const { PATH = '', HOME = '' } = process.env;
  const child = spawn(process.execPath, [program, ...words], {
    env: { PATH, HOME, OLLAMA_RELEASE_URL: server.base },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const over = Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, 'close') as Promise<[number | null, NodeJS.Signals | null]>,
  ]);
  return { child, over: over.then(([out, errors, [code, signal]]) => ({ out, errors, code, signal })) };
}

const fetchOllama = (...more: string[]) =>
  start(
    programs.fetch,
    '--to',
    join(folder.path, 'ollama'),
    '--platform',
    'linux',
    '--arch',
    'x64',
    '--pins',
    join(folder.path, 'pins.json'),
    ...more,
  );
const left = () =>
  readdirSync(folder.path)
    .filter((name) => name.startsWith('ollama'))
    .sort();

describe('npm run fetch-ollama', { timeout: KILLS * 20_000 }, () => {
  beforeEach(async () => {
    folder = temporaryFolder('fetch-ollama');
    putRelease(join(folder.path, 'release'));
    archive = await tarOf(
      [...entriesOf(join(folder.path, 'release')), { path: 'lib/ollama/libbulk.so', content: bulk(6_000_000) }],
      'tar.zst',
    );
    server = await openReleaseServer({ [NAME]: archive });
    writeFileSync(join(folder.path, 'pins.json'), JSON.stringify({ version: '0.33.0', files: {} }));
  });
  afterEach(async () => {
    await server.close();
    folder.remove();
  });

  it('[U60] installs what can be started, says where, and does nothing the second time', async () => {
    const first = await fetchOllama().over;
    expect(first).toMatchObject({ code: 0, errors: '' });
    expect(first.out).toMatch(/the release’s own sha256sum.txt is used[\s\S]*Ollama 0.33.0 is installed in /);
    expect(left()).toEqual(['ollama']);
    expect(statSync(join(folder.path, 'ollama', 'bin', 'ollama')).mode & 0o111).not.toBe(0);
    const version = await start(
      '-e',
      "process.stdout.write(require('child_process').execFileSync(process.argv[1], ['--version']))",
      join(folder.path, 'ollama/bin/ollama'),
    ).over;
    expect(version.out).toMatch(/version is 0\.33\.0/);
    const asked = server.requests.length;
    expect((await fetchOllama().over).out).toMatch(/installed already/);
    expect(server.requests.length).toBe(asked);
  });

  it('[U61] goes on after kill -9 at any moment, of the download and of the unpacking, and is never half installed', async () => {
    server.now = { pieceBytes: 65_536, pauseMs: 4 };
    let killed = 0;
    for (let round = 0; round < KILLS; round += 1) {
      const { child, over } = fetchOllama();
      const wait = round % 3 === 2 ? /unpacked|compared/ : new RegExp(`${random.whole(1, 9)}\\d %|looked up`);
      child.stdout.on('data', (piece: Buffer) => {
        if (wait.test(String(piece))) child.kill('SIGKILL');
      });
      if ((await over).signal === 'SIGKILL') killed += 1;
      const isThere = existsSync(join(folder.path, 'ollama'));
      if (isThere) expect(existsSync(join(folder.path, 'ollama', 'installed.json'))).toBe(true);
    }
    server.now = {};
    expect((await fetchOllama('--again').over).code).toBe(0);
    expect(left()).toEqual(['ollama']);
    console.log(`fetch killed: seed ${SEED}, ${killed} of ${KILLS} rounds, ${server.servedBytes()} of ${archive.length} bytes`);
    expect(killed).toBeGreaterThan(KILLS / 3);
    expect(readFileSync(join(folder.path, 'ollama/lib/ollama/libbulk.so')).length).toBe(6_000_000);
  });

  it('[U62] Ctrl+C keeps what came, says so, and the next time it goes on', async () => {
    server.now = { pieceBytes: 65_536, pauseMs: 10 };
    const { child, over } = fetchOllama();
    child.stdout.on('data', (piece: Buffer) => {
      if (/[3-9]\d %/.test(String(piece))) child.kill('SIGINT');
    });
    expect(await over).toMatchObject({ code: 130, errors: expect.stringMatching(/what has come is kept/) });
    server.now = {};
    expect((await fetchOllama().over).code).toBe(0);
    expect(server.requests.at(-1)?.range).toMatch(/^bytes=[1-9]\d+-$/);
  });

  it('[U63] one sentence and exit code 1 where there is no network or it is not the file; 2 where nothing like this exists; nothing is left', async () => {
    const offline = await fetchOllama('--from', 'http://127.0.0.1:1').over;
    expect(offline).toMatchObject({
      code: 1,
      errors: expect.stringMatching(/^Ollama’s release server cannot be reached; nothing was changed[^\n]*\n$/),
    });
    server.now = { content: Buffer.alloc(archive.length) };
    expect(await fetchOllama().over).toMatchObject({ code: 1, errors: expect.stringMatching(/^What came is not the file[^\n]*\n$/) });
    for (const words of [['--arch', 'mips'], ['--arch', 'arm64', '--rocm'], ['--nonsense']])
      expect((await fetchOllama(...words).over).code).toBe(2);
    expect(left()).toEqual([]);
  });

  it('[U64] npm run pin-ollama writes what the release says, names it beside each, and never over another hash', async () => {
    const target = join(folder.path, 'pinned.json');
    const first = await start(programs.pin, '--version', '0.99.0', '--to', target).over;
    expect(first).toMatchObject({ code: 1, errors: expect.stringMatching(/does not name/) });
    await server.close();
    const names = Object.keys(
      (JSON.parse(readFileSync(resolve(import.meta.dirname, '../resources/ollama-release.json'), 'utf8')) as { files: object }).files,
    );
    server = await openReleaseServer(Object.fromEntries(names.map((name) => [name, Buffer.from(name)])));
    expect(await start(programs.pin, '--version', '0.99.0', '--to', target).over).toMatchObject({ code: 0, errors: '' });
    const written = JSON.parse(readFileSync(target, 'utf8')) as {
      files: Record<string, { sha256: string; bytes: number; source: string }>;
    };
    expect(written.files[NAME]).toEqual({
      sha256: server.hashOf(NAME),
      bytes: NAME.length,
      source: `${server.base}/v0.99.0/sha256sum.txt`,
    });
    expect(await start(programs.pin, '--to', target).over).toMatchObject({
      code: 1,
      errors: expect.stringMatching(/was pinned, the release now says/),
    });
  });
});
