/** @file Says, as JSON on stdout, which model server the program would choose on this machine, why, and what it would have. */
import { join } from 'node:path';
import { readIntent } from '../../src/main/adapters/ollama-release/intent.ts';
import { placeAt, readInstalled } from '../../src/main/adapters/ollama-release/place.ts';
import { pinned, planRelease } from '../../src/main/adapters/ollama-release/release.ts';
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
  const place = placeAt(join(read.config.dataFolder, 'ollama'));
  const plan = planRelease(pinned, { platform: process.platform, architecture: process.arch, graphics: [] });
  const begun = readIntent(place);
  const ollama = {
    installed: readInstalled(place, process.platform)?.version,
    ...(plan ? { offered: plan.version, bytes: plan.files[0]?.bytes } : {}),
    ...(begun ? { begun: begun.goesOn ? 'goes on with the next start' : 'waits until it is gone on with in the window' } : {}),
  };
  process.stdout.write(JSON.stringify({ ...(await findModelServer(read.config)), ...found, ollama }));
}
