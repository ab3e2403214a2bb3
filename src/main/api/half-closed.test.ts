import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { connectRaw, openTestDoor, type TestDoor } from '../../../test/kit/test-door.ts';
import { HALF_CLOSED_PROBE_MS } from '../../shared/limits.ts';

let door: TestDoor;
beforeEach(async () => {
  door = await openTestDoor();
});
afterEach(() => door.close());

/** wire.md's second, tenfold: what is seen is 0.6 s. */
const TEN_TIMES = 10_000;
const pause = (probes: number) => new Promise((resolve) => setTimeout(resolve, probes * HALF_CLOSED_PROBE_MS));

/** The bytes of a request as a script would write them. */
function request(path: string, body: unknown, version = '1.1'): string {
  const text = JSON.stringify(body);
  return `POST ${path} HTTP/${version}\r\nHost: 127.0.0.1:${door.port}\r\nConnection: close\r\nContent-Type: application/json\r\nContent-Length: ${Buffer.byteLength(text)}\r\n\r\n${text}`;
}
const hello = { model: 'default', messages: [{ role: 'user', content: 'Hello?' }] };
/** What is left when the interim answers are taken out. */
const withoutInterim = (text: string) => text.replace(/HTTP\/1\.1 102 Processing\r\n\r\n/g, '');

/** Answers that take as long as several looks at the client do. */
function answerSlowly(): void {
  door.engine.answers = async function* () {
    await pause(3);
    yield { type: 'text', text: 'Late, ' };
    await pause(3);
    yield { type: 'text', text: 'but here.' };
    yield { type: 'done', finish: 'stop', usage: { promptTokens: 1, replyTokens: 1 } };
  };
}

describe('a client that ends its side after the request', () => {
  it.each([
    ['a whole completion', hello, '1.1', /^HTTP\/1\.1 200 OK[\s\S]*"content":"Late, but here\."/],
    ['a streamed completion', { ...hello, stream: true }, '1.1', /^HTTP\/1\.1 200 OK[\s\S]*Late, [\s\S]*but here\.[\s\S]*\[DONE\]/],
    ['a whole completion of HTTP/1.0', hello, '1.0', /^HTTP\/1\.1 200 OK[\s\S]*"content":"Late, but here\."/],
  ])('[D47] gets %s, however late', async (_name, body, version, fits) => {
    answerSlowly();
    const { socket, all } = await connectRaw(door.port);
    socket.end(request('/v1/chat/completions', body, version));
    const received = await all;
    expect(withoutInterim(received)).toMatch(fits);
    if (version === '1.0') expect(received).not.toContain('102 Processing');
  });

  it('[D47] gets the turn of /api/chat', async () => {
    const { socket, all } = await connectRaw(door.port);
    socket.end(request('/api/chat', { message: 'Hello?' }));
    const turn = await door.engine.turn(0);
    await pause(3);
    turn.accept();
    turn.say('Here.');
    turn.end();
    const received = await all;
    expect(received).toMatch(/event: token\ndata: \{"type":"token","content":"Here\."\}/);
    expect(received).toMatch(/event: complete\n/);
    expect(turn.stopped).toBe(false);
  });

  it.each(['\r\n', 'x', 'GARBAGE\r\n\r\n', '\u0000\u0001'])('[D48] gets its answer although %j came behind its request', async (noise) => {
    answerSlowly();
    const { socket, all } = await connectRaw(door.port);
    socket.end(request('/v1/chat/completions', hello).replace('Connection: close\r\n', '') + noise);
    const received = await all;
    expect(withoutInterim(received)).toMatch(/^HTTP\/1\.1 200 OK[\s\S]*"content":"Late, but here\."/);
    expect(received).not.toContain('HTTP/1.1 400');
  });

  it('[D47] gets every answer of several requests at once', async () => {
    answerSlowly();
    const { socket, all } = await connectRaw(door.port);
    const kept = request('/v1/chat/completions', hello).replace('Connection: close\r\n', '');
    socket.end(kept + request('/v1/chat/completions', hello));
    expect((await all).match(/"content":"Late, but here\."/g)).toHaveLength(2);
  });
});

describe('a client that is gone', () => {
  it.each([
    ['a whole completion', '/v1/chat/completions', hello],
    ['a streamed completion', '/v1/chat/completions', { ...hello, stream: true }],
  ])('[D47] is noticed while %s has no word yet', async (_name, path, body) => {
    const asked = Promise.withResolvers<void>();
    const gone = Promise.withResolvers<number>();
    door.engine.answers = async function* (_question, signal) {
      signal.addEventListener('abort', () => gone.resolve(performance.now()));
      asked.resolve();
      await gone.promise;
      yield { type: 'done', finish: 'stop', usage: { promptTokens: 1, replyTokens: 1 } };
    };
    const { socket } = await connectRaw(door.port);
    socket.write(request(path, body));
    await asked.promise;
    const left = performance.now();
    socket.destroy();
    expect((await gone.promise) - left).toBeLessThan(TEN_TIMES);
  });

  it('[D47] is noticed while a turn of /api/chat says nothing', async () => {
    const { socket } = await connectRaw(door.port);
    socket.write(request('/api/chat', { message: 'Hello?' }));
    const turn = await door.engine.turn(0);
    turn.accept();
    socket.destroy();
    const left = performance.now();
    await expect.poll(() => turn.stopped, { interval: 10, timeout: 10_000 }).toBe(true);
    expect(performance.now() - left).toBeLessThan(TEN_TIMES);
  });
});
