/** @file Who may come in: one pure function that stands before every route, /health, 404, OPTIONS and upgrades included. */

/** What a request shows of itself. `undefined` means that the header is absent; an empty one is not. */
export type Caller = {
  method: string;
  /** The one Host header; undefined where there is none or more than one. */
  host: string | undefined;
  origin: string | undefined;
  /** The Sec-Fetch-Site header, which browsers set and pages cannot. */
  fetchSite: string | undefined;
  token: 'none' | 'right' | 'wrong';
  /** static: a file of the page; health: GET /health, which says less where a token is demanded and missing. */
  route: 'static' | 'health' | 'other';
};

export type GuardPolicy = {
  /** Where the door really listens. */
  port: number;
  /** Further hosts; one without a port stands for every port. */
  allowedHosts: readonly string[];
  allowedOrigins: readonly string[];
  requireToken: boolean;
};

/** in: everything; status-only: /health without its details; unauthorized: 401; forbidden: 403. */
export type Verdict = 'in' | 'status-only' | 'unauthorized' | 'forbidden';

const loopbackHosts = ['127.0.0.1', 'localhost', '[::1]'];
const portSuffix = /:\d{1,5}$/;

/** The table of wire.md, row by row; OPTIONS is refused before any of them. */
export function guard(caller: Caller, policy: GuardPolicy): Verdict {
  if (caller.method === 'OPTIONS' || !isKnownHost(caller.host, policy)) return 'forbidden';
  if (caller.token === 'wrong') return 'unauthorized';
  if (caller.token === 'right') return 'in';
  if (caller.origin !== undefined) return policy.allowedOrigins.includes(caller.origin) ? withoutToken(caller, policy) : 'forbidden';
  if (caller.fetchSite === undefined || caller.fetchSite === 'none') return withoutToken(caller, policy);
  return caller.fetchSite === 'same-origin' && caller.route === 'static' ? 'in' : 'forbidden';
}

/** A name that was made to point here (DNS rebinding) is in no list, whatever its port. Port 80 is the one clients leave out. */
function isKnownHost(host: string | undefined, { port, allowedHosts }: GuardPolicy): boolean {
  if (!host) return false;
  const name = host.toLowerCase();
  if (loopbackHosts.some((known) => name === `${known}:${port}` || (port === 80 && name === known))) return true;
  const bare = name.replace(portSuffix, '');
  return allowedHosts.some((allowed) => allowed.toLowerCase() === name || allowed.toLowerCase() === bare);
}

/**
 * Where a token is demanded of all, two things still come in without one: the bare status, and the page's files for the
 * person's own navigation (`none`, which no other page can cause): they hold no data, and it is the page that holds the token.
 */
function withoutToken(caller: Caller, policy: GuardPolicy): Verdict {
  if (!policy.requireToken) return 'in';
  if (caller.route === 'health') return 'status-only';
  const navigation = caller.origin === undefined && caller.fetchSite === 'none';
  return caller.route === 'static' && navigation ? 'in' : 'unauthorized';
}
