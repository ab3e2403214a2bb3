/** @file One JSON exchange with a neighbouring service: one try, a deadline, a size, no redirects. */
import { Fault } from '../../../shared/faults.ts';

export type JsonExchange = {
  url: string;
  method: 'GET' | 'POST';
  body?: unknown;
  headers?: Record<string, string>;
  limitMs: number;
  limitBytes: number;
  signal: AbortSignal;
};

/** `value` is undefined where the answer had no JSON body; statuses are for the caller to judge. */
export type JsonAnswer = { status: number; etag: string | undefined; value: unknown };

async function readWithin(response: Response, limit: number): Promise<string> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of response.body ?? []) {
    size += chunk.byteLength;
    if (size > limit) throw new Fault('too-large', 'A neighbouring service answered with too much; its answer was not used.');
    chunks.push(chunk);
  }
  return new TextDecoder('utf-8', { fatal: true }).decode(Buffer.concat(chunks));
}

/** Rejects where there is no whole answer in time; what a parser quotes of an answer stays in the cause. */
export async function exchangeJson(exchange: JsonExchange): Promise<JsonAnswer> {
  const { url, method, body, headers = {}, limitMs, limitBytes, signal } = exchange;
  const response = await fetch(url, {
    method,
    redirect: 'manual',
    signal: AbortSignal.any([signal, AbortSignal.timeout(limitMs)]),
    headers: { accept: 'application/json', ...(body === undefined ? {} : { 'content-type': 'application/json' }), ...headers },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await readWithin(response, limitBytes);
  const etag = response.headers.get('etag') ?? undefined;
  return { status: response.status, etag, value: response.ok && text !== '' ? JSON.parse(text) : undefined };
}
