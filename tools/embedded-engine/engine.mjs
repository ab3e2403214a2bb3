/**
 * @file The embedded engine's process: answers its parent over the channel of child_process, and ends when the parent goes.
 * In:  load {modules, modelPath, sliceMs} once, first; then prepare {id, contextTokens}, chat {id, request}, abort {id}.
 * Out: loaded {info} or load-failed {reason}; prepared, loading, reading, text, done, cancelled, overflow, failed, each with the id.
 */
import { createRunner } from './runner.mjs';

// A key press in a terminal reaches every process of the group; only the parent decides when this one ends.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => undefined);
// At once, whatever the threads of llama.cpp are busy with: nothing here has to be saved.
process.on('disconnect', () => process.kill(process.pid, 'SIGKILL'));

const send = (message) => {
  if (process.connected) process.send(message);
};
const reasonOf = (error) => (error instanceof Error ? error.message : String(error));

const aborted = new Set();
let runner;
let line = Promise.resolve();

async function answer(message) {
  const { id } = message;
  if (message.type === 'prepare') {
    await runner.useContext(message.contextTokens);
    return { type: 'prepared' };
  }
  if (aborted.has(id)) return { type: 'cancelled' };
  return await runner.chat(message.request, { aborted: () => aborted.has(id), hear: (heard) => send({ id, ...heard }) });
}

async function load(message) {
  try {
    runner = await createRunner(message);
    send({ type: 'loaded', info: runner.info });
  } catch (error) {
    send({ type: 'load-failed', reason: reasonOf(error) });
  }
}

/** One request after the other; an abort is only a mark that the running one looks at. */
function take(message) {
  if (message.type === 'abort') {
    aborted.add(message.id);
    return;
  }
  line = line.then(async () => {
    if (message.type === 'load') return await load(message);
    try {
      send({ id: message.id, ...(await answer(message)) });
    } catch (error) {
      send({ id: message.id, type: 'failed', loading: error?.loading === true, reason: reasonOf(error) });
    } finally {
      aborted.delete(message.id);
    }
  });
}

process.on('message', take);
if (!process.connected) throw new Error('This program is started by Persona Engine and does nothing alone.');
