/** @file Downloads that are cut, damaged or refused, and files of the person's in their place. */
import { describe, expect, it } from 'vitest';
import { createFakeShelf, endless, failing, MB, type PullScript, starter, step, whole } from '../../../../test/kit/fake-shelf.ts';
import { NAME, openPulls, WAIT } from '../../../../test/kit/open-pulls.ts';
import { PULL_MISMATCHES, PULL_REST_MS, PULL_RETRY_MS, PULL_SETTLE_MS, PULL_TRIES } from '../../../shared/model-limits.ts';

const cutAfter = (bytes: number, words: string): PullScript =>
  async function* () {
    yield step('sha256:a', bytes, 100 * MB);
    throw failing(words);
  };

describe('downloads that fail', () => {
  it('[MD5] a cut is tried again by itself after growing pauses, and what brought something begins them anew', async () => {
    const { shelf, models, clock, reaches, state } = openPulls();
    const at: number[] = [];
    let done = 10 * MB;
    shelf.pulls = [
      async function* () {
        at.push(clock.now());
        if (at.length === 4) done = 20 * MB;
        yield step('sha256:a', done, 100 * MB);
        throw failing('max retries exceeded: unexpected EOF');
      },
    ];
    models.pull(NAME);
    await reaches('resting');
    expect(state()?.fault?.code).toBe('download-failed');
    for (let next = 1; next < 6; next++) {
      await expect.poll(() => clock.advance(250) ?? at.length, WAIT).toBe(next + 1);
      await reaches('resting');
    }
    const pauses = at.slice(1).map((when, index) => Math.floor((when - (at[index] ?? 0)) / 1_000) * 1_000);
    expect(pauses).toEqual([PULL_RETRY_MS[0], PULL_RETRY_MS[1], PULL_RETRY_MS[2], PULL_RETRY_MS[0], PULL_RETRY_MS[1]]);
  });

  it('[MD5] after many tries that brought nothing it waits for a person, who can go on with it', async () => {
    const { shelf, models, reaches, asks, state } = openPulls();
    shelf.pulls = [
      async function* () {
        yield* [];
        throw failing('Get "https://x": dial tcp: lookup x: no such host');
      },
    ];
    models.pull(NAME);
    await asks(PULL_TRIES + 1);
    await reaches('failed');
    expect(state()?.fault?.retryable).toBe(true);
    shelf.pulls = [whole(100 * MB)];
    models.pull(NAME);
    await reaches(undefined);
  });

  it('[MD6] it comes to rest after each share, so that the server writes down how far it is, and never near the end', async () => {
    const { shelf, models, clock, reaches, asks } = openPulls();
    let done = 0;
    const rests: number[] = [];
    shelf.pulls = [
      async function* (_name, signal) {
        if (done > 0) rests.push(done);
        for (; done < 100 * MB; done += MB) {
          if (signal.aborted) return;
          clock.advance(PULL_REST_MS / 2);
          yield step('sha256:a', done, 100 * MB);
        }
        yield { status: 'success', doneBytes: done, totalBytes: done };
      },
    ];
    models.pull(NAME);
    await asks(20);
    await expect.poll(() => clock.advance(PULL_SETTLE_MS) ?? models.pulls().length, WAIT).toBe(0);
    const steps = rests.map((at, index) => at - (rests[index - 1] ?? 0));
    expect(rests.length).toBeGreaterThanOrEqual(19);
    expect(Math.max(...steps)).toBeLessThanOrEqual(5 * MB);
    expect(rests.at(-1)).toBeLessThan(97 * MB);
    await reaches(undefined);
  });

  it('[MD7] a damaged layer is fetched again, twice at most', async () => {
    const { shelf, models, clock, reaches, state } = openPulls();
    shelf.pulls = [cutAfter(100 * MB, 'digest mismatch, file must be downloaded again: want sha256:a, got sha256:b')];
    models.pull(NAME);
    await expect.poll(() => clock.advance(PULL_SETTLE_MS) ?? state()?.state, WAIT).toBe('failed');
    expect(shelf.asked).toHaveLength(PULL_MISMATCHES + 1);
    shelf.pulls = [cutAfter(100 * MB, 'digest mismatch, file must be downloaded again: want x, got y'), whole(100 * MB)];
    models.pull(NAME);
    await expect.poll(() => clock.advance(PULL_SETTLE_MS) ?? models.pulls().length, WAIT).toBe(0);
    await reaches(undefined);
  });

  it.each(['EOF', 'unexpected end of JSON input', "invalid character '\\x00' looking for beginning of value"])(
    '[MD7] notes that the server cannot read (%s) are mended, once',
    async (words) => {
      const { shelf, models, clock } = openPulls();
      shelf.pulls = [
        async function* () {
          yield { status: 'pulling manifest', doneBytes: 0 };
          throw failing(words);
        },
        whole(10 * MB),
      ];
      models.pull(NAME);
      await expect.poll(() => clock.advance(PULL_SETTLE_MS) ?? models.pulls().length, WAIT).toBe(0);
      expect(shelf.mended).toBe(1);
      expect(shelf.asked).toHaveLength(2);
    },
  );

  it('[MD8] no room on the disk is said before anything is fetched where the size is known, else as soon as it is', async () => {
    const registry = { lookUp: async () => ({ found: NAME, bytes: 4_000 * MB, layers: [], licences: [] }) };
    const before = openPulls({ registry });
    before.shelf.freeBytes = 4_200 * MB;
    before.models.pull(NAME);
    await before.reaches('failed');
    expect(before.state()?.reason).toBe('It needs 4.5 GB on the disk and 4.2 GB are free; what has come is kept, so make room and go on.');
    expect(before.shelf.asked).toEqual([]);
    const later = openPulls();
    later.shelf.freeBytes = 300 * MB;
    later.shelf.pulls = [endless];
    later.models.pull(NAME);
    await later.reaches('failed');
    expect(later.state()?.fault?.code).toBe('download-failed');
  });

  it.each([
    ['pull model manifest: file does not exist', 'model-missing'],
    ['write /x: no space left on device', 'download-failed'],
    ['pull model manifest: 403: forbidden', 'download-failed'],
  ] as const)('[MD8] what no repetition helps against (%s) waits for a person at once', async (words, code) => {
    const { shelf, models, reaches } = openPulls();
    shelf.pulls = [
      async function* () {
        yield { status: 'pulling manifest', doneBytes: 0 };
        throw failing(words, code);
      },
    ];
    models.pull(NAME);
    await reaches('failed');
    expect(shelf.asked).toHaveLength(1);
  });

  it('[MD9] a file of the person’s is read, laid in, and offered; in a server that is not ours it is refused', async () => {
    const { shelf, models, told } = openPulls({ shelf: createFakeShelf([starter]) });
    await expect.poll(() => models.state().models.length, WAIT).toBe(1);
    await models.importFile('/mine');
    await expect.poll(() => models.pulls().length, WAIT).toBe(0);
    expect(told.flat().at(-1)).toMatchObject({ kind: 'import', state: 'done', model: 'persona/mine:latest', doneBytes: 3 * MB });
    await expect.poll(() => models.state().offer, WAIT).toMatchObject({ kind: 'ready', model: 'persona/mine:latest' });
    shelf.place = 'here';
    await expect(models.importFile('/mine')).rejects.toThrow('not ours to add to');
  });
});
