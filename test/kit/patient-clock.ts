/** @file The system's clock, with which nobody gives up on recall: on a busy machine its deadline would decide what a test sees. */
import { createSystemClock } from '../../src/main/adapters/log/system-clock.ts';
import type { Clock } from '../../src/main/engine/ports.ts';
import { RECALL_MS, RECALL_STARTING_MS } from '../../src/shared/memory-limits.ts';

const PATIENCE_MS = 60_000;

export function createPatientClock(): Clock {
  const system = createSystemClock();
  return { ...system, after: (ms, run) => system.after(ms === RECALL_MS || ms === RECALL_STARTING_MS ? PATIENCE_MS : ms, run) };
}
