/** @file The whole service as somebody meets it who has nothing: no Ollama, no engine; releases and models come from servers on this machine. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { createEmbeddedModel } from '../../../src/main/adapters/embedded/embedded-model.ts';
import { createJsonLog } from '../../../src/main/adapters/log/json-log.ts';
import { createSystemClock } from '../../../src/main/adapters/log/system-clock.ts';
import { createRegistry } from '../../../src/main/adapters/registry/registry.ts';
import { chooseModel } from '../../../src/main/choose-model.ts';
import { composeHouse } from '../../../src/main/compose.ts';
import { readConfig } from '../../../src/main/config.ts';
import { stopInOrder } from '../../../src/main/shutdown.ts';

const { FIRST_LIBRARY: library = '', FIRST_MODEL: model = '', ...environment } = process.env;
process.umask(0o077);
const clock = createSystemClock();
const log = createJsonLog('INFO', (line) => void process.stderr.write(line), clock.now);
const read = readConfig(environment);
if ('problem' in read) throw new Error(read.problem.sentence);
const { config } = read;

/** Before Ollama is there: the built-in engine of a program that was packed without one. */
const choose: typeof chooseModel = async (given, ports) => {
  if (existsSync(join(given.dataFolder, 'ollama'))) return chooseModel(given, ports);
  const because = 'The built-in engine is used, for no Ollama answers on this machine.';
  const toolFolder = join(given.dataFolder, 'no-engine');
  const embedded = createEmbeddedModel({ toolFolder, dataFolder: given.dataFolder, nodePath: process.execPath, log, clock });
  void embedded.prepare();
  return { chosen: { engine: 'embedded', because }, model: embedded, own: undefined };
};
/** Every model of the world is the one that the library on this machine has. */
const lookUp = async (name: string, signal: AbortSignal) => {
  const entry = await createRegistry().lookUp(`${library}/test/${model}:latest`, signal);
  return { ...entry, found: name };
};

const parts = { runtime: { pins: { version: '0.33.0', files: {} }, choose }, registry: { lookUp } };
const house = await composeHouse({ config, version: '0.0.0', log, clock, door: 'served', parts });
process.on('SIGTERM', () => void stopInOrder(house.stopSteps, log).then(() => process.exit(0)));
const { door, error } = await house.door.begin(house);
if (!door) throw error;
process.stdout.write(`persona_engine ready on ${door.url}\npage ${door.url}/#token=${house.door.token()}\n`);
