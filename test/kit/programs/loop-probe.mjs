/** @file Loaded before a service: each SIGUSR2 begins another stretch of time; at the end LOOP_PROBE tells of each how long the engine's loop was held. */
import { writeFileSync } from 'node:fs';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { isMainThread } from 'node:worker_threads';
import { threadMs } from '../thread-clock.ts';

const EVERY_MS = 1;
/** Late by whatever cause, other work on the same processors too. */
const late = monitorEventLoopDelay({ resolution: EVERY_MS });
/** Most processor time of the loop's own thread between two looks: what it did in one go. */
let longest = 0;
const stretches = [];

function next() {
  if (late.count > 0) stretches.push({ heldMs: longest, lateMs: late.max / 1e6 });
  longest = 0;
  late.reset();
}

function begin() {
  late.enable();
  let before = threadMs();
  setInterval(() => {
    longest = Math.max(longest, threadMs() - before);
    before = threadMs();
  }, EVERY_MS).unref();
  process.on('SIGUSR2', next);
}

if (isMainThread) {
  process.once('SIGUSR2', begin);
  process.on('exit', () => writeFileSync(process.env.LOOP_PROBE, JSON.stringify(stretches)));
}
