/** @file The log: one JSON line an event. It never holds a message's text, a reply, a thought or a token. */
import { Fault } from '../../../shared/faults.ts';
import type { Log } from '../../engine/ports.ts';

const levels = { DEBUG: 10, INFO: 20, WARNING: 30, ERROR: 40, CRITICAL: 50 } as const;
export type LogLevel = keyof typeof levels;

/** Frames of a stack that say where, without the message above them, which may quote what could not be read. */
const STACK_FRAMES = 4;

function framesOf(error: Error): string[] {
  const lines = error.stack?.split('\n').filter((line) => /^\s+at /.test(line)) ?? [];
  return lines.slice(0, STACK_FRAMES).map((line) => line.trim());
}

/** An error without its words, unless they are ours or the system's: a parser's message quotes its input. */
function causeOf(error: unknown, depth = 0): unknown {
  if (!(error instanceof Error)) return { kind: typeof error };
  const code = 'code' in error && typeof error.code === 'string' ? error.code : undefined;
  const words = error instanceof Fault || code !== undefined ? { message: error.message } : {};
  const inner = error.cause !== undefined && depth < 3 ? { cause: causeOf(error.cause, depth + 1) } : {};
  return { name: error.name, ...(code ? { code } : {}), ...words, at: framesOf(error), ...inner };
}

/** Writes events of at least the given level, each as one line ending in a newline. */
export function createJsonLog(level: LogLevel, write: (line: string) => void, now: () => number): Log {
  const log =
    (lineLevel: LogLevel) =>
    (event: string, fields: Record<string, unknown> = {}) => {
      if (levels[lineLevel] < levels[level]) return;
      const { cause, ...rest } = fields;
      const line = {
        ts: new Date(now()).toISOString(),
        level: lineLevel,
        event,
        ...rest,
        ...(cause === undefined ? {} : { cause: causeOf(cause) }),
      };
      write(`${JSON.stringify(line)}\n`);
    };
  return { debug: log('DEBUG'), info: log('INFO'), warn: log('WARNING'), error: log('ERROR') };
}
