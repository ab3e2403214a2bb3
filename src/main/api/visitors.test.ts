import { describe, expect, it } from 'vitest';
import { createFakeClock } from '../../../test/kit/fake-clock.ts';
import { doorClientSchema } from '../../shared/door.ts';
import { CLIENTS_KNOWN } from '../../shared/door-limits.ts';
import { createVisitors, nameOf, routeOf } from './visitors.ts';

const named = (agent?: string) => nameOf({ headers: agent === undefined ? {} : { 'user-agent': agent } });

describe('who comes in', () => {
  it('[D44] is counted by name, with what came last', () => {
    const clock = createFakeClock();
    const visitors = createVisitors(clock, () => {});
    const first = visitors.arrive('curl/8.5.0', 'GET /health');
    const began = clock.now();
    clock.advance(1_000);
    const second = visitors.arrive('curl/8.5.0', 'POST /api/chat');
    second.asked('How was\n  your day?');
    first.leave();
    first.leave();
    expect(visitors.list().clients).toEqual([
      { name: 'curl/8.5.0', open: 1, requests: 2, since: began, at: began + 1_000, route: 'POST /api/chat', asked: 'How was your day?' },
    ]);
    visitors.forgetWords();
    expect(visitors.list().clients[0]).not.toHaveProperty('asked');
  });

  it('[D44] is bounded, whoever comes, and keeps those that are still there', () => {
    const visitors = createVisitors(createFakeClock(), () => {});
    visitors.arrive('stays', 'WS /ws/chat');
    for (let made = 0; made < 1_000; made += 1) visitors.arrive(`name ${made}`, 'GET /health').leave();
    const { clients } = visitors.list();
    expect(clients).toHaveLength(CLIENTS_KNOWN);
    expect(clients.map(({ name }) => name)).toContain('stays');
    expect(clients[0]?.name).toBe('name 999');
  });

  it('[D44] shows only the beginning of a text, in one line, whatever it holds', () => {
    const visitors = createVisitors(createFakeClock(), () => {});
    const visitor = visitors.arrive('x', 'y');
    const hostile = ['a'.repeat(200_000), '😀'.repeat(500), '\u202e\u0000\u001b[2J', '\ud800', `${' '.repeat(400)}late`];
    for (const text of hostile) {
      visitor.asked(text);
      const [client] = visitors.list().clients;
      expect(doorClientSchema.safeParse(client).error).toBeUndefined();
      expect(client?.asked).not.toMatch(/[\p{C}\n]/u);
    }
  });

  it('[D44] has a name in printable letters, and no query in its route', () => {
    expect(named()).toBe('A program without a name');
    expect(named('')).toBe('A program without a name');
    expect(named('Mozilla/5.0 (X11; Linux x86_64) Chrome/156')).toBe('A browser');
    expect(named(`curl/8\u0000\u202e${'x'.repeat(500)}`)).toMatch(/^curl\/8 x{53}$/);
    expect(routeOf('GET', `/${'a'.repeat(500)}`)).toHaveLength(80);
  });
});
