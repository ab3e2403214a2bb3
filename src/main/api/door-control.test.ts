import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createFakeEngine } from '../../../test/kit/fake-engine.ts';
import { ask, connectSocket } from '../../../test/kit/test-door.ts';
import { type DoorStatus, doorStatusSchema } from '../../shared/door.ts';
import { createSystemClock } from '../adapters/log/system-clock.ts';
import { createSessions } from '../session/session.ts';
import { createDoorControl, type DoorControl, type DoorWish } from './door-control.ts';
import { createTokenKeeper } from './token.ts';

let folder = '';
let control: DoorControl | undefined;
let logged = '';

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'door-'));
  logged = '';
});
afterEach(async () => {
  await control?.close();
  rmSync(folder, { recursive: true, force: true });
});

const closed: DoorWish = { open: false, port: 0, requireToken: false, allowedOrigins: [] };

/** A control with a session behind it that knows it, as in the program. */
async function begin(wish: Partial<DoorWish> = {}, configured?: string) {
  const clock = createSystemClock();
  const write = (event: string, fields?: Record<string, unknown>) => {
    logged += `${event} ${JSON.stringify(fields)}\n`;
  };
  const log = { debug: write, info: write, warn: write, error: write };
  const made = createDoorControl({
    fixed: { host: '127.0.0.1', allowedHosts: [], pingIntervalS: 30, pingTimeoutS: 10 },
    wish: { ...closed, ...wish },
    heldOpenBy: undefined,
    isLoopback: true,
    token: createTokenKeeper({ configured, folder }),
    pageFolder: undefined,
    clock,
    log,
  });
  control = made;
  const engine = Object.assign(createFakeEngine(), { door: made });
  made.onStatus((door) => engine.tellHouse({ type: 'door-changed', door }));
  engine.play = (turn) => {
    turn.accept();
    turn.say('Yes.');
    turn.end();
  };
  const openSession = createSessions({ engine, clock, log, service: 's', version: '0', userId: 'default' });
  const begun = await made.begin({ engine, openSession, health: () => ({ status: 'healthy' }) as never });
  return { control: made, begun };
}

/** The next status that fits. */
function until(made: DoorControl, fits: (status: DoorStatus) => boolean): Promise<DoorStatus> {
  if (fits(made.status())) return Promise.resolve(made.status());
  return new Promise((resolve) => {
    const off = made.onStatus((status) => {
      doorStatusSchema.parse(status);
      if (!fits(status)) return;
      off();
      resolve(status);
    });
  });
}
const isOpen = ({ state }: DoorStatus) => state === 'open';
const portOf = ({ address }: DoorStatus) => Number(new URL(address ?? '').port);

async function takePort() {
  const server = createServer();
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  return { port: (server.address() as { port: number }).port, free: () => new Promise((resolve) => void server.close(resolve)) };
}

describe('a door that is opened and closed', () => {
  it('[D40] opens and closes as it is wished, and tells sockets goodbye', async () => {
    const { control } = await begin();
    expect(control.status()).toMatchObject({ state: 'closed', clients: [] });
    expect(control.status()).not.toHaveProperty('token');
    control.want({ ...closed, open: true });
    const opened = await until(control, isOpen);
    const client = await connectSocket(opened.address ?? '', '/ws/chat');
    expect((await ask(portOf(opened))).status).toBe(200);
    control.want(closed);
    expect(await client.closed).toEqual({ code: 1001, reason: 'The door for other programs was closed.' });
    await until(control, ({ state }) => state === 'closed');
    await expect(ask(portOf(opened))).rejects.toThrow();
    expect(control.status().clients).toEqual([]);
  });

  it('[D40] follows the last of many wishes, and moves to another port', async () => {
    const { control } = await begin();
    const free = await takePort();
    await free.free();
    for (let flips = 0; flips < 20; flips += 1) control.want({ ...closed, open: flips % 2 === 0 });
    control.want({ ...closed, open: true, port: free.port });
    const status = await until(control, (now) => isOpen(now) && portOf(now) === free.port);
    expect((await ask(portOf(status))).status).toBe(200);
    control.want({ ...closed, open: true, port: 0 });
    const moved = await until(control, (now) => isOpen(now) && portOf(now) !== free.port);
    expect((await ask(portOf(moved))).status).toBe(200);
    await expect(ask(free.port)).rejects.toThrow();
  });

  it('[D41] says in words that a port is taken, and opens when it is free and the person asks', async () => {
    const taken = await takePort();
    const { control, begun } = await begin({ open: true, port: taken.port });
    expect(begun.error).toMatchObject({ code: 'EADDRINUSE' });
    const { state, fault, reason } = control.status();
    expect([state, fault?.code]).toEqual(['failed', 'port-taken']);
    expect(reason).toBe(
      `Another program uses port ${taken.port}, so no program can come in here; choose another port, or close that program and try again.`,
    );
    await taken.free();
    control.retry();
    expect(portOf(await until(control, isOpen))).toBe(taken.port);
    expect(control.status()).not.toHaveProperty('fault');
  });

  it('[D41] says that a data folder without room for a token keeps it closed', async () => {
    rmSync(folder, { recursive: true });
    const { control } = await begin({ open: true });
    expect(control.status().fault?.code).toBe('store-failed');
  });
});

