/** @file Forgetting: hidden at once, brought back while that is possible, then gone from the database, its log, its copies and the disk. */
import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import { setImmediate as rest } from 'node:timers/promises';
import type { Forgetting, NoteStore } from '../../engine/memory/note-store.ts';
import type { Log } from '../../engine/ports.ts';
import type { Access } from './access.ts';
import { clearPages } from './at-rest.ts';
import type { Backups } from './backups.ts';
import { backupFolder, damagedFolder } from './files.ts';
import { createCopies } from './forget-copies.ts';
import { countInFile, findInFolder, probesFor } from './forget-files.ts';
import { findUnsaid, type Rest } from './forget-find.ts';
import { overwriteTexts } from './forget-raw.ts';
import { type Forgotten, find, scrub, textsOf } from './forget-scrub.ts';
import type { LiveFile } from './live-file.ts';
import { type NoteRow, noteSelect, toStoredMemory } from './note-rows.ts';

export type ForgetPart = Pick<NoteStore, 'hide' | 'unhide' | 'hidden' | 'remove'>;

type ForgettingRow = { id: string; user_id: string; note_ids: string; message_ids: string; at: number };
/** `folder` undefined: everything lies in memory, and there are no files to look through. */
type Files = { folder: string | undefined; live: LiveFile; backups: Backups | undefined; log: Log };

const pause: Rest = () => rest();

const IN = 'IN (SELECT value FROM json_each(?))';

export function createForgetPart(access: Access, files: Files): ForgetPart {
  const { database } = access;
  const statements = prepare(database);
  const copies = files.backups && createCopies(files.backups, pause);
  /** What a first removal has taken out of the database, for a second one; in memory only. */
  const wordings = new Map<string, Pick<Forgotten, 'noteTexts' | 'messageTexts'>>();
  const hidden = (id: string): Forgetting | undefined => {
    const row = statements.find.get(id) as ForgettingRow | undefined;
    return row && toForgetting(row);
  };
  /** Counts one forgetting more, or less, at each message that outlives it. */
  const stay = (more: 1 | -1, noteIds: readonly string[], messageIds: readonly string[]): string[] =>
    (statements.stay.all(more, JSON.stringify(noteIds), JSON.stringify(messageIds)) as { id: string }[]).map((row) => row.id);
  return {
    hide(forgetting) {
      const { id, userId, noteIds, messageIds, at } = forgetting;
      const untold = access.write(() => {
        statements.insert.run(id, userId, JSON.stringify(noteIds), JSON.stringify(messageIds), at);
        statements.hide.run(id, JSON.stringify(noteIds));
        return stay(1, noteIds, messageIds);
      });
      copies?.look(id, { ...forgetting, ...access.read(() => textsOf(database, forgetting, [])) });
      return untold;
    },
    unhide: (id) =>
      access.write(() => {
        copies?.drop(id);
        const forgetting = hidden(id);
        if (!forgetting) return undefined;
        statements.show.run(id);
        statements.drop.run(id);
        const rows = statements.notes.all(JSON.stringify(forgetting.noteIds)) as NoteRow[];
        return { forgetting, memories: rows.map(toStoredMemory), untold: stay(-1, forgetting.noteIds, forgetting.messageIds) };
      }),
    hidden: () => access.read(() => (statements.all.all() as ForgettingRow[]).map(toForgetting)),
    remove: (id, how) => (files.backups ? files.backups.without(() => remove(id, how)) : remove(id, how)),
  };
  async function remove(id: string, how: { finally: boolean }) {
    const forgetting = access.read(() => hidden(id));
    if (!forgetting) return { noteIds: [], conversationIds: [] };
    const before = wordings.get(id) ?? { noteTexts: [], messageTexts: [] };
    const found = await find(database, { ...forgetting, ...before }, pause);
    wordings.set(id, found);
    // Copies first: if this is cut short, the row that names what is to go is still there, and the next start finishes it.
    const cleaned = new Set<string>();
    await copies?.clean(id, found, cleaned);
    if (files.folder !== undefined) await overwriteDamaged(files.folder, [...found.noteTexts, ...found.messageTexts]);
    await pause();
    // Only the last of it waits for the disk, where there is a log: after a crash all is done once more.
    const conversationIds = await scrub(database, found, { steps: access.writeSoon, last: access.write, strict: how.finally }, pause);
    await pause();
    // The proof looks for the beginnings of sentences alone, and knows no words that a program which died had taken out already.
    if (files.folder !== undefined) await clearPages(access, files.live);
    // One that was made in the meantime.
    await copies?.clean(id, found, cleaned);
    await prove(access, files, found);
    if (how.finally) {
      access.write(() => statements.drop.run(id));
      wordings.delete(id);
    }
    return { noteIds: forgetting.noteIds, conversationIds };
  }
}

