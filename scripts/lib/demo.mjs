/** @file The demo: a scripted model server of the tests in the place of a model, in a data folder of its own. */
import { join } from 'node:path';
import { ended, startChild, stopChildren } from './children.mjs';
import { eachLine } from './engine-log.mjs';
import { demandEngineNode } from './node.mjs';
import { at, CACHE } from './project.mjs';
import { runPage } from './run-page.mjs';
import { plainError, say } from './words.mjs';

const SERVER = at('test', 'kit', 'programs', 'scripted-ollama.ts');
/** What a person configured for real conversations has no say here; an empty value counts as unset. */
const unset = { OLLAMA_MODEL: '', REDIS_HOST: '', CHARACTER_MANAGER_URL: '', MEMORY_SUBSYSTEM_URL: '' };

/** Resolves with the exit code of the engine. */
export async function runDemo() {
  const node = demandEngineNode();
  say('Demo: the replies are written beforehand; no model is running.');
  const address = await startServer(node);
  const code = await runPage({
    ...process.env,
    ...unset,
    OLLAMA_BASE_URL: address,
    PERSONA_DATA_DIR: join(CACHE, 'demo-data'),
    SERVICE_PORT: '0',
  });
  stopChildren();
  return code;
}

/** Resolves with the address once the server listens. */
function startServer(node) {
  const child = startChild(node, [SERVER], { env: { ...process.env, OLLAMA_HOST: '127.0.0.1:0' }, stdio: ['ignore', 'ignore', 'pipe'] });
  return new Promise((resolve, reject) => {
    eachLine(child.stderr, (line) => {
      const port = /Listening on 127\.0\.0\.1:(\d+)/.exec(line)?.[1];
      if (port) resolve(`http://127.0.0.1:${port}`);
    });
    void ended(child).then((code) => reject(plainError(`The scripted model server ended with code ${code} before it was ready.`)));
  });
}
