import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { ClientEvent } from '../shared/events.ts';
import { type Client, createClient, pauseBefore, unanswered } from './client.ts';
import type { Connection, TransportListener } from './transport.ts';

const opened: ClientEvent = {
  type: 'session-opened',
  contract: 1,
  service: 's',
  version: '1',
  characters: [],
  model: { state: 'ready', engine: 'ollama', model: 'm', label: 'm', reason: '', starter: false },
};

function setUp() {
  const lines: TransportListener[] = [];
  const sent: Parameters<Connection['send']>[0][] = [];
  const states: string[] = [];
  const problems: string[] = [];
  const client: Client = createClient({
    transport: (listener) => {
      lines.push(listener);
      return { send: (command) => sent.push(command), close: () => undefined };
    },
    onEvent: (event) => client.settle(event),
    onConnection: (state) => states.push(state),
    log: (problem) => problems.push(problem),
  });
  client.start();
  return { client, lines, sent, states, problems, hear: (frame: unknown) => lines.at(-1)?.heard(frame) };
}

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

it('[W11] a command is answered by the event with its request id', async () => {
  const { client, hear, sent } = setUp();
  hear(opened);
  const asked = client.ask({ type: 'retry-engine' });
  hear({ type: 'command-done', requestId: 'another' });
  hear({ type: 'command-done', requestId: sent[0]?.requestId });
  expect(await asked).toMatchObject({ type: 'command-done' });
});

it('[W11] a lost connection answers everything that was asked, and is tried again with growing pauses of at most 5 s', async () => {
  const { client, lines, states, hear } = setUp();
  hear(opened);
  const asked = client.ask({ type: 'retry-engine' });
  lines.at(-1)?.closed('lost');
  expect(await asked).toEqual({ type: 'command-failed', fault: unanswered });
  for (let attempt = 0; attempt < 8; attempt++) {
    vi.advanceTimersByTime(pauseBefore(attempt) - 1);
    expect(lines.length, `try ${attempt}`).toBe(attempt + 1);
    vi.advanceTimersByTime(1);
    expect(lines.length, `try ${attempt}`).toBe(attempt + 2);
    lines.at(-1)?.closed('lost');
  }
  expect(pauseBefore(100)).toBe(5_000);
  expect(states.filter((state) => state === 'lost')).toHaveLength(9);
});

it('[W11] a refused connection is not tried again by itself', () => {
  const { lines, states } = setUp();
  lines[0]?.closed('refused');
  vi.advanceTimersByTime(60_000);
  expect(lines).toHaveLength(1);
  expect(states).toEqual(['connecting', 'refused']);
});

it('[W11] a frame that is no event changes nothing, but answers who asked for it', async () => {
  const { client, hear, sent, problems, states } = setUp();
  hear(opened);
  const asked = client.ask({ type: 'retry-engine' });
  hear({ type: 'command-done', requestId: sent[0]?.requestId, more: true });
  expect(await asked).toMatchObject({ type: 'command-failed' });
  hear('nonsense');
  expect(problems).toHaveLength(2);
  expect(states.at(-1)).toBe('open');
});

it('[W11] a session of another contract makes the page say that it is old', () => {
  const { hear, states } = setUp();
  hear({ ...opened, contract: 2 });
  expect(states.at(-1)).toBe('outdated');
});
