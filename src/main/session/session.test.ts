/** @file Sessions over paired wires: commands, refusals, slow clients, and two clients on one conversation. */
import { describe, expect, it } from 'vitest';
import { done, text } from '../../../test/kit/fake-model.ts';
import { createTestHouse } from '../../../test/kit/house.ts';
import { mutate } from '../../../test/kit/mutate.ts';
import { type PairedClient, pairWire } from '../../../test/kit/paired-wire.ts';
import { createRandom } from '../../../test/kit/random.ts';
import type { Command } from '../../shared/commands.ts';
import type { ClientEvent } from '../../shared/events.ts';
import { MERGE_FROM_BYTES } from '../../shared/limits.ts';
import { createSessions } from './session.ts';

const STRESS = process.env['TEST_LONG'] ? 20_000 : 2_000;

async function open() {
  const house = createTestHouse();
  const { engine, clock } = house;
  const log = { debug() {}, info() {}, warn() {}, error() {} };
  const openSession = createSessions({ engine, clock, log, service: 'persona_engine', version: '0.0.0', userId: 'default' });
  const conversation = await engine.createConversation({ userId: 'default', characterId: 'default', greeting: 0 });
  return { ...house, openSession, id: conversation.id };
}
const settle = () => new Promise((resolve) => setImmediate(resolve));
const ended = (client: PairedClient) => expect.poll(() => client.heard('turn-ended').length, { interval: 1 }).toBeGreaterThan(0);

/** What a client has of a reply, by the rules of the contract: what it attached with, then every delta after that. */
function reading(events: ClientEvent[], turnId: string): string {
  let shown = '';
  let through = -1;
  for (const event of events) {
    if (event.type === 'conversation-attached' && event.live?.turnId === turnId)
      [shown, through] = [event.live.text, event.live.throughSeq];
    if (!('seq' in event) || event.turnId !== turnId || event.seq <= through) continue;
    const first = 'fromSeq' in event && event.fromSeq !== undefined ? event.fromSeq : event.seq;
    if (first !== through + 1) throw new Error(`gap before ${first}`);
    through = event.seq;
    if (event.type === 'text-delta') shown += event.text;
  }
  return shown;
}

