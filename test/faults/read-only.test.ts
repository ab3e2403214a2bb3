/** @file Data folders that cannot be used: each is refused in one sentence, and nothing in it changes. */
import { spawnSync } from 'node:child_process';
import { chmodSync, chownSync, cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { databaseFile } from '../../src/main/adapters/sqlite/files.ts';
import { openStore } from '../../src/main/adapters/sqlite/open.ts';
import { mountingProblem, runMounted } from '../kit/mounted.ts';
import { silentLog } from '../kit/silent-log.ts';

const PROGRAM = join(import.meta.dirname, '../kit/programs/store-try-folder.ts');
/** The user "nobody": modes do not bind root. */
const NOBODY = 65_534;
const isRoot = process.getuid?.() === 0;

type Refusal = { code: string; message: string; retryable: boolean; detail?: string };
type Outcome = Record<'folder' | 'lock' | 'store', Refusal | 'works'>;

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'read-only-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

function tryFolders(paths: string[], user?: number): Outcome[] {
  const ran = spawnSync(process.execPath, [PROGRAM, ...paths], { encoding: 'utf8', ...(user !== undefined && { uid: user, gid: user }) });
  expect(ran.status, ran.stderr).toBe(0);
  return ran.stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Outcome);
}

/** One sentence that says what happened, what was kept and what to do; no path, no stack. */
function expectSentence(refusal: Refusal | 'works' | undefined, part: string): void {
  expect(refusal).toMatchObject({ code: 'store-failed' });
  const { message = '', detail = '' } = refusal === 'works' ? {} : (refusal ?? {});
  expect(message).toContain(part);
  expect(message).toMatch(/^[A-Z][^.]*\.$/);
  expect(message + detail).not.toMatch(/\/tmp|\/mnt|Error|\n/);
}

const ON_A_DISK = 'lies on a disk that can only be read';
const NOT_ALLOWED = 'does not let this program write';

describe('a data folder that cannot be used', () => {
  it('[S19] is refused where it is a file, lies below one, has too long a name or cannot be made', () => {
    const file = join(folder, 'file');
    writeFileSync(file, 'mine');
    const [isFile, below, long, proc] = tryFolders([file, join(file, 'x'), join(folder, 'x'.repeat(300)), '/proc/nowhere/data']);
    expectSentence(isFile?.folder, 'is a file, not a folder');
    expectSentence(below?.folder, 'lies below something that is a file');
    expectSentence(long?.folder, 'has too long a name');
    expectSentence(proc?.folder, 'cannot be made there');
    expect(readFileSync(file, 'utf8')).toBe('mine');
    expect(readdirSync(folder)).toEqual(['file']);
  });

  const mounting = mountingProblem();
  if (mounting) console.warn(`SKIPPED: read-only disk: ${mounting}`);
  it.skipIf(mounting !== undefined)('[S19] is refused on a read-only disk, whether it is there or not', () => {
    openStore({ folder, log: silentLog, now: Date.now, outbox: false }).close();
    const shell = `mount --bind ${folder} /mnt; mount -o remount,ro,bind /mnt`;
    const [there, missing] = runMounted(shell, PROGRAM, ['/mnt', '/mnt/new']) as Outcome[];
    expectSentence(there?.folder, ON_A_DISK);
    expectSentence(there?.lock, ON_A_DISK);
    expectSentence(there?.store, 'could not be read or written');
    expectSentence(missing?.folder, ON_A_DISK);
  });

  it('[S19] is refused without the right to write, and its conversations stay as they are', () => {
    openStore({ folder, log: silentLog, now: Date.now, outbox: false }).close();
    const before = readFileSync(databaseFile(folder));
    const copy = join(folder, 'copy');
    mkdirSync(copy);
    cpSync(databaseFile(folder), databaseFile(copy));
    if (isRoot) for (const path of [folder, copy, databaseFile(copy)]) chownSync(path, NOBODY, NOBODY);
    chmodSync(copy, 0o500);
    chmodSync(databaseFile(copy), 0o400);
    const [there, missing] = tryFolders([copy, join(copy, 'new')], isRoot ? NOBODY : undefined);
    chmodSync(copy, 0o700);
    expectSentence(there?.folder, NOT_ALLOWED);
    expectSentence(missing?.folder, NOT_ALLOWED);
    expectSentence(there?.lock, NOT_ALLOWED);
    expect(there?.store).toMatchObject({ code: 'store-failed' });
    expect(readFileSync(databaseFile(copy))).toEqual(before);
    expect(readdirSync(copy)).toEqual(['conversations.db']);
  });
});
