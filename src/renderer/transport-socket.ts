/** @file A browser page's way to the engine: one WebSocket to the program that served the page. */
import { CONNECT_MS } from './limits.ts';
import type { Closing, Transport } from './transport.ts';

const TOKEN_KEY = 'token';

/**
 * Takes the token out of the address (`#token=…`), once: it moves to this tab's storage, and the address no longer shows it.
 * Returns the token this tab has, if any.
 */
export function takeToken(page: Pick<Window, 'location' | 'history' | 'sessionStorage'>): string | undefined {
  const found = new URLSearchParams(page.location.hash.slice(1)).get('token');
  if (found) {
    page.sessionStorage.setItem(TOKEN_KEY, found);
    page.history.replaceState(null, '', page.location.pathname + page.location.search);
  }
  return page.sessionStorage.getItem(TOKEN_KEY) ?? undefined;
}

/** A new token takes the old one's place at once: the connection that brought it ends in a moment, and the next one needs it. */
export function keepNewToken(page: Pick<Window, 'sessionStorage'>, frame: unknown): void {
  const isToken = typeof frame === 'object' && frame !== null && 'type' in frame && frame.type === 'token-shown';
  if (isToken && 'token' in frame && page.sessionStorage.getItem(TOKEN_KEY) !== null)
    page.sessionStorage.setItem(TOKEN_KEY, String(frame.token));
}

/** A browser does not say why a socket was refused; asking for the state over HTTP does. */
async function whyClosed(origin: string, token: string | undefined): Promise<Closing> {
  try {
    const headers: Record<string, string> = token ? { authorization: `Bearer ${token}` } : {};
    const answer = await fetch(`${origin}/health`, { headers, cache: 'no-store', signal: AbortSignal.timeout(CONNECT_MS) });
    return answer.status === 401 || answer.status === 403 ? 'refused' : 'lost';
  } catch {
    // No answer at all is what a program that has ended looks like.
    return 'lost';
  }
}

/** A transport over `/ws/session`; `token` is asked anew for every connection. */
export function createSocketTransport(origin: string, token: () => string | undefined): Transport {
  return (listener) => {
    const bearer = token();
    const socket = new WebSocket(`${origin.replace(/^http/, 'ws')}/ws/session`, ['companion.v1', ...(bearer ? [`bearer.${bearer}`] : [])]);
    let over = false;
    let opened = false;
    const end = async () => {
      if (over) return;
      over = true;
      clearTimeout(patience);
      socket.close();
      listener.closed(opened ? 'lost' : await whyClosed(origin, bearer));
    };
    const patience = setTimeout(() => void end(), CONNECT_MS);
    socket.onopen = () => {
      opened = true;
      clearTimeout(patience);
    };
    socket.onmessage = (message) => {
      if (over) return;
      const frame = parseFrame(message.data);
      keepNewToken(window, frame);
      listener.heard(frame);
    };
    socket.onclose = () => void end();
    return {
      send: (command) => {
        if (socket.readyState === WebSocket.OPEN) socket.send(JSON.stringify(command));
      },
      close: () => {
        over = true;
        clearTimeout(patience);
        socket.close();
      },
    };
  };
}

/** A frame as a value; what is no JSON stays undefined and fails the schema. */
function parseFrame(data: unknown): unknown {
  try {
    return JSON.parse(String(data));
  } catch {
    return undefined;
  }
}