describe('a new token', () => {
  it('[D42] holds at once; who came with the old one goes, after who asked has it', async () => {
    const { control } = await begin({ open: true });
    const { address = '' } = control.status();
    const old = control.token();
    const withToken = { protocols: ['companion.v1', `bearer.${old}`] };
    const [asker, other, native] = await Promise.all([
      connectSocket(address, '/ws/session', withToken),
      connectSocket(address, '/ws/chat', withToken),
      connectSocket(address, '/ws/chat'),
    ]);
    asker.send({ type: 'rotate-token', requestId: 'r1' });
    const shown = (await asker.until((frames) => frames.some((frame) => (frame as { type: string }).type === 'token-shown'))).at(-1);
    const made = control.token();
    expect(shown).toEqual({ type: 'token-shown', requestId: 'r1', token: made, dropped: 2 });
    const goodbye = { code: 1008, reason: 'The access token was replaced; come again with the new one.' };
    expect(await Promise.all([asker.closed, other.closed])).toEqual([goodbye, goodbye]);
    native.send({ message: 'Still here?' });
    await native.until((frames) => frames.some((frame) => (frame as { type: string }).type === 'complete'));
    const status = async (token: string) => (await ask(portOf(control.status()), { headers: { Authorization: `Bearer ${token}` } })).status;
    expect([await status(old), await status(made)]).toEqual([401, 200]);
    expect(made).not.toBe(old);
    expect(readFileSync(join(folder, 'api-token'), 'utf8')).toBe(`${made}\n`);
    expect(statSync(join(folder, 'api-token')).mode & 0o777).toBe(0o600);
    expect(control.status().token?.ending).toBe(made.slice(-4));
    expect(logged).not.toContain(made);
    native.ws.terminate();
  });

  it('[D42] is not made where the token was set from outside', async () => {
    const { control } = await begin({ open: true }, 'a-token-that-was-set-0123456789');
    expect(() => control.rotateToken()).toThrow(/API_TOKEN/);
    expect(control.status().token).toEqual({ ending: '6789', fixedBy: 'API_TOKEN' });
  });
});

describe('who may come in', () => {
  it('[D43] is changed while it is open, and closes those who could not come any more', async () => {
    const { control } = await begin({ open: true, allowedOrigins: ['http://a.test', 'http://b.test'] });
    const { address = '' } = control.status();
    const from = (origin: string) => connectSocket(address, '/ws/chat', { headers: { Origin: origin } });
    const [a, b, native] = await Promise.all([from('http://a.test'), from('http://b.test'), connectSocket(address, '/ws/chat')]);
    control.want({ ...closed, open: true, allowedOrigins: ['http://a.test'] });
    expect(await b.closed).toEqual({ code: 1008, reason: 'Who may come in was changed.' });
    control.want({ ...closed, open: true, allowedOrigins: ['http://a.test'], requireToken: true });
    expect((await Promise.all([a.closed, native.closed])).map(({ code }) => code)).toEqual([1008, 1008]);
    expect((await ask(portOf(control.status()), { path: '/api/characters' })).status).toBe(401);
  });
});

