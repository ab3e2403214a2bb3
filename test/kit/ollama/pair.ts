/** @file The Ollama adapter and a scripted server that belong together, for tests. */
import { createOllamaModel, type OllamaOptions } from '../../../src/main/adapters/ollama/model.ts';
import type { Log, Model } from '../../../src/main/engine/ports.ts';
import { silentLog } from '../silent-log.ts';
import { starterModel } from './models.ts';
import { createScriptedOllama, type ScriptedOllama, type ScriptedOptions } from './scripted-ollama.ts';

export type Pair = { model: Model; scripted: ScriptedOllama; close(): Promise<void> };

/** Both are running and have seen each other. */
export async function createPair(server: ScriptedOptions = {}, adapter: Partial<OllamaOptions> = {}): Promise<Pair> {
  const scripted = await createScriptedOllama(server);
  const model = createOllamaModel({
    baseUrl: scripted.url,
    model: starterModel.name,
    silenceMs: 30_000,
    log: silentLog,
    fixed: true,
    ...adapter,
  });
  await firstLook(model);
  return {
    model,
    scripted,
    async close() {
      await model.close();
      await scripted.close();
    },
  };
}

/** Until the first look at the server has ended, well or not. */
async function firstLook(model: Model): Promise<void> {
  const looked = Promise.withResolvers<void>();
  const stop = model.onStatus((status) => {
    if (status.state !== 'starting') looked.resolve();
  });
  if (model.status().state !== 'starting') looked.resolve();
  await looked.promise;
  stop();
}

export type LogLine = { level: string; event: string; fields: Record<string, unknown> };

/** A log that keeps its lines, to see what is in them and what is not. */
export function keptLog(): { log: Log; lines: LogLine[] } {
  const lines: LogLine[] = [];
  const keep =
    (level: string) =>
    (event: string, fields: Record<string, unknown> = {}) =>
      void lines.push({ level, event, fields });
  return { lines, log: { debug: keep('debug'), info: keep('info'), warn: keep('warn'), error: keep('error') } };
}
