import { describe, expect, it } from 'vitest';
import { type Caller, type GuardPolicy, guard, type Verdict } from './guard.ts';

const policy: GuardPolicy = {
  port: 8000,
  allowedHosts: ['persona_engine', 'gate:9000'],
  allowedOrigins: ['http://localhost:3000'],
  requireToken: false,
};

/** The same table as literal rules over kinds of values; every combination has to fall under exactly one. */
type Rule = {
  options: boolean;
  host: 'known' | 'unknown' | '*';
  origin: ('absent' | 'allowed' | 'other')[] | '*';
  site: ('absent' | 'none' | 'same-origin' | 'other')[] | '*';
  token: Caller['token'][] | '*';
  route: Caller['route'][] | '*';
  demanded: boolean | '*';
  verdict: Verdict;
};

const free = { origin: '*', site: '*', token: '*', route: '*', demanded: '*' } as const;
const rules: Rule[] = [
  { ...free, options: true, host: '*', verdict: 'forbidden' },
  { ...free, options: false, host: 'unknown', verdict: 'forbidden' },
  { ...free, options: false, host: 'known', token: ['wrong'], verdict: 'unauthorized' },
  { ...free, options: false, host: 'known', token: ['right'], verdict: 'in' },
  {
    options: false,
    host: 'known',
    origin: ['absent'],
    site: ['absent', 'none'],
    token: ['none'],
    route: '*',
    demanded: false,
    verdict: 'in',
  },
  {
    options: false,
    host: 'known',
    origin: ['absent'],
    site: ['absent', 'none'],
    token: ['none'],
    route: ['health'],
    demanded: true,
    verdict: 'status-only',
  },
  {
    options: false,
    host: 'known',
    origin: ['absent'],
    site: ['absent', 'none'],
    token: ['none'],
    route: ['other'],
    demanded: true,
    verdict: 'unauthorized',
  },
  {
    options: false,
    host: 'known',
    origin: ['absent'],
    site: ['absent'],
    token: ['none'],
    route: ['static'],
    demanded: true,
    verdict: 'unauthorized',
  },
  { options: false, host: 'known', origin: ['absent'], site: ['none'], token: ['none'], route: ['static'], demanded: true, verdict: 'in' },
  { options: false, host: 'known', origin: ['allowed'], site: '*', token: ['none'], route: '*', demanded: false, verdict: 'in' },
  {
    options: false,
    host: 'known',
    origin: ['allowed'],
    site: '*',
    token: ['none'],
    route: ['health'],
    demanded: true,
    verdict: 'status-only',
  },
  {
    options: false,
    host: 'known',
    origin: ['allowed'],
    site: '*',
    token: ['none'],
    route: ['static', 'other'],
    demanded: true,
    verdict: 'unauthorized',
  },
  { options: false, host: 'known', origin: ['other'], site: '*', token: ['none'], route: '*', demanded: '*', verdict: 'forbidden' },
  {
    options: false,
    host: 'known',
    origin: ['absent'],
    site: ['same-origin'],
    token: ['none'],
    route: ['static'],
    demanded: '*',
    verdict: 'in',
  },
  {
    options: false,
    host: 'known',
    origin: ['absent'],
    site: ['same-origin'],
    token: ['none'],
    route: ['health', 'other'],
    demanded: '*',
    verdict: 'forbidden',
  },
  { options: false, host: 'known', origin: ['absent'], site: ['other'], token: ['none'], route: '*', demanded: '*', verdict: 'forbidden' },
];

const hosts = {
  known: ['127.0.0.1:8000', 'localhost:8000', '[::1]:8000', 'LocalHost:8000', 'persona_engine', 'persona_engine:80', 'gate:9000'],
  unknown: [
    undefined,
    '',
    '127.0.0.1',
    '127.0.0.1:80',
    'localhost:8001',
    '[::1]',
    '0.0.0.0:8000',
    'evil.test:8000',
    'gate',
    'localhost:8000:8000',
  ],
} as const;
const origins = {
  absent: [undefined],
  allowed: ['http://localhost:3000'],
  other: [
    '',
    'null',
    'http://127.0.0.1:8000',
    'http://evil.test',
    'http://localhost:3000/',
    'HTTP://LOCALHOST:3000',
    'file://',
    'app://companion',
    'moz-extension://x',
  ],
} as const;
const sites = {
  absent: [undefined],
  none: ['none'],
  'same-origin': ['same-origin'],
  other: ['', 'same-site', 'cross-site', 'NONE', 'anything'],
} as const;
const methods = { true: ['OPTIONS'], false: ['GET', 'HEAD', 'POST', 'DELETE', 'CONNECT'] } as const;

const entries = <Kind extends string, Value>(kinds: Record<Kind, readonly Value[]>): { kind: Kind; value: Value }[] =>
  (Object.keys(kinds) as Kind[]).flatMap((kind) => kinds[kind].map((value) => ({ kind, value })));
const fits = <Kind>(wanted: readonly Kind[] | Kind | '*', kind: Kind): boolean =>
  wanted === '*' || (Array.isArray(wanted) ? wanted.includes(kind) : wanted === kind);

describe('guard', () => {
  it('[G4] every combination falls under exactly one literal rule, and the guard says what that rule says', () => {
    let combinations = 0;
    const wrong: unknown[] = [];
    const used = new Set<Rule>();
    const all = entries(methods).flatMap((method) =>
      entries(hosts).flatMap((host) =>
        entries(origins).flatMap((origin) => entries(sites).map((site) => ({ method, host, origin, site }))),
      ),
    );
    for (const { method, host, origin, site } of all) {
      for (const token of ['none', 'right', 'wrong'] as const) {
        for (const route of ['static', 'health', 'other'] as const) {
          for (const requireToken of [false, true]) {
            combinations += 1;
            const matching = rules.filter(
              (rule) =>
                String(rule.options) === method.kind &&
                fits(rule.host, host.kind) &&
                fits(rule.origin, origin.kind) &&
                fits(rule.site, site.kind) &&
                fits(rule.token, token) &&
                fits(rule.route, route) &&
                fits(rule.demanded, requireToken),
            );
            const caller: Caller = { method: method.value, host: host.value, origin: origin.value, fetchSite: site.value, token, route };
            const verdict = guard(caller, { ...policy, requireToken });
            for (const rule of matching) used.add(rule);
            if (matching.length !== 1 || matching[0]?.verdict !== verdict) wrong.push({ ...caller, requireToken, verdict, matching });
          }
        }
      }
    }
    console.log(`guard combinations=${combinations} wrong=${wrong.length} rules=${used.size}/${rules.length}`);
    expect(wrong.slice(0, 3)).toEqual([]);
    expect(combinations).toBe(6 * 17 * 11 * 8 * 3 * 3 * 2);
    expect(used.size).toBe(16);
  });
});
