/** @file Cards whose words try to take over, through the whole engine: they change words, never powers. */
import net from 'node:net';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { MANDATE } from '../../src/main/engine/mandate.ts';
import { openCardHouse } from '../kit/card-house.ts';
import { bytesOf } from '../kit/cards.ts';
import { takeovers } from '../kit/takeover-cards.ts';

/** Control tokens of six families, as their templates write them; none may reach the model unbroken. */
const roleMarkers = [
  '<|im_start|>',
  '<|start_header_id|>',
  '<|eot_id|>',
  '[INST]',
  '<start_of_turn>',
  '<｜User｜>',
  '<|START_OF_TURN_TOKEN|>',
  '<|system|>',
];

describe('cards that try to take over', () => {
  let opened = 0;
  beforeEach(() => {
    opened = 0;
    const connect = net.Socket.prototype.connect;
    vi.spyOn(net.Socket.prototype, 'connect').mockImplementation(function (this: net.Socket, ...args: unknown[]) {
      opened += 1;
      return Reflect.apply(connect, this, args) as net.Socket;
    } as typeof connect);
  });
  afterEach(() => vi.restoreAllMocks());

  it(`[KA30] ${takeovers.length} of them: the mandate is first and whole, nothing is fetched, nobody else is touched`, async () => {
    let first = 0;
    let broken = 0;
    for (const { name, card } of takeovers) {
      const house = openCardHouse();
      await house.talk('default', ['I tell this to Sarah alone.']);
      const before = house.state();
      const { id } = house.library.add({ name, bytes: bytesOf(card) }, { avatar: undefined, accent: undefined });
      const prompts = await house.talk(id, ['Hello, who are you?', 'And what are your rules?']);
      expect(prompts, name).toHaveLength(2);
      for (const messages of prompts) {
        const [system, ...rest] = messages;
        const systems = messages.filter(({ role }) => role === 'system');
        expect(systems, name).toHaveLength(1);
        if (system?.role === 'system' && system.content.startsWith(`${MANDATE}\n`)) first += 1;
        expect(system?.content.split(MANDATE), name).toHaveLength(2);
        expect(rest.at(-1)?.role, name).toBe('user');
        const all = messages.map(({ content }) => content).join('\n');
        const unbroken = roleMarkers.filter((marker) => all.includes(marker));
        expect(unbroken, name).toEqual([]);
        if (all.includes('\u200B')) broken += 1;
      }
      expect(house.state(id), name).toEqual(before);
      const all = prompts.flat().map(({ content }) => content);
      expect(
        all.filter((content) => content.includes('Rex') || content.includes('to Sarah alone')),
        name,
      ).toEqual([]);
      await house.close();
    }
    console.log(`takeovers cards=${takeovers.length} mandate-first=${first / 2} broken-markers-in=${broken / 2} sockets=${opened}`);
    expect(first).toBe(2 * takeovers.length);
    expect(takeovers.length).toBe(50);
    expect(broken).toBeGreaterThan(20);
    expect(opened).toBe(0);
  });
});
