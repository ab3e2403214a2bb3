/** @file The line to one neighbouring service: one try, a deadline, a size, no redirects, never a proxy. */
import { Agent, request as send } from 'undici';
import { Fault } from '../../../shared/faults.ts';

export type JsonExchange = {
  /** Below the service's address, with its leading slash. */
  path: string;
  method: 'GET' | 'POST';
  body?: unknown;
  headers?: Record<string, string>;
  limitMs: number;
  limitBytes: number;
  signal?: AbortSignal;
};

/** `value` is undefined where the answer had no JSON body; statuses are for the caller to judge. */
export type JsonAnswer = { status: number; etag: string | undefined; value: unknown };

export type ServiceLine = {
  /** Rejects where there is no whole answer in time; what a parser quotes of an answer stays in the cause. */
  exchange(exchange: JsonExchange): Promise<JsonAnswer>;
  /** The status with which the service answers a GET of this path, whatever else it says. */
  status(path: string, limitMs: number): Promise<number>;
  close(): Promise<void>;
};

/** The address without a name and password, which go into a header and into no sentence. */
function readAddress(baseUrl: string): { address: string; headers: Record<string, string> } {
  const url = new URL(baseUrl);
  const secret = `${decodeURIComponent(url.username)}:${decodeURIComponent(url.password)}`;
  url.username = '';
  url.password = '';
  url.search = '';
  url.hash = '';
  const headers: Record<string, string> = secret === ':' ? {} : { authorization: `Basic ${Buffer.from(secret).toString('base64')}` };
  return { address: url.href.replace(/\/+$/, ''), headers };
}

async function readWithin(body: AsyncIterable<Uint8Array>, limit: number): Promise<string> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of body) {
    size += chunk.byteLength;
    if (size > limit) throw new Fault('too-large', 'A neighbouring service answered with too much; its answer was not used.');
    chunks.push(chunk);
  }
  return new TextDecoder('utf-8', { fatal: true }).decode(Buffer.concat(chunks));
}

/** undici looks at a signal only once it is connected, and connecting may take seconds. */
async function orAborted<Result>(signal: AbortSignal, work: Promise<Result>): Promise<Result> {
  const aborted = Promise.withResolvers<never>();
  const stop = () => aborted.reject(signal.reason);
  if (signal.aborted) stop();
  signal.addEventListener('abort', stop, { once: true });
  try {
    return await Promise.race([work, aborted.promise]);
  } finally {
    signal.removeEventListener('abort', stop);
  }
}

/** Every exchange has a connection of its own: a kept one may be dead, and there is only one try. */
export function openServiceLine(baseUrl: string): ServiceLine {
  const { address, headers: own } = readAddress(baseUrl);
  const agent = new Agent({ headersTimeout: 0, bodyTimeout: 0 });
  const ask = (
    path: string,
    signal: AbortSignal,
    options: { method: 'GET' | 'POST'; headers: Record<string, string>; body: string | null },
  ) =>
    send(`${address}${path}`, {
      ...options,
      headers: { accept: 'application/json', ...own, ...options.headers },
      dispatcher: agent,
      reset: true,
      signal,
    });

  const talk = async ({ path, method, body, headers = {}, limitBytes }: JsonExchange, signal: AbortSignal): Promise<JsonAnswer> => {
    const text = body === undefined ? null : JSON.stringify(body);
    const type: Record<string, string> = text === null ? {} : { 'content-type': 'application/json' };
    const response = await ask(path, signal, { method, headers: { ...type, ...headers }, body: text });
    const said = await readWithin(response.body, limitBytes);
    const { etag } = response.headers;
    const isGood = response.statusCode >= 200 && response.statusCode < 300;
    return {
      status: response.statusCode,
      etag: typeof etag === 'string' ? etag : undefined,
      value: isGood && said !== '' ? JSON.parse(said) : undefined,
    };
  };
  const look = async (path: string, signal: AbortSignal): Promise<number> => {
    const response = await ask(path, signal, { method: 'GET', headers: {}, body: null });
    response.body.on('error', () => undefined).destroy();
    return response.statusCode;
  };
  return {
    exchange(exchange) {
      const late = AbortSignal.timeout(exchange.limitMs);
      const signal = exchange.signal ? AbortSignal.any([exchange.signal, late]) : late;
      return orAborted(signal, talk(exchange, signal));
    },
    status(path, limitMs) {
      const signal = AbortSignal.timeout(limitMs);
      return orAborted(signal, look(path, signal));
    },
    close: () => agent.destroy(),
  };
}
