/** @file The prompt: how long it takes to compile one out of much, and how much of it a real model reads again. */

import { createBuiltInCharacters } from '../../src/main/adapters/characters/built-in.ts';
import { createIds } from '../../src/main/adapters/log/system-clock.ts';
import { createBackground } from '../../src/main/engine/background.ts';
import { layGround } from '../../src/main/engine/ground.ts';
import type { Memory } from '../../src/main/engine/memory-port.ts';
import { createPaths } from '../../src/main/engine/path-above.ts';
import type { Characters, Model, ModelRequest } from '../../src/main/engine/ports.ts';
import { prepareTurn } from '../../src/main/engine/prepare-turn.ts';
import { createEstimates } from '../../src/main/engine/tokens.ts';
import { type Character, characterSchema } from '../../src/shared/character.ts';
import { BACKGROUND_AFTER_MS } from '../../src/shared/limits.ts';
import { makeEmbedded, whyNoEmbedded } from '../kit/embedded.ts';
import { createFakeClock } from '../kit/fake-clock.ts';
import { createFakeModel } from '../kit/fake-model.ts';
import { createFixedSettings } from '../kit/fixed-settings.ts';
import { beginConversation, ended } from '../kit/house.ts';
import { memoryStore } from '../kit/memory-store.ts';
import { createRandom } from '../kit/random.ts';
import { silentLog } from '../kit/silent-log.ts';
import { atMost, median, milliseconds, percentile, type Row, shown } from './figures.ts';

const MESSAGES = 10_000;
const ENTRIES = 500;
const MEMORIES = 8;
const COMPILED = 300;
const words = 'rain soup harbour train letter window garden Anna winter kettle ferry cards book Sunday bread'.split(' ');

const mood = { compound: 0, positive: 0, negative: 0, neutral: 1 };

function sentences(random: ReturnType<typeof createRandom>, most: number): string {
  return Array.from({ length: random.whole(5, most) }, () => random.pick(words)).join(' ');
}

async function loreful(entries: number): Promise<Character> {
  const { character } = await createBuiltInCharacters().find('default', AbortSignal.timeout(1_000));
  const random = createRandom(5);
  const made = Array.from({ length: entries }, (_, index) => ({
    id: `e${index}`,
    constant: index % 50 === 0,
    keys: [`${random.pick(words)}${index % 25 === 0 ? '' : index}`, `key${index}`],
    content: `Entry ${index}: ${sentences(random, 30)}.`,
  }));
  return characterSchema.parse({ ...character, lorebook: { recursive: true, entries: made } });
}

const only = (character: Character): Characters => ({ find: async () => ({ character, warnings: [] }), list: () => [] });

const remembering = (count: number): Memory => ({
  recall: async ({ message }) => ({
    snippets: Array.from(
      { length: count },
      (_, index) => ({ text: `They said once (${index}, ${message.slice(0, 24)}).`, reason: 'The same words.' }) as never,
    ),
    warnings: [],
  }),
});

/** From the store's rows to the finished request, at the end of a very long conversation. */
async function compileTimes(): Promise<number[]> {
  const store = memoryStore();
  const random = createRandom(9);
  store.createConversation(
    { id: 'c', userId: 'u', characterId: 'default', title: 'x', titled: true, createdAt: 0, updatedAt: 0 },
    undefined,
  );
  const turn = (at: number, text: string) =>
    store.acceptTurn({ turnId: `t${at}`, conversationId: 'c', replyId: `r${at}`, startedAt: at, user: { id: `u${at}`, text, mood } });
  const end = (at: number, more: object = {}) =>
    store.finishTurn({
      turnId: `t${at}`,
      status: 'complete',
      text: sentences(random, 60),
      thinking: '',
      report: undefined,
      fault: undefined,
      endedAt: at,
      ...more,
    });
  for (let at = 0; at < MESSAGES / 2; at++) {
    turn(at, sentences(random, 40));
    end(at);
  }
  const ports = {
    model: createFakeModel(),
    store,
    characters: only(await loreful(ENTRIES)),
    memory: remembering(MEMORIES),
    clock: createFakeClock(),
    ids: createIds(),
    log: silentLog,
    settings: createFixedSettings(),
    estimates: createEstimates(),
    paths: createPaths(store),
  };
  const times: number[] = [];
  for (let at = MESSAGES / 2; at < MESSAGES / 2 + COMPILED; at++) {
    const { userMessage } = turn(at, sentences(random, 40));
    const request = { turnId: `t${at}`, conversationId: 'c', startedAt: at, queueMs: 0, userMessage, taken: Promise.resolve() };
    const began = performance.now();
    const ground = layGround(ports, { ...request, text: userMessage.text, parentId: userMessage.parentId }, new AbortController().signal);
    const prepared = await prepareTurn(ports, { ...request, ground });
    times.push(performance.now() - began);
    prepared.keepContext();
    const { oldestSentId, contextTokens, replyReserve, sections } = prepared.prompt;
    const tone = { direction: 'steady', temperature: 0.7, topP: 0.9, reason: '' };
    end(at, {
      report: {
        model: 'm',
        engine: 'e',
        mood,
        tone,
        contextTokens,
        replyReserve,
        sections,
        historyTrimmed: true,
        oldestSentId,
        timings: { totalMs: 1 },
        finish: 'stop',
        warnings: [],
      },
    });
  }
  store.close();
  return times.slice(COMPILED / 10);
}

