/** @file kill -9 of the whole engine at random moments: what was acknowledged is there. */
import { afterAll, expect, it } from 'vitest';
import { connect } from '../kit/client.ts';
import { createScriptedOllama } from '../kit/ollama/scripted-ollama.ts';
import { createRandom } from '../kit/random.ts';
import { startService, temporaryFolder } from '../kit/service.ts';

const KILLS = process.env['TEST_LONG'] ? 50 : 5;
const SEED = 42;
const folder = temporaryFolder('kill-engine');
afterAll(folder.remove);

it(`[P14] loses no acknowledged message over ${KILLS} kills of the engine`, { timeout: KILLS * 20_000 }, async () => {
  const random = createRandom(SEED);
  const ollama = await createScriptedOllama();
  ollama.setPace({ tokenMs: 5 });
  const acknowledged = new Map<string, string>();
  const seenText = new Map<string, string>();
  let conversationId = '';
  let interrupted = 0;
  for (let round = 0; round <= KILLS; round++) {
    const service = await startService({ dataFolder: folder.path, environment: { OLLAMA_BASE_URL: ollama.url } });
    const client = await connect(service.url);
    if (round === 0) conversationId = await client.converse();
    const attached = await client.ask({ type: 'attach-conversation', conversationId });
    if (attached.type !== 'conversation-attached') throw new Error('the conversation is gone');
    const messages = [...attached.messages];
    for (let { before } = attached; before !== null; ) {
      const page = await client.ask({ type: 'load-messages', conversationId, before });
      if (page.type !== 'messages-loaded') throw new Error('a page is gone');
      messages.unshift(...page.messages);
      before = page.before;
    }
    for (const [id, text] of acknowledged) expect(messages.find((message) => message.id === id)?.text, `round ${round}`).toBe(text);
    for (const message of messages) {
      expect(message.status).not.toBe('writing');
      if (round === KILLS && message.status === 'interrupted') interrupted += 1;
      const seen = seenText.get(message.id);
      if (seen !== undefined) expect(seen.startsWith(message.text.slice(0, seen.length)), `partial text of round ${round}`).toBe(true);
    }
    if (round === KILLS) {
      await service.kill('SIGTERM');
      break;
    }
    const talk = async () => {
      for (let turn = 0; ; turn++) {
        const turnId = `turn-${round}-${turn}`;
        await client.ask({ type: 'start-turn', turnId, conversationId, text: `Message ${round} ${turn}` });
        await client.until('turn-ended', (event) => event.turnId === turnId);
      }
    };
    const talking = talk().catch(() => undefined);
    await new Promise((resolve) => setTimeout(resolve, random.whole(30, 600)));
    await service.kill('SIGKILL');
    await talking;
    for (const event of client.events) {
      if (event.type === 'turn-accepted') acknowledged.set(event.userMessage.id, event.userMessage.text);
      if (event.type === 'turn-ended' && event.message) acknowledged.set(event.message.id, event.message.text);
    }
    const last = client.events.findLast((event) => event.type === 'turn-accepted');
    if (last?.type === 'turn-accepted' && !acknowledged.has(last.replyId)) {
      seenText.set(
        last.replyId,
        client.events.map((event) => (event.type === 'text-delta' && event.turnId === last.turnId ? event.text : '')).join(''),
      );
    }
  }
  await ollama.close();
  console.log(`kill-engine seed=${SEED} kills=${KILLS} acknowledged=${acknowledged.size} interrupted=${interrupted} lost=0`);
  // How many turns come between two kills hangs on the machine; most kills have to fall on one.
  expect(acknowledged.size).toBeGreaterThan(KILLS / 2);
  expect(interrupted).toBeGreaterThan(0);
});

it('[P15] has a reply’s partial text after a crash, marked interrupted', async () => {
  const own = temporaryFolder('kill-partial');
  const ollama = await createScriptedOllama({ reply: () => ({ text: 'word '.repeat(2_000) }) });
  ollama.setPace({ tokenMs: 10 });
  const service = await startService({ dataFolder: own.path, environment: { OLLAMA_BASE_URL: ollama.url } });
  const client = await connect(service.url);
  const conversationId = await client.converse();
  await client.ask({ type: 'start-turn', turnId: 'turn-1', conversationId, text: 'Go on and on' });
  const deltas = () => client.events.filter((event) => event.type === 'text-delta');
  await expect.poll(() => deltas().length, { timeout: 20_000 }).toBeGreaterThan(150);
  await service.kill('SIGKILL');
  const seen = deltas()
    .map(({ text }) => text)
    .join('');

  const again = await startService({ dataFolder: own.path, environment: { OLLAMA_BASE_URL: ollama.url } });
  const attached = await (await connect(again.url)).ask({ type: 'attach-conversation', conversationId });
  const last = attached.type === 'conversation-attached' ? attached.messages.at(-1) : undefined;
  expect(last?.status).toBe('interrupted');
  expect(last?.text.length).toBeGreaterThan(100);
  expect(seen.startsWith(last?.text ?? 'nothing')).toBe(true);
  await again.kill('SIGTERM');
  await ollama.close();
  own.remove();
});
