import { hostileCards } from './test/kit/hostile-cards.ts';
import { collection } from './test/kit/cards.ts';
import { createFakeClock } from './test/kit/fake-clock.ts';
import { memoryLibrary } from './test/kit/memory-library.ts';
import { Session } from 'node:inspector';
const library = memoryLibrary(createFakeClock());
for (const { name, bytes } of collection) library.preview({ name, bytes });
const bytes = hostileCards.find(({ name }) => name === process.argv[2])!.make();
const s = new Session(); s.connect();
s.post('Profiler.enable'); s.post('Profiler.setSamplingInterval', { interval: 50 }); s.post('Profiler.start');
const b = performance.now();
try { library.preview({ name: 'x', bytes }); } catch {}
console.log('took', (performance.now() - b).toFixed(1));
s.post('Profiler.stop', (_, { profile }: any) => {
  const self = new Map<string, number>();
  const byId = new Map(profile.nodes.map((n: any) => [n.id, n]));
  const total = profile.samples.length;
  const end = profile.endTime - profile.startTime;
  for (const id of profile.samples) { const n: any = byId.get(id); const k = `${n.callFrame.functionName} ${n.callFrame.url.split('/').pop()}:${n.callFrame.lineNumber + 1}`; self.set(k, (self.get(k) ?? 0) + 1); }
  for (const [k, v] of [...self].sort((a, b) => b[1] - a[1]).slice(0, 22)) console.log(((v / total) * end / 1000).toFixed(1), k);
});
