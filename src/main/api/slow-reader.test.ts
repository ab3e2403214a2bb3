import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createFakeEngine } from '../../../test/kit/fake-engine.ts';
import { connectSocket, openTestDoor, type TestDoor } from '../../../test/kit/test-door.ts';
import { MERGE_FROM_BYTES, UNSENT_BYTES } from '../../shared/limits.ts';
import { speakChat } from './chat-socket.ts';
import type { Line } from './line.ts';

type FakeLine = Line & { sent: { type: string; content?: string }[]; unsent: number; drain(): void; closed: number[] };

function createFakeLine(): FakeLine {
  const drains: (() => void)[] = [];
  const line: FakeLine = {
    sent: [],
    unsent: 0,
    closed: [],
    isOpen: () => line.closed.length === 0,
    send: (text) => void line.sent.push(JSON.parse(text)),
    unsentBytes: () => line.unsent,
    onDrain: (listener) => void drains.push(listener),
    close: (code) => void line.closed.push(code),
    drain: () => {
      line.unsent = 0;
      for (const tell of drains) tell();
    },
  };
  return line;
}

async function startTurn() {
  const engine = createFakeEngine();
  const line = createFakeLine();
  const log = { debug() {}, info() {}, warn() {}, error() {} };
  const speaker = speakChat({ engine, log }, line, { asked: () => {} });
  speaker.receive('{"message":"hi"}');
  const turn = await engine.turn(0);
  turn.accept();
  line.sent.length = 0;
  return { line, turn, speaker, engine };
}
const tokens = (...contents: string[]) => contents.map((content) => ({ type: 'token', content }));

describe('tokens on /ws/chat', () => {
  it('[D28] leave in the very call that brought their text, one by one, while the reader keeps up', async () => {
    const { line, turn } = await startTurn();
    turn.say('a');
    expect(line.sent).toEqual(tokens('a'));
    line.unsent = MERGE_FROM_BYTES - 1;
    turn.say('b');
    expect(line.sent).toEqual(tokens('a', 'b'));
  });

  it('[D28] are put together while it lags, and go out in order when it has caught up or the answer ends', async () => {
    const { line, turn } = await startTurn();
    line.unsent = MERGE_FROM_BYTES;
    turn.say('a');
    turn.say('b');
    expect(line.sent).toEqual([]);
    line.unsent = MERGE_FROM_BYTES - 1;
    turn.say('c');
    expect(line.sent).toEqual([]);
    line.drain();
    expect(line.sent).toEqual(tokens('abc'));
    line.drain();
    line.unsent = MERGE_FROM_BYTES;
    turn.say('d');
    turn.say('e');
    turn.end();
    expect(line.sent.slice(0, 2)).toEqual(tokens('abc', 'de'));
    expect(line.sent.map(({ type }) => type)).toEqual(['token', 'token', 'complete']);
  });

  it('[D11] are not kept beyond UNSENT_BYTES: the reader is dropped with 1013', async () => {
    const { line, turn } = await startTurn();
    line.unsent = UNSENT_BYTES / 2;
    turn.say('ä'.repeat(UNSENT_BYTES / 4));
    expect(line.closed).toEqual([]);
    turn.say('ä');
    expect(line.closed).toEqual([1013]);
  });
});

describe('the line breaks', () => {
  it('[D26] with the last frame of an answer: what waits behind it is not begun', async () => {
    const { line, turn, engine, speaker } = await startTurn();
    speaker.receive('no message');
    speaker.receive('{"message":"next"}');
    const send = line.send.bind(line);
    line.send = (frame) => {
      send(frame);
      speaker.leave();
    };
    turn.say('Hi.');
    turn.end();
    await new Promise((resolve) => setImmediate(resolve));
    expect(engine.turns).toHaveLength(1);
    expect(line.sent.map(({ type }) => type)).toEqual(['token']);
  });

  it('[D26] with complete itself: what waits behind it is not begun', async () => {
    const { line, turn, engine, speaker } = await startTurn();
    speaker.receive('{"message":"next"}');
    turn.say('Hi.');
    line.send = () => speaker.leave();
    turn.end();
    await new Promise((resolve) => setImmediate(resolve));
    expect(engine.turns).toHaveLength(1);
  });
});

describe('a reader that does not read', () => {
  let door: TestDoor;
  beforeEach(async () => {
    door = await openTestDoor();
  });
  afterEach(() => door.close());

  it('[D11] is dropped with 1013 and its turn stopped, and the others are answered meanwhile', async () => {
    const slow = await connectSocket(door.url, '/ws/chat');
    const other = await connectSocket(door.url, '/ws/chat');
    slow.send({ message: 'much', user_id: 'slow' });
    const much = await door.engine.turn(0);
    slow.ws.pause();
    let said = 0;
    let answered = 0;
    while (!much.stopped && said < 256) {
      for (let part = 0; part < 16; part++) much.say('x'.repeat(4 * 1024));
      said += 1;
      other.send({ message: 'hello', user_id: 'other' });
      const turn = await door.engine.turn(answered + 1);
      turn.say('Hi.');
      turn.end();
      answered += 1;
      await other.until((frames) => frames.length >= answered * 4);
    }
    console.log(`slow reader: dropped after ${said * 64} KiB, others answered ${answered} times`);
    expect(much.stopped).toBe(true);
    expect(said).toBeGreaterThan(16);
    slow.ws.resume();
    expect((await slow.closed).code).toBe(1013);
    expect(door.engine.listeners(much.conversationId)).toBe(0);
  });

  it.each(['/ws/chat', '/ws/session'])('[D11] is dropped with 1013 on %s, though it makes only errors', async (path) => {
    const slow = await connectSocket(door.url, path);
    slow.ws.pause();
    const open = () => !door.logged.some(({ event }) => event === 'socket-closed');
    let sent = 0;
    for (; open() && sent < 200_000; sent += 1_000) {
      for (let number = 0; number < 1_000; number++) slow.send('no message at all');
      await new Promise((resolve) => setImmediate(resolve));
    }
    console.log(`slow reader of errors on ${path}: dropped after ${sent}`);
    expect(open()).toBe(false);
    slow.ws.resume();
    expect((await slow.closed).code).toBe(1013);
  });

  it('[D11] a single frame larger than the limit drops nobody', async () => {
    const client = await connectSocket(door.url, '/ws/session');
    const { id } = await door.engine.conversationOf('default', 'default');
    const attach = door.engine.attach.bind(door.engine);
    door.engine.attach = (conversationId, listener) => {
      const attachment = attach(conversationId, listener);
      attachment.snapshot.conversation.title = 'x'.repeat(8 * UNSENT_BYTES);
      return attachment;
    };
    client.ws.pause();
    client.send({ type: 'attach-conversation', requestId: 'r1', conversationId: id });
    client.send({ type: 'detach-conversation', requestId: 'r2', conversationId: id });
    await expect.poll(() => door.engine.listeners(id)).toBe(0);
    client.ws.resume();
    await client.until((frames) => frames.length >= 3);
    expect(client.frames.map((frame) => (frame as { type: string }).type)).toEqual([
      'session-opened',
      'conversation-attached',
      'command-done',
    ]);
  });
});
