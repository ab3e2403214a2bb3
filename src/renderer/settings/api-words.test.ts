import { describe, expect, it } from 'vitest';
import { replacedWords } from '../actions/door.ts';
import { clientWords, originIn, visitWords } from './api-words.ts';

const now = new Date(2026, 10, 23, 21, 14).getTime();

describe('who came in', () => {
  it('[W70] is said in words', () => {
    const client = { name: 'curl', route: 'POST /api/chat', since: now, at: now, open: 0, requests: 1 };
    expect(clientWords(client, now)).toBe('POST /api/chat at 21:14, one request');
    expect(clientWords({ ...client, requests: 3, open: 1 }, now)).toBe('POST /api/chat at 21:14, 3 requests, connected');
    expect(clientWords({ ...client, requests: 9, open: 4 }, now)).toBe('POST /api/chat at 21:14, 9 requests, 4 connections');
    expect(visitWords({ clients: [client], refused: 0 })).toBe('No program is connected.');
    expect(visitWords({ clients: [{ ...client, open: 2 }], refused: 1 })).toBe('One program is connected. One request was not let in.');
    expect(visitWords({ clients: [client, { ...client, open: 1 }, { ...client, open: 1 }], refused: 7 })).toBe(
      '2 programs are connected. 7 requests were not let in.',
    );
    expect([0, 1, 5].map(replacedWords)).toEqual([
      'The token was replaced. Nobody was connected with the old one.',
      'The token was replaced. One program was disconnected and needs the new one.',
      'The token was replaced. 5 programs were disconnected and need the new one.',
    ]);
  });

  it.each([
    ['localhost:5173', 'http://localhost:5173'],
    [' HTTPS://Example.ORG/page?x=1#y ', 'https://example.org'],
    ['http://[::1]:80', 'http://[::1]'],
    ['http://me:secret@host', undefined],
    ['', undefined],
    ['   ', undefined],
    ['http://', undefined],
    ['*', undefined],
    ['no address at all', undefined],
    ['http://host:99999', undefined],
    ['file:///etc/passwd', undefined],
    ['javascript:alert(1)', undefined],
  ])('[W70] an origin is read out of what was typed: %s', (typed, origin) => {
    expect(originIn(typed)).toBe(origin);
  });
});
