/** @file Two windows and one download: both see it, an order given twice counts once, and what one chooses the other shows. */
import { afterEach, describe, expect, it } from 'vitest';
import type { ClientEvent } from '../src/shared/events.ts';
import { type Client, connect } from './kit/client.ts';
import { starterModel, thinkingModel } from './kit/ollama/models.ts';
import { createScriptedOllama, type ScriptedOllama } from './kit/ollama/scripted-ollama.ts';
import { type Service, startService, temporaryFolder } from './kit/service.ts';

const WAIT = { interval: 5, timeout: 20_000 };
const opened: { service: Service; scripted: ScriptedOllama; windows: Client[]; remove(): void }[] = [];
afterEach(async () => {
  for (const { service, scripted, windows, remove } of opened.splice(0)) {
    for (const window of windows) window.close();
    await service.kill('SIGTERM');
    await scripted.close();
    remove();
  }
});

async function open() {
  const small = { ...starterModel, name: 'llama3.2:1b', parameterSize: '1.2B', sizeBytes: 1_300_000_000 };
  const scripted = await createScriptedOllama({ models: [starterModel, small], pullable: [thinkingModel], pace: { pullLineMs: 30 } });
  const folder = temporaryFolder('two-windows');
  const service = await startService({ dataFolder: folder.path, environment: { OLLAMA_BASE_URL: scripted.url } });
  const windows = [await connect(service.url), await connect(service.url)] as const;
  opened.push({ service, scripted, windows: [...windows], remove: folder.remove });
  for (const window of windows) await window.ask({ type: 'list-models' });
  return { scripted, one: windows[0], other: windows[1] };
}
const latest = <Type extends ClientEvent['type']>({ events }: Client, type: Type) =>
  events.findLast((event) => event.type === type) as Extract<ClientEvent, { type: Type }> | undefined;
const stateOf = (window: Client) => latest(window, 'models-changed')?.state ?? latest(window, 'models-listed')?.state;

describe('two windows', () => {
  it('[MD17] an order to fetch that both give is one download, which both see to its end', async () => {
    const { scripted, one, other } = await open();
    await Promise.all([one, other].map((window) => window.ask({ type: 'pull-model', model: thinkingModel.name })));
    for (const window of [one, other]) {
      await expect
        .poll(() => window.events.some((event) => event.type === 'pulls-changed' && event.pulls[0]?.state === 'done'), WAIT)
        .toBe(true);
      await expect.poll(() => stateOf(window)?.models.map(({ name }) => name), WAIT).toContain(thinkingModel.name);
    }
    expect(scripted.requests.filter(({ path }) => path === '/api/pull')).toHaveLength(1);
  });

  it('[MD12][MD17] what one window chooses for a conversation answers there, is seen by the other, and gone it is named and the default answers', async () => {
    const { scripted, one, other } = await open();
    const conversationId = await one.converse();
    await one.ask({ type: 'choose-model', model: 'SmolLM2:135M', for: { conversationId } });
    await other.until(
      'conversation-changed',
      ({ conversation }) => conversation.id === conversationId && conversation.model === starterModel.name,
    );
    await one.ask({ type: 'start-turn', turnId: 'turn-1', conversationId, text: 'Hello' });
    const first = await one.until('turn-ended', ({ turnId }) => turnId === 'turn-1');
    expect(first.message?.report?.model).toBe(starterModel.name);
    expect(scripted.lastChat().model).toBe(starterModel.name);

    const removed = await other.ask({ type: 'remove-model', model: starterModel.name });
    expect(removed).toMatchObject({ type: 'model-removed', freedBytes: starterModel.sizeBytes });
    await one.ask({ type: 'start-turn', turnId: 'turn-2', conversationId, text: 'Still there?' });
    const second = await one.until('turn-ended', ({ turnId }) => turnId === 'turn-2');
    expect(second.status).toBe('complete');
    expect(second.message?.report?.model).toBe('llama3.2:1b');
    expect(second.message?.report?.warnings.join()).toContain('is not here any more');
  });

  it('[MD12] a companion’s own model answers in its conversations, and goes back to the default', async () => {
    const { scripted, one, other } = await open();
    const conversationId = await one.converse();
    await one.ask({ type: 'choose-model', model: starterModel.name, for: { characterId: 'default' } });
    await expect.poll(() => stateOf(other)?.byCharacter['default'], WAIT).toBe(starterModel.name);
    await one.ask({ type: 'start-turn', turnId: 'turn-1', conversationId, text: 'Hello' });
    await one.until('turn-ended');
    expect(scripted.lastChat().model).toBe(starterModel.name);
    await one.ask({ type: 'choose-model', model: null, for: { characterId: 'default' } });
    await one.ask({ type: 'start-turn', turnId: 'turn-2', conversationId, text: 'And now?' });
    await one.until('turn-ended', ({ turnId }) => turnId === 'turn-2');
    expect(scripted.lastChat().model).toBe('llama3.2:1b');
  });

  it('[MD9] a file by its path is for who shows the token, and a name that is none is refused', async () => {
    const { one } = await open();
    const refused = await one.ask({ type: 'import-gguf', path: '/etc/passwd' });
    expect(refused).toMatchObject({ type: 'command-failed', fault: { code: 'forbidden' } });
    one.sendRaw(JSON.stringify({ type: 'pull-model', requestId: 'bad', model: '../../x y' }));
    await one.until('command-failed', ({ requestId }) => requestId === 'bad');
  });
});
