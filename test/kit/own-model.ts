/** @file The Model port over an Ollama of our own, in this process, as choose-model.ts puts it together. */
import { mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { createSystemClock } from '../../src/main/adapters/log/system-clock.ts';
import { findLocalOllama } from '../../src/main/adapters/ollama/find.ts';
import { createOllamaModel } from '../../src/main/adapters/ollama/model.ts';
import { unloadModels } from '../../src/main/adapters/ollama/unload.ts';
import { versionOf } from '../../src/main/adapters/ollama-server/find-binary.ts';
import { createOwnOllama, type OwnOllama } from '../../src/main/adapters/ollama-server/own-ollama.ts';
import type { OwnOllamaOptions } from '../../src/main/adapters/ollama-server/own-world.ts';
import { silentLog } from './silent-log.ts';

export const wardenFile = resolve(import.meta.dirname, '../../resources/warden.sh');

/** Everything it writes lies in the folder; `named` is the binary. */
export function ownModel(folder: string, named: string, more: Partial<OwnOllamaOptions> = {}): OwnOllama {
  mkdirSync(folder, { recursive: true });
  const clock = createSystemClock();
  return createOwnOllama({
    places: {
      named,
      resources: undefined,
      checkout: folder,
      dataFolder: folder,
      path: '',
      platform: process.platform,
      architecture: process.arch,
      versionOf,
    },
    folder: join(folder, 'model-server'),
    warden: wardenFile,
    contextTokens: 4_096,
    inherited: { PATH: process.env['PATH'] },
    probe: async (url, timeoutMs) => (await findLocalOllama(url, timeoutMs)) !== undefined,
    unload: unloadModels,
    connect: (baseUrl) =>
      createOllamaModel({ baseUrl, model: 'asked/for:1b', silenceMs: 120_000, log: silentLog, fixed: false, anyModel: true }),
    starter: undefined,
    wanted: 'asked/for:1b',
    because: 'A test says so.',
    logSink: () => undefined,
    clock,
    log: silentLog,
    ...more,
  });
}
