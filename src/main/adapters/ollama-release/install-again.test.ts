/** @file An installation that is cut, called off, ended or in another's way, and gone on with. */
import { lstatSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { tarOf } from '../../../../test/kit/ollama/archive.ts';
import { failure, hasty, installTry, LINUX, linux, weights } from '../../../../test/kit/ollama/install-try.ts';
import { createRandom } from '../../../../test/kit/random.ts';
import { createReleaseClient } from './client.ts';
import { type InstallStep, installRelease, partOf } from './install.ts';
import type { Pin } from './release.ts';

describe('installing Ollama once more', () => {
  const { at, serve, options, left, inTarget } = installTry();

  it('[U52] goes on where it was cut, at many places, and fetches nothing twice', async () => {
    const whole = await tarOf(linux, 'tar.zst');
    await serve({ [LINUX]: whole });
    const random = createRandom(4_711);
    let cuts = 0;
    at.server.now = {
      pieceBytes: 8_192,
      cutAfter: () => {
        cuts += 1;
        return cuts > 20 ? Number.POSITIVE_INFINITY : random.whole(1, 90_000);
      },
    };
    const given = options();
    // Each try brings something; the first answer may be lost with the connection that was cut.
    await installRelease({ ...given, tries: 20, clock: hasty(given.clock) });
    console.log(`release cut: seed 4711, ${cuts - 1} cuts, ${at.server.servedBytes()} of ${whole.length} bytes`);
    expect(cuts).toBeGreaterThan(20);
    expect(at.server.servedBytes()).toBeLessThan(whole.length * 1.1 + 20 * 65_536);
    expect(readFileSync(inTarget('lib/ollama/llama-server')).equals(weights)).toBe(true);
  });

  it('[U53] begins anew where the server knows no rests, or has another file by now', async () => {
    const whole = await tarOf(linux, 'tar.zst');
    await serve({ [LINUX]: whole });
    let asked = 0;
    at.server.now = { ranges: false, cutAfter: () => (asked++ === 0 ? 500_000 : Number.POSITIVE_INFINITY) };
    await installRelease(options());
    expect(at.server.requests.filter(({ method }) => method === 'GET').at(-1)?.range).toMatch(/^bytes=\d+-$/);
    expect(readFileSync(inTarget('lib/ollama/llama-server')).equals(weights)).toBe(true);

    const called = new AbortController();
    at.server.now = { pieceBytes: 65_536, pauseMs: 60 };
    const paused = failure(
      options({ signal: called.signal, onStep: ({ progress }) => (progress?.doneBytes ?? 0) > 300_000 && called.abort() }),
    );
    expect((await paused).code).toBe('cancelled');
    at.server.now = { etag: '"two"' };
    await installRelease(options());
    expect(readFileSync(inTarget('lib/ollama/llama-server')).equals(weights)).toBe(true);
  });

  it('[U53] gives up where a server begins anew each time and is cut at the same place', async () => {
    await serve({ [LINUX]: await tarOf(linux, 'tar.zst') });
    at.server.now = { ranges: false, cutAfter: () => 300_000 };
    const given = options();
    expect((await failure({ ...given, clock: hasty(given.clock) })).message).toMatch(/broke off/);
    // Each time some more of the same bytes may come before the cut; what counts is that it ends.
    expect(at.server.requests.length).toBeLessThan(30);
  });

  it('[U55] says at once where there is no network, no such file or no answer', async () => {
    await serve({});
    expect((await failure(options())).message).toMatch(/does not name/);
    const pin: Pin = { version: '0.32.15', files: { [LINUX]: { sha256: '0'.repeat(64), bytes: 10 } } };
    expect((await failure(options({}, { pin }))).message).toMatch(/does not have this file \(404\)/);
    expect((await failure(options({ base: 'http://127.0.0.1:1' }))).message).toMatch(/cannot be reached; nothing was changed/);
    expect((await failure(options({ base: 'http://does-not-exist.invalid' }))).message).toMatch(/cannot be reached/);
    at.server.now = { silent: true };
    await at.client.close();
    at.client = createReleaseClient({ answerMs: 200, silenceMs: 200 });
    expect((await failure(options({ client: at.client }))).message).toMatch(/cannot be reached/);
    expect(left()).toEqual([]);
  });

  it('[U55] waits for a server that is out of order, and for a silence to end', async () => {
    const whole = await tarOf(linux, 'tar.zst');
    await serve({ [LINUX]: whole });
    const pin: Pin = { version: '0.32.15', files: { [LINUX]: { sha256: at.server.hashOf(LINUX), bytes: whole.length } } };
    at.server.now = { status: 503 };
    const reasons: string[] = [];
    await installRelease(
      options(
        {
          onStep({ reason }) {
            reasons.push(reason);
            if (/tried again/.test(reason)) at.server.now = {};
          },
        },
        { pin },
      ),
    );
    expect(reasons.some((reason) => /tried again at once, and what came is kept/.test(reason))).toBe(true);
  });

  it('[U58] keeps what came when it is called off, wherever that happens, and goes on from there', async () => {
    const whole = await tarOf(linux, 'tar.zst');
    await serve({ [LINUX]: whole });
    for (const state of ['looking', 'downloading', 'checking', 'unpacking'] as const) {
      const called = new AbortController();
      at.server.now = { pieceBytes: 65_536, pauseMs: 60 };
      const onStep = (step: InstallStep) => {
        if (step.state === state && (state !== 'downloading' || (step.progress?.doneBytes ?? 0) > 300_000)) called.abort();
      };
      expect((await failure(options({ signal: called.signal, onStep }), state)).code, state).toBe('cancelled');
      expect(left(), state).toEqual(state === 'looking' ? [] : ['ollama.download']);
    }
    await installRelease(options());
    expect(at.server.servedBytes()).toBeLessThan(whole.length * 1.3);
  });

  it('[U58] throws away what another start of the machine may not have on its disk', async () => {
    const whole = await tarOf(linux, 'tar.zst');
    await serve({ [LINUX]: whole });
    const given = options();
    mkdirSync(given.place.download, { recursive: true });
    const part = partOf(given.place, '0.32.15', LINUX);
    // As after a loss of power: longer than what was surely written, and empty from there on.
    writeFileSync(part, Buffer.concat([whole.subarray(0, 400_000), Buffer.alloc(600_000)]));
    writeFileSync(
      `${part}.json`,
      JSON.stringify({ sha256: at.server.hashOf(LINUX), bytes: whole.length, syncedBytes: 400_000, bootedAt: 1 }),
    );
    await installRelease(given);
    expect(at.server.requests.at(-1)?.range).toBe('bytes=400000-');
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
