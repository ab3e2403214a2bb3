/** @file The data folder while a process works in it: who may read it, who holds it. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { lockDataFolder, openDataFolder, readHolder } from '../../src/main/adapters/sqlite/folder.ts';
import { openStore } from '../../src/main/adapters/sqlite/open.ts';
import { Fault } from '../../src/shared/faults.ts';
import { silentLog } from '../kit/silent-log.ts';

const WRITER = join(import.meta.dirname, '../kit/programs/store-writer.ts');

let folder = '';
let writer: ChildProcess | undefined;
beforeEach(() => {
  folder = join(mkdtempSync(join(tmpdir(), 'data-folder-')), 'made', 'here');
});
afterEach(async () => {
  await killWriter();
  rmSync(join(folder, '../..'), { recursive: true });
});

/** Starts a process that holds the folder, and waits until the store has told it of a whole turn. */
async function startWriter(umask: string): Promise<number> {
  const child = spawn(process.execPath, [WRITER, folder, '0', umask], { stdio: ['ignore', 'pipe', 'inherit'] });
  writer = child;
  for await (const line of createInterface({ input: child.stdout })) if (line === 'ended 0') break;
  child.stdout.resume();
  return child.pid ?? 0;
}

async function killWriter(): Promise<void> {
  if (!writer || writer.exitCode !== null || writer.signalCode !== null) return;
  const ended = once(writer, 'exit');
  writer.kill('SIGKILL');
  await ended;
}

/** Every path below the folder whose mode is not that of its owner alone. */
function tooOpen(): string[] {
  const paths = readdirSync(folder, { recursive: true, encoding: 'utf8' }).map((name) => join(folder, name));
  return [folder, ...paths].filter((path) => {
    const entry = statSync(path);
    return (entry.mode & 0o777) !== (entry.isDirectory() ? 0o700 : 0o600);
  });
}

function faultOf(action: () => unknown): Fault | undefined {
  try {
    action();
    return undefined;
  } catch (error) {
    if (error instanceof Fault) return error;
    throw error;
  }
}

describe('the data folder', () => {
  it.each(['000', '022', '077'])(
    '[S21] is its owner’s alone under umask %s, with its logs, its lock, its backups and what was set aside',
    async (umask) => {
      await startWriter(umask);
      const names = readdirSync(folder);
      expect(names).toEqual(
        expect.arrayContaining(['conversations.db', 'conversations.db-wal', 'conversations.db-shm', 'lock.db', 'running.json']),
      );
      expect(tooOpen()).toEqual([]);
      await killWriter();
      const open = () => openStore({ folder, log: silentLog, now: Date.now, outbox: false });
      open().close();
      writeFileSync(join(folder, 'conversations.db'), 'damaged');
      const restored = open();
      expect(restored.notice()).toBeDefined();
      restored.createConversation(
        { id: 'c', userId: 'u', characterId: 's', title: '', titled: false, createdAt: 0, updatedAt: 0 },
        undefined,
      );
      expect(readdirSync(folder)).toEqual(expect.arrayContaining(['backups', 'damaged', 'conversations.db-wal']));
      expect(tooOpen()).toEqual([]);
      restored.close();
      expect(tooOpen()).toEqual([]);
    },
  );

  it('[S21] closes an empty folder that was made for it, and leaves one that holds other things as it is', () => {
    mkdirSync(folder, { recursive: true });
    chmodSync(folder, 0o755);
    openDataFolder(folder);
    expect(statSync(folder).mode & 0o777).toBe(0o700);
    chmodSync(folder, 0o755);
    writeFileSync(join(folder, 'of-somebody-else'), '');
    openDataFolder(folder);
    expect(statSync(folder).mode & 0o777).toBe(0o755);
  });

  it('[S22] is held by one process; the next one learns who, and gets it the moment that one is killed', async () => {
    const pid = await startWriter('077');
    const refused = faultOf(() => lockDataFolder(folder, { pid: process.pid }));
    expect(refused).toMatchObject({ code: 'store-in-use', detail: JSON.stringify({ pid }) });
    expect(refused?.message).toContain(`in use by process ${pid}`);
    expect(readHolder(folder)).toEqual({ pid });
    await killWriter();
    expect(readHolder(folder)).toBeUndefined();
    lockDataFolder(folder, { pid: process.pid }).release();
  });

  it('[S22] tells the next one where it can be reached, and keeps the token out of the fault', () => {
    openDataFolder(folder);
    const lock = lockDataFolder(folder, { pid: process.pid });
    lock.announce({ url: 'http://127.0.0.1:9', pageUrl: 'http://127.0.0.1:9/#token=secret' });
    const refused = faultOf(() => lockDataFolder(folder, { pid: 1 }));
    expect(refused?.detail).toBe(JSON.stringify({ pid: process.pid, url: 'http://127.0.0.1:9' }));
    expect(refused?.message).toContain(`process ${process.pid} at http://127.0.0.1:9`);
    expect(JSON.stringify(refused?.toWire())).not.toContain('secret');
    expect(readHolder(folder)?.pageUrl).toBe('http://127.0.0.1:9/#token=secret');
    lock.release();
    lock.release();
    expect(readHolder(folder)).toBeUndefined();
    expect(readdirSync(folder)).toEqual(['lock.db']);
  });

  it('[S22] stays held where nobody keeps what the lock answered', () => {
    openDataFolder(folder);
    lockDataFolder(folder, { pid: process.pid });
    setFlagsFromString('--expose-gc');
    runInNewContext('gc')();
    expect(faultOf(() => lockDataFolder(folder, { pid: 1 }))?.code).toBe('store-in-use');
  });

  it('[S22] can be held again after a holder that died, whatever lies in its lock file or its note', () => {
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, 'lock.db'), 'not a database, and longer than a header has to be. '.repeat(100));
    writeFileSync(join(folder, 'running.json'), '{"pid":');
    expect(readHolder(folder)).toBeUndefined();
    const lock = lockDataFolder(folder, { pid: process.pid });
    expect(faultOf(() => lockDataFolder(folder, { pid: 1 }))?.code).toBe('store-in-use');
    expect(JSON.parse(readFileSync(join(folder, 'running.json'), 'utf8'))).toEqual({ pid: process.pid });
    lock.release();
  });

  it('[S22] where the holder has not said who it is, the next one is refused all the same', () => {
    openDataFolder(folder);
    const lock = lockDataFolder(folder, { pid: process.pid });
    rmSync(join(folder, 'running.json'));
    expect(faultOf(() => lockDataFolder(folder, { pid: 1 }))).toMatchObject({ code: 'store-in-use', detail: undefined });
    lock.release();
  });
});
