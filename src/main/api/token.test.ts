import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Fault } from '../../shared/faults.ts';
import { createTokenCheck, loadToken } from './token.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'token-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe('loadToken', () => {
  it('[G5] is made once: 32 random bytes, 0600, the same at the next start', () => {
    const first = loadToken({ configured: undefined, folder });
    expect(Buffer.from(first, 'base64url')).toHaveLength(32);
    expect(statSync(join(folder, 'api-token')).mode & 0o777).toBe(0o600);
    expect(readFileSync(join(folder, 'api-token'), 'utf8')).toBe(`${first}\n`);
    expect(loadToken({ configured: undefined, folder })).toBe(first);
  });

  it('[G5] differs from folder to folder, and a removed file is a rotation', () => {
    const first = loadToken({ configured: undefined, folder });
    rmSync(join(folder, 'api-token'));
    expect(loadToken({ configured: undefined, folder })).not.toBe(first);
  });

  it('[G5] is what API_TOKEN says, and then nothing is written', () => {
    expect(loadToken({ configured: 'said-by-the-operator', folder })).toBe('said-by-the-operator');
    expect(existsSync(join(folder, 'api-token'))).toBe(false);
  });

  it.each(['', 'half-a-tok', '../../etc/passwd', 'x'.repeat(10_000)])('[G5] a broken file (%j) makes room for a new token', (content) => {
    writeFileSync(join(folder, 'api-token'), content);
    const token = loadToken({ configured: undefined, folder });
    expect(token).toMatch(/^[A-Za-z0-9_-]{43}$/);
    expect(loadToken({ configured: undefined, folder })).toBe(token);
  });

  it('[G5] a file that others could read is closed to them', () => {
    loadToken({ configured: undefined, folder });
    chmodSync(join(folder, 'api-token'), 0o644);
    loadToken({ configured: undefined, folder });
    expect(statSync(join(folder, 'api-token')).mode & 0o777).toBe(0o600);
  });

  it('[G5] a folder that cannot hold it is a fault without a path', () => {
    const attempt = () => loadToken({ configured: undefined, folder: join(folder, 'missing') });
    expect(attempt).toThrow(Fault);
    expect(attempt).toThrow(/^(?!.*\/).*access token/);
  });
});

describe('createTokenCheck', () => {
  const right = 'right-token';
  it.each([
    ['right-token', true],
    ['right-toke', false],
    ['right-token ', false],
    ['Right-token', false],
    ['', false],
    ['x'.repeat(100_000), false],
  ])('[G6] %j: %s', (presented, verdict) => {
    expect(createTokenCheck(right)(presented)).toBe(verdict);
  });
});
