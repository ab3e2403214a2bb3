/** @file What SQLite and the file system say, as faults. */
import { describe, expect, it } from 'vitest';
import { Fault } from '../../../shared/faults.ts';
import { isBusy, isDamage, storeFault } from './store-faults.ts';

/** An error as node:sqlite throws it, with SQLite's extended code. */
const sqliteError = (errcode: number): Error =>
  Object.assign(new Error('SELECT secret'), { code: 'ERR_SQLITE_ERROR', errcode, errstr: 'reason' });
const systemError = (code: string): Error => Object.assign(new Error(`${code}: open '/secret/path'`), { code });

describe('storeFault', () => {
  it.each([
    ['a full disk', sqliteError(13), 'store-full', 'disk is full'],
    ['shared memory that cannot grow', sqliteError(4_874), 'store-full', 'disk is full'],
    ['a file that cannot grow', systemError('ENOSPC'), 'store-full', 'disk is full'],
    ['a read-only database', sqliteError(8), 'store-failed', 'cannot be written'],
    ['a read-only database that was moved', sqliteError(1_032), 'store-failed', 'cannot be written'],
    ['a read-only disk', systemError('EROFS'), 'store-failed', 'cannot be written'],
    ['a folder without the right to write', systemError('EACCES'), 'store-failed', 'cannot be written'],
    ['damage', sqliteError(11), 'store-failed', 'is damaged'],
    ['a file that ends too early', sqliteError(522), 'store-failed', 'is damaged'],
    ['no database at all', sqliteError(26), 'store-failed', 'is damaged'],
    ['a lock', sqliteError(5), 'store-failed', 'Another program'],
    ['an input/output error', sqliteError(10), 'store-failed', 'could not be read or written'],
    ['anything else', new TypeError('secret'), 'store-failed', 'could not be read or written'],
    ['no error', 'secret', 'store-failed', 'could not be read or written'],
  ])('[S18] %s', (_what, error, code, part) => {
    const fault = storeFault(error);
    expect(fault.code).toBe(code);
    expect(fault.message).toContain(part);
    expect(fault.message).toMatch(/^[A-Z][^.]*\.$/);
    expect(fault.cause).toBe(error);
    expect(JSON.stringify(fault.toWire())).not.toContain('secret');
    expect(fault.toWire().retryable).toBe(true);
  });

  it('[S18] leaves a fault as it is', () => {
    const fault = new Fault('bad-request', 'No.');
    expect(storeFault(fault)).toBe(fault);
  });

  it('[S17] tells damage and locks from the rest, by the primary code', () => {
    expect([11, 11 + 256, 26, 522].map((code) => isDamage(sqliteError(code)))).toEqual([true, true, true, true]);
    expect([10, 13, 5].map((code) => isDamage(sqliteError(code)))).toEqual([false, false, false]);
    expect([5, 5 + 256, 6].map((code) => isBusy(sqliteError(code)))).toEqual([true, true, true]);
    expect([isBusy(sqliteError(8)), isBusy(systemError('EBUSY')), isDamage(undefined)]).toEqual([false, false, false]);
  });
});
