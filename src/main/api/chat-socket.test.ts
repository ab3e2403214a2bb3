import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { connectSocket, openTestDoor, type SocketClient, type TestDoor } from '../../../test/kit/test-door.ts';

let door: TestDoor;
let client: SocketClient;
beforeEach(async () => {
  door = await openTestDoor();
  client = await connectSocket(door.url, '/ws/chat');
});
afterEach(() => door.close());

const processing = { type: 'status', task: 'processing_message' };
const generating = { type: 'status', task: 'generating_response' };
const token = (content: string) => ({ type: 'token', content });
const error = (code: string) => ({
  type: 'error',
  code,
  message: expect.stringMatching(/^[^/\\]{10,299}$/),
  retryable: expect.any(Boolean),
});
const complete = (more: object = {}) => expect.objectContaining({ type: 'complete', status: 'complete', ...more });
const typesOf = (frames: unknown[]) => frames.map((frame) => (frame as { type: string }).type);
const ended = (count: number) => (frames: unknown[]) =>
  typesOf(frames).filter((type) => type === 'complete' || type === 'error').length >= count;

describe('several messages on one socket', () => {
  it('[D24] are answered in order, a frame that is no message among them', async () => {
    client.send({ message: 'one' });
    client.send('no message');
    client.send({ message: 'two' });
    const first = await door.engine.turn(0);
    await client.until((frames) => frames.length === 1);
    first.accept();
    first.say('1');
    expect(door.engine.turns).toHaveLength(1);
    first.end();
    const second = await door.engine.turn(1);
    second.accept();
    second.say('2');
    second.end();
    await client.until(ended(3));
    expect(client.frames).toEqual([
      processing,
      generating,
      token('1'),
      complete(),
      error('bad-request'),
      processing,
      generating,
      token('2'),
      complete(),
    ]);
  });

  it('[D24] eight may wait; one more is refused at once, and those that wait are answered', async () => {
    for (let number = 0; number <= 9; number++) client.send({ message: `message ${number}` });
    const first = await door.engine.turn(0);
    expect(await client.until((frames) => frames.length >= 2)).toEqual([processing, error('too-many-requests')]);
    door.engine.play = (turn) => {
      turn.accept();
      turn.say(turn.text);
      turn.end();
    };
    door.engine.play(first);
    await client.until(ended(10));
    expect(door.engine.turns.map(({ text }) => text)).toEqual(Array.from({ length: 9 }, (_, number) => `message ${number}`));
    client.send({ message: 'later' });
    await client.until(ended(11));
    expect(client.frames.at(-1)).toEqual(complete());
  });

  it('[D25] stop ends the one that is being answered, in complete with stopped; the next is answered', async () => {
    client.send({ type: 'stop' });
    client.send({ message: 'one' });
    client.send({ message: 'two' });
    const first = await door.engine.turn(0);
    first.accept();
    first.say('So far');
    client.send({ type: 'stop', more: true });
    await expect.poll(() => first.stopped).toBe(true);
    first.end('stopped');
    const second = await door.engine.turn(1);
    expect(second.stopped).toBe(false);
    second.say('2');
    second.end();
    await client.until(ended(2));
    expect(client.frames.slice(0, 4)).toEqual([processing, generating, token('So far'), complete({ status: 'stopped' })]);
    expect(client.frames.at(-1)).toEqual(complete());
  });

  it('[D25] stop before the turn has begun stops it as soon as it has', async () => {
    client.send({ message: 'one' });
    client.send({ type: 'stop' });
    const turn = await door.engine.turn(0);
    await expect.poll(() => turn.stopped).toBe(true);
    turn.end('stopped');
    await client.until(ended(1));
    expect(client.frames).toEqual([processing, generating, complete({ status: 'stopped' })]);
  });
});

describe('leaving', () => {
  it.each([
    ['closing', (left: SocketClient) => left.ws.close()],
    ['breaking off', (left: SocketClient) => left.ws.terminate()],
  ])('[D26] by %s stops the turn, forgets what waits and listens no more', async (_name, leave) => {
    client.send({ message: 'one' });
    client.send({ message: 'two' });
    const turn = await door.engine.turn(0);
    turn.accept();
    turn.say('Some');
    leave(client);
    await expect.poll(() => turn.stopped).toBe(true);
    expect(door.engine.listeners(turn.conversationId)).toBe(0);
    turn.say('more');
    turn.end('stopped');
    expect(door.engine.turns).toHaveLength(1);
  });

  it('[D26] stops nothing while another client is attached to the conversation', async () => {
    client.send({ message: 'one' });
    const turn = await door.engine.turn(0);
    const window = await connectSocket(door.url, '/ws/session');
    window.send({ type: 'attach-conversation', requestId: 'r1', conversationId: turn.conversationId });
    await window.until((frames) => typesOf(frames).includes('conversation-attached'));
    client.ws.close();
    await client.closed;
    turn.accept();
    turn.say('Still here');
    await window.until((frames) => typesOf(frames).includes('text-delta'));
    expect(turn.stopped).toBe(false);
    expect(door.engine.listeners(turn.conversationId)).toBe(1);
  });

  it('[D26] counts from the close frame on, though the connection stays', async () => {
    client.send({ message: 'one' });
    const turn = await door.engine.turn(0);
    const raw = (client.ws as unknown as { _socket: { end(): void; destroy(): void; write(bytes: Buffer): void } })._socket;
    raw.end = () => undefined;
    raw.write(Buffer.from([0x88, 0x82, 0, 0, 0, 0, 0x03, 0xe8]));
    await expect.poll(() => turn.stopped).toBe(true);
    raw.destroy();
  });

  it('[D26] before the turn has begun begins none', async () => {
    let answer = (): void => undefined;
    const conversationOf = door.engine.conversationOf.bind(door.engine);
    const asked = new Promise<void>((resolve) => {
      door.engine.conversationOf = async (userId, characterId) => {
        resolve();
        await new Promise<void>((release) => {
          answer = release;
        });
        return conversationOf(userId, characterId);
      };
    });
    client.send({ message: 'one' });
    await asked;
    client.ws.terminate();
    await client.closed;
    await expect.poll(async () => (await connectSocket(door.url, '/ws/chat')).ws.readyState).toBe(1);
    answer();
    await new Promise((resolve) => setImmediate(resolve));
    expect(door.engine.turns).toEqual([]);
  });
});
