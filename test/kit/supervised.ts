/** @file Ports of a supervisor that a test plays by hand: a clock, runs that are only said to be, and answers. */
import { expect } from 'vitest';
import type { RunEvents } from '../../src/main/adapters/ollama-server/server-process.ts';
import type { Obstacle } from '../../src/main/adapters/ollama-server/supervision.ts';
import { createSupervisor } from '../../src/main/adapters/ollama-server/supervisor.ts';
import { createFakeClock } from './fake-clock.ts';
import { silentLog } from './silent-log.ts';

export const MINUTE = 60_000;

/** A supervisor over a clock that stands still. */
export function supervised() {
  const clock = createFakeClock();
  const runs: { events: Omit<RunEvents, 'onLine'>; at: number; kills: number; stops: number; gone: PromiseWithResolvers<void> }[] = [];
  const world = {
    answers: true as boolean | 'never',
    obstacle: undefined as Obstacle | undefined,
    flaw: undefined as string | undefined,
    prepared: 0,
    probes: 0,
  };
  const pending: (() => void)[] = [];
  const supervisor = createSupervisor({
    clock,
    log: silentLog,
    prepare: async () => {
      world.prepared += 1;
      return world.obstacle;
    },
    spawn(events) {
      const run = { events, at: clock.now(), kills: 0, stops: 0, gone: Promise.withResolvers<void>() };
      runs.push(run);
      return {
        kill: () => {
          run.kills += 1;
          events.onEnded('it was killed');
        },
        stop: () => {
          run.stops += 1;
          return run.gone.promise;
        },
      };
    },
    probe: (url) => {
      world.probes += 1;
      expect(url).toBe('http://127.0.0.1:4000');
      if (world.answers === 'never') return new Promise((resolve) => pending.push(() => resolve(false)));
      return Promise.resolve(world.answers);
    },
    flaw: () => world.flaw,
  });
  const seen: string[] = [];
  supervisor.listen(({ state }) => seen.push(state));
  const settle = async () => {
    for (let turn = 0; turn < 10; turn++) await Promise.resolve();
  };
  /** Small steps, so that what was promised happens in between. */
  const pass = async (ms: number, step = 100) => {
    for (let gone = 0; gone < ms; gone += step) {
      clock.advance(Math.min(step, ms - gone));
      await settle();
    }
  };
  const last = () => {
    const run = runs.at(-1);
    if (!run) throw new Error('nothing was started');
    return run;
  };
  const listening = async () => {
    last().events.onListening('http://127.0.0.1:4000', '0.33.0');
    await settle();
  };
  const ready = async () => {
    supervisor.start();
    await settle();
    await listening();
  };
  return { clock, supervisor, runs, world, seen, settle, pass, last, listening, ready, pending };
}
