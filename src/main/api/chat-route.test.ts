import { request as httpRequest, type IncomingMessage } from 'node:http';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { PlayedTurn } from '../../../test/kit/fake-engine.ts';
import { ask, connectRaw, openTestDoor, type TestDoor, testToken } from '../../../test/kit/test-door.ts';
import { STREAMS, UNSENT_BYTES } from '../../shared/limits.ts';
import { chatFrameSchema } from './chat-frames.ts';

let door: TestDoor;
beforeEach(async () => {
  door = await openTestDoor();
});
afterEach(() => door.close());

type Streaming = { response: IncomingMessage; text: () => string; whole: Promise<string>; leave: () => void };

function post(body: unknown, more: Record<string, string> = {}): Promise<Streaming> {
  return new Promise((resolve, reject) => {
    const asked = httpRequest(
      `${door.url}/api/chat`,
      { method: 'POST', agent: false, headers: { 'Content-Type': 'application/json', ...more } },
      (response) => {
        let heard = '';
        response.setEncoding('utf8').on('data', (more: string) => {
          heard += more;
        });
        const whole = new Promise<string>((told) => response.once('close', () => told(heard)));
        response.on('error', () => undefined);
        resolve({ response, text: () => heard, whole, leave: () => asked.destroy() });
      },
    );
    asked.on('error', reject).end(JSON.stringify(body));
  });
}

/** Events as a reader of the stream sees them; each is checked against the contract. */
function eventsIn(text: string) {
  return text
    .split('\n\n')
    .slice(0, -1)
    .map((block) => {
      const [, name, data] = /^event: (\w+)\ndata: (.*)$/.exec(block) ?? [];
      const frame = chatFrameSchema.parse(JSON.parse(data ?? ''));
      expect(name).toBe(frame.type);
      return frame;
    });
}
const spoken = (text: string) =>
  eventsIn(text).map((frame) =>
    frame.type === 'status' ? frame.task : frame.type === 'token' ? frame.content : frame.type === 'error' ? frame.code : frame.status,
  );
const opening = ['processing_message', 'generating_response'];

