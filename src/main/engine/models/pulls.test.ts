/** @file Downloads: one at a time, told as a whole, paused, called off, and gone on with after a restart. */
import { describe, expect, it } from 'vitest';
import { createFakeShelf, MB, shelfModel, step } from '../../../../test/kit/fake-shelf.ts';
import { memoryStore } from '../../../../test/kit/memory-store.ts';
import { NAME, openPulls, WAIT } from '../../../../test/kit/open-pulls.ts';
import { Fault } from '../../../shared/faults.ts';
import { PULL_LET_GO_MS, PULL_REST_MS, PULL_SETTLE_MS } from '../../../shared/model-limits.ts';
import type { Pull } from '../../../shared/models.ts';

describe('downloads', () => {
  it('[MD2] all layers count together, with speed and time left, and the model is there afterwards', async () => {
    const { shelf, models, clock, told } = openPulls();
    const middle: Pull[] = [];
    shelf.pulls = [
      async function* () {
        yield { status: 'pulling manifest', doneBytes: 0 };
        yield step('sha256:a', 10 * MB, 80 * MB);
        clock.advance(900);
        yield step('sha256:a', 40 * MB, 80 * MB);
      },
      async function* () {
        middle.push(...models.pulls());
        yield step('sha256:a', 80 * MB, 80 * MB);
        yield step('sha256:b', 20 * MB, 20 * MB);
        yield { status: 'verifying sha256 digest', doneBytes: 100 * MB, totalBytes: 100 * MB };
        yield { status: 'success', doneBytes: 100 * MB, totalBytes: 100 * MB };
      },
    ];
    models.pull(NAME);
    await expect.poll(() => clock.advance(PULL_SETTLE_MS) ?? models.pulls().length, WAIT).toBe(0);
    const seen = told.flat();
    expect(middle[0]).toMatchObject({
      doneBytes: 40 * MB,
      state: 'downloading',
      totalBytes: 80 * MB,
      bytesPerSecond: 33_333_333,
      secondsLeft: 2,
    });
    expect(seen.at(-1)).toMatchObject({ state: 'done', doneBytes: 100 * MB, totalBytes: 100 * MB });
    await expect.poll(() => models.state().models.map(({ name }) => name), WAIT).toContain(NAME);
  });

  it('[MD2] a rest is no news: it is still being downloaded, as fast as before, and what comes twice is counted once', async () => {
    const { shelf, models, clock, told } = openPulls();
    const middle: Pull[] = [];
    shelf.pulls = [
      async function* () {
        yield { status: 'pulling manifest', doneBytes: 0 };
        yield step('sha256:a', 10 * MB, 100 * MB);
        clock.advance(1_000);
        yield step('sha256:a', 20 * MB, 100 * MB);
      },
      async function* () {
        yield { status: 'pulling manifest', doneBytes: 0 };
        yield step('sha256:a', 18 * MB, 100 * MB);
        middle.push(...models.pulls());
        // Sooner than the next rest.
        clock.advance(PULL_REST_MS - 100);
        yield step('sha256:a', 22 * MB, 100 * MB);
        middle.push(...models.pulls());
        yield { status: 'success', doneBytes: 100 * MB, totalBytes: 100 * MB };
      },
    ];
    models.pull(NAME);
    await expect.poll(() => clock.advance(PULL_SETTLE_MS) ?? models.pulls().length, WAIT).toBe(0);
    expect(middle).toMatchObject([
      { state: 'downloading', doneBytes: 18 * MB },
      { state: 'downloading', doneBytes: 22 * MB },
    ]);
    for (const { bytesPerSecond } of middle) expect(bytesPerSecond).toSatisfy((speed) => speed > 8 * MB && speed <= 10 * MB);
    const states = told.flat().map(({ state }) => state);
    expect(states.lastIndexOf('looking')).toBeLessThan(states.indexOf('downloading'));
  });

  it('[MD2] one at a time: the second waits, and the same one asked for again, in any spelling, is the same', async () => {
    const { shelf, models, reaches, state } = openPulls();
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
    const { shelf, models, clock, reaches, state } = openPulls();
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
    await expect.poll(() => clock.advance(PULL_LET_GO_MS) ?? shelf.discarded, WAIT).toEqual([['sha256:a']]);
    await gone;
    expect(models.pulls()).toEqual([]);
    expect(() => models.pause(NAME)).toThrow(Fault);
  });

  it('[MD4] what was under way goes on after a restart, with what it had; what was paused waits', async () => {
    const first = openPulls();
    first.models.pull(NAME);
    first.models.pull('other:7b');
    await first.reaches('downloading');
    first.models.pause('other:7b');
    await first.models.close();
    const second = openPulls({ store: first.store });
    expect(second.state()).toMatchObject({ label: 'llama3.2:1b' });
    await second.reaches('downloading');
    expect(second.state('other:7b')?.state).toBe('paused');
    expect(second.shelf.asked).toEqual([NAME]);
  });

  it('[MD4] without a server that keeps models it waits, and goes on when there is one', async () => {
    const first = openPulls();
    first.models.pull(NAME);
    await first.reaches('downloading');
    await first.models.close();
    const shelf = createFakeShelf([shelfModel('small:1b')]);
    const { shelf: kept } = shelf.model;
    delete shelf.model.shelf;
    const second = openPulls({ store: first.store, shelf });
    expect(second.state()?.state).toBe('waiting');
    Object.assign(shelf.model, { shelf: kept });
    shelf.model.setStatus({ state: 'ready', model: 'small:1b', reason: 'Ollama is installed.' });
    await second.reaches('downloading');
  });

  it('[MD4] a record that cannot be read is no download, and nothing else', () => {
    const store = memoryStore();
    for (const text of ['', '{', '[{"model":7}]', 'null']) {
      store.setValue('pulls', text);
      expect(openPulls({ store }).models.pulls()).toEqual([]);
    }
  });
});
