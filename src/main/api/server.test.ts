import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ask, connectRaw, knock, openTestDoor, parseAnswer, type Request, type TestDoor, testToken } from '../../../test/kit/test-door.ts';
import { scoreText } from '../engine/mood/vader.ts';

let door: TestDoor;
beforeAll(async () => {
  door = await openTestDoor();
});
afterAll(() => door.close());

const bearer = { Authorization: `Bearer ${testToken}` };
const json = { 'Content-Type': 'application/json' };
const sentiment = (body: string, headers: Record<string, string> = json): Request => ({
  method: 'POST',
  path: '/api/sentiment',
  headers,
  body,
});

describe('GET /health', () => {
  it('[D1] answers what the probes last said: 200 while it can serve, 503 where it cannot', async () => {
    const healthy = await ask(door.port);
    expect(healthy.status).toBe(200);
    expect(healthy.headers.get('content-type')).toBe('application/json; charset=utf-8');
    expect(JSON.parse(healthy.body)).toEqual(door.health.now);
    const before = door.health.now;
    door.health.now = { ...before, status: 'degraded' };
    expect((await ask(door.port)).status).toBe(200);
    door.health.now = { ...before, status: 'unhealthy' };
    expect((await ask(door.port, { path: '/health?probe=1' })).status).toBe(503);
    door.health.now = before;
  });

  it('[D1] HEAD tells the same without a body', async () => {
    const answer = await ask(door.port, { method: 'HEAD' });
    expect(answer.status).toBe(200);
    expect(answer.body).toBe('');
    expect(Number(answer.headers.get('content-length'))).toBe(JSON.stringify(door.health.now).length);
  });

  it('[D1] where a token is demanded and missing it says its status alone', async () => {
    const locked = await openTestDoor({ requireToken: true });
    try {
      const bare = await ask(locked.port);
      expect([bare.status, bare.body]).toEqual([200, '{"status":"healthy"}']);
      expect(JSON.parse((await ask(locked.port, { headers: bearer })).body)).toEqual(locked.health.now);
      expect((await ask(locked.port, sentiment('{"text":"hi"}'))).status).toBe(401);
      expect((await ask(locked.port, sentiment('{"text":"hi"}', { ...json, ...bearer }))).status).toBe(200);
      expect(locked.engine.reached.count).toBe(1);
    } finally {
      await locked.close();
    }
  });
});

