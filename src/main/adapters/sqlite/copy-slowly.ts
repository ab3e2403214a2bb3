/** @file A copy of a database that is in use, made beside everything else. */
import { open } from 'node:fs/promises';
import { backup, DatabaseSync } from 'node:sqlite';

const FORMAT_OFFSET = 18;
const ROLLBACK_JOURNAL = Buffer.from([1, 1]);
/** Pages that are copied in one go, in another thread: a millisecond or two. */
const PAGES_AT_ONCE = 256;

/** A file for itself, without a log beside it (sqlite.org/fileformat2.html, 1.3.3), and on the disk. */
async function finishFile(path: string): Promise<void> {
  const file = await open(path, 'r+');
  try {
    await file.write(ROLLBACK_JOURNAL, 0, ROLLBACK_JOURNAL.length, FORMAT_OFFSET);
    await file.sync();
  } finally {
    await file.close();
  }
}

/** The database as it is now, over a connection of its own that goes on seeing it so; whoever writes meanwhile waits for nothing. */
export async function copySlowly(path: string, to: string): Promise<void> {
  const source = new DatabaseSync(path, { readOnly: true });
  try {
    source.exec('BEGIN');
    source.prepare('SELECT 1 FROM sqlite_schema LIMIT 1').get();
    await backup(source, to, { rate: PAGES_AT_ONCE });
    await finishFile(to);
  } finally {
    source.close();
  }
}
