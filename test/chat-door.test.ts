import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createSystemClock } from '../src/main/adapters/log/system-clock.ts';
import { type Door, openDoor } from '../src/main/api/door.ts';
import { createSessions } from '../src/main/session/session.ts';
import { Fault } from '../src/shared/faults.ts';
import { done, text } from './kit/fake-model.ts';
import { createTestHouse, type TestHouse } from './kit/house.ts';
import { silentLog } from './kit/silent-log.ts';
import { connectSocket, type SocketClient } from './kit/test-door.ts';

/** The same rules as those of the door alone, over the real engine and its store. */
let house: TestHouse;
let door: Door;
let client: SocketClient;
beforeEach(async () => {
  house = createTestHouse();
  const { engine } = house;
  const clock = createSystemClock();
  const openSession = createSessions({ engine, clock, log: silentLog, service: 'persona_engine', version: '0', userId: 'default' });
  const config = {
    host: '127.0.0.1',
    port: 0,
    allowedHosts: [],
    allowedOrigins: [],
    requireToken: false,
    pingIntervalS: 30,
    pingTimeoutS: 10,
  };
  door = await openDoor({
    engine,
    openSession,
    health: () => {
      throw new Fault('internal', 'Nobody asks for health here.');
    },
    config,
    token: 'a-token',
    pageFolder: undefined,
    log: silentLog,
    clock,
  });
  client = await connectSocket(door.url, '/ws/chat');
});
afterEach(() => door.close());

type Frame = { type: string; task?: string; content?: string; code?: string; status?: string; conversation_id?: string };
const spoken = (frame: unknown): string => {
  const { type, task, content, code, status } = frame as Frame;
  return [type, task ?? content ?? code ?? status].join(' ');
};
const ended = (count: number) => (frames: unknown[]) => frames.map(spoken).filter((one) => /^(complete|error)/.test(one)).length >= count;
const opening = ['status processing_message', 'status generating_response'];

/** A reply that waits for the test in its middle. */
function pausedReply() {
  let resume = (): void => undefined;
  const until = new Promise<void>((resolve) => {
    resume = resolve;
  });
  house.model.will([text('Some'), { type: 'pause', until }, text(' more'), done()]);
  return () => resume();
}

describe('/ws/chat over the engine', () => {
  it('[D20] a whole answer, thoughts left out, in the conversation of the pair', async () => {
    house.model.will([{ type: 'thinking', text: 'Hm.' }, text('Hel'), text('lo.'), done()]);
    client.send({ message: 'Hi.', user_id: 'user123' });
    await client.until(ended(1));
    expect(client.frames.map(spoken)).toEqual([...opening, 'token Hel', 'token lo.', 'complete complete']);
    client.send({ message: 'Again.', user_id: 'user123' });
    await client.until(ended(2));
    const ids = client.frames.map((frame) => (frame as Frame).conversation_id).filter((id) => id !== undefined);
    expect(ids).toEqual([ids[0], ids[0]]);
    expect(house.engine.conversation(ids[0] ?? '').userId).toBe('user123');
  });

  const onlyThinks = () => {
    for (let time = 0; time < 2; time += 1) house.model.will([{ type: 'thinking', text: 'Hm.' }, done()]);
  };
  it.each<[string, () => void, object, string]>([
    ['a character that is not there', () => undefined, { character_id: 'nobody' }, 'error character-not-found'],
    ['a model without a word', () => house.model.will([done()]), {}, 'error model-failed'],
    ['a model that only thinks, asked twice', onlyThinks, {}, 'error model-failed'],
    [
      'a model that cannot be reached',
      () => house.model.will([{ type: 'throw', error: new Fault('model-missing', 'The model is not here; choose another one.') }]),
      {},
      'error model-missing',
    ],
  ])('[D21] %s is one error, and the next message works', async (_name, prepare, more, error) => {
    prepare();
    client.send({ message: 'Hi.', ...more });
    await client.until(ended(1));
    expect(client.frames.map(spoken)).toEqual([...opening, error]);
    client.send({ message: 'Hi.' });
    await client.until(ended(2));
    expect(client.frames.slice(3).map(spoken)).toEqual([...opening, 'token Hello.', 'complete complete']);
  });

  it('[D25] stop ends the reply with what there is', async () => {
    pausedReply();
    client.send({ message: 'Hi.' });
    await client.frame(2);
    client.send({ type: 'stop' });
    await client.until(ended(1));
    expect(client.frames.map(spoken)).toEqual([...opening, 'token Some', 'complete stopped']);
    expect(house.model.aborted()).toBe(1);
  });

  it('[D26] leaving closes the request to the model and keeps what was written', async () => {
    pausedReply();
    client.send({ message: 'Hi.' });
    await client.frame(2);
    const { id } = await house.engine.conversationOf('default', 'default');
    client.ws.terminate();
    await expect.poll(() => house.model.aborted()).toBe(1);
    const { messages } = house.engine.attach(id, () => undefined).snapshot;
    await expect.poll(() => house.store.page(id, 5).messages.at(-1)?.status).toBe('stopped');
    expect(messages).toHaveLength(2);
    expect(house.store.page(id, 5).messages.at(-1)?.text).toBe('Some');
  });

  it('[D26] leaving lets the turn go on while a window follows the conversation', async () => {
    const resume = pausedReply();
    client.send({ message: 'Hi.' });
    await client.frame(2);
    const { id } = await house.engine.conversationOf('default', 'default');
    const window = await connectSocket(door.url, '/ws/session');
    window.send({ type: 'attach-conversation', requestId: 'r1', conversationId: id });
    await window.until((frames) => frames.some((frame) => (frame as Frame).type === 'conversation-attached'));
    client.ws.close();
    await client.closed;
    resume();
    await window.until((all) => all.some((frame) => (frame as Frame).type === 'turn-ended'));
    expect(house.store.page(id, 5).messages.at(-1)).toMatchObject({ text: 'Some more', status: 'complete' });
    expect(house.model.aborted()).toBe(0);
  });
});