describe('POST /api/sentiment', () => {
  it('[D2] answers the reference score of the text as it stands', async () => {
    const answer = await ask(door.port, sentiment(JSON.stringify({ text: "I'm really excited about this!", more: 1 })));
    expect(answer.status).toBe(200);
    expect(answer.body).toBe('{"compound":0.4561,"positive":0.427,"negative":0,"neutral":0.573}');
  });

  it.each([
    ['no text at all', ''],
    ['64 KiB exactly', 'a'.repeat(64 * 1024)],
    ['64 KiB of escapes', '\u0001'.repeat(64 * 1024)],
    ['half a surrogate pair', 'good \ud83d day'],
  ])('[D2] takes %s', async (_name, text) => {
    const answer = await ask(door.port, sentiment(JSON.stringify({ text })));
    expect(answer.status).toBe(200);
    expect(JSON.parse(answer.body)).toEqual({ ...scoreText(text) });
  });

  it.each<[string, Request, number, string]>([
    ['text of 64 KiB and one byte', sentiment(JSON.stringify({ text: 'a'.repeat(64 * 1024 + 1) })), 413, 'too-large'],
    ['text whose bytes are too many', sentiment(JSON.stringify({ text: 'ä'.repeat(33 * 1024) })), 413, 'too-large'],
    ['a body over 512 KiB', sentiment(`{"text":"a"${' '.repeat(512 * 1024)}}`), 413, 'too-large'],
    ['no JSON', sentiment('{"text":'), 400, 'bad-request'],
    ['nothing', sentiment(''), 400, 'bad-request'],
    ['no object', sentiment('"text"'), 400, 'bad-request'],
    ['text that is none', sentiment('{"text":5}'), 400, 'bad-request'],
    ['a form', sentiment('text=hi', { 'Content-Type': 'application/x-www-form-urlencoded' }), 415, 'unsupported-media-type'],
    ['plain text', sentiment('{"text":"hi"}', { 'Content-Type': 'text/plain' }), 415, 'unsupported-media-type'],
    ['no type', sentiment('{"text":"hi"}', {}), 415, 'unsupported-media-type'],
    ['another charset', sentiment('{"text":"hi"}', { 'Content-Type': 'application/json; charset=utf-16' }), 415, 'unsupported-media-type'],
    ['a packed body', sentiment('{"text":"hi"}', { ...json, 'Content-Encoding': 'gzip' }), 415, 'unsupported-media-type'],
  ])('[D3] refuses %s', async (_name, request, status, code) => {
    const before = door.engine.reached.count;
    const answer = await ask(door.port, request);
    expect([answer.status, JSON.parse(answer.body)]).toEqual([
      status,
      { error: { code, message: expect.stringMatching(/^[^/\\]{10,299}$/) } },
    ]);
    expect(door.engine.reached.count).toBe(before);
  });

  it('[D3] refuses bytes that are no UTF-8', async () => {
    const head = `POST /api/sentiment HTTP/1.1\r\nHost: 127.0.0.1:${door.port}\r\nContent-Type: application/json\r\nContent-Length: 13\r\nConnection: close\r\n\r\n`;
    const answer = parseAnswer(
      await knock(door.port, Buffer.concat([Buffer.from(`${head}{"text":"`), Buffer.from([0xff, 0xfe]), Buffer.from('"}')])),
    );
    expect(answer?.status).toBe(400);
  });

  it('[D2] takes a body in chunks, and one that waits for 100 Continue', async () => {
    const head = `POST /api/sentiment HTTP/1.1\r\nHost: 127.0.0.1:${door.port}\r\nContent-Type: application/json; charset=UTF-8\r\nConnection: close\r\n`;
    const chunked = await knock(door.port, `${head}Transfer-Encoding: chunked\r\n\r\n5\r\n{"tex\r\n8\r\nt":"hi"}\r\n0\r\n\r\n`);
    expect(parseAnswer(chunked)?.status).toBe(200);
    const { socket, all, received } = await connectRaw(door.port);
    socket.write(`${head}Content-Length: 13\r\nExpect: 100-continue\r\n\r\n`);
    await expect.poll(received).toContain('HTTP/1.1 100 Continue\r\n\r\n');
    socket.end('{"text":"hi"}');
    expect(await all).toContain('HTTP/1.1 200 OK');
  });
});

