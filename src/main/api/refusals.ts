/** @file What the door says to a request that it does not let in or cannot read. */
import type { Verdict } from './guard.ts';
import { type Answer, errorAnswer } from './respond.ts';

const forbidden = errorAnswer({
  status: 403,
  code: 'forbidden',
  message: 'This address is not open to where the request comes from; use the page it serves, or a program on this machine.',
});

const unauthorized = errorAnswer({
  status: 401,
  code: 'unauthorized',
  message: 'The access token is missing or wrong; send the one that was printed at the start.',
  headers: { 'WWW-Authenticate': 'Bearer' },
});

/** The answer to a verdict that lets nobody in; undefined for the others. */
export function refusalOf(verdict: Verdict): Answer | undefined {
  if (verdict === 'forbidden') return forbidden;
  return verdict === 'unauthorized' ? unauthorized : undefined;
}

export const refusals = {
  notFound: errorAnswer({ status: 404, code: 'not-found', message: 'There is nothing at this address.' }),
  socketMethod: errorAnswer({
    status: 405,
    code: 'method-not-allowed',
    message: 'A WebSocket is opened with GET only.',
    headers: { Allow: 'GET' },
  }),
  noTunnel: errorAnswer({
    status: 405,
    code: 'method-not-allowed',
    message: 'There are no tunnels through here.',
    headers: { Allow: 'GET, HEAD, POST' },
  }),
  handshake: errorAnswer({
    status: 400,
    code: 'bad-request',
    message: 'The WebSocket handshake is not a valid one; nothing was opened.',
    headers: { 'Sec-WebSocket-Version': '13' },
  }),
  tooManySockets: errorAnswer({
    status: 429,
    code: 'too-many-requests',
    message: 'All places for sockets are taken; close one and try again.',
    headers: { 'Retry-After': '1' },
  }),
  tooManyStreams: errorAnswer({
    status: 429,
    code: 'too-many-requests',
    message: 'All places for answers are taken; nothing was done; end one and try again.',
    headers: { 'Retry-After': '1' },
  }),
  closing: errorAnswer({
    status: 503,
    code: 'shutting-down',
    message: 'The service is stopping; what was written is kept; try again later.',
  }),
  internal: errorAnswer({
    status: 500,
    code: 'internal',
    message: 'Something inside the program went wrong; what was written is kept; try again.',
  }),
  /** By the code that Node gives to a request it could not read. */
  broken(code: string): Answer {
    if (code === 'ERR_HTTP_REQUEST_TIMEOUT')
      return errorAnswer({ status: 408, code: 'bad-request', message: 'The request did not arrive whole in time.' });
    if (code === 'HPE_HEADER_OVERFLOW')
      return errorAnswer({ status: 431, code: 'too-large', message: 'The headers are larger than 16 KiB.' });
    if (code === 'HPE_CHUNK_EXTENSIONS_OVERFLOW')
      return errorAnswer({ status: 413, code: 'too-large', message: 'The chunk extensions are too large.' });
    return errorAnswer({ status: 400, code: 'bad-request', message: 'This is not a valid request; nothing was done.' });
  },
};
