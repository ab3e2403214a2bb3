/** @file Tries to use data folders and prints, one JSON line each, what the store said about them. Arguments: the folders. */
import { lockDataFolder, openDataFolder } from '../../../src/main/adapters/sqlite/folder.ts';
import { openStore } from '../../../src/main/adapters/sqlite/open.ts';
import { Fault } from '../../../src/shared/faults.ts';
import { silentLog } from '../silent-log.ts';

function outcome(action: () => unknown): unknown {
  try {
    action();
    return 'works';
  } catch (error) {
    if (error instanceof Fault) return error.toWire();
    throw error;
  }
}

for (const folder of process.argv.slice(2)) {
  console.log(
    JSON.stringify({
      folder: outcome(() => openDataFolder(folder)),
      lock: outcome(() => lockDataFolder(folder, { pid: process.pid }).release()),
      store: outcome(() => openStore({ folder, log: silentLog, now: Date.now, outbox: false }).close()),
    }),
  );
}
