/** @file Opens the conversations of a data folder: READ THIS FIRST in this folder. */
import type { DatabaseSync } from 'node:sqlite';
import { BACKUP_AT_CLOSE_BYTES } from '../../../shared/limits.ts';
import type { Dependency } from '../../../shared/status.ts';
import type { NoteStore } from '../../engine/memory/note-store.ts';
import type { Log, Store } from '../../engine/ports.ts';
import { type Access, createAccess } from './access.ts';
import { type Backups, createBackups } from './backups.ts';
import { connect, IN_MEMORY } from './connection.ts';
import { createConversationPart } from './conversations.ts';
import { databaseFile, ensurePrivateFile } from './files.ts';
import { createForgetPart } from './forget.ts';
import { type LiveFile, openLiveFile } from './live-file.ts';
import { createMessagePart } from './messages.ts';
import { migrate, migrations, versionOf } from './migrate.ts';
import { createComparePart } from './note-compare.ts';
import { createLearningPart } from './note-learning.ts';
import { createNotePart } from './notes.ts';
import { createOutboxPart, createOutboxWriter } from './outbox.ts';
import { createPromptTextPart, createPromptTextWriter } from './prompt-texts.ts';
import { purgeDeleted } from './purge.ts';
import { recover } from './recover.ts';
import { createSteeringPart } from './steering.ts';
import { storeFault } from './store-faults.ts';
import { createSummaryPart } from './summaries.ts';
import { createTurnPart, markInterrupted } from './turns.ts';
import { noLog, openWriteAheadLog, type WriteAheadLog } from './write-ahead-log.ts';

export type StoreOptions = {
  /** The data folder, which must be there; undefined keeps everything in memory. */
  folder: string | undefined;
  log: Log;
  /** Milliseconds since 1970. */
  now: () => number;
  /** Rows for subscribers outside are written only where somebody publishes them. */
  outbox: boolean;
};

export type OpenedStore = Store & {
  /** What is remembered. */
  notes: NoteStore;
  /** What a person should be told about the file that was found at the start, if anything. */
  notice(): string | undefined;
  /** Copies the database where the newest backup is a day old; cheap otherwise, never throws. */
  backupIfDue(): Promise<void>;
  /** For /health: degraded from a write that the disk refused until one that succeeds. */
  health(): Dependency;
};

type Files = { access: Access; walLog: WriteAheadLog; live: LiveFile; backups: Backups | undefined; log: Log };

/** Throws Fault('store-full') or Fault('store-failed') where the folder cannot be used. */
export function openStore(options: StoreOptions): OpenedStore {
  try {
    return open(options);
  } catch (error) {
    throw storeFault(error);
  }
}

function open({ folder, log, now, outbox }: StoreOptions): OpenedStore {
  const notice = folder === undefined ? undefined : recover(folder, now, log);
  if (folder !== undefined) ensurePrivateFile(databaseFile(folder));
  const database = connect(folder === undefined ? IN_MEMORY : databaseFile(folder), log);
  try {
    const backups = folder === undefined ? undefined : createBackups(database, folder, now, log);
    bringUpToDate(database, backups);
    const walLog = folder === undefined ? noLog : openWriteAheadLog(databaseFile(folder));
    const live = openLiveFile(folder === undefined ? IN_MEMORY : databaseFile(folder));
    const access = createAccess(database, walLog);
    const interrupted = markInterrupted(access, now());
    if (interrupted > 0) log.info('replies-interrupted', { count: interrupted });
    const files = { access, walLog, live, backups, log };
    return {
      ...createConversationPart(access),
      ...createMessagePart(access),
      ...createTurnPart(access, { prompts: createPromptTextWriter(access), outbox: outbox ? createOutboxWriter(access, log) : undefined }),
      ...createPromptTextPart(access),
      ...createSteeringPart(access),
      ...createSummaryPart(access),
      ...createOutboxPart(access),
      purgeDeleted: (before, signal) => purgeDeleted(access, backups && { backups, live }, before, signal),
      notes: {
        ...createNotePart(access),
        ...createComparePart(access),
        ...createLearningPart(access),
        ...createForgetPart(access, { folder, live, backups, log }),
      },
      notice: () => notice,
      backupIfDue: async () => backups?.makeIfDue(),
      health: () => healthOf(access),
      close: createClose(files),
    };
  } catch (error) {
    database.close();
    throw error;
  }
}

/** Before an older database is changed, a copy of it is made. */
function bringUpToDate(database: DatabaseSync, backups: Backups | undefined): void {
  const version = versionOf(database);
  if (version > 0 && version < migrations.length) backups?.make();
  migrate(database);
}

function healthOf(access: Access): Dependency {
  const fault = access.lastFault();
  return fault ? { state: 'degraded', reason: fault.message } : { state: 'healthy' };
}

function createClose({ access, walLog, live, backups, log }: Files): () => void {
  const { database } = access;
  return () => {
    if (!database.isOpen) return;
    try {
      database.exec('PRAGMA wal_checkpoint(TRUNCATE)');
      if (sizeOf(database) <= BACKUP_AT_CLOSE_BYTES) backups?.make();
    } catch (error) {
      // The log stays beside the database and is read at the next start: nothing is lost.
      log.warn('store-not-tidied', { reason: storeFault(error).detail });
    } finally {
      walLog.close();
      database.close();
      live.close();
    }
  };
}

function sizeOf(database: DatabaseSync): number {
  const row = database.prepare('SELECT page_count * page_size AS size FROM pragma_page_count, pragma_page_size').get();
  return Number(row?.['size']);
}
