/** @file `npm start`: installs and builds what is missing, then shows Persona Engine in the best window this machine has. */

import { hasDisplay } from './lib/browser.mjs';
import { ensureBuilt } from './lib/build.mjs';
import { forwardSignals, stoppedCode } from './lib/children.mjs';
import { dataFolderOf } from './lib/data-folder.mjs';
import { runDesktop } from './lib/desktop.mjs';
import { obtainElectron } from './lib/electron.mjs';
import { ensureInstalled } from './lib/install.mjs';
import { demandNode } from './lib/node.mjs';
import { settings } from './lib/project.mjs';
import { runPage } from './lib/run-page.mjs';
import { openIfRunning } from './lib/running.mjs';
import { complain, say, textOf } from './lib/words.mjs';

async function main() {
  await ensureInstalled(say);
  await ensureBuilt(say);
  const said = settings();
  if (await openIfRunning(dataFolderOf(said))) return 0;
  const electron = hasDisplay() ? await obtainElectron(say) : undefined;
  const code = electron && (await runDesktop(electron, say));
  return code ?? runPage({ ...said, SERVICE_PORT: said.SERVICE_PORT || '0' });
}

demandNode();
forwardSignals();
try {
  process.exitCode = await main();
} catch (error) {
  // What was cut short by a signal fails, and needs no words.
  if (!stoppedCode()) complain(textOf(error));
  process.exitCode = stoppedCode() ?? 1;
}
process.exit();
