/** @file Recall's own thread: however much there is to look through, the engine's goes on. */
import { setImmediate as pause } from 'node:timers/promises';
import { parentPort, workerData } from 'node:worker_threads';
import { createRecallWork } from './recall-work.ts';
import type { ThreadOrder, ThreadStart } from './thread-messages.ts';

const work = await createRecallWork(
  workerData as ThreadStart,
  (word) => parentPort?.postMessage(word),
  () => pause(),
);

// What fails here is not caught: the thread ends with it, and the engine starts another one.
parentPort?.on('message', (order: ThreadOrder) => {
  if (order.type !== 'close') return void work.obey(order);
  work.close();
  parentPort?.close();
});
