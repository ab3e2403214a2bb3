/** @file Looks at one file that pretends to be a card, in a process of its own, and says how much memory that took at its peak. */
import { readFileSync, writeFileSync } from 'node:fs';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { collection } from '../cards.ts';
import { createFakeClock } from '../fake-clock.ts';
import { hostileCards } from '../hostile-cards.ts';
import { memoryLibrary } from '../memory-library.ts';

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;
/** In bytes, as the system counts them. */
const memory = (field: 'VmRSS' | 'VmHWM') =>
  1024 * Number(new RegExp(`${field}:\\s+(\\d+) kB`).exec(readFileSync('/proc/self/status', 'utf8'))?.[1]);

const library = memoryLibrary(createFakeClock());
const look = (name: string, bytes: Uint8Array) => {
  try {
    library.preview({ name, bytes });
  } catch {
    // Refused, which is as well.
  }
};
// What the program itself takes when it reads its first cards is not the card's.
for (const { name, bytes } of collection) look(name, bytes);
const wanted = hostileCards.find(({ name }) => name === process.argv[2]);
if (!wanted) throw new Error('no such card');
const bytes = wanted.make();
collect();
// Begins the system's count of the peak anew (proc(5), clear_refs).
writeFileSync('/proc/self/clear_refs', '5');
const before = memory('VmRSS');
look(wanted.name, bytes);
process.stdout.write(`${memory('VmHWM') - before}\n`);
