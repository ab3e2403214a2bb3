/** @file What the engine's process holds at rest, without a model. */
import { readFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { connect } from '../kit/client.ts';
import { createScriptedOllama } from '../kit/ollama/scripted-ollama.ts';
import { startService, temporaryFolder } from '../kit/service.ts';
import { atMost, type Row, shown } from './figures.ts';

const residentMiB = (pid: number | undefined): number => {
  const found = readFileSync(`/proc/${pid}/status`, 'utf8').match(/VmRSS:\s+(\d+) kB/);
  return Number(found?.[1]) / 1024;
};

/** Ten seconds after the start, and after twenty turns. Linux only: it reads /proc. */
export async function benchMemory(entry: string): Promise<Row[]> {
  const folder = temporaryFolder('bench-memory');
  const ollama = await createScriptedOllama();
  const began = performance.now();
  const service = await startService({ dataFolder: folder.path, environment: { OLLAMA_BASE_URL: ollama.url }, entry });
  const ready = performance.now() - began;
  await pause(10_000);
  const rest = residentMiB(service.process.pid);
  const client = await connect(service.url);
  const conversationId = await client.converse();
  for (let turn = 0; turn < 20; turn++) {
    await client.ask({ type: 'start-turn', turnId: `turn-${turn}`, conversationId, text: 'And then?' });
    await client.until('turn-ended', (event) => event.turnId === `turn-${turn}`);
  }
  const after = residentMiB(service.process.pid);
  await service.kill('SIGTERM');
  await ollama.close();
  folder.remove();
  const form = (value: number) => `${value.toFixed(0)} MB`;
  return [
    atMost('Engine process at rest, without model, RSS', rest, 120, form),
    shown('… after 20 turns', form(after)),
    shown('From start to ready (built)', `${ready.toFixed(0)} ms`),
  ];
}