/** Of these words, what stands in no row of a database, and can only lie in a page that it does not use. */
async function isOnlyInPages(database: DatabaseSync, path: string, probes: readonly Buffer[], live: LiveFile): Promise<boolean> {
  const unsaid = await findUnsaid(database, probes, pause);
  return unsaid.length > 0 && (await countInFile(path, unsaid, live)) > 0;
}

/**
 * Reads every file, once pages are cleared: a database that holds the words all the same is written anew, which holds everybody up.
 */
async function prove(access: Access, { folder, live, backups, log }: Files, { noteTexts, messageTexts }: Forgotten): Promise<void> {
  if (folder === undefined) return;
  const { database } = access;
  const texts = [...noteTexts, ...messageTexts];
  const probes = probesFor(texts);
  const found = await findInFolder(folder, probes, live);
  if (found.length === 0) return;
  const paths = found.map(({ path }) => path);
  if (paths.some((path) => path.startsWith(live.path)) && (await isOnlyInPages(database, live.path, probes, live)))
    access.read(() => database.exec('VACUUM; PRAGMA wal_checkpoint(TRUNCATE)'));
  for (const path of paths.filter((each) => each.startsWith(backupFolder(folder))))
    await backups?.change(path, async (copy) => {
      if (await isOnlyInPages(copy, path, probes, live)) copy.exec('VACUUM');
    });
  const left = await findInFolder(folder, probes, live);
  // Where the same words were said elsewhere too, and are not to be forgotten there, they are still found.
  log.info('forgotten', { files: found.length, left: left.length });
}

async function overwriteDamaged(folder: string, texts: readonly string[]): Promise<void> {
  if (!existsSync(damagedFolder(folder))) return;
  for (const entry of await readdir(damagedFolder(folder), { withFileTypes: true, recursive: true })) {
    if (entry.isFile()) await overwriteTexts(join(entry.parentPath, entry.name), texts);
  }
}

function prepare(database: DatabaseSync) {
  return {
    find: database.prepare('SELECT * FROM forgettings WHERE id = ?'),
    all: database.prepare('SELECT * FROM forgettings ORDER BY at, id'),
    insert: database.prepare('INSERT INTO forgettings (id, user_id, note_ids, message_ids, at) VALUES (?, ?, ?, ?, ?)'),
    hide: database.prepare(`UPDATE notes SET forgetting_id = ? WHERE id ${IN}`),
    show: database.prepare('UPDATE notes SET forgetting_id = NULL WHERE forgetting_id = ?'),
    stay: database.prepare(`UPDATE messages SET untold = untold + ? WHERE id IN (SELECT message_id FROM note_sources WHERE note_id ${IN})
      AND id NOT ${IN} RETURNING id`),
    drop: database.prepare('DELETE FROM forgettings WHERE id = ?'),
    notes: database.prepare(`${noteSelect} WHERE n.id ${IN} AND n.forgetting_id IS NULL`),
  };
}

function toForgetting(row: ForgettingRow): Forgetting {
  const ids = (json: string) => JSON.parse(json) as string[];
  return { id: row.id, userId: row.user_id, noteIds: ids(row.note_ids), messageIds: ids(row.message_ids), at: row.at };
}
