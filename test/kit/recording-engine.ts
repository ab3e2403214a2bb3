/** @file The embedded engine's own program behind a recorder: what its process really received, request by request. */
import { copyFileSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { ModelRequest } from '../../src/main/engine/ports.ts';
import { embeddedEngineFolder } from '../../src/main/paths.ts';

export type RecordingEngine = { toolFolder: string; received(): ModelRequest[]; remove(): void };

export function createRecordingEngine(): RecordingEngine {
  const toolFolder = mkdtempSync(join(tmpdir(), 'persona-recording-'));
  const file = join(toolFolder, 'received.jsonl');
  for (const name of ['package.json', 'package-lock.json']) copyFileSync(join(embeddedEngineFolder, name), join(toolFolder, name));
  const program = [
    "import { appendFileSync } from 'node:fs';",
    `process.on('message', (order) => { if (order.type === 'chat') appendFileSync(${JSON.stringify(file)}, JSON.stringify(order.request) + '\\n'); });`,
    `await import(${JSON.stringify(pathToFileURL(join(embeddedEngineFolder, 'engine.mjs')).href)});`,
  ];
  writeFileSync(join(toolFolder, 'engine.mjs'), program.join('\n'));
  return {
    toolFolder,
    received: () =>
      (existsSync(file) ? readFileSync(file, 'utf8') : '').split('\n').flatMap((line) => (line === '' ? [] : JSON.parse(line))),
    remove: () => rmSync(toolFolder, { recursive: true, force: true }),
  };
}
