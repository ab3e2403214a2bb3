/** @file The program as it is built and shipped, where that differs from its sources. */
import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { connect } from './kit/client.ts';
import { createScriptedOllama } from './kit/ollama/scripted-ollama.ts';
import { startService, temporaryFolder } from './kit/service.ts';

const entry = resolve(import.meta.dirname, '../out/main/headless.js');
const probe = resolve(import.meta.dirname, 'kit/programs/code-probe.mjs');
const why = existsSync(entry) ? undefined : 'not built';

const undo: (() => unknown)[] = [];
afterEach(async () => {
  for (const step of undo.splice(0).reverse()) await step();
});

describe.skipIf(why !== undefined)(`the built program${why ? ` (skipped: ${why})` : ''}`, () => {
  it('[N11] makes no text into code, neither at its start nor in a turn', async () => {
    const folder = temporaryFolder('built');
    undo.push(folder.remove);
    const ollama = await createScriptedOllama();
    undo.push(() => ollama.close());
    const told = join(folder.path, 'code.json');
    const environment = { OLLAMA_BASE_URL: ollama.url, NODE_OPTIONS: `--import=${probe}`, CODE_PROBE: told };
    const service = await startService({ dataFolder: folder.path, entry, environment });
    undo.push(() => service.kill('SIGKILL'));
    const client = await connect(service.url);
    const conversationId = await client.converse();
    await client.ask({ type: 'start-turn', turnId: 'turn-1', conversationId, text: 'And then?' });
    await client.until('turn-ended', (event) => event.turnId === 'turn-1');
    await service.kill('SIGTERM');
    expect(JSON.parse(readFileSync(told, 'utf8'))).toBe(0);
  });
});
