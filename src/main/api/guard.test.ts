import { describe, expect, it } from 'vitest';
import { type Caller, type GuardPolicy, guard, type Verdict } from './guard.ts';

const policy: GuardPolicy = {
  port: 8000,
  allowedHosts: ['persona_engine', 'gate:9000'],
  allowedOrigins: ['http://localhost:3000'],
  requireToken: false,
};

type Row = [
  host: string | undefined,
  origin: string | undefined,
  fetchSite: string | undefined,
  token: Caller['token'],
  route: Caller['route'],
  verdict: Verdict,
  verdictWhereTokenIsDemanded: Verdict,
];

const here = '127.0.0.1:8000';

/** wire.md's table, a few literal rows for each of its lines. */
const rows: Row[] = [
  // none, empty, or not in the list
  [undefined, undefined, undefined, 'none', 'other', 'forbidden', 'forbidden'],
  [undefined, undefined, undefined, 'right', 'other', 'forbidden', 'forbidden'],
  ['', undefined, undefined, 'right', 'health', 'forbidden', 'forbidden'],
  ['evil.test:8000', undefined, undefined, 'none', 'health', 'forbidden', 'forbidden'],
  ['evil.test:8000', 'http://evil.test:8000', 'same-origin', 'none', 'static', 'forbidden', 'forbidden'],
  ['evil.test', undefined, undefined, 'wrong', 'other', 'forbidden', 'forbidden'],
  ['127.0.0.1', undefined, undefined, 'none', 'other', 'forbidden', 'forbidden'],
  ['127.0.0.1:8001', undefined, undefined, 'none', 'other', 'forbidden', 'forbidden'],
  ['127.0.0.1:08000', undefined, undefined, 'none', 'other', 'forbidden', 'forbidden'],
  ['127.0.0.2:8000', undefined, undefined, 'none', 'other', 'forbidden', 'forbidden'],
  ['0.0.0.0:8000', undefined, undefined, 'none', 'other', 'forbidden', 'forbidden'],
  ['[::]:8000', undefined, undefined, 'none', 'other', 'forbidden', 'forbidden'],
  ['::1:8000', undefined, undefined, 'none', 'other', 'forbidden', 'forbidden'],
  ['localhost', undefined, undefined, 'none', 'other', 'forbidden', 'forbidden'],
  ['localhost.:8000', undefined, undefined, 'none', 'other', 'forbidden', 'forbidden'],
  ['a.localhost:8000', undefined, undefined, 'none', 'other', 'forbidden', 'forbidden'],
  ['x@127.0.0.1:8000', undefined, undefined, 'none', 'other', 'forbidden', 'forbidden'],
  ['127.0.0.1:8000, evil.test', undefined, undefined, 'none', 'other', 'forbidden', 'forbidden'],
  ['persona_engine.evil.test', undefined, undefined, 'none', 'other', 'forbidden', 'forbidden'],
  ['gate:8000', undefined, undefined, 'none', 'other', 'forbidden', 'forbidden'],
  ['gate', undefined, undefined, 'none', 'other', 'forbidden', 'forbidden'],
  // a wrong token
  [here, undefined, undefined, 'wrong', 'other', 'unauthorized', 'unauthorized'],
  [here, undefined, 'same-origin', 'wrong', 'static', 'unauthorized', 'unauthorized'],
  [here, 'http://localhost:3000', 'cross-site', 'wrong', 'other', 'unauthorized', 'unauthorized'],
  [here, 'http://evil.test', 'cross-site', 'wrong', 'health', 'unauthorized', 'unauthorized'],
  // the right token
  [here, undefined, undefined, 'right', 'other', 'in', 'in'],
  [here, 'http://evil.test', 'cross-site', 'right', 'other', 'in', 'in'],
  ['localhost:8000', 'null', 'cross-site', 'right', 'health', 'in', 'in'],
  ['[::1]:8000', 'http://[::1]:8000', 'same-origin', 'right', 'other', 'in', 'in'],
  ['gate:9000', undefined, undefined, 'right', 'other', 'in', 'in'],
  // a program on this machine
  [here, undefined, undefined, 'none', 'other', 'in', 'unauthorized'],
  [here, undefined, 'none', 'none', 'other', 'in', 'unauthorized'],
  ['LOCALHOST:8000', undefined, undefined, 'none', 'other', 'in', 'unauthorized'],
  ['[::1]:8000', undefined, undefined, 'none', 'other', 'in', 'unauthorized'],
  ['persona_engine', undefined, undefined, 'none', 'other', 'in', 'unauthorized'],
  ['persona_engine:8000', undefined, undefined, 'none', 'other', 'in', 'unauthorized'],
  ['Persona_Engine:9999', undefined, undefined, 'none', 'other', 'in', 'unauthorized'],
  [here, undefined, undefined, 'none', 'health', 'in', 'status-only'],
  [here, undefined, 'none', 'none', 'health', 'in', 'status-only'],
  [here, undefined, undefined, 'none', 'static', 'in', 'unauthorized'],
  [here, undefined, 'none', 'none', 'static', 'in', 'in'],
  // an origin that is allowed
  [here, 'http://localhost:3000', undefined, 'none', 'other', 'in', 'unauthorized'],
  [here, 'http://localhost:3000', 'cross-site', 'none', 'other', 'in', 'unauthorized'],
  [here, 'http://localhost:3000', 'none', 'none', 'static', 'in', 'unauthorized'],
  [here, 'http://localhost:3000', 'same-site', 'none', 'health', 'in', 'status-only'],
  // any other origin
  [here, 'http://evil.test', undefined, 'none', 'other', 'forbidden', 'forbidden'],
  [here, 'http://127.0.0.1:8000', 'same-origin', 'none', 'other', 'forbidden', 'forbidden'],
  [here, 'http://127.0.0.1:8000', 'same-origin', 'none', 'static', 'forbidden', 'forbidden'],
  [here, 'http://localhost:3001', 'none', 'none', 'health', 'forbidden', 'forbidden'],
  [here, 'https://localhost:3000', 'none', 'none', 'other', 'forbidden', 'forbidden'],
  [here, 'http://localhost:3000, http://localhost:3000', undefined, 'none', 'other', 'forbidden', 'forbidden'],
  [here, 'null', undefined, 'none', 'other', 'forbidden', 'forbidden'],
  [here, '', undefined, 'none', 'other', 'forbidden', 'forbidden'],
  [here, 'chrome-extension://abcdefghijklmnop', 'none', 'none', 'other', 'forbidden', 'forbidden'],
  // the page fetching its own files, and nothing else
  [here, undefined, 'same-origin', 'none', 'static', 'in', 'in'],
  [here, undefined, 'same-origin', 'none', 'health', 'forbidden', 'forbidden'],
  [here, undefined, 'same-origin', 'none', 'other', 'forbidden', 'forbidden'],
  // any other page
  [here, undefined, 'cross-site', 'none', 'static', 'forbidden', 'forbidden'],
  [here, undefined, 'cross-site', 'none', 'health', 'forbidden', 'forbidden'],
  [here, undefined, 'same-site', 'none', 'other', 'forbidden', 'forbidden'],
  [here, undefined, '', 'none', 'other', 'forbidden', 'forbidden'],
  [here, undefined, 'None', 'none', 'other', 'forbidden', 'forbidden'],
  [here, undefined, 'none, none', 'none', 'static', 'forbidden', 'forbidden'],
];

