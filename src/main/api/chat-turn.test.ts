import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { connectSocket, openTestDoor, type SocketClient, type TestDoor } from '../../../test/kit/test-door.ts';
import { Fault } from '../../shared/faults.ts';

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

describe('one message on /ws/chat', () => {
  it('[D20] is answered with two statuses, its tokens and its complete, in this order and nothing else', async () => {
    client.send({ message: "I'm really excited about this!", character_id: 'default', user_id: 'user123' });
    expect(await client.frame(0)).toEqual(processing);
    const turn = await door.engine.turn(0);
    expect(turn.text).toBe("I'm really excited about this!");
    turn.accept();
    expect(await client.frame(1)).toEqual(generating);
    turn.think('A thought.');
    turn.say('Hel');
    turn.say('lo');
    turn.think('Another.');
    turn.say(' there');
    turn.end();
    await client.until(ended(1));
    expect(client.frames).toEqual([
      processing,
      generating,
      token('Hel'),
      token('lo'),
      token(' there'),
      {
        type: 'complete',
        sentiment: { compound: 0.4561, positive: 0.427, negative: 0, neutral: 0.573 },
        turn_id: turn.turnId,
        conversation_id: turn.conversationId,
        status: 'complete',
        usage: { prompt_tokens: 12, evaluated_tokens: 5, reply_tokens: 3 },
        tone: { direction: 'warm', temperature: 0.85, top_p: 0.95, reason: 'The message sounds glad.' },
        warnings: ['The character manager did not answer.'],
      },
    ]);
  });

  it('[D21] a model that ends without a word is an error in place of complete', async () => {
    client.send({ message: 'hi' });
    const turn = await door.engine.turn(0);
    turn.accept();
    turn.think('Only thoughts.');
    turn.end();
    await client.until(ended(1));
    expect(client.frames).toEqual([processing, generating, error('model-failed')]);
  });

  it('[D21] a turn that fails is one error with its code and sentence, after the tokens there were; the next message works', async () => {
    client.send({ message: 'hi' });
    const first = await door.engine.turn(0);
    first.accept();
    first.say('Half a');
    first.fail({ code: 'model-crashed', message: 'The model stopped; the text is kept.', retryable: true, detail: 'a path /x' });
    client.send({ message: 'again' });
    const second = await door.engine.turn(1);
    second.accept();
    second.say('Yes.');
    second.end();
    await client.until(ended(2));
    expect(client.frames).toEqual([
      processing,
      generating,
      token('Half a'),
      { type: 'error', code: 'model-crashed', message: 'The model stopped; the text is kept.', retryable: true },
      processing,
      generating,
      token('Yes.'),
      complete(),
    ]);
  });

  it.each<[string, 'conversationOf' | 'startTurn', unknown, string]>([
    [
      'an unknown character',
      'conversationOf',
      new Fault('character-not-found', 'There is no such character; choose another one.'),
      'character-not-found',
    ],
    ['a full disk', 'startTurn', new Fault('store-full', 'The disk is full; make room and send it again.'), 'store-full'],
    ['a crowd', 'startTurn', new Fault('too-many-requests', 'Too many messages wait in this conversation.'), 'too-many-requests'],
    ['something unforeseen', 'startTurn', new TypeError('secret at /home'), 'internal'],
    ['something unforeseen before', 'conversationOf', new TypeError('secret at /home'), 'internal'],
  ])('[D21] %s is an error of the same form, nobody is left listening, and the socket stays', async (_name, method, cause, code) => {
    door.engine.refuse[method] = cause;
    client.send({ message: 'hi' });
    await client.until(ended(1));
    expect(client.frames).toEqual([processing, generating, error(code)]);
    door.engine.refuse = {};
    client.send({ message: 'again' });
    const turn = await door.engine.turn(0);
    expect(door.engine.listeners(turn.conversationId)).toBe(1);
    turn.say('Yes.');
    turn.end();
    await client.until(ended(2));
    expect(client.frames.at(-1)).toEqual(complete());
    expect(door.engine.listeners(turn.conversationId)).toBe(0);
  });

  it('[D22] speaks into the conversation of its pair; the ids default to "default", other fields are ignored', async () => {
    const asked: string[] = [];
    const conversationOf = door.engine.conversationOf.bind(door.engine);
    door.engine.conversationOf = (userId, characterId) => {
      asked.push(`${userId} ${characterId}`);
      return conversationOf(userId, characterId);
    };
    door.engine.play = (turn) => {
      turn.accept();
      turn.say('.');
      turn.end();
    };
    client.send({ message: 'a', type: 'message', stream: true, history: [{ role: 'system' }] });
    client.send({ message: 'b', user_id: 'user:1@host', character_id: 'sarah_2.0' });
    await client.until(ended(2));
    expect(asked).toEqual(['default default', 'user:1@host sarah_2.0']);
  });

  it('[D22] hears only its own turn, though others speak in the same conversation', async () => {
    const other = await connectSocket(door.url, '/ws/chat');
    client.send({ message: 'mine' });
    const mine = await door.engine.turn(0);
    other.send({ message: 'theirs' });
    const theirs = await door.engine.turn(1);
    expect(theirs.conversationId).toBe(mine.conversationId);
    for (const turn of [mine, theirs]) {
      turn.accept();
      turn.say(turn.text);
    }
    theirs.end();
    mine.end();
    await Promise.all([client.until(ended(1)), other.until(ended(1))]);
    expect(client.frames).toEqual([processing, generating, token('mine'), complete()]);
    expect(other.frames).toEqual([processing, generating, token('theirs'), complete()]);
  });

  it.each<[string, unknown]>([
    ['no JSON', '{"message":'],
    ['an empty frame', ''],
    ['null', 'null'],
    ['a number', 17],
    ['a list', [{ message: 'hi' }]],
    ['no message', { text: 'hi' }],
    ['a message that is none', { message: 5 }],
    ['an empty message', { message: '' }],
    ['white space', { message: ' \n\t ' }],
    ['64 KiB and one byte', { message: 'a'.repeat(65_537) }],
    ['bytes beyond 64 KiB', { message: 'ä'.repeat(32_769) }],
    ['a path for a user', { message: 'hi', user_id: '../etc' }],
    ['a parent for a character', { message: 'hi', character_id: 'a..b' }],
    ['an empty id', { message: 'hi', user_id: '' }],
    ['an id of 129', { message: 'hi', user_id: 'a'.repeat(129) }],
    ['an id that is null', { message: 'hi', character_id: null }],
    ['another type', { type: 'start' }],
  ])('[D23] %s is a bad request, and nothing else happens', async (_name, frame) => {
    client.send(frame);
    expect(await client.frame(0)).toEqual(error('bad-request'));
    client.send({ message: 'a'.repeat(65_536), user_id: 'a'.repeat(128) });
    expect((await door.engine.turn(0)).text).toHaveLength(65_536);
    expect(await client.frame(1)).toEqual(processing);
  });

  it('[D23] a binary frame is a bad request', async () => {
    client.ws.send(Buffer.from('{"message":"hi"}'));
    expect(await client.frame(0)).toEqual(error('bad-request'));
    expect(door.engine.turns).toEqual([]);
  });
});
