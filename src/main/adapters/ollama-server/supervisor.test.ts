/** @file The life of our own Ollama over fake ports: no process, no waiting. */
import { describe, expect, it } from 'vitest';
import { MINUTE, supervised } from '../../../../test/kit/supervised.ts';

describe('the supervisor of our own Ollama', () => {
  it('[U6] goes from stopped over starting to ready, and says what it is', async () => {
    const { supervisor, ready, seen } = supervised();
    expect(supervisor.status().state).toBe('stopped');
    await ready();
    expect(seen).toEqual(['starting', 'ready']);
    expect(supervisor.status()).toEqual({
      state: 'ready',
      reason: 'Our own Ollama 0.33.0 answers.',
      url: 'http://127.0.0.1:4000',
      version: '0.33.0',
    });
  });

  it('[U6] is absent where there is nothing to start, installing while it comes, and starts once it is there', async () => {
    const { supervisor, world, settle, runs, seen, listening } = supervised();
    world.obstacle = { state: 'absent', reason: 'No Ollama is here.' };
    supervisor.start();
    await settle();
    expect(supervisor.status()).toEqual({ state: 'absent', reason: 'No Ollama is here.' });
    supervisor.installing('Ollama is being fetched.');
    expect(supervisor.status().state).toBe('installing');
    world.obstacle = undefined;
    supervisor.start();
    await settle();
    await listening();
    expect(seen).toEqual(['starting', 'absent', 'installing', 'starting', 'ready']);
    expect(runs).toHaveLength(1);
    supervisor.installing('Too late.');
    expect(supervisor.status().state).toBe('ready');
  });

  it('[U6] is patient for two minutes while it starts, says so after 20 s, and then begins anew', async () => {
    const { supervisor, settle, pass, runs, last } = supervised();
    supervisor.start();
    await settle();
    await pass(19_900);
    expect(supervisor.status().reason).toBe('Our own Ollama is being started.');
    await pass(200);
    expect(supervisor.status()).toMatchObject({ state: 'starting', reason: expect.stringContaining('graphics cards') });
    await pass(99_800);
    expect(last().kills).toBe(0);
    await pass(200);
    expect(runs[0]?.kills).toBe(1);
    expect(supervisor.status().reason).toContain('did not answer within 120 seconds');
    await pass(500);
    expect(runs).toHaveLength(2);
  });

  it('[U6] a server that listens is asked until it answers', async () => {
    const { supervisor, world, ready, pass } = supervised();
    world.answers = false;
    await ready();
    await pass(1_000);
    expect(supervisor.status().state).toBe('starting');
    expect(world.probes).toBeGreaterThan(5);
    world.answers = true;
    await pass(200);
    expect(supervisor.status().state).toBe('ready');
  });

  it('[U7] is started again after 0.5, 1, 2, 4 and 8 seconds where it ran well before', async () => {
    const { supervisor, ready, listening, pass, last, runs, clock } = supervised();
    await ready();
    await pass(11 * MINUTE, 1_000);
    const pauses: number[] = [];
    for (let crash = 0; crash < 5; crash++) {
      const at = clock.now();
      last().events.onEnded('it ended with status 2');
      expect(supervisor.status()).toMatchObject({ state: 'starting', reason: expect.stringContaining('it ended with status 2') });
      await pass(9_000);
      pauses.push(last().at - at);
      await listening();
      expect(supervisor.status().state).toBe('ready');
    }
    expect(pauses).toEqual([500, 1_000, 2_000, 4_000, 8_000]);
    last().events.onEnded('it ended with status 2');
    await pass(MINUTE, 1_000);
    expect(supervisor.status().state).toBe('failed');
    expect(runs).toHaveLength(6);
  });

  it('[U7] in a crash loop it is started exactly five times, then failed in words, until somebody tries again', async () => {
    const { supervisor, settle, pass, last, runs } = supervised();
    supervisor.start();
    await settle();
    for (let crash = 0; crash < 20; crash++) {
      if (supervisor.status().state !== 'failed') last().events.onEnded('it ended with status 1 and said "Error: no room"');
      await pass(10_000, 500);
    }
    expect(runs).toHaveLength(5);
    expect(supervisor.status()).toMatchObject({
      state: 'failed',
      reason:
        'Our own Ollama was started 5 times within 10 minutes and did not stay: it ended with status 1 and said "Error: no room". Everything written is kept; try again, or look at its log.',
    });
    await pass(20 * MINUTE, 10_000);
    expect(runs).toHaveLength(5);
    supervisor.start();
    await settle();
    expect(runs).toHaveLength(6);
    expect(supervisor.status().state).toBe('starting');
  });

  it('[U7] ten healthy minutes forget what was before', async () => {
    const { supervisor, ready, listening, pass, last, runs, clock } = supervised();
    await ready();
    const firstPauses: number[] = [];
    for (let round = 0; round < 3; round++) {
      for (let crash = 0; crash < 4; crash++) {
        const at = clock.now();
        last().events.onEnded('it ended with status 2');
        await pass(9_000);
        if (crash === 0) firstPauses.push(last().at - at);
        await listening();
      }
      await pass(10 * MINUTE + 6_000, 1_000);
    }
    expect(supervisor.status().state).toBe('ready');
    expect(runs).toHaveLength(13);
    expect(firstPauses).toEqual([500, 500, 500]);
  });

  it('[U10] stays stopped when it was stopped, in every state, and starts again only after the old one has gone', async () => {
    for (const moment of ['starting', 'ready', 'pause'] as const) {
      const { supervisor, settle, ready, last, pass, runs, world, seen } = supervised();
      if (moment === 'starting') supervisor.start();
      else await ready();
      await settle();
      if (moment === 'pause') last().events.onEnded('it ended with status 2');
      const stopped = supervisor.stop();
      supervisor.start();
      expect(seen.at(-1)).toBe('starting');
      const again = supervisor.stop();
      await pass(MINUTE, 1_000);
      expect(runs, moment).toHaveLength(1);
      expect(supervisor.status().state).toBe('stopped');
      expect(last().stops).toBe(moment === 'pause' ? 0 : 1);
      supervisor.start();
      await settle();
      const { prepared } = world;
      last().gone.resolve();
      await settle();
      if (moment !== 'pause') expect(world.prepared).toBe(prepared + 1);
      expect(runs).toHaveLength(2);
      await Promise.all([stopped, again]);
    }
  });
});
