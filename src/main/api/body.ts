/** @file Reads a request's JSON body within its limit. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { type Answer, errorAnswer } from './respond.ts';

export type BodyResult = { value: unknown } | { refused: Answer };

const jsonType = /^application\/json\s*(;\s*charset\s*=\s*"?utf-8"?\s*)?$/i;

/** The parsed body, or the answer that says why there is none. */
export async function readJson(request: IncomingMessage, response: ServerResponse, limit: number): Promise<BodyResult> {
  if (!jsonType.test(request.headers['content-type'] ?? '') || request.headers['content-encoding'] !== undefined) {
    return refused(415, 'unsupported-media-type', 'The body has to be JSON and to say so in its content type; nothing was done.');
  }
  if (Number(request.headers['content-length'] ?? 0) > limit) return tooLarge(limit);
  if (request.headers.expect !== undefined) response.writeContinue();
  const bytes = await readBytes(request, limit);
  if (bytes === 'cut-off') return refused(400, 'bad-request', 'The body did not arrive whole; nothing was done; send it again.');
  if (bytes === 'too-large') return tooLarge(limit);
  return parse(bytes);
}

function readBytes(request: IncomingMessage, limit: number): Promise<Buffer | 'too-large' | 'cut-off'> {
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    let length = 0;
    const take = (chunk: Buffer): void => {
      length += chunk.length;
      if (length <= limit) chunks.push(chunk);
      else end('too-large');
    };
    const whole = (): void => end(Buffer.concat(chunks));
    const cutOff = (): void => end('cut-off');
    const end = (result: Buffer | 'too-large' | 'cut-off'): void => {
      request.off('data', take).off('end', whole).off('close', cutOff).pause();
      resolve(result);
    };
    request.on('data', take).once('end', whole).once('close', cutOff);
  });
}

/** What the parser says is not passed on: it quotes what it could not read. */
function parse(bytes: Buffer): BodyResult {
  try {
    return { value: JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes)) };
  } catch {
    return refused(400, 'bad-request', 'The body is not JSON in UTF-8; nothing was done; send valid JSON.');
  }
}

function tooLarge(limit: number): BodyResult {
  return refused(413, 'too-large', `The body is larger than ${limit / 1024} KiB; nothing was done; send less.`);
}

function refused(status: number, code: 'bad-request' | 'too-large' | 'unsupported-media-type', message: string): BodyResult {
  return { refused: errorAnswer({ status, code, message }) };
}
