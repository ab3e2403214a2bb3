/** @file A house with a conversation and two windows, for tests of what is remembered. */
import { expect } from 'vitest';
import { createSessions } from '../../src/main/session/session.ts';
import type { Command } from '../../src/shared/commands.ts';
import type { MemoryFilter } from '../../src/shared/memories.ts';
import { done, text } from './fake-model.ts';
import { beginConversation, ended } from './house.ts';
import { type PairedClient, pairWire } from './paired-wire.ts';
import { silentLog } from './silent-log.ts';

export type MemoryHouse = Awaited<ReturnType<typeof openMemoryHouse>>;

let count = 0;

export async function openMemoryHouse(options: Parameters<typeof beginConversation>[0] = {}) {
  const house = await beginConversation(options);
  const { engine, clock } = house;
  const openSession = createSessions({ engine, clock, log: silentLog, service: 'x', version: '0', userId: 'default' });
  return { ...house, one: pairWire(openSession), two: pairWire(openSession), openSession };
}

/** One whole turn and a minute more; answers the id of the person's message. */
export async function say(
  { engine, clock, listen, model }: MemoryHouse,
  conversationId: string,
  words: string,
  reply = 'I see.',
): Promise<string> {
  const turnId = `turn-${++count}`;
  const heard = listen(conversationId);
  model.will([text(reply), done()]);
  engine.startTurn({ turnId, conversationId, text: words });
  const accepted = await heard.until((event) => event.type === 'turn-accepted' && event.turnId === turnId);
  await heard.until((event) => ended(event) && event.turnId === turnId);
  await Promise.resolve();
  heard.detach();
  clock.advance(60_000);
  return accepted.type === 'turn-accepted' ? accepted.userMessage.id : '';
}

export const all = (house: MemoryHouse, filter: MemoryFilter = {}) => house.engine.memories.list('default', filter);
export const wordsOf = (house: MemoryHouse, filter = {}) => all(house, filter).memories.map((memory) => memory.text);

/** Waits until nothing of what was forgotten is left. */
export async function gone(client: PairedClient) {
  await expect.poll(() => client.heard('memory-gone').length, { interval: 1, timeout: 20_000 }).toBeGreaterThan(0);
}

/** Sends a command and waits for what comes back. */
export async function answered(client: PairedClient, command: Command) {
  client.session.receive(command);
  const answers = () => client.events.filter((event) => 'requestId' in event && event.requestId === command.requestId);
  await expect.poll(() => answers().length, { interval: 1, timeout: 20_000 }).toBeGreaterThan(0);
  return answers()[0];
}

/** Sends a command and answers what came back at once. */
export function ask(client: PairedClient, command: Command) {
  client.session.receive(command);
  return client.events.find((event) => 'requestId' in event && event.requestId === command.requestId);
}
