/** @file Forgetting what thousands of replies were told: a few rows at a time, and whole after a death at any moment. */
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setImmediate as turn } from 'node:timers/promises';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { conversation, report, say, speak } from '../../../../test/contracts/store-questions.ts';
import { silentLog } from '../../../../test/kit/silent-log.ts';
import { databaseFile } from './files.ts';
import { type OpenedStore, openStore } from './open.ts';

const TURNS = 800;
/** Deaths that are looked at: the first ones, the last ones, and some between. */
const DEATHS = 8;
/** As the note says it now, and as it said it when half of the replies were told. */
const NOW = 'You keep a brass astrolabe below the seventh stair.';
const BEFORE = 'You hide a copper sextant behind the wainscot panel.';
const SECRETS = ['astrolabe', 'sextant'];

let folders: string[] = [];
const folder = () => {
  const path = mkdtempSync(join(tmpdir(), 'forget-steps-'));
  folders.push(path);
  return path;
};
beforeEach(() => {
  folders = [];
});
afterEach(() => {
  for (const path of folders) rmSync(path, { recursive: true });
});

const open = (path: string) => openStore({ folder: path, log: silentLog, now: () => 1, outbox: false });

function layTurns(store: OpenedStore): void {
  const pair = { userId: 'user', characterId: 'sarah' };
  store.createConversation(conversation('c'), undefined);
  const rest = { subject: 'x', single: false, supersedes: [], supersededBy: undefined };
  const note = { kind: 'you', confidence: 1, pinned: true, edited: false, learnedAt: 1, saidAt: 1 } as const;
  store.notes.bringIn(pair, [{ ...note, ...rest, id: 'n1', text: BEFORE }]);
  for (let n = 0; n < TURNS; n += 1) {
    if (n === TURNS / 2) store.notes.change('n1', { text: NOW, at: 2 });
    const told = n < TURNS / 2 ? BEFORE : NOW;
    const source = { kind: 'note', id: 'n1', speaker: 'person', at: 1 } as const;
    say(store, 'c', n, `What about number ${n}?`);
    store.setContext(`user-${n}`, `<memory>\n- ${told}\n- Something else of number ${n}.\n</memory>`);
    speak(store, n, {
      text: 'So it is.',
      thinking: `They once said: ${told}`,
      // One is known by its id, the other, of another service, by its words alone.
      report: {
        ...report,
        recalled: [
          { text: told, reason: `Because of “${told}”.`, tokens: 9, source },
          { text: `They said: ${told}`, reason: 'Another service found it.', tokens: 9 },
        ],
      },
    });
  }
}

const filesWith = (path: string) =>
  readdirSync(path, { recursive: true, encoding: 'utf8', withFileTypes: true })
    .filter((entry) => entry.isFile())
    .filter((entry) => SECRETS.some((word) => readFileSync(join(entry.parentPath, entry.name), 'latin1').includes(word)))
    .map(({ name }) => name);

/** Rows that tell it: contexts and thoughts go first, reports last. */
function createCount(path: string) {
  const database = new DatabaseSync(databaseFile(path), { readOnly: true });
  const says = SECRETS.map((word) => `instr(context || thinking || coalesce(report, ''), '${word}') > 0`).join(' OR ');
  const statement = database.prepare(`SELECT count(*) AS rows FROM messages WHERE ${says}`);
  return { rows: () => Number(statement.get()?.['rows']), close: () => database.close() };
}

