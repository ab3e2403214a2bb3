/** @file The embedded engine with the starter model: the path beside the same requests straight, and how much of a prompt is read again. */

import { createBuiltInCharacters } from '../../src/main/adapters/characters/built-in.ts';
import { createIds, createSystemClock } from '../../src/main/adapters/log/system-clock.ts';
import { openStore } from '../../src/main/adapters/sqlite/open.ts';
import { openDoor } from '../../src/main/api/door.ts';
import { createEngine } from '../../src/main/engine/engine.ts';
import type { Model, ModelRequest } from '../../src/main/engine/ports.ts';
import { createSessions } from '../../src/main/session/session.ts';
import { connect } from '../kit/client.ts';
import { makeEmbedded, whyNoEmbedded } from '../kit/embedded.ts';
import { createFixedSettings } from '../kit/fixed-settings.ts';
import { noIndex, noMemory } from '../kit/no-memory.ts';
import { temporaryFolder } from '../kit/service.ts';
import { silentLog } from '../kit/silent-log.ts';
import { atMost, median, milliseconds, type Row, shown } from './figures.ts';

const TURNS = 25;
const questions = [
  'What is rain?',
  'And snow?',
  'Do you like soup?',
  'Tell me about trains.',
  'Why is the sky blue?',
  'What is bread made of?',
];

type Straight = { firstMs: number };

/** The whole program in this process, but for the model's own: its requests are noted as they pass. */
async function openPath(model: Model, requests: ModelRequest[]) {
  const folder = temporaryFolder('bench-embedded');
  const clock = createSystemClock();
  const log = silentLog;
  const store = openStore({ folder: folder.path, log, now: clock.now, outbox: false });
  const noting: Model = {
    ...model,
    chat(request, signal) {
      const seeded = { ...request, seed: requests.length };
      requests.push(seeded);
      return model.chat(seeded, signal);
    },
  };
  const generation = { temperature: 0.7, topP: 0.9, maxTokens: 24, contextTokens: 4_096, tone: true };
  const engine = createEngine({
    model: noting,
    store,
    clock,
    ids: createIds(),
    log,
    characters: createBuiltInCharacters(),
    memory: noMemory,
    notes: store.notes,
    index: noIndex,
    settings: createFixedSettings(generation),
  });
  const openSession = createSessions({ engine, clock, log, service: 'bench', version: '0', userId: 'default' });
  const config = {
    host: '127.0.0.1',
    port: 0,
    allowedHosts: [],
    allowedOrigins: [],
    requireToken: false,
    pingIntervalS: 30,
    pingTimeoutS: 10,
  };
  const door = await openDoor({
    engine,
    openSession,
    health: () => {
      throw new Error('not asked');
    },
    config,
    token: 'x'.repeat(32),
    pageFolder: undefined,
    log,
    clock,
  });
  const close = async () => {
    await engine.close();
    await door.close();
    store.close();
    folder.remove();
  };
  return { url: door.url, close };
}

async function askStraight(model: Model, request: ModelRequest): Promise<Straight> {
  const began = performance.now();
  let firstMs = 0;
  for await (const chunk of model.chat(request, new AbortController().signal))
    if (chunk.type === 'text') firstMs ||= performance.now() - began;
  return { firstMs };
}

/**
 * Two engines of one kind: one behind the whole path, the other asked the very same requests in the same order. A prompt takes a second of
 * every core, so that each turn is held against the one right after it, whatever the machine does from minute to minute.
 */
export async function benchEmbedded(): Promise<Row[]> {
  const missing = await whyNoEmbedded();
  if (missing !== undefined) return [shown('Embedded engine', `not measured: ${missing}`)];
  const behind = makeEmbedded();
  const beside = makeEmbedded();
  await Promise.all([behind.prepare(), beside.prepare()]);
  const requests: ModelRequest[] = [];
  const path = await openPath(behind, requests);
  const client = await connect(path.url);
  const conversationId = await client.converse();
  const through: number[] = [];
  const straight: number[] = [];
  const again: number[] = [];
  let known = 0;
  for (let turn = 0; turn < TURNS; turn++) {
    const turnId = `turn-${turn}`;
    const text = questions[turn % questions.length] ?? '';
    const began = performance.now();
    void client.ask({ type: 'start-turn', turnId, conversationId, text });
    await client.until('text-delta', (event) => event.turnId === turnId);
    const firstMs = performance.now() - began;
    const { message } = await client.until('turn-ended', (event) => event.turnId === turnId);
    const request = requests.at(-1);
    if (!request) throw new Error('no request was made');
    const other = await askStraight(beside, request);
    const usage = message?.report?.usage;
    if (!usage) throw new Error('the reply has no usage');
    const newTokens = usage.promptTokens - known;
    known = usage.promptTokens + usage.replyTokens;
    if (turn === 0) continue;
    through.push(firstMs);
    straight.push(other.firstMs);
    again.push((usage.evaluatedTokens ?? Number.NaN) - newTokens);
  }
  await path.close();
  await Promise.all([behind.close(), beside.close()]);
  return [
    atMost(
      `First token through the whole path ÷ straight, embedded engine (median of the ratios of ${TURNS - 1} turns)`,
      median(through.map((ms, turn) => ms / (straight[turn] ?? Number.NaN))),
      1.05,
    ),
    shown('… in ms, path and straight (medians)', `${milliseconds(median(through))} and ${milliseconds(median(straight))}`),
    atMost(
      'Prompt tokens read on a later turn beyond the new message with its template (worst of the turns)',
      Math.max(...again),
      20,
      (value) => `${value.toFixed(0)} tokens`,
    ),
  ];
}
