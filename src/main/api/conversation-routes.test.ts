import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { done, text } from '../../../test/kit/fake-model.ts';
import { createTestHouse, ended, type TestHouse } from '../../../test/kit/house.ts';
import { ask, openTestDoor, type TestDoor } from '../../../test/kit/test-door.ts';
import type { Conversation, Message } from '../../shared/conversation.ts';
import { charactersSchema, conversationPageSchema, conversationsSchema } from './conversation-routes.ts';

let house: TestHouse;
let door: TestDoor;
beforeEach(async () => {
  house = createTestHouse();
  door = await openTestDoor({ over: house.engine });
});
afterEach(() => door.close());

const get = async (path: string) => {
  const { status, body } = await ask(door.port, { path });
  return { status, value: JSON.parse(Buffer.from(body, 'latin1').toString()) as unknown };
};
const page = async (path: string) => conversationPageSchema.parse((await get(path)).value);

async function converse(turns: number): Promise<string> {
  const { id } = await house.engine.createConversation({ userId: 'default', characterId: 'default', greeting: 0 });
  const heard = house.listen(id);
  for (let turn = 0; turn < turns; turn++) {
    house.engine.startTurn({ turnId: `${id}-${turn}`, conversationId: id, text: `Message ${turn}` });
    await heard.until((event) => ended(event) && event.turnId === `${id}-${turn}`);
  }
  heard.detach();
  return id;
}

describe('what can be read', () => {
  it('[Q10] the characters', async () => {
    const { status, value } = await get('/api/characters');
    expect([status, charactersSchema.parse(value).characters.map(({ id, name }) => [id, name])]).toEqual([200, [['default', 'Sarah']]]);
  });

  it('[Q10] the conversations in pages without a gap or a double, and those whose title holds a part', async () => {
    for (let number = 0; number < 230; number++) {
      const { id } = await house.engine.createConversation({ userId: 'u', characterId: 'default' });
      house.engine.renameConversation(id, number === 7 ? 'Ärger & more = trouble' : `Number ${number}`);
      house.clock.advance(1);
    }
    const seen: Conversation[] = [];
    for (let before: string | null = ''; before !== null; ) {
      const { value } = await get(`/api/conversations${before === '' ? '' : `?before=${encodeURIComponent(before)}`}`);
      const read = conversationsSchema.parse(value);
      seen.push(...read.conversations);
      before = read.before;
    }
    expect(seen.map(({ id }) => id)).toEqual([...new Set(seen.map(({ id }) => id))]);
    expect([seen.length, seen[0]?.title, seen.at(-1)?.title]).toEqual([230, 'Number 229', 'Number 0']);
    const found = conversationsSchema.parse((await get(`/api/conversations?query=${encodeURIComponent('ärger & MORE =')}`)).value);
    expect(found.conversations.map(({ title }) => title)).toEqual(['Ärger & more = trouble']);
  });

  it('[Q10] a conversation’s messages, page above page, down to the first', async () => {
    const id = await converse(60);
    const newest = await page(`/api/conversations/${id}`);
    expect([newest.conversation.id, newest.messages.length, newest.messages.at(-1)?.text]).toEqual([id, 50, 'Hello.']);
    const seen: Message[] = newest.messages;
    for (let { before } = newest; before !== null; ) {
      const above = await page(`/api/conversations/${id}?before=${before}`);
      seen.unshift(...above.messages);
      before = above.before;
    }
    expect(seen.filter(({ role }) => role === 'user').map((message) => message.text)).toEqual(
      Array.from({ length: 60 }, (_, turn) => `Message ${turn}`),
    );
    expect([seen.length, seen[0]?.role]).toEqual([121, 'assistant']);
  });

  it('[Q10] a reply that is being written as far as it has come, with nobody left listening', async () => {
    const id = await converse(0);
    const heard = house.listen(id);
    house.model.will([text('Half a'), { type: 'pause', until: new Promise(() => {}) }, done()]);
    house.engine.startTurn({ turnId: 'turn-1', conversationId: id, text: 'Go on' });
    await heard.until(({ type }) => type === 'text-delta');
    heard.detach();
    expect((await page(`/api/conversations/${id}`)).messages.at(-1)).toMatchObject({ text: 'Half a', status: 'writing' });
    expect(house.engine.listeners(id)).toBe(0);
    await house.engine.close();
  });

  it.each([
    ['/api/conversations/nobody', 404, 'conversation-not-found'],
    ['/api/conversations/nobody?before=x', 404, 'conversation-not-found'],
    ['/api/conversations/a..b', 404, 'not-found'],
    ['/api/conversations/a%2fb', 404, 'not-found'],
    ['/api/conversations/', 404, 'not-found'],
    ['/api/conversations/a/b', 404, 'not-found'],
    ['/api/conversations?before=nonsense', 400, 'bad-request'],
    [`/api/conversations?query=${'x'.repeat(201)}`, 400, 'bad-request'],
  ])('[Q10] %s is %i %s', async (path, status, code) => {
    const answer = await get(path);
    expect([answer.status, answer.value]).toEqual([status, { error: { code, message: expect.stringMatching(/^[^/\\]{10,299}$/) } }]);
  });

  it('[Q10] a place that is no message of the conversation is a bad request', async () => {
    const id = await converse(1);
    expect((await get(`/api/conversations/${id}?before=a..b`)).status).toBe(400);
    expect((await get(`/api/conversations/${id}?before=nothing`)).status).toBeLessThan(500);
  });
});
