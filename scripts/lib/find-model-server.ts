/** @file Says, as JSON on stdout, which model server the program would choose on this machine, why, and what it would have. */
import { modelsIn } from '../../src/main/adapters/ollama-server/find-models.ts';
import { chosenModels, offerOf } from '../../src/main/adapters/ollama-server/models-folder.ts';
import { findModelServer, serverFolder } from '../../src/main/choose-model.ts';
import { readConfig, withEnvFile } from '../../src/main/config.ts';

const read = readConfig(withEnvFile(process.env, process.cwd()));
if ('problem' in read) {
  process.stdout.write(JSON.stringify({ failed: read.problem.sentence }));
} else {
  const inUse = chosenModels(serverFolder(read.config));
  const found = { models: modelsIn(inUse).length, theirModels: offerOf(process.env, inUse) };
  process.stdout.write(JSON.stringify({ ...(await findModelServer(read.config)), ...found }));
}
