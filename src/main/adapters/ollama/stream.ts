/** @file Lets only whole, valid lines of an NDJSON stream through, and turns everything else into its fault. */
import { Fault } from '../../../shared/faults.ts';
import { STREAM_LINE_BYTES } from '../../../shared/limits.ts';
import { brokenOffFault, strangeAnswerFault } from './faults.ts';
import { createLineCutter } from './lines.ts';

const newline = Buffer.from('\n');

export type StreamRules = {
  server: string;
  /** The fault for an `{"error"}` line. */
  refused(body: string): Fault;
  /** Called once, when the last line of a whole answer has come and before it is passed on. */
  whole(): void;
};

type Verdict = { good: Buffer[]; end?: 'whole' | Fault };

/**
 * The bytes of an answer, line by line as they come. Ends after `done` or `success`, throws the Fault of an error line,
 * of a line that is no JSON object or too long, and of an end without the last line.
 */
export async function* goodLines(next: () => Promise<Uint8Array | undefined>, rules: StreamRules): AsyncGenerator<Buffer> {
  const cutter = createLineCutter();
  for (let piece = await next(); piece; piece = await next()) {
    const { good, end } = judge(cutter.push(piece), rules);
    if (good.length > 0) yield Buffer.concat(good);
    if (end instanceof Fault) throw end;
    if (end) return;
    if (cutter.pending() > STREAM_LINE_BYTES) throw longLine();
  }
  const { good, end } = judge([cutter.rest()], rules);
  if (good.length > 0) yield Buffer.concat(good);
  if (end !== 'whole') throw end ?? brokenOffFault();
}

function judge(lines: Buffer[], rules: StreamRules): Verdict {
  const good: Buffer[] = [];
  for (const line of lines) {
    if (line.length > STREAM_LINE_BYTES) return { good, end: longLine() };
    const text = line.toString('utf8').trim();
    if (text === '') continue;
    const value = objectIn(text);
    if (!value) return { good, end: strangeAnswerFault(rules.server) };
    if ('error' in value) return { good, end: rules.refused(text) };
    good.push(line, newline);
    if (value['done'] !== true && value['status'] !== 'success') continue;
    rules.whole();
    return { good, end: 'whole' };
  }
  return { good };
}

const longLine = () =>
  new Fault(
    'model-failed',
    'The model server sent a line that has no end; what was written is kept, so try again or choose another model.',
  );

/** The JSON object that a text is; undefined where it is anything else. */
export function objectIn(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : undefined;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

/**
 * As much of a `Response` as the client package reads of a stream: whether it is in order, and its lines one after the other.
 * A real one, with a web stream in it, would cost the first word of a reply a third of a millisecond.
 */
export function asResponse(lines: AsyncGenerator<Buffer>): Response {
  const reader = { read: () => lines.next(), releaseLock: () => undefined };
  return { ok: true, status: 200, body: { getReader: () => reader } } as unknown as Response;
}
