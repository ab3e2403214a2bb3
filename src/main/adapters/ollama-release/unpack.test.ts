/** @file Archives that nobody should make: ways out, links, bombs, lies and halves. */
import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type Entry, tarOf, zipOf } from '../../../../test/kit/ollama/archive.ts';
import { failure, installTry, LINUX, light, linux, WINDOWS, windows } from '../../../../test/kit/ollama/install-try.ts';
import { installRelease } from './install.ts';
import { createSink } from './sink.ts';

describe('unpacking Ollama', () => {
  const { at, serve, options, left, inTarget } = installTry();

  it('[U57] refuses an archive with a way out of its folder, or with far too much in it, and writes nothing outside', async () => {
    const bad: [string, Entry[]][] = [
      ['up', [{ path: '../outside', content: 'x' }]],
      ['deeper up', [{ path: 'bin/../../outside', content: 'x' }]],
      ['absolute', [{ path: `${at.folder.path}/outside`, content: 'x' }]],
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
    const root = join(at.folder.path, 'sink');
    mkdirSync(root);
    await serve({});
    const sink = createSink({ root, signal: new AbortController().signal, onBytes() {}, bombBytes: 1_000_000, entries: 5 });
    const endless = async function* () {
      for (;;) yield Buffer.alloc(100_000);
    };
    await expect(sink.file('zeroes', false, endless())).rejects.toThrow(/far more/);
    expect(() => sink.count(2_000_000)).toThrow(/far more/);
    const many = createSink({ root, signal: new AbortController().signal, onBytes() {}, entries: 5 });
    for (let entry = 0; entry < 5; entry += 1) many.count(1);
    expect(() => many.count(1)).toThrow(/far more/);
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
      await serve({ [LINUX]: Buffer.from(content) });
      expect((await failure(options())).message).toMatch(/nothing was installed/);
      expect(left()).toEqual(['ollama']);
      expect(existsSync(inTarget('bin/ollama'))).toBe(true);
    }
  });
});
