import { readFileSync, writeFileSync } from 'node:fs';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { collection } from './test/kit/cards.ts';
import { createFakeClock } from './test/kit/fake-clock.ts';
import { hostileCards } from './test/kit/hostile-cards.ts';
import { memoryLibrary } from './test/kit/memory-library.ts';
setFlagsFromString('--expose-gc');
const gc = runInNewContext('gc') as () => void;
const status = (name: string) => Number(new RegExp(`${name}:\\s+(\\d+) kB`).exec(readFileSync('/proc/self/status', 'utf8'))?.[1]) / 1024;
const library = memoryLibrary(createFakeClock());
for (let i = 0; i < 2; i++) for (const { name, bytes } of collection) library.preview({ name, bytes });
const rows: [string, number, number, number, number][] = [];
for (const { name, make } of hostileCards) {
  const bytes = make();
  gc(); gc();
  writeFileSync('/proc/self/clear_refs', '5');
  const rss = status('VmRSS');
  const began = process.cpuUsage();
  const wall = performance.now();
  try { library.preview({ name, bytes }); } catch {}
  const w = performance.now() - wall;
  const { user, system } = process.cpuUsage(began);
  const grown = status('VmHWM') - rss;
  rows.push([name, (user + system) / 1000, w, grown, bytes.length]);
}
rows.sort((a, b) => b[1] - a[1]);
for (const [name, cpu, wall, mem, size] of rows.slice(0, 20)) console.log(cpu.toFixed(1).padStart(7), wall.toFixed(1).padStart(7), mem.toFixed(1).padStart(7), 'MiB', size, name);
console.log('memory');
rows.sort((a, b) => b[3] - a[3]);
for (const [name, cpu, wall, mem, size] of rows.slice(0, 12)) console.log(cpu.toFixed(1).padStart(7), wall.toFixed(1).padStart(7), mem.toFixed(1).padStart(7), 'MiB', size, name);
