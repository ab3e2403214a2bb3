/** @file One conversation that goes on and on over /ws/chat of the whole service: what it takes of memory. */
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { speak } from '../kit/neighbour-house.ts';
import { createScriptedOllama } from '../kit/ollama/scripted-ollama.ts';
import { startService, temporaryFolder } from '../kit/service.ts';
import { connectSocket } from '../kit/test-door.ts';

const TURNS = process.env['TEST_LONG'] ? 2_000 : 200;
const MIB = 1024 * 1024;
/** Memory that does not follow the length of a talk stays within this. */
const MOST_GROWTH_MIB = 20;
const watch = join(import.meta.dirname, '../kit/programs/heap-report.mjs');

type Held = { heapBytes: number; residentBytes: number };

it(`[X10] ${TURNS} turns of one conversation, each with some hundred words: memory stays as it is`, { timeout: 600_000 }, async () => {
  const ollama = await createScriptedOllama({ reply: () => ({ text: 'A word of hers, and another one. '.repeat(20).trim() }) });
  const folder = temporaryFolder('long-conversation');
  const report = join(folder.path, 'heap.json');
  const environment = { OLLAMA_BASE_URL: ollama.url, NODE_OPTIONS: `--import ${watch}`, HEAP_REPORT: report };
  const service = await startService({ dataFolder: folder.path, environment });
  try {
    const client = await connectSocket(service.url, '/ws/chat');
    const held = async (): Promise<Held> => {
      rmSync(report, { force: true });
      service.process.kill('SIGUSR2');
      await expect.poll(() => existsSync(report) && readFileSync(report, 'utf8').endsWith('}'), { timeout: 20_000 }).toBe(true);
      return JSON.parse(readFileSync(report, 'utf8')) as Held;
    };
    const talk = async (from: number, to: number): Promise<void> => {
      for (let turn = from; turn < to; turn += 1) {
        const message = `${turn}. I told you about my day: ${'it rained and I read a book about bees. '.repeat(6)}`;
        expect(await speak(client, { message, user_id: 'ada' })).toMatchObject({ type: 'complete', status: 'complete' });
        client.frames.length = 0;
      }
    };
    // What the first of them make is made once.
    await talk(0, TURNS / 10);
    const before = await held();
    await talk(TURNS / 10, TURNS);
    const after = await held();
    const grown = (of: keyof Held) => (after[of] - before[of]) / MIB;
    console.log(
      `long conversation: turns=${TURNS} growth=${grown('heapBytes').toFixed(1)}MiB resident=${grown('residentBytes').toFixed(1)}MiB`,
    );
    expect(grown('heapBytes')).toBeLessThan(MOST_GROWTH_MIB);
    expect(await service.kill('SIGTERM')).toEqual({ code: 0, signal: null });
  } finally {
    await service.kill('SIGKILL');
    await ollama.close();
    folder.remove();
  }
});
