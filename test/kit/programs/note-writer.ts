/** @file Learns by rule and with a summary from turn after turn until it is killed, and says on stdout what the store has acknowledged. Arguments: folder, first turn. */
import { writeSync } from 'node:fs';
import { lockDataFolder, openDataFolder } from '../../../src/main/adapters/sqlite/folder.ts';
import { openStore } from '../../../src/main/adapters/sqlite/open.ts';
import { notesByRule } from '../../../src/main/engine/memory/rules.ts';
import { settleAll } from '../../../src/main/engine/memory/settle-notes.ts';
import { conversation, say, speak } from '../../contracts/store-questions.ts';
import { PAIR, spokenWords, summaryWords } from '../note-kills.ts';
import { silentLog } from '../silent-log.ts';

const [folder = '', first = '0'] = process.argv.slice(2);
const STDOUT = 1;
/** Written at once, not when the event loop comes to it: the process may be dead by then. */
const tell = (line: string) => writeSync(STDOUT, `${line}\n`);

openDataFolder(folder);
lockDataFolder(folder, { pid: process.pid });
const store = openStore({ folder, log: silentLog, now: Date.now, outbox: false });
if (!store.conversation('c')) store.createConversation(conversation('c', PAIR), undefined);
for (let n = Number(first); ; n += 1) {
  say(store, 'c', n, spokenWords(n));
  speak(store, n, { text: 'I see.' });
  let made = 0;
  const from = store.notes.unlearntIn('c', 'rules', 100);
  if (!from) continue;
  const settled = settleAll(from.messages.flatMap(notesByRule), store.notes.known(PAIR, 10), () => `note-${n}-${made++}`, n);
  const through = from.messages.at(-1)?.number ?? 0;
  store.notes.learn(PAIR, {
    conversationId: 'c',
    learner: 'rules',
    through,
    ...settled,
    summary: { id: `summary-${n}`, text: summaryWords(n), at: n },
  });
  tell(`learnt ${n} ${through}`);
}