describe('guard', () => {
  it.each(rows)(
    '[G1] Host %s, Origin %s, Sec-Fetch-Site %s, token %s, route %s: %s, or %s',
    (host, origin, fetchSite, token, route, verdict, demanded) => {
      const caller: Caller = { method: 'GET', host, origin, fetchSite, token, route };
      expect(guard(caller, policy)).toBe(verdict);
      expect(guard(caller, { ...policy, requireToken: true })).toBe(demanded);
    },
  );

  it('[G2] OPTIONS is refused, the right token shown or not', () => {
    const caller: Caller = { method: 'OPTIONS', host: here, origin: undefined, fetchSite: undefined, token: 'right', route: 'other' };
    expect(guard(caller, policy)).toBe('forbidden');
    expect(guard({ ...caller, token: 'none', origin: 'http://localhost:3000' }, policy)).toBe('forbidden');
    expect(guard({ ...caller, token: 'wrong' }, policy)).toBe('forbidden');
  });

  it('[G3] on port 80 the hosts may leave the port out, on any other they may not', () => {
    const caller: Caller = { method: 'GET', host: 'localhost', origin: undefined, fetchSite: undefined, token: 'none', route: 'other' };
    expect(guard(caller, { ...policy, port: 80 })).toBe('in');
    expect(guard(caller, { ...policy, port: 8080 })).toBe('forbidden');
  });
});