const TURNS = 40;
/** The baseline reads everything every time; some turns tell as much as forty. */
const BASELINE_TURNS = 6;
const questions = [
  'What is rain made of?',
  'And what do you cook on a Sunday in winter?',
  'Tell me about the ferry, please.',
  'My sister Anna writes letters. Do you?',
  'Why is bread brown?',
];

type Reading = { again: number[]; owed: number[]; background: number };

/** A talk with memories, lore and background requests; `restamp` changes each request on its way, as other programs write theirs. */
async function talk(embedded: Model, turns: number, restamp: (request: ModelRequest, turn: number) => ModelRequest): Promise<Reading> {
  const character = await loreful(60);
  let turn = 0;
  const model: Model = {
    ...embedded,
    // The starter model is never asked in the background; here it stands for a real one.
    status: () => ({ ...embedded.status(), starter: false }),
    onStatus: () => () => undefined,
    chat: (request, signal) => embedded.chat({ ...restamp(request, turn), seed: turn }, signal),
  };
  const house = await beginConversation({
    model,
    memory: remembering(3),
    characters: only(character),
    generation: { contextTokens: 8_192, maxTokens: 24 },
  });
  const { engine, id, heard, store } = house;
  const clock = createFakeClock();
  const ports = {
    model,
    store,
    characters: only(character),
    memory: remembering(3),
    clock,
    ids: createIds(),
    log: silentLog,
    settings: createFixedSettings({ contextTokens: 8_192 }),
  };
  const background = createBackground(ports, () => false);
  const reading: Reading = { again: [], owed: [], background: 0 };
  let known = 0;
  for (turn = 0; turn < turns; turn++) {
    const turnId = `t${turn}`;
    engine.startTurn({ turnId, conversationId: id, text: questions[turn % questions.length] ?? '' });
    const event = await heard.until((each) => ended(each) && each.turnId === turnId);
    const usage = event.type === 'turn-ended' ? event.message?.report?.usage : undefined;
    if (!usage) throw new Error(`turn ${turn} has no usage`);
    if (turn > 0) {
      reading.again.push(usage.evaluatedTokens ?? Number.NaN);
      reading.owed.push(usage.promptTokens - known);
    }
    known = usage.promptTokens + usage.replyTokens;
    if (turn % 4 !== 3) continue;
    const done = Promise.withResolvers<void>();
    background.offer({
      name: 'notes',
      conversationId: id,
      ask: () => ({ instruction: 'Note in one line what was said.', replyTokens: 16 }),
      take: () => {
        reading.background += 1;
        done.resolve();
      },
    });
    clock.advance(BACKGROUND_AFTER_MS);
    await Promise.race([done.promise, new Promise((resolve) => setTimeout(resolve, 60_000).unref())]);
  }
  background.close();
  await engine.close();
  return reading;
}

const sum = (values: number[]) => values.reduce((total, value) => total + value, 0);

async function rereading(): Promise<Row[]> {
  const missing = await whyNoEmbedded();
  if (missing !== undefined) return [shown('Prompt tokens read again, embedded engine', `not measured: ${missing}`)];
  const embedded = makeEmbedded();
  await embedded.prepare();
  const own = await talk(embedded, TURNS, (request) => request);
  const clocked = await talk(embedded, BASELINE_TURNS, (request, turn) => ({
    ...request,
    messages: request.messages.map((message, at) =>
      at === 0 ? { ...message, content: `It is turn ${turn}.\n\n${message.content}` } : message,
    ),
  }));
  await embedded.close();
  const ratio = ({ again, owed }: Reading) => sum(again) / sum(owed);
  return [
    atMost(
      `Prompt tokens read a turn ÷ tokens of the new message (with memories and lore; ${TURNS} turns, ${own.background} background requests between)`,
      ratio(own),
      1.3,
    ),
    shown(
      `… with a clock at the head of the system message in place of ours, as baseline (${BASELINE_TURNS} turns)`,
      ratio(clocked).toFixed(1),
    ),
    shown('… tokens read a turn, ours and the baseline (medians)', `${median(own.again)} and ${median(clocked.again)}`),
  ];
}

export async function benchPrompt(): Promise<Row[]> {
  const times = await compileTimes();
  return [
    atMost(
      `Compiling a prompt from ${MESSAGES.toLocaleString('en')} messages, ${ENTRIES} lorebook entries and ${MEMORIES} memories (p95 of ${times.length})`,
      percentile(times, 0.95),
      5,
      milliseconds,
    ),
    shown('… median', milliseconds(median(times))),
    ...(await rereading()),
  ];
}
