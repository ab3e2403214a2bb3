/** @file When silence of our own Ollama is an alarm, and when the machine has only slept. */
import { describe, expect, it } from 'vitest';
import { MINUTE, supervised } from '../../../../test/kit/supervised.ts';

describe('the watch over our own Ollama', () => {
  it('[U8] one missed answer is nothing; silence is remarked on after 6 s and ended after 11 s', async () => {
    const { supervisor, world, ready, pass, runs } = supervised();
    await ready();
    world.answers = false;
    await pass(5_500);
    expect(supervisor.status().state).toBe('ready');
    world.answers = true;
    await pass(2_000);
    expect(supervisor.status().state).toBe('ready');
    world.answers = false;
    await pass(8_000);
    expect(supervisor.status()).toMatchObject({ state: 'degraded', url: 'http://127.0.0.1:4000' });
    expect(runs[0]?.kills).toBe(0);
    await pass(6_000);
    expect(runs[0]?.kills).toBe(1);
    expect(supervisor.status().state).toBe('starting');
    await pass(1_000);
    expect(runs).toHaveLength(2);
  });

  it('[U8] who is heard is not silent, and a server that answers again is ready again', async () => {
    const { supervisor, world, ready, pass, runs } = supervised();
    await ready();
    world.answers = false;
    for (let second = 0; second < 60; second++) {
      supervisor.heard();
      await pass(1_000);
    }
    expect(supervisor.status().state).toBe('ready');
    await pass(8_000);
    expect(supervisor.status().state).toBe('degraded');
    world.answers = true;
    await pass(1_500);
    expect(supervisor.status().state).toBe('ready');
    expect(runs).toHaveLength(1);
  });

  it('[U8] waking from sleep is no alarm: 20 sleeps between and during questions, and clocks set back', async () => {
    const { supervisor, world, ready, pass, runs, clock, pending, settle, seen } = supervised();
    await ready();
    for (let sleep = 0; sleep < 20; sleep++) {
      world.answers = sleep % 2 === 0 ? 'never' : true;
      await pass(5_100);
      // The machine sleeps: time goes by at once, and what was waited for has come to nothing.
      clock.jump(sleep % 3 === 2 ? -8 * 60 * MINUTE : (sleep + 1) * 60 * MINUTE);
      clock.advance(0);
      await settle();
      for (const resolve of pending.splice(0)) resolve();
      await settle();
      world.answers = true;
      await pass(2_000);
    }
    expect(supervisor.status().state).toBe('ready');
    expect(seen).toEqual(['starting', 'ready']);
    expect(runs).toHaveLength(1);
  });

  it('[U8] a machine that sleeps while it starts gives it the whole time once more', async () => {
    const { supervisor, settle, pass, runs, clock } = supervised();
    supervisor.start();
    await settle();
    clock.jump(8 * 60 * MINUTE);
    clock.advance(0);
    await settle();
    expect(runs[0]?.kills).toBe(0);
    await pass(119_000, 1_000);
    expect(runs[0]?.kills).toBe(0);
    await pass(2_000);
    expect(runs[0]?.kills).toBe(1);
  });

  it('[U8] a flaw of a server that answers is told, and gone when it is', async () => {
    const { supervisor, world, ready, pass } = supervised();
    await ready();
    world.flaw = 'Our own Ollama has lost its runner.';
    await pass(5_100);
    expect(supervisor.status()).toMatchObject({ state: 'degraded', reason: 'Our own Ollama has lost its runner.' });
    world.flaw = undefined;
    await pass(5_100);
    expect(supervisor.status().state).toBe('ready');
  });
});
