/** @file Downloads: one at a time, paused, cut, gone on with, given up, and never twice. */
import { describe, expect, it } from 'vitest';
import { createFakeClock } from '../../../../test/kit/fake-clock.ts';
import {
  createFakeShelf,
  endless,
  type FakeShelf,
  failing,
  MB,
  type PullScript,
  shelfModel,
  starter,
  step,
  whole,
} from '../../../../test/kit/fake-shelf.ts';
import { createFixedSettings } from '../../../../test/kit/fixed-settings.ts';
import { memoryStore } from '../../../../test/kit/memory-store.ts';
import { silentLog } from '../../../../test/kit/silent-log.ts';
import { Fault } from '../../../shared/faults.ts';
import { PULL_MISMATCHES, PULL_REST_MS, PULL_RETRY_MS, PULL_SETTLE_MS, PULL_TRIES } from '../../../shared/model-limits.ts';
import type { Pull } from '../../../shared/models.ts';
import type { Store } from '../ports.ts';
import { createModels, type ModelsPorts } from './models.ts';

/** Real time only bounds how long a failure takes. */
const WAIT = { interval: 1, timeout: 20_000 };
const NAME = 'library/llama3.2:1b';

function open(options: { shelf?: FakeShelf; store?: Store; registry?: ModelsPorts['registry'] } = {}) {
  const shelf = options.shelf ?? createFakeShelf([shelfModel('small:1b')]);
  const clock = createFakeClock();
  const store = options.store ?? memoryStore();
  const told: Pull[][] = [];
  const { registry } = options;
  const models = createModels({
    model: shelf.model,
    store,
    settings: createFixedSettings(),
    clock,
    log: silentLog,
    wanted: 'seed/model:q4',
    registry,
  });
  models.onPulls((pulls) => told.push(pulls));
  const state = (name = NAME) => models.pulls().find(({ model }) => model === name);
  const reaches = (wanted: Pull['state'] | undefined, name = NAME) => expect.poll(() => state(name)?.state, WAIT).toBe(wanted);
  /** Lets time pass until the server was asked so often. */
  const asks = (times: number) =>
    expect
      .poll(() => {
        if (shelf.asked.length < times) clock.advance(1_000);
        return shelf.asked.length;
      }, WAIT)
      .toBe(times);
  return { shelf, clock, store, models, told, state, reaches, asks };
}

const cutAfter = (bytes: number, words: string): PullScript =>
  async function* () {
    yield step('sha256:a', bytes, 100 * MB);
    throw failing(words);
  };