describe('refusals', () => {
  it.each<[string, Request, number, string, string | undefined]>([
    ['an unknown address', { path: '/nothing' }, 404, 'not-found', undefined],
    ['no page', { path: '/' }, 404, 'not-found', undefined],
    ['a decoded way up', { path: '/..%2f..%2fetc/passwd' }, 404, 'not-found', undefined],
    ['a plain way up', { path: '/../../etc/passwd' }, 404, 'not-found', undefined],
    ['a full address', { path: 'http://evil.test/health' }, 404, 'not-found', undefined],
    ['an asterisk', { path: '*' }, 404, 'not-found', undefined],
    ['a deletion of health', { method: 'DELETE' }, 405, 'method-not-allowed', 'GET, HEAD'],
    ['a reading of sentiment', { path: '/api/sentiment' }, 405, 'method-not-allowed', 'POST'],
    ['a putting of chat', { method: 'PUT', path: '/ws/chat' }, 405, 'method-not-allowed', 'GET'],
    ['a plain reading of chat', { path: '/ws/chat' }, 426, 'bad-request', undefined],
    ['a plain reading of session', { path: '/ws/session' }, 426, 'bad-request', undefined],
    [
      'a preflight',
      { method: 'OPTIONS', headers: { Origin: 'http://evil.test', 'Access-Control-Request-Method': 'POST' } },
      403,
      'forbidden',
      undefined,
    ],
    ['OPTIONS with the token', { method: 'OPTIONS', headers: bearer }, 403, 'forbidden', undefined],
    ['OPTIONS of everything', { method: 'OPTIONS', path: '*' }, 403, 'forbidden', undefined],
    ['a tunnel', { method: 'CONNECT', path: 'evil.test:443' }, 405, 'method-not-allowed', 'GET, HEAD, POST'],
    ['a tunnel for a stranger', { method: 'CONNECT', path: 'evil.test:443', host: 'evil.test:443' }, 403, 'forbidden', undefined],
    ['no Host', { host: null }, 403, 'forbidden', undefined],
    ['an empty Host', { host: '' }, 403, 'forbidden', undefined],
    ['another Host', { host: 'evil.test' }, 403, 'forbidden', undefined],
    ['another Host on an unknown address', { host: 'evil.test', path: '/nothing' }, 403, 'forbidden', undefined],
    ['two Hosts', { headers: { Host: 'evil.test' } }, 403, 'forbidden', undefined],
    ['a strange page', { headers: { Origin: 'http://evil.test' } }, 403, 'forbidden', undefined],
    ['a strange page without Origin', { headers: { 'Sec-Fetch-Site': 'cross-site' } }, 403, 'forbidden', undefined],
    ['a wrong token', { headers: { Authorization: 'Bearer wrong' } }, 401, 'unauthorized', undefined],
    ['another kind of credential', { headers: { Authorization: 'Basic dTpw' } }, 401, 'unauthorized', undefined],
    ['an empty token', { headers: { Authorization: 'Bearer ' } }, 401, 'unauthorized', undefined],
    [
      'a wrong token beside the right one',
      { headers: { ...bearer, 'Sec-WebSocket-Protocol': 'companion.v1, bearer.wrong' } },
      401,
      'unauthorized',
      undefined,
    ],
    ['headers without end', { headers: { 'X-Long': 'x'.repeat(20_000) } }, 431, 'too-large', undefined],
  ])('[D3] %s', async (_name, request, status, code, allow) => {
    const asked = door.health.asked;
    const answer = await ask(door.port, request);
    expect([answer.status, JSON.parse(answer.body)]).toEqual([
      status,
      { error: { code, message: expect.stringMatching(/^[^\\]{10,299}$/) } },
    ]);
    expect(answer.headers.get('allow')).toBe(allow);
    expect(door.health.asked).toBe(asked);
  });

  it('[G7] the right token lets a strange page and a foreign site in; the scheme in any case', async () => {
    expect((await ask(door.port, { headers: { ...bearer, Origin: 'http://evil.test', 'Sec-Fetch-Site': 'cross-site' } })).status).toBe(200);
    expect((await ask(door.port, { headers: { Authorization: `bearer ${testToken}` } })).status).toBe(200);
    expect(
      (await ask(door.port, { headers: { 'Sec-WebSocket-Protocol': `companion.v1, bearer.${testToken}`, Origin: 'http://evil.test' } }))
        .status,
    ).toBe(200);
  });

  it('[D3] what goes wrong inside is said without its words, and logged', async () => {
    const score = door.engine.score.bind(door.engine);
    door.engine.score = () => {
      throw new TypeError('a secret at /home/person/file.ts');
    };
    const answer = await ask(door.port, sentiment('{"text":"hi"}'));
    door.engine.score = score;
    expect(answer.status).toBe(500);
    expect(answer.body).not.toMatch(/secret|home|TypeError/);
    expect(JSON.parse(answer.body).error.code).toBe('internal');
    expect(door.logged.filter(({ event }) => event === 'door-failed')).toHaveLength(1);
  });
});

describe('headers', () => {
  const requests: Request[] = ['/health', '/api/sentiment', '/nothing', '/ws/chat'].flatMap((path) =>
    ['GET', 'HEAD', 'POST', 'PUT', 'DELETE', 'PATCH', 'OPTIONS', 'TRACE'].map((method) => ({
      method,
      path,
      headers: { Origin: 'http://evil.test', ...bearer },
    })),
  );
  it('[D5] every answer is closed to other pages and caches, and none names a server or lets an origin in', async () => {
    const answers = await Promise.all(
      [...requests, ...requests.map((request) => ({ ...request, headers: { Origin: 'http://evil.test' } }))].map((request) =>
        ask(door.port, request),
      ),
    );
    answers.push(await ask(door.port, { headers: { 'X-Long': 'x'.repeat(20_000) } }));
    answers.push(await ask(door.port, { method: 'CONNECT', path: 'a:1' }));
    expect(answers).toHaveLength(66);
    for (const { headers, names } of answers) {
      expect(headers.get('x-content-type-options')).toBe('nosniff');
      expect(headers.get('cache-control')).toBe('no-store');
      expect(headers.get('cross-origin-resource-policy')).toBe('same-origin');
      expect(names.filter((name) => /^(access-control-|server$|x-powered-by$)/.test(name))).toEqual([]);
      expect(new Set(names).size).toBe(names.length);
    }
  });
});
