import { beforeEach, describe, expect, it } from 'vitest';
import type { ClientEvent } from '../../shared/events.ts';
import type { Log } from '../engine/ports.ts';
import type { OpenSession, Wire } from '../session/wire.ts';
import { createPageSession, type PageSession } from './page-session.ts';

const first = '11111111-1111-4111-8111-111111111111';
const second = '22222222-2222-4222-8222-222222222222';
const done = (requestId: string): ClientEvent => ({ type: 'command-done', requestId });

type Opened = { wire: Wire; received: unknown[]; closed: boolean };

let opened: Opened[];
let posted: [string, unknown][];
let logged: string[];
let windowOpen: boolean;
let page: PageSession;
const note = (event: string) => void logged.push(event);
const log: Log = { debug: note, info: note, warn: note, error: note };
const opener: OpenSession = (wire) => {
  const session: Opened = { wire, received: [], closed: false };
  opened.push(session);
  wire.send(done('opened'));
  return {
    receive: (frame) => void session.received.push(frame),
    close: () => {
      session.closed = true;
    },
  };
};
const pageOver = (openSession: Promise<OpenSession>) =>
  createPageSession({
    openSession,
    log,
    isOpen: () => windowOpen,
    chooseModelFile: async () => '/models/a.gguf',
    post: (sessionId, event) => void posted.push([sessionId, event]),
  });
/** Promises that are settled already have been heard after this. */
const settled = () => new Promise((resolve) => setImmediate(resolve));

beforeEach(() => {
  opened = [];
  posted = [];
  logged = [];
  windowOpen = true;
  page = pageOver(Promise.resolve(opener));
});

describe('createPageSession', () => {
  it('[K9] opens a session when the page subscribes, and its first event goes to that page', async () => {
    page.subscribe(first);
    await settled();
    expect(opened).toHaveLength(1);
    expect(posted).toEqual([[first, done('opened')]]);
    page.command(first, { type: 'x' });
    expect(opened[0]?.received).toEqual([{ type: 'x' }]);
  });

  it('[K9] a page that was loaded again gets a session of its own; the old one is closed and says nothing more', async () => {
    page.subscribe(first);
    await settled();
    page.subscribe(second);
    await settled();
    expect(opened.map(({ closed }) => closed)).toEqual([true, false]);
    expect(opened[0]?.wire.isOpen()).toBe(false);
    page.command(first, 'late');
    page.command(second, 'now');
    expect(opened.map(({ received }) => received)).toEqual([[], ['now']]);
  });

  it('[K9][MD9] is the person’s own window, which has the system’s dialog for files', async () => {
    page.subscribe(first);
    await settled();
    expect(opened[0]?.wire.isOwner).toBe(true);
    expect(await opened[0]?.wire.chooseModelFile?.()).toBe('/models/a.gguf');
  });

  it('[K9] a page that subscribes twice before the engine is up gets one session', async () => {
    page.subscribe(first);
    page.subscribe(second);
    await settled();
    expect(opened).toHaveLength(1);
    expect(posted).toEqual([[second, done('opened')]]);
  });

  it('[K9] a page that is gone before the engine is up gets none', async () => {
    page.subscribe(first);
    page.end();
    await settled();
    expect(opened).toEqual([]);
  });

  it('[K9] only the page that subscribed can unsubscribe', async () => {
    page.subscribe(first);
    await settled();
    page.unsubscribe(second);
    expect(opened[0]?.closed).toBe(false);
    page.unsubscribe(first);
    expect(opened[0]?.closed).toBe(true);
    page.end();
    page.unsubscribe(first);
  });

  it('[K9] a wire is open as long as the window is, and a closed one ends the session', async () => {
    page.subscribe(first);
    await settled();
    const session = opened[0];
    expect(session?.wire.isOpen()).toBe(true);
    windowOpen = false;
    expect(session?.wire.isOpen()).toBe(false);
    windowOpen = true;
    session?.wire.close(1013, 'too slow');
    expect(session?.closed).toBe(true);
    expect(session?.wire.isOpen()).toBe(false);
  });

  it('[K9] an old wire that closes late leaves the new session alone', async () => {
    page.subscribe(first);
    await settled();
    page.subscribe(second);
    await settled();
    opened[0]?.wire.close(1001, 'late');
    expect(opened[1]?.closed).toBe(false);
  });

  it.each([undefined, null, 7, '', 'x', {}, [first], `${first}0`, '../..'])('[K9] %j is no session, and nothing is thrown', async (odd) => {
    page.subscribe(odd);
    page.unsubscribe(odd);
    page.command(odd, { type: 'list-conversations' });
    await settled();
    expect(opened).toEqual([]);
    expect(logged).toContain('page-message-odd');
  });

  it('[K9] without an engine the page hears nothing and the log says so', async () => {
    page = pageOver(Promise.reject(new Error('no engine')));
    page.subscribe(first);
    page.command(first, 'x');
    await settled();
    expect(posted).toEqual([]);
    expect(logged).toEqual(['page-command-without-session', 'page-session-not-opened']);
  });
});