describe('downloads', () => {
  it('[MD2] all layers count together, with speed and time left, and the model is there afterwards', async () => {
    const { shelf, models, clock, reaches, told } = open();
    shelf.pulls = [
      async function* () {
        yield { status: 'pulling manifest', doneBytes: 0 };
        yield step('sha256:a', 10 * MB, 80 * MB);
        clock.advance(900);
        yield step('sha256:a', 40 * MB, 80 * MB);
        clock.advance(900);
        yield step('sha256:a', 80 * MB, 80 * MB);
        yield step('sha256:b', 17 * MB, 20 * MB);
        clock.advance(500);
        yield step('sha256:b', 20 * MB, 20 * MB);
        yield { status: 'verifying sha256 digest', doneBytes: 100 * MB, totalBytes: 100 * MB };
        yield { status: 'success', doneBytes: 100 * MB, totalBytes: 100 * MB };
      },
    ];
    models.pull(NAME);
    await reaches(undefined);
    const seen = told.flat();
    const middle = seen.find(({ doneBytes }) => doneBytes === 40 * MB);
    expect(middle).toMatchObject({ state: 'downloading', totalBytes: 80 * MB, bytesPerSecond: 33_333_333, secondsLeft: 2 });
    expect(seen.at(-1)).toMatchObject({ state: 'done', doneBytes: 100 * MB, totalBytes: 100 * MB });
    await expect.poll(() => models.state().models.map(({ name }) => name), WAIT).toContain(NAME);
  });

  it('[MD2] one at a time: the second waits, and the same one asked for again, in any spelling, is the same', async () => {
    const { shelf, models, reaches, state } = open();
    models.pull(NAME);
    models.pull('LLAMA3.2:1b');
    models.pull('other:7b');
    models.pull('other:7b');
    await reaches('downloading');
    expect(models.pulls().map(({ model }) => model)).toEqual([NAME, 'other:7b']);
    expect(state('other:7b')?.state).toBe('waiting');
    expect(shelf.asked).toEqual([NAME]);
    models.pause(NAME);
    await reaches('downloading', 'other:7b');
    expect(shelf.asked).toEqual([NAME, 'other:7b']);
  });

  it('[MD3] paused keeps what has come and goes on; called off it removes it', async () => {
    const { shelf, models, clock, reaches, state } = open();
    models.pull(NAME);
    await reaches('downloading');
    models.pause(NAME);
    await reaches('paused');
    expect(state()).toMatchObject({ doneBytes: 10 * MB, totalBytes: 100 * MB });
    models.pull(NAME);
    await reaches('downloading');
    expect(shelf.discarded).toEqual([]);
    const gone = models.cancel(NAME);
    await expect.poll(() => clock.timers(), WAIT).toBeGreaterThan(0);
    await expect.poll(() => clock.advance(PULL_SETTLE_MS) ?? shelf.discarded, WAIT).toEqual([['sha256:a']]);
    await gone;
    expect(models.pulls()).toEqual([]);
    expect(() => models.pause(NAME)).toThrow(Fault);
  });

  it('[MD4] what was under way goes on after a restart, with what it had; what was paused waits', async () => {
    const first = open();
    first.models.pull(NAME);
    first.models.pull('other:7b');
    await first.reaches('downloading');
    first.models.pause('other:7b');
    await first.models.close();
    const second = open({ store: first.store });
    expect(second.state()).toMatchObject({ label: 'llama3.2:1b' });
    await second.reaches('downloading');
    expect(second.state('other:7b')?.state).toBe('paused');
    expect(second.shelf.asked).toEqual([NAME]);
  });

  it('[MD4] a record that cannot be read is no download, and nothing else', () => {
    const store = memoryStore();
    for (const text of ['', '{', '[{"model":7}]', 'null']) {
      store.setValue('pulls', text);
      expect(open({ store }).models.pulls()).toEqual([]);
    }
  });

  it('[MD5] a cut is tried again by itself after growing pauses, and what brought something begins them anew', async () => {
    const { shelf, models, clock, reaches, state } = open();
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
    const { shelf, models, reaches, asks, state } = open();
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
    const { shelf, models, clock, reaches, asks } = open();
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
    const { shelf, models, clock, reaches, state } = open();
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
      const { shelf, models, clock } = open();
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
    const before = open({ registry });
    before.shelf.freeBytes = 4_200 * MB;
    before.models.pull(NAME);
    await before.reaches('failed');
    expect(before.state()?.reason).toBe('It needs 4.5 GB on the disk and 4.2 GB are free; what has come is kept, so make room and go on.');
    expect(before.shelf.asked).toEqual([]);
    const later = open();
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
    const { shelf, models, reaches } = open();
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
    const { shelf, models, told } = open({ shelf: createFakeShelf([starter]) });
    await expect.poll(() => models.state().models.length, WAIT).toBe(1);
    await models.importFile('/mine');
    await expect.poll(() => models.pulls().length, WAIT).toBe(0);
    expect(told.flat().at(-1)).toMatchObject({ kind: 'import', state: 'done', model: 'persona/mine:latest', doneBytes: 3 * MB });
    await expect.poll(() => models.state().offer, WAIT).toMatchObject({ kind: 'ready', model: 'persona/mine:latest' });
    shelf.place = 'here';
    await expect(models.importFile('/mine')).rejects.toThrow('not ours to add to');
  });
});
