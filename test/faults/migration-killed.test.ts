/** @file A migration that is cut short at any statement, and databases of newer versions. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { connect } from '../../src/main/adapters/sqlite/connection.ts';
import { databaseFile } from '../../src/main/adapters/sqlite/files.ts';
import { inspect } from '../../src/main/adapters/sqlite/inspect.ts';
import { migrate, migrations, versionOf } from '../../src/main/adapters/sqlite/migrate.ts';
import { openStore } from '../../src/main/adapters/sqlite/open.ts';
import { codeOf, conversation, say } from '../contracts/store-questions.ts';
import { laterSteps, statementsOf } from '../kit/migration-steps.ts';
import { silentLog } from '../kit/silent-log.ts';

const PROGRAM = join(import.meta.dirname, '../kit/programs/migration-killed.ts');

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'migration-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const open = () => openStore({ folder, log: silentLog, now: () => 0, outbox: false });

/** Which version is complete when statement n of all steps is not reached any more. */
function versionBefore(statement: number): number {
  let statements = 0;
  return laterSteps.findIndex((step) => {
    statements += statementsOf(step).length;
    return statement <= statements;
  });
}

function killAt(statement: number): void {
  const ran = spawnSync(process.execPath, [PROGRAM, databaseFile(folder), String(statement)], { encoding: 'utf8' });
  expect(ran.signal, ran.stderr).toBe('SIGKILL');
}

/** The version and every table, index and column that a database has. */
function shapeOf(database: DatabaseSync): string {
  return JSON.stringify([versionOf(database), database.prepare('SELECT name, sql FROM sqlite_schema ORDER BY name').all()]);
}

describe('a migration', () => {
  const total = laterSteps.flatMap(statementsOf).length;

  it(`[S20] killed at each of ${total} statements leaves the shape it came from, and the next start finishes it`, {
    timeout: 120_000,
  }, () => {
    const whole = new DatabaseSync(':memory:');
    migrate(whole, laterSteps);
    for (let statement = 1; statement <= total; statement += 1) {
      killAt(statement);
      const version = versionBefore(statement);
      const expected = new DatabaseSync(':memory:');
      migrate(expected, laterSteps.slice(0, version));
      const database = connect(databaseFile(folder), silentLog);
      expect(shapeOf(database), `killed at ${statement}`).toBe(shapeOf(expected));
      migrate(database, laterSteps);
      expect(shapeOf(database)).toBe(shapeOf(whole));
      database.close();
      for (const suffix of ['', '-wal', '-shm']) rmSync(`${databaseFile(folder)}${suffix}`, { force: true });
    }
    console.log(`migration killed: ${total} statements of ${laterSteps.length} steps, 0 half-done`);
    expect(versionBefore(1)).toBe(0);
    expect(versionBefore(total)).toBe(laterSteps.length - 1);
  });

  it('[S20] killed in the first one of all is a first start for the next', () => {
    killAt(5);
    expect(inspect(databaseFile(folder))).toEqual({ state: 'blank' });
    const store = open();
    expect(store.notice()).toBeUndefined();
    store.createConversation(conversation('c'), undefined);
    store.close();
  });

  it('[S20] killed in a later one keeps every row', () => {
    const store = open();
    store.createConversation(conversation('c', { title: 'Kept' }), undefined);
    say(store, 'c', 1, 'Hi');
    store.close();
    killAt(3);
    const again = open();
    expect(again.conversation('c')?.title).toBe('Kept');
    expect(again.message('user-1')?.text).toBe('Hi');
    again.close();
  });

  it('[S20] a database of a newer version is refused and not touched', () => {
    open().close();
    const database = new DatabaseSync(databaseFile(folder));
    database.exec(`PRAGMA user_version = ${migrations.length + 1}`);
    database.close();
    const before = readFileSync(databaseFile(folder));
    expect(codeOf(open)).toBe('store-failed');
    expect(readFileSync(databaseFile(folder))).toEqual(before);
    expect(codeOf(open)).toBe('store-failed');
  });
});
