/** @file Writes turns into a data folder until it is killed, and says on stdout what the store has acknowledged. Arguments: folder, first turn, umask in octal. */
import { writeSync } from 'node:fs';
import { lockDataFolder, openDataFolder } from '../../../src/main/adapters/sqlite/folder.ts';
import { openStore } from '../../../src/main/adapters/sqlite/open.ts';
import { conversation, say, speak } from '../../contracts/store-questions.ts';
import { silentLog } from '../silent-log.ts';
import { conversationOf, replyPieces, replyWords, userWords } from '../store-words.ts';

const [folder = '', first = '0', umask = '077'] = process.argv.slice(2);
process.umask(Number.parseInt(umask, 8));
const STDOUT = 1;
/** Written at once, not when the event loop comes to it: the process may be dead by then. */
const tell = (line: string) => writeSync(STDOUT, `${line}\n`);

openDataFolder(folder);
lockDataFolder(folder, { pid: process.pid });
const store = openStore({ folder, log: silentLog, now: Date.now, outbox: true });
for (const n of [0, 1, 2]) {
  if (!store.conversation(conversationOf(n))) store.createConversation(conversation(conversationOf(n)), undefined);
}
for (let n = Number(first); ; n += 1) {
  say(store, conversationOf(n), n, userWords(n));
  tell(`accepted ${n}`);
  let written = 0;
  for (const piece of replyPieces(n)) {
    store.appendReply(`turn-${n}`, piece, '');
    written += piece.length;
    tell(`partial ${n} ${written}`);
  }
  speak(store, n, { text: replyWords(n) });
  tell(`ended ${n}`);
}
