/** @file Removes what was deleted in a data folder, and says on stdout when it begins and with every turn of the loop, until it is done or killed. Argument: folder. */
import { writeSync } from 'node:fs';
import { openStore } from '../../../src/main/adapters/sqlite/open.ts';
import { silentLog } from '../silent-log.ts';

const [folder = ''] = process.argv.slice(2);
const STDOUT = 1;
/** Written at once: the process may be dead by the next turn. */
const tell = (line: string) => writeSync(STDOUT, `${line}\n`);

const store = openStore({ folder, log: silentLog, now: () => 1, outbox: true });
const removed = store.purgeDeleted(1);
tell('begun');
const timer = setInterval(() => tell('turn'));
await removed;
clearInterval(timer);
tell('done');
store.close();
