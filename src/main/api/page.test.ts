import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ask, openTestDoor, type TestDoor, testToken } from '../../../test/kit/test-door.ts';

const secret = 'root:x:0:0:not for the page';
let root = '';
let door: TestDoor;
beforeAll(async () => {
  root = mkdtempSync(join(tmpdir(), 'page-'));
  mkdirSync(join(root, 'page', 'assets'), { recursive: true });
  writeFileSync(join(root, 'secret.txt'), secret);
  writeFileSync(join(root, 'page', 'index.html'), '<!doctype html><title>Sarah</title>');
  writeFileSync(join(root, 'page', 'assets', 'index-Ab_1.js'), 'export {};');
  writeFileSync(join(root, 'page', 'assets', 'style.css'), 'body{}');
  writeFileSync(join(root, 'page', 'assets', 'face.svg'), '<svg/>');
  writeFileSync(join(root, 'page', 'assets', 'odd.bin'), 'x');
  symlinkSync(join(root, 'secret.txt'), join(root, 'page', 'linked.txt'));
  symlinkSync(root, join(root, 'page', 'up'));
  door = await openTestDoor({ pageFolder: join(root, 'page') });
});
afterAll(async () => {
  await door.close();
  rmSync(root, { recursive: true, force: true });
});

/** Ways out of a folder that have worked on some server once. */
const waysOut = [
  '/../secret.txt',
  '/..%2fsecret.txt',
  '/..%5csecret.txt',
  '/%2e%2e/secret.txt',
  '/%2e%2e%2fsecret.txt',
  '/..\\secret.txt',
  '/assets/../../secret.txt',
  '/assets/..%2f..%2fsecret.txt',
  '/assets/%2e%2e/%2e%2e/secret.txt',
  '/....//secret.txt',
  '/..%252fsecret.txt',
  '/..%c0%afsecret.txt',
  '/..;/secret.txt',
  '//secret.txt',
  '/./../secret.txt',
  '/index.html/../../secret.txt',
  '/secret.txt%00.html',
  '/linked.txt',
  '/up/secret.txt',
  '/file:///etc/passwd',
  '/C:/Windows/win.ini',
  '/assets',
  '/assets/',
  '/__proto__',
  '/constructor',
];

describe('the page', () => {
  it.each([
    ['/', 'text/html; charset=utf-8'],
    ['/index.html', 'text/html; charset=utf-8'],
    ['/?a=b', 'text/html; charset=utf-8'],
    ['/assets/index-Ab_1.js', 'text/javascript; charset=utf-8'],
    ['/assets/style.css', 'text/css; charset=utf-8'],
    ['/assets/face.svg', 'image/svg+xml'],
    ['/assets/odd.bin', 'application/octet-stream'],
  ])('[D6] %s is served as %s, with the policy that lets nothing else in', async (path, type) => {
    const answer = await ask(door.port, { path });
    expect(answer.status).toBe(200);
    expect(answer.headers.get('content-type')).toBe(type);
    expect(answer.headers.get('cache-control')).toBe('no-store');
    expect(answer.headers.get('content-security-policy')).toBe(
      "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    );
  });

  it.each(waysOut)('[D6] %s leads nowhere', async (path) => {
    const answer = await ask(door.port, { path });
    expect(answer.status).toBe(404);
    expect(answer.body).not.toContain(secret);
  });

  it('[D6] is read only, and never for another page', async () => {
    expect((await ask(door.port, { path: '/', method: 'POST' })).status).toBe(405);
    expect((await ask(door.port, { path: '/', headers: { 'Sec-Fetch-Site': 'cross-site' } })).status).toBe(403);
    expect((await ask(door.port, { path: '/assets/style.css', headers: { 'Sec-Fetch-Site': 'same-origin' } })).status).toBe(200);
    expect((await ask(door.port, { path: '/nothing', headers: { 'Sec-Fetch-Site': 'same-origin' } })).status).toBe(403);
  });

  it('[D6] where a token is demanded a person still reaches it, a program does not', async () => {
    const locked = await openTestDoor({ pageFolder: join(root, 'page'), requireToken: true });
    try {
      expect((await ask(locked.port, { path: '/', headers: { 'Sec-Fetch-Site': 'none' } })).status).toBe(200);
      expect((await ask(locked.port, { path: '/assets/style.css', headers: { 'Sec-Fetch-Site': 'same-origin' } })).status).toBe(200);
      expect((await ask(locked.port, { path: '/' })).status).toBe(401);
      expect((await ask(locked.port, { path: '/', headers: { Authorization: `Bearer ${testToken}` } })).status).toBe(200);
    } finally {
      await locked.close();
    }
  });

  it('[D6] a folder that is not there leaves the rest of the door working, and is logged', async () => {
    const bare = await openTestDoor({ pageFolder: join(root, 'missing') });
    try {
      expect((await ask(bare.port, { path: '/' })).status).toBe(404);
      expect((await ask(bare.port)).status).toBe(200);
      expect(bare.logged.filter(({ event }) => event === 'page-missing')).toHaveLength(1);
    } finally {
      await bare.close();
    }
  });
});
