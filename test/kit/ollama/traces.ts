/** @file Reads what real servers said (test/data/ollama-traces). */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

export const generations = ['0.24', '0.33'] as const;
export type Generation = (typeof generations)[number];

export type TraceLine = { ms: number; line?: string; text?: string };
export type Trace = {
  name: string;
  note: string;
  server: string;
  request: { method: string; path: string; body: unknown };
  response: { status: number; headers: Record<string, string>; headers_ms: number; lines: TraceLine[] };
};

const folder = (generation: Generation) => join(import.meta.dirname, '../../data/ollama-traces', generation);

/** One recorded exchange. */
export function loadTrace(generation: Generation, name: string): Trace {
  return JSON.parse(readFileSync(join(folder(generation), `${name}.json`), 'utf8')) as Trace;
}

/** The names of all exchanges of a generation. */
export function traceNames(generation: Generation): string[] {
  return readdirSync(folder(generation))
    .filter((name) => name.endsWith('.json'))
    .map((name) => name.slice(0, -'.json'.length))
    .sort();
}

/** The words of the reply in a trace, put together. */
export function traceText(trace: Trace, field: 'content' | 'thinking' = 'content'): string {
  const said = trace.response.lines.map((one) => JSON.parse(one.line ?? one.text ?? '{}') as { message?: Record<string, string> });
  return said.map((line) => line.message?.[field] ?? '').join('');
}
