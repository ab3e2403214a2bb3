/** @file The server's log stays small, whatever the server says. */
import { describe, expect, it } from 'vitest';
import { SERVER_LOG_CHARACTERS, SERVER_LOG_LINES } from '../../../shared/limits.ts';
import { createLineCutter, createLogRing } from './log-ring.ts';

describe('the log of our own Ollama', () => {
  it('[U9] keeps the newest lines, and hands every one on', () => {
    const handed: string[] = [];
    const ring = createLogRing((line) => handed.push(line));
    const count = SERVER_LOG_LINES + 100;
    for (let number = 1; number <= count; number++) ring.add(`line ${number}`);
    expect(ring.lines()).toHaveLength(SERVER_LOG_LINES);
    expect(ring.lines().at(0)).toBe('line 101');
    expect(ring.lines().at(-1)).toBe(`line ${count}`);
    expect(handed).toHaveLength(count);
    expect(handed[0]).toBe('line 1\n');
  });

  it('[U9] cuts a line that is too long', () => {
    const ring = createLogRing(() => undefined);
    ring.add('x'.repeat(1_000_000));
    expect(ring.lines()[0]?.length).toBe(SERVER_LOG_CHARACTERS + 1);
  });

  it('[U9] holds no password of an address', () => {
    const handed: string[] = [];
    const ring = createLogRing((line) => handed.push(line));
    ring.add('msg="server config" env="map[HTTPS_PROXY:http://person:secret@proxy.example:8080 NO_PROXY:]"');
    expect(ring.lines()[0]).toBe('msg="server config" env="map[HTTPS_PROXY:http://…@proxy.example:8080 NO_PROXY:]"');
    expect(handed[0]).not.toContain('secret');
  });

  it('[U9] finds lines whatever the pieces they come in, and never waits for an end that does not come', () => {
    const lines: string[] = [];
    const cutter = createLineCutter((line) => lines.push(line));
    for (const piece of ['one\ntw', 'o\n', '\nthr', 'ee']) cutter.add(piece);
    expect(lines).toEqual(['one', 'two', '']);
    cutter.end();
    expect(lines).toEqual(['one', 'two', '', 'three']);
    cutter.end();
    expect(lines).toHaveLength(4);
    for (let piece = 0; piece < 100; piece++) cutter.add('y'.repeat(1_000));
    const rest = lines.slice(4);
    expect(rest.length).toBeGreaterThan(30);
    expect(Math.max(...rest.map((line) => line.length))).toBeLessThanOrEqual(SERVER_LOG_CHARACTERS + 1_000);
  });
});