describe('POST /api/chat', () => {
  it('[Q11] one turn as events in the order of /ws/chat, thoughts left out', async () => {
    const asked = post({ message: 'I love it.', user_id: 'anna', extra: 1 });
    const turn = await door.engine.turn(0);
    turn.accept();
    turn.think('Hm.');
    turn.say('Hel\nlo');
    turn.say('.');
    turn.end();
    const { response, whole } = await asked;
    const text = await whole;
    expect([response.statusCode, response.headers['content-type'], response.headers['cache-control']]).toEqual([
      200,
      'text/event-stream; charset=utf-8',
      'no-store',
    ]);
    expect([response.headers['x-content-type-options'], response.headers['cross-origin-resource-policy']]).toEqual([
      'nosniff',
      'same-origin',
    ]);
    expect(spoken(text)).toEqual([...opening, 'Hel\nlo', '.', 'complete']);
    expect(eventsIn(text).at(-1)).toMatchObject({ sentiment: door.engine.score('I love it.'), conversation_id: turn.conversationId });
    expect(door.engine.conversation(turn.conversationId).userId).toBe('anna');
  });

  it('[Q11] a turn that fails is an error event in place of complete', async () => {
    const asked = post({ message: 'Hi.' });
    (await door.engine.turn(0)).fail({ code: 'model-offline', message: 'The model is gone.', retryable: true });
    expect(spoken(await (await asked).whole)).toEqual([...opening, 'model-offline']);
  });

  it.each([
    ['no message', '{}', 400],
    ['an empty one', '{"message":" "}', 400],
    ['a stop', '{"type":"stop"}', 400],
    ['a way as an id', '{"message":"Hi","character_id":"../x"}', 400],
    ['no JSON', '{"message"', 400],
    ['64 KiB and one byte', JSON.stringify({ message: 'a'.repeat(64 * 1024 + 1) }), 400],
    ['a body over 256 KiB', JSON.stringify({ message: 'Hi', more: 'a'.repeat(256 * 1024) }), 413],
  ])('[Q11] %s is refused before any event', async (_name, body, status) => {
    const answer = await ask(door.port, { method: 'POST', path: '/api/chat', headers: { 'Content-Type': 'application/json' }, body });
    expect([answer.status, Object.keys(JSON.parse(answer.body).error)]).toEqual([status, ['code', 'message']]);
    expect(door.engine.reached.count).toBe(0);
  });

  it('[Q11] the guard stands before it', async () => {
    const headers = { 'Content-Type': 'application/json', Origin: 'http://evil.test' };
    expect((await ask(door.port, { method: 'POST', path: '/api/chat', headers, body: '{"message":"Hi"}' })).status).toBe(403);
    expect(door.engine.reached.count).toBe(0);
  });

  it('[Q12] leaving stops the turn', async () => {
    const asked = post({ message: 'Hi.' });
    const turn = await door.engine.turn(0);
    turn.say('Some');
    (await asked).leave();
    await expect.poll(() => turn.stopped).toBe(true);
    expect(door.engine.listeners(turn.conversationId)).toBe(0);
  });

  it('[Q12] leaving lets the turn go on while another follows the conversation', async () => {
    const asked = post({ message: 'Hi.' });
    const turn = await door.engine.turn(0);
    const { detach } = door.engine.attach(turn.conversationId, () => undefined);
    (await asked).leave();
    await expect.poll(() => door.engine.listeners(turn.conversationId)).toBe(1);
    expect(turn.stopped).toBe(false);
    detach();
  });

  it('[Q12] a reader that does not read is cut off and its turn stopped', async () => {
    const { socket } = await connectRaw(door.port);
    socket.pause();
    const body = '{"message":"Hi."}';
    socket.write(
      `POST /api/chat HTTP/1.1\r\nHost: 127.0.0.1:${door.port}\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n${body}`,
    );
    const turn = await door.engine.turn(0);
    const piece = 'x'.repeat(16 * 1024);
    for (let sent = 0; sent < 400 * UNSENT_BYTES && !turn.stopped; sent += piece.length) {
      turn.say(piece);
      if (sent % (64 * piece.length) === 0) await new Promise(setImmediate);
    }
    await expect.poll(() => turn.stopped).toBe(true);
    socket.destroy();
  });

  it('[D42] a new token cuts off the answer that came with the old one, stops its turn, and leaves all others alone', async () => {
    const owner = await post({ message: 'Hi.', user_id: 'owner' }, { Authorization: `Bearer ${testToken}` });
    const native = await post({ message: 'Hi.', user_id: 'native' });
    const turns = await Promise.all([door.engine.turn(0), door.engine.turn(1)]);
    for (const turn of turns) turn.say('Yes.');
    expect(door.replaceToken(`another-${testToken}`)).toBe(1);
    expect(spoken(await owner.whole)).toEqual([...opening, 'Yes.']);
    await expect.poll(() => turns.map(({ stopped }) => stopped)).toEqual([true, false]);
    turns[1]?.end();
    expect(spoken(await native.whole)).toEqual([...opening, 'Yes.', 'complete']);
  });

  it('[Q16] one more than the places is refused until one ends', async () => {
    const all = Array.from({ length: STREAMS }, (_, number) => post({ message: 'Hi.', user_id: `user${number}` }));
    const streams = await Promise.all(all);
    const turns: PlayedTurn[] = await Promise.all(streams.map((_, number) => door.engine.turn(number)));
    const refused = await post({ message: 'Hi.' });
    expect([refused.response.statusCode, refused.response.headers['retry-after']]).toEqual([429, '1']);
    expect(JSON.parse(await refused.whole).error.code).toBe('too-many-requests');
    turns[0]?.say('Yes.');
    turns[0]?.end();
    streams[1]?.leave();
    await expect.poll(() => turns[1]?.stopped).toBe(true);
    const later = await Promise.all([post({ message: 'Hi.' }), post({ message: 'Hi.' })]);
    expect(later.map(({ response }) => response.statusCode)).toEqual([200, 200]);
    for (const stream of [...streams, ...later]) stream.leave();
    await expect.poll(() => turns.slice(1).every((turn) => turn.stopped)).toBe(true);
  });
});