describe('a session', () => {
  it('[C1] opens with who is there and what answers', async () => {
    const { openSession } = await open();
    const client = pairWire(openSession);
    expect(client.events[0]).toMatchObject({
      type: 'session-opened',
      contract: 1,
      characters: [{ id: 'default', name: 'Sarah' }],
      model: { state: 'ready' },
    });
  });

  it('[C2] answers every command with its request id', async () => {
    const { openSession, id } = await open();
    const client = pairWire(openSession);
    const commands: Command[] = [
      { type: 'list-conversations', requestId: 'r1' },
      { type: 'create-conversation', requestId: 'r2', characterId: 'default' },
      { type: 'rename-conversation', requestId: 'r3', conversationId: id, title: 'Rain' },
      { type: 'attach-conversation', requestId: 'r4', conversationId: id },
      { type: 'start-turn', requestId: 'r5', turnId: 't1', conversationId: id, text: 'Hi' },
      { type: 'retry-engine', requestId: 'r6' },
      { type: 'detach-conversation', requestId: 'r7', conversationId: id },
      { type: 'delete-conversation', requestId: 'r8', conversationId: id },
      { type: 'restore-conversation', requestId: 'r9', conversationId: id },
      { type: 'attach-conversation', requestId: 'r10', conversationId: 'nowhere' },
    ];
    for (const command of commands) client.session.receive(command);
    await settle();
    const answered = client.events.flatMap((event) => ('requestId' in event && event.requestId ? [event.requestId] : []));
    expect(answered.toSorted()).toEqual(commands.map(({ requestId }) => requestId).toSorted());
    expect(client.heard('command-failed')).toMatchObject([{ requestId: 'r10', fault: { code: 'conversation-not-found' } }]);
  });

  it(`[C3] refuses ${STRESS} mutated commands without changing anything`, async () => {
    const { openSession, store, id, model } = await open();
    const client = pairWire(openSession);
    const random = createRandom(7);
    const valid: Command[] = [
      { type: 'start-turn', requestId: 'r', turnId: 't', conversationId: id, text: 'Hi' },
      { type: 'rename-conversation', requestId: 'r', conversationId: id, title: 'Other' },
      { type: 'delete-conversation', requestId: 'r', conversationId: id },
      { type: 'attach-conversation', requestId: 'r', conversationId: id },
    ];
    const before = JSON.stringify([store.listConversations({}), store.page(id, 50)]);
    let refused = 0;
    for (let round = 0; round < STRESS; round++) client.session.receive(mutate(random.pick(valid), random));
    await settle();
    for (const { fault } of client.heard('command-failed')) {
      expect(fault.code).toBe('bad-request');
      refused += 1;
    }
    console.log(`mutated-commands seed=7 rounds=${STRESS} refused=${refused}`);
    expect(refused).toBe(STRESS);
    expect(JSON.stringify([store.listConversations({}), store.page(id, 50)])).toBe(before);
    expect(model.requests).toHaveLength(0);
  });

  it('[C4] shows two clients the same text, whenever the second one comes', async () => {
    const random = createRandom(11);
    for (let round = 0; round < 50; round++) {
      const { openSession, model, id } = await open();
      const words = Array.from({ length: 40 }, (_, index) => `w${index} `);
      model.will([...words.map(text), done()]);
      const first = pairWire(openSession);
      const second = pairWire(openSession);
      first.session.receive({ type: 'attach-conversation', requestId: 'r', conversationId: id });
      first.session.receive({ type: 'start-turn', requestId: 'r', turnId: 't', conversationId: id, text: 'Hi' });
      const joinAfter = random.whole(0, 40);
      while (reading(first.events, 't').split(' ').length <= joinAfter && first.heard('turn-ended').length === 0) await Promise.resolve();
      second.session.receive({ type: 'attach-conversation', requestId: 'r', conversationId: id });
      await ended(first);
      const snapshot = second.heard('conversation-attached').at(-1);
      const shown = snapshot?.live ? reading(second.events, 't') : snapshot?.messages.at(-1)?.text;
      expect(shown, `round ${round} joined after ${joinAfter}`).toBe(words.join(''));
      expect(reading(first.events, 't')).toBe(words.join(''));
    }
  });

  it('[C5] merges for a client that is slow, without a gap, and lets the others go on', async () => {
    const { openSession, model, clock, id } = await open();
    const slow = pairWire(openSession);
    const quick = pairWire(openSession);
    for (const client of [slow, quick]) client.session.receive({ type: 'attach-conversation', requestId: 'r', conversationId: id });
    slow.setUnsent(MERGE_FROM_BYTES);
    const words = Array.from({ length: 500 }, (_, index) => `word-${index} `);
    model.will([...words.map(text), done()]);
    quick.session.receive({ type: 'start-turn', requestId: 'r', turnId: 't', conversationId: id, text: 'Hi' });
    await ended(quick);
    expect(slow.heard('text-delta')).toHaveLength(0);
    slow.setUnsent(0);
    clock.advance(100);
    expect(slow.heard('text-delta')).toHaveLength(1);
    expect(reading(slow.events, 't')).toBe(words.join(''));
    expect(slow.heard('turn-ended')).toHaveLength(1);
  });

  it('[C6] drops a client that takes nothing at all', async () => {
    const { openSession, model, id } = await open();
    const stuck = pairWire(openSession);
    const quick = pairWire(openSession);
    for (const client of [stuck, quick]) client.session.receive({ type: 'attach-conversation', requestId: 'r', conversationId: id });
    stuck.setUnsent(Number.POSITIVE_INFINITY);
    model.will([...Array.from({ length: 30 }, () => text('x'.repeat(50_000))), done()]);
    quick.session.receive({ type: 'start-turn', requestId: 'r', turnId: 't', conversationId: id, text: 'Hi' });
    await ended(quick);
    expect(stuck.closedWith()).toBe(1013);
    expect(quick.closedWith()).toBeUndefined();
  });

  it('[C7] goes on with the turn when the client leaves', async () => {
    const { openSession, store, model, id } = await open();
    const client = pairWire(openSession);
    let open_ = () => {};
    model.will([text('One '), { type: 'pause', until: new Promise<void>((resolve) => (open_ = resolve)) }, text('two.'), done()]);
    client.session.receive({ type: 'attach-conversation', requestId: 'r', conversationId: id });
    client.session.receive({ type: 'start-turn', requestId: 'r', turnId: 't', conversationId: id, text: 'Hi' });
    await expect.poll(() => client.heard('text-delta').length, { interval: 1 }).toBe(1);
    client.session.close();
    open_();
    await expect.poll(() => store.page(id, 50).messages.at(-1), { interval: 1 }).toMatchObject({ text: 'One two.', status: 'complete' });
  });
});
