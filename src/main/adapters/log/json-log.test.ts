/** @file The log: levels, one line an event, and nobody's words in it. */
import { describe, expect, it } from 'vitest';
import { Fault } from '../../../shared/faults.ts';
import { createJsonLog } from './json-log.ts';

function logged(run: (log: ReturnType<typeof createJsonLog>) => void, level: 'DEBUG' | 'WARNING' = 'DEBUG') {
  const lines: string[] = [];
  run(
    createJsonLog(
      level,
      (line) => lines.push(line),
      () => 0,
    ),
  );
  return lines;
}

describe('log', () => {
  it('[L1] writes one JSON line an event, from its level on', () => {
    const lines = logged((log) => {
      log.info('quiet');
      log.warn('heard', { step: 'a\nb' });
    }, 'WARNING');
    expect(lines).toHaveLength(1);
    expect(lines[0]).toMatch(/^[^\n]+\n$/);
    expect(JSON.parse(lines[0] ?? '')).toEqual({ ts: '1970-01-01T00:00:00.000Z', level: 'WARNING', event: 'heard', step: 'a\nb' });
  });
  it('[L2] never quotes what a parser could not read, at any depth of causes', () => {
    let parserError: unknown;
    try {
      JSON.parse('{"message": my secret words');
    } catch (error) {
      parserError = error;
    }
    const [line] = logged((log) =>
      log.error('broken', { cause: new Fault('internal', 'It broke.', { cause: new Error('also secret', { cause: parserError }) }) }),
    );
    expect(line).toContain('It broke.');
    expect(line).toContain('SyntaxError');
    expect(line).not.toContain('secret');
  });
  it('[L3] keeps the words of the system’s errors', () => {
    const [line] = logged((log) =>
      log.error('broken', { cause: Object.assign(new Error('connect ECONNREFUSED 127.0.0.1:1'), { code: 'ECONNREFUSED' }) }),
    );
    expect(line).toContain('ECONNREFUSED 127.0.0.1:1');
  });
});
