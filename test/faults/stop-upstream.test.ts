/** @file A stop during a reply closes the request to the model server: measured from the command to the server's own sight of it. */
import { afterEach, describe, expect, it } from 'vitest';
import { type Client, connect } from '../kit/client.ts';
import { createScriptedOllama, type ScriptedOllama } from '../kit/ollama/scripted-ollama.ts';
import { createRandom } from '../kit/random.ts';
import { type Service, startService, temporaryFolder } from '../kit/service.ts';

const STOPS = process.env['TEST_LONG'] ? 50 : 5;
const SEED = 100;
/** The figure is 100 ms; a verdict rests on ten times that, for this machine may be busy with other tests. */
const FIGURE_MS = 100;
const VERDICT_MS = FIGURE_MS * 10;

const opened: { service: Service; scripted: ScriptedOllama; client: Client; remove(): void }[] = [];
afterEach(async () => {
  for (const { service, scripted, client, remove } of opened.splice(0)) {
    client.close();
    await service.kill('SIGTERM');
    await scripted.close();
    remove();
  }
});

async function open() {
  const scripted = await createScriptedOllama({ pace: { tokenMs: 10 }, reply: () => ({ text: 'word '.repeat(400) }) });
  const folder = temporaryFolder('stop-upstream');
  const service = await startService({
    dataFolder: folder.path,
    environment: { OLLAMA_BASE_URL: scripted.url, OLLAMA_MODEL: 'smollm2:135m' },
  });
  const client = await connect(service.url);
  opened.push({ service, scripted, client, remove: folder.remove });
  return { scripted, client, conversationId: await client.converse() };
}

describe('a stop', () => {
  it(`[MD16] ${STOPS} stops at random places of replies close the request to the model server at once`, {
    timeout: STOPS * 20_000,
  }, async () => {
    const { scripted, client, conversationId } = await open();
    const random = createRandom(SEED);
    const took: number[] = [];
    for (let stop = 0; stop < STOPS; stop++) {
      const turnId = `turn-${stop}`;
      await client.ask({ type: 'start-turn', turnId, conversationId, text: 'Go on and on' });
      const deltas = () => client.events.filter((event) => event.type === 'text-delta' && event.turnId === turnId).length;
      const enough = random.whole(1, 20);
      await expect.poll(deltas, { interval: 1, timeout: 10_000 }).toBeGreaterThanOrEqual(enough);
      const stoppedAt = performance.now();
      await client.ask({ type: 'stop-turn', turnId });
      const record = scripted.chats().at(-1);
      await scripted.waitFor((one) => one === record && one.closedByClientAt !== undefined);
      took.push((record?.closedByClientAt ?? Number.POSITIVE_INFINITY) - stoppedAt);
      expect((await client.until('turn-ended', (event) => event.turnId === turnId)).status).toBe('stopped');
    }
    const slowest = Math.max(...took);
    const within = took.filter((ms) => ms <= FIGURE_MS).length;
    console.log(`stop-upstream seed=${SEED} stops=${STOPS} within ${FIGURE_MS} ms=${within} slowest=${slowest.toFixed(1)} ms`);
    expect(took).toHaveLength(STOPS);
    expect(slowest).toBeLessThan(VERDICT_MS);
  });
});
