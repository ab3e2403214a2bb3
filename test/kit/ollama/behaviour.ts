/** @file Everything a scripted server can be told to do in place of answering well. */
import type { Generation, Trace } from './traces.ts';

/** `after` counts tokens that are sent first; 0 means before the headers. */
export type Behaviour =
  | { kind: 'text'; text: string; thinking?: string }
  /** Says nothing more and keeps the connection open. */
  | { kind: 'hang'; after: number }
  | { kind: 'hang-after-headers' }
  /** Breaks the connection (RST). */
  | { kind: 'reset'; after: number }
  /** Sends the whole reply and ends the stream only so much later; the reply is over for a client all the same. */
  | { kind: 'late-end'; ms: number }
  /** Ends the stream in good order, without `done`. */
  | { kind: 'no-done'; after: number }
  | { kind: 'error-line'; after: number; error: string }
  | { kind: 'runner-killed'; after: number }
  | { kind: 'bad-line'; after: number; line: string }
  | { kind: 'long-line'; after: number; bytes: number }
  | { kind: 'status'; status: number; body: string; type?: string }
  | { kind: 'empty-500' }
  | { kind: 'busy' }
  | { kind: 'overflow'; promptTokens: number; contextTokens: number }
  | { kind: 'not-gguf' }
  | { kind: 'think-unsupported'; model: string }
  /** An error that is itself a JSON document, as one passed on from the runner is. */
  | { kind: 'nested-error'; status: number; message: string; type: string }
  /** These bytes as the whole NDJSON body. */
  | { kind: 'bytes'; body: string }
  /** Replays a recording; `speed` 1 in its own time, 0 without any pause. */
  | { kind: 'trace'; trace: Trace; speed: number };

export type Refusal = { status: number; body: string; type: string };

const json = 'application/json; charset=utf-8';

/** `{"error": …}` with a status, as the server writes it. */
export const refuse = (status: number, error: string): Refusal => ({ status, body: JSON.stringify({ error }), type: json });

/** The refusal for a prompt that is too long, in the words of each generation. */
export function overflow(generation: Generation, promptTokens: number, contextTokens: number): Refusal {
  if (generation === '0.24') return refuse(400, 'the input length exceeds the context length');
  const message = `request (${promptTokens} tokens) exceeds the available context size (${contextTokens} tokens), try increasing it`;
  const error = { code: 400, message, type: 'exceed_context_size_error', n_prompt_tokens: promptTokens, n_ctx: contextTokens };
  return refuse(400, JSON.stringify({ error }));
}

/** A file that is no GGUF: the older generation says nothing at all. */
export const notGguf = (generation: Generation): Refusal =>
  generation === '0.24' ? { status: 500, body: '', type: '' } : refuse(500, 'invalid file magic');

/** The behaviours that are an answer with a status and nothing else; undefined for the rest. */
export function refusalOf(behaviour: Behaviour, generation: Generation): Refusal | undefined {
  switch (behaviour.kind) {
    case 'status':
      return { status: behaviour.status, body: behaviour.body, type: behaviour.type ?? json };
    case 'empty-500':
      return { status: 500, body: '', type: '' };
    case 'busy':
      return refuse(503, 'server busy, please try again.  maximum pending requests exceeded');
    case 'overflow':
      return overflow(generation, behaviour.promptTokens, behaviour.contextTokens);
    case 'not-gguf':
      return notGguf(generation);
    case 'think-unsupported':
      return refuse(400, `"${behaviour.model}" does not support thinking`);
    case 'nested-error':
      return refuse(
        behaviour.status,
        JSON.stringify({ error: { code: behaviour.status, message: behaviour.message, type: behaviour.type } }),
      );
    default:
      return undefined;
  }
}

/** What is sent after the first tokens of a reply, for the behaviours that break one off. */
export function lastLine(behaviour: Behaviour): string | undefined {
  switch (behaviour.kind) {
    case 'error-line':
      return `${JSON.stringify({ error: behaviour.error })}\n`;
    case 'runner-killed':
      return `${JSON.stringify({ error: 'an error was encountered while running the model: unexpected EOF' })}\n`;
    case 'bad-line':
      return `${behaviour.line}\n`;
    case 'long-line':
      return `${JSON.stringify({ message: { role: 'assistant', content: 'x'.repeat(behaviour.bytes) }, done: false })}\n`;
    default:
      return undefined;
  }
}
