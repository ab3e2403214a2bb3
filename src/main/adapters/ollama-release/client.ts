/** @file One request to a release server: redirects followed, never from a secure address to one that is not; the person's proxy is used. */
import { type Dispatcher, EnvHttpProxyAgent, request } from 'undici';
import { RELEASE_ANSWER_MS, RELEASE_SILENCE_MS } from '../../../shared/runtime-limits.ts';
import { insecure } from './faults.ts';

export type Answer = Dispatcher.ResponseData;

export type ReleaseClient = {
  /** Rejects where nothing answers in time, and when called off; the body fails after a silence. */
  ask(method: 'GET' | 'HEAD', address: string, headers: Record<string, string>, signal: AbortSignal): Promise<Answer>;
  close(): Promise<void>;
};

/** A release leads from its page to a storage, and that at times to another. */
const REDIRECTS = 5;
const leads = new Set([301, 302, 303, 307, 308]);

const headerOf = ({ headers }: Answer, name: string): string | undefined => {
  const value = headers[name];
  return Array.isArray(value) ? value[0] : value;
};

/** Header of an answer, the first where there are several. */
export const header = headerOf;

function nextAddress(address: string, answer: Answer): string {
  const to = new URL(headerOf(answer, 'location') ?? '', address);
  if (address.startsWith('https:') && to.protocol !== 'https:') throw insecure();
  return to.href;
}

export function createReleaseClient({ answerMs = RELEASE_ANSWER_MS, silenceMs = RELEASE_SILENCE_MS } = {}): ReleaseClient {
  const dispatcher = new EnvHttpProxyAgent({ headersTimeout: answerMs, bodyTimeout: silenceMs, connect: { timeout: answerMs } });
  return {
    async ask(method, address, headers, signal) {
      let at = address;
      for (let redirects = 0; redirects <= REDIRECTS; redirects += 1) {
        const answer = await request(at, {
          method,
          dispatcher,
          signal,
          headers: { 'accept-encoding': 'identity', 'user-agent': 'persona-engine', ...headers },
        });
        if (!leads.has(answer.statusCode)) return answer;
        at = nextAddress(at, answer);
        await answer.body.dump();
      }
      throw new Error('The release server leads in circles.');
    },
    close: () => dispatcher.destroy(),
  };
}
