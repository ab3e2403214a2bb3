import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { contentType, fileAt, listPageFiles, type PageFiles } from './page-files.ts';

let outside: string;
let page: string;
let files: PageFiles;

beforeAll(() => {
  outside = mkdtempSync(join(tmpdir(), 'page-files-'));
  page = join(outside, 'renderer');
  mkdirSync(join(page, 'assets'), { recursive: true });
  for (const name of ['index.html', 'assets/index-Ab_1.js', 'a file.svg']) writeFileSync(join(page, name), name);
  writeFileSync(join(outside, 'secret.txt'), 'secret');
  symlinkSync(join(outside, 'secret.txt'), join(page, 'linked.txt'));
  symlinkSync(outside, join(page, 'linked-folder'));
  files = listPageFiles(page);
});
afterAll(() => rmSync(outside, { recursive: true, force: true }));

/** Ways to ask for something that is not a file of the page. */
const spellings = [
  '../secret.txt',
  '..%2fsecret.txt',
  '..%2Fsecret.txt',
  '%2e%2e/secret.txt',
  '%2e%2e%2fsecret.txt',
  '%252e%252e%252fsecret.txt',
  '..\\secret.txt',
  '..%5csecret.txt',
  '%2e%2e%5csecret.txt',
  '..;/secret.txt',
  '....//secret.txt',
  './../secret.txt',
  'assets/../../secret.txt',
  'assets/..%2f..%2fsecret.txt',
  'assets/%2e%2e/%2e%2e/secret.txt',
  'assets\\..\\..\\secret.txt',
  '/secret.txt',
  '//secret.txt',
  '///etc/passwd',
  '/etc/passwd',
  '%2fetc%2fpasswd',
  'etc/passwd',
  '\\\\server\\share\\x',
  '%5c%5cserver%5cshare%5cx',
  '//server/share/x',
  'C:/Windows/win.ini',
  'C:%5cWindows%5cwin.ini',
  'c%3a/Windows/win.ini',
  'file:///etc/passwd',
  'index.html%00',
  'index.html%00.js',
  '%00',
  'index.html/',
  'index.html/.',
  'index.html::$DATA',
  'INDEX.HTML',
  'index.html.',
  'index.html%20',
  'CON',
  'linked.txt',
  'linked-folder/secret.txt',
  '.git/config',
  'assets',
  'assets/',
  '..%c0%afsecret.txt',
  '..%ef%bc%8fsecret.txt',
  '．．/secret.txt',
  '%',
  '%zz',
  '__proto__',
  'constructor',
];

describe('fileAt', () => {
  it('[K2] finds every file of the page by its own name', () => {
    expect([...files.keys()].sort()).toEqual(['/a%20file.svg', '/assets/index-Ab_1.js', '/index.html']);
    expect(fileAt(files, 'app://companion/assets/index-Ab_1.js')).toBe(join(page, 'assets', 'index-Ab_1.js'));
    expect(fileAt(files, 'app://companion/a%20file.svg?v=1#x')).toBe(join(page, 'a file.svg'));
  });

  it.each(['app://companion/', 'app://companion', 'app://companion/#x'])('[K2] %s is the index', (address) => {
    expect(fileAt(files, address)).toBe(join(page, 'index.html'));
  });

  it(`[K2] ${spellings.length} other spellings give nothing`, () => {
    expect(new Set(spellings).size).toBeGreaterThanOrEqual(40);
    const found = spellings.filter((spelling) => fileAt(files, `app://companion/${spelling}`) !== undefined);
    expect(found).toEqual([]);
  });

  it.each([
    'app://other/index.html',
    'app://companion.evil/index.html',
    'app://u:p@companion/index.html',
    'app:index.html',
    'https://companion/',
    'x',
    '',
  ])('[K2] nor does another host or scheme: %s', (address) => {
    expect(fileAt(files, address)).toBeUndefined();
  });
});

describe('contentType', () => {
  it('[K2] a module script has a type that is run, an unknown file one that never is', () => {
    expect(contentType('a.js')).toBe('text/javascript; charset=utf-8');
    expect(contentType('A.CSS')).toBe('text/css; charset=utf-8');
    expect(contentType('a.html.exe')).toBe('application/octet-stream');
  });
});