describe('who comes in', () => {
  it('[D44] is shown with what it asked last, and stands in no log', async () => {
    const { control } = await begin({ open: true });
    const { address = '' } = control.status();
    const chat = await connectSocket(address, '/ws/chat', { headers: { 'User-Agent': 'Python/3.11 websockets/12.0' } });
    chat.send({ message: 'A secret word: sesame.' });
    await chat.until((frames) => frames.some((frame) => (frame as { type: string }).type === 'complete'));
    const json = { 'Content-Type': 'application/json', 'User-Agent': 'curl/8.5.0' };
    const text = JSON.stringify({ text: 'A tin of sesame.' });
    const messages = JSON.stringify({ model: 'default', messages: [{ role: 'user', content: 'Open sesame.' }] });
    await ask(portOf(control.status()), { method: 'POST', path: '/api/sentiment', headers: json, body: text });
    await ask(portOf(control.status()), { method: 'POST', path: '/v1/chat/completions', headers: json, body: messages });
    await ask(portOf(control.status()), { headers: { Origin: 'http://evil.test' } });
    const { clients, refused } = await until(control, ({ clients }) =>
      clients.every(({ name, open }) => name.startsWith('Py') || open === 0),
    );
    expect(clients).toMatchObject([
      { name: 'curl/8.5.0', requests: 2, route: 'POST /v1/chat/completions', asked: 'Open sesame.' },
      { name: 'Python/3.11 websockets/12.0', open: 1, route: 'WS /ws/chat', asked: 'A secret word: sesame.' },
    ]);
    expect(refused).toBe(1);
    expect(logged).not.toContain('sesame');
    control.forgetWords();
    expect(JSON.stringify(control.status())).not.toContain('sesame');
    chat.ws.terminate();
  });

  it('[D45] is told to clients that showed the token, and to nobody else', async () => {
    const { control } = await begin({ open: true });
    const { address = '' } = control.status();
    const owner = await connectSocket(address, '/ws/session', { protocols: ['companion.v1', `bearer.${control.token()}`] });
    const other = await connectSocket(address, '/ws/session');
    for (const type of ['show-door', 'show-token', 'rotate-token', 'retry-door']) other.send({ type, requestId: type });
    owner.send({ type: 'show-token', requestId: 'r1' });
    owner.send({ type: 'show-door', requestId: 'r2' });
    const types = (frames: unknown[]) => frames.map((frame) => (frame as { type: string }).type);
    await owner.until((frames) => types(frames).includes('door-changed') && types(frames).includes('door-shown'));
    await other.until((frames) => types(frames).filter((type) => type === 'command-failed').length === 4);
    expect(new Set(types(other.frames))).toEqual(new Set(['session-opened', 'command-failed']));
    expect(other.frames.slice(1).map((frame) => (frame as { fault: { code: string } }).fault.code)).toEqual(Array(4).fill('forbidden'));
    expect(JSON.stringify(other.frames)).not.toContain(control.token());
    owner.ws.terminate();
    other.ws.terminate();
  });

  it('[D46] is told a few times a second, however many come', async () => {
    const { control } = await begin({ open: true });
    const port = portOf(control.status());
    let told = 0;
    control.onStatus(() => {
      told += 1;
    });
    const began = performance.now();
    for (let batch = 0; batch < 20; batch += 1) await Promise.all(Array.from({ length: 25 }, () => ask(port)));
    const { clients } = await until(control, ({ clients }) => clients[0]?.requests === 500 && clients[0].open === 0);
    await expect.poll(() => told, { timeout: 10_000 }).toBeGreaterThan(0);
    const most = Math.ceil((performance.now() - began) / 250) + 1;
    console.log(`door-told requests=${clients[0]?.requests} told=${told} most=${most}`);
    expect(told).toBeLessThanOrEqual(most);
  });
});
