/** @file Loaded before a service: when it gets SIGUSR2 it writes what its memory holds after a collection into HEAP_REPORT. */
import { writeFileSync } from 'node:fs';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc');

process.on('SIGUSR2', () => {
  // Twice: what the first finds without an owner may itself own something.
  collect();
  collect();
  const { heapUsed, external, rss } = process.memoryUsage();
  writeFileSync(process.env.HEAP_REPORT, JSON.stringify({ heapBytes: heapUsed + external, residentBytes: rss }));
});
