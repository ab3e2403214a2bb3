/** @file Waiting for the disk: what is settled, and what is told where the disk fails. */
import { existsSync, fstatSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { silentLog } from '../../../../test/kit/silent-log.ts';
import { createAccess } from './access.ts';
import { connect } from './connection.ts';
import { databaseFile } from './files.ts';
import { openWriteAheadLog } from './write-ahead-log.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'log-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** A store of one table over a disk that a test holds back. */
function openOver(sync: (handle: number) => Promise<void>) {
  const path = databaseFile(folder);
  const database = connect(path, silentLog);
  database.exec('CREATE TABLE words (text TEXT)');
  const log = openWriteAheadLog(path, sync);
  const access = createAccess(database, log);
  const add = (text: string) => access.writeAhead(() => database.prepare('INSERT INTO words VALUES (?)').run(text));
  const synchronous = () => database.prepare('PRAGMA synchronous').get()?.['synchronous'];
  const words = () => database.prepare('SELECT text FROM words').all().length;
  return { database, log, access, add, synchronous, words, path };
}

describe('a write that is ahead of the disk', () => {
  it('[S26] is read at once and settled when its bytes in the log are on disk', async () => {
    const disk = Promise.withResolvers<void>();
    const synced: { inode: number; size: number }[] = [];
    const { add, words, synchronous, path, database, log } = openOver((handle) => {
      const { ino, size } = fstatSync(handle);
      synced.push({ inode: ino, size });
      return disk.promise;
    });
    const before = existsSync(`${path}-wal`) ? statSync(`${path}-wal`).size : 0;
    let settled = false;
    const written = add('one');
    const told = written.settled.then(() => {
      settled = true;
    });
    expect(words()).toBe(1);
    expect(synchronous()).toBe(2);
    await Promise.resolve();
    expect(settled).toBe(false);
    disk.resolve();
    await told;
    const { ino, size } = statSync(`${path}-wal`);
    expect(synced).toEqual([{ inode: ino, size }]);
    expect(size).toBeGreaterThan(before);
    log.close();
    database.close();
  });

  it('[S26] a folder that allows no such log is written to as it is, and waited for', async () => {
    const path = databaseFile(folder);
    // This way of locking has no shared memory, so that SQLite has no log there.
    const database = connect(`file:${path}?vfs=unix-dotfile`, silentLog);
    database.exec('CREATE TABLE words (text TEXT)');
    const log = openWriteAheadLog(path);
    const access = createAccess(database, log);
    const add = () => {
      expect(database.prepare('PRAGMA synchronous').get()?.['synchronous']).toBe(2);
      return database.prepare("INSERT INTO words VALUES ('one')").run();
    };
    await access.writeAhead(add).settled;
    access.writeSoon(add);
    expect(access.lastFault()).toBeUndefined();
    expect(existsSync(`${path}-wal`)).toBe(false);
    expect(database.prepare('SELECT text FROM words').all()).toHaveLength(2);
    log.close();
    database.close();
  });

  it('[S26] a disk that fails is a fault, and the latest one, until a write succeeds', async () => {
    let fails = true;
    const { add, access, database, log } = openOver(() =>
      fails ? Promise.reject(Object.assign(new Error('EIO: i/o error, fdatasync'), { code: 'EIO' })) : Promise.resolve(),
    );
    await expect(add('one').settled).rejects.toMatchObject({ code: 'store-failed' });
    expect(access.lastFault()).toMatchObject({ code: 'store-failed' });
    fails = false;
    await add('two').settled;
    expect(access.lastFault()).toBeUndefined();
    log.close();
    database.close();
  });

  it('[S26] a write that fails throws at once, and later ones are as safe as before', () => {
    const { access, database, synchronous, log } = openOver(() => Promise.resolve());
    const broken = () => access.writeAhead(() => database.exec('INSERT INTO nowhere VALUES (1)'));
    expect(broken).toThrow(expect.objectContaining({ code: 'store-failed' }));
    expect(synchronous()).toBe(2);
    log.close();
    database.close();
  });

  it('[S35] is waited for together: who asks before a wait has begun goes with it, who asks later has the next one', async () => {
    const disks: ReturnType<typeof Promise.withResolvers<void>>[] = [];
    const sizes: number[] = [];
    const { add, path, log, database } = openOver((handle) => {
      sizes.push(fstatSync(handle).size);
      const disk = Promise.withResolvers<void>();
      disks.push(disk);
      return disk.promise;
    });
    const ended: string[] = [];
    const wait = (name: string) => add(name).settled.then(() => ended.push(name));
    const early = ['one', 'two', 'three'].map(wait);
    await expect.poll(() => disks.length).toBe(1);
    const late = ['four', 'five'].map(wait);
    await new Promise(setImmediate);
    expect([disks.length, ended.length]).toEqual([1, 0]);
    disks[0]?.resolve();
    await Promise.all(early);
    expect(ended).toEqual(['one', 'two', 'three']);
    await expect.poll(() => disks.length).toBe(2);
    expect(sizes[1]).toBe(statSync(`${path}-wal`).size);
    disks[1]?.resolve();
    await Promise.all(late);
    expect(disks.length).toBe(2);
    log.close();
    database.close();
  });

  it('[S34] what is kept at hand is as new as the last write, one that failed and one that read it midway included', () => {
    const { access, database, words } = openOver(async () => undefined);
    let asked = 0;
    const kept = () =>
      access.readKept('words', () => {
        asked += 1;
        return words();
      });
    const insert = () => database.prepare('INSERT INTO words VALUES (?)').run('one');
    expect([kept(), kept(), asked]).toEqual([0, 0, 1]);
    access.write(insert);
    expect([kept(), kept(), asked]).toEqual([1, 1, 2]);
    access.writeSoon(insert);
    expect(kept()).toBe(2);
    const failing = () => {
      insert();
      expect(kept()).toBe(2);
      throw new Error('no');
    };
    expect(() => access.write(failing)).toThrow();
    access.write(() => [insert(), access.readKept('midway', words)]);
    expect(kept()).toBe(3);
    expect(() =>
      access.write(() => {
        insert();
        access.readKept('midway', words);
        throw new Error('no');
      }),
    ).toThrow();
    expect(access.readKept('midway', words)).toBe(3);
  });

  it('[S29] what can be made anew waits for no disk, is read at once, and leaves later writes as safe as before', () => {
    let synced = 0;
    const { access, database, synchronous, words, log } = openOver(async () => {
      synced += 1;
    });
    const within = access.writeSoon(() => {
      database.prepare('INSERT INTO words VALUES (?)').run('one');
      return synchronous();
    });
    expect(within).toBe(1);
    expect([words(), synced, synchronous()]).toEqual([1, 0, 2]);
    const fails = () => {
      throw new Error('no');
    };
    expect(() => access.writeSoon(fails)).toThrow();
    expect([words(), synchronous()]).toEqual([1, 2]);
    log.close();
    database.close();
  });

  it('[S26] the file is let go of only when the last wait is over', async () => {
    const disk = Promise.withResolvers<void>();
    const asked = Promise.withResolvers<number>();
    const { add, database, log } = openOver((handle) => {
      asked.resolve(handle);
      return disk.promise.then(() => void fstatSync(handle));
    });
    const { settled } = add('one');
    log.close();
    database.close();
    expect(fstatSync(await asked.promise).isFile()).toBe(true);
    disk.resolve();
    await settled;
  });
});