it('[ME54] what thousands of replies were told goes a few rows at a time; others write meanwhile, and a death at any moment loses none of it', {
  timeout: 120_000,
}, async () => {
  const path = folder();
  const store = open(path);
  layTurns(store);
  store.notes.hide({ id: 'f', userId: 'user', noteIds: ['n1'], messageIds: [], at: 3 });
  let isOver = false;
  const removed = store.notes.remove('f', { finally: true }).finally(() => {
    isOver = true;
  });
  const count = createCount(path);
  const first = count.rows();
  let told = first;
  const steps: number[] = [];
  const dead: string[] = [];
  while (!isOver) {
    await turn();
    const left = count.rows();
    if (left === told) continue;
    steps.push(told - left);
    told = left;
    store.setValue('between', String(left));
    const copy = folder();
    cpSync(path, copy, { recursive: true });
    rmSync(join(copy, 'folder.lock'), { force: true });
    dead.push(copy);
  }
  await removed;
  count.close();
  store.close();
  console.log(`forgetting in steps: ${steps.length} steps for ${first} rows, the largest of ${Math.max(...steps)}`);
  expect([first, told]).toEqual([2 * TURNS, 0]);
  expect(Math.max(...steps)).toBeLessThan(TURNS / 2);
  expect(filesWith(path)).toEqual([]);
  expect(dead.length).toBeGreaterThan(DEATHS);
  // The last of them tells it nowhere any more.
  const chosen = Array.from({ length: DEATHS }, (_, n) => Math.floor((n * (dead.length - 2)) / (DEATHS - 1)));
  for (const copy of new Set(chosen.map((at) => dead[at] ?? ''))) {
    const again = open(copy);
    const half = createCount(copy);
    expect(half.rows()).toBeGreaterThan(0);
    expect(half.rows()).toBeLessThan(first);
    half.close();
    expect(again.notes.hidden().map(({ id }) => id)).toEqual(['f']);
    await again.notes.remove('f', { finally: true });
    again.close();
    expect(filesWith(copy)).toEqual([]);
  }
});

it('[ME44] a summary, a prompt or a value that is written meanwhile, whenever that is, is cleaned of it too', {
  timeout: 120_000,
}, async () => {
  const path = folder();
  const store = open(path);
  layTurns(store);
  store.notes.hide({ id: 'f', userId: 'user', noteIds: ['n1'], messageIds: [], at: 3 });
  const database = new DatabaseSync(databaseFile(path), { readOnly: true });
  const note = database.prepare("SELECT 1 FROM notes WHERE id = 'n1'");
  let isOver = false;
  const removed = store.notes.remove('f', { finally: true }).finally(() => {
    isOver = true;
  });
  let written = 0;
  while (!isOver) {
    await turn();
    if (note.get() === undefined) continue;
    store.addSummary('c', { id: `s${written}`, throughId: `reply-${written % TURNS}`, text: `Some said: ${NOW}` }, written);
    store.setValue('lore:c', `${written}: ${BEFORE}`);
    written += 1;
  }
  await removed;
  database.close();
  const [summary] = store.summaries('c');
  store.close();
  console.log(`written while it was forgotten: ${written} summaries`);
  expect(written).toBeGreaterThan(10);
  expect(summary?.text).toContain('[forgotten]');
  expect(filesWith(path)).toEqual([]);
});

it('[ME54] a report that cannot be read keeps nothing from going, and is cleaned as text', async () => {
  const path = folder();
  const store = open(path);
  layTurns(store);
  store.notes.hide({ id: 'f', userId: 'user', noteIds: ['n1'], messageIds: [], at: 3 });
  const database = new DatabaseSync(databaseFile(path));
  const broken = [
    '',
    'null',
    '5',
    `{"recalled": [{"text": "${NOW}"`,
    `{"recalled": "${NOW}"}`,
    `{"recalled": [null, {"source": null, "text": "${NOW}"}]}`,
  ];
  for (const [n, report] of broken.entries()) database.prepare('UPDATE messages SET report = ? WHERE id = ?').run(report, `reply-${n}`);
  await store.notes.remove('f', { finally: true });
  const left = broken.map((_, n) => database.prepare('SELECT report FROM messages WHERE id = ?').get(`reply-${n}`)?.['report']);
  database.close();
  store.close();
  expect(left.slice(0, 3)).toEqual(['', 'null', '5']);
  expect(filesWith(path)).toEqual([]);
});

it('[ME54] messages that take the numbers of removed ones meanwhile are looked at as well', async () => {
  const path = folder();
  const store = open(path);
  layTurns(store);
  store.createConversation(conversation('d'), undefined);
  say(store, 'd', 9_000, 'Something else.');
  speak(store, 9_000, { text: 'So it is.' });
  store.deleteConversation('d', 1);
  store.notes.hide({ id: 'f', userId: 'user', noteIds: ['n1'], messageIds: [], at: 3 });
  const count = createCount(path);
  const removed = store.notes.remove('f', { finally: true });
  while (count.rows() > TURNS) await turn();
  await store.purgeDeleted(2);
  say(store, 'c', 9_001, 'And what about the stair?');
  speak(store, 9_001, { text: 'So it is.', thinking: `They once said: ${NOW}`, report });
  await removed;
  count.close();
  store.close();
  expect(filesWith(path)).toEqual([]);
});
