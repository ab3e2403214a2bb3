/** @file The whole program with a scripted model and its own recall, without a window: what is said, what was sent, and a clock that a test puts ahead. */
import { composeHouse, type House } from '../../src/main/compose.ts';
import { readConfig } from '../../src/main/config.ts';
import { stopInOrder } from '../../src/main/shutdown.ts';
import { ended } from './house.ts';
import type { ChatBody } from './ollama/exchange.ts';
import { thinkingModel } from './ollama/models.ts';
import { createScriptedOllama } from './ollama/scripted-ollama.ts';
import { createPatientClock } from './patient-clock.ts';
import { temporaryFolder } from './service.ts';
import { silentLog } from './silent-log.ts';

export const DAY = 86_400_000;
/** Monday, 4 May 2026, at noon. */
export const MONDAY = Date.UTC(2026, 4, 4, 12);

export type Pair = { userId: string; characterId: string };
const SARAH: Pair = { userId: 'default', characterId: 'default' };

/** `reply` answers every chat request of a turn. */
export async function openRemembering(reply: (message: string, body: ChatBody) => { text: string; thinking?: string }) {
  const folder = temporaryFolder('remembering');
  const ollama = await createScriptedOllama({ models: [thinkingModel], reply });
  const environment = { PERSONA_DATA_DIR: folder.path, SERVICE_PORT: '0', OLLAMA_BASE_URL: ollama.url, OLLAMA_MODEL: thinkingModel.name };
  const read = readConfig(environment);
  if ('problem' in read) throw new Error(read.problem.sentence);
  const { config } = read;
  const system = createPatientClock();
  let ahead = MONDAY - system.now();
  const clock = { ...system, now: () => system.now() + ahead };
  let ready = Promise.withResolvers<void>();
  const log = { ...silentLog, info: (event: string) => event === 'memory-ready' && ready.resolve() };
  const start = () => composeHouse({ config, version: '0.0.0', log, clock, door: 'own' });
  let house: House = await start();
  let turns = 0;
  const stop = () => stopInOrder(house.stopSteps, silentLog);

  return {
    folder: folder.path,
    engine: () => house.engine,
    /** It is this time from now on, in ms since 1970. */
    goTo(at: number): void {
      ahead = at - system.now();
    },
    begin: (pair: Partial<Pair> = {}) => house.engine.createConversation({ ...SARAH, ...pair }).then(({ id }) => id),
    /** One whole turn; answers what was above the person's words, and both messages' ids. */
    async say(conversationId: string, text: string) {
      const turnId = `turn-${++turns}`;
      const whole = Promise.withResolvers<void>();
      let userId = '';
      const { detach } = house.engine.attach(conversationId, (event) => {
        if (event.type === 'turn-accepted' && event.turnId === turnId) userId = event.userMessage.id;
        if (ended(event) && 'turnId' in event && event.turnId === turnId) whole.resolve();
      });
      house.engine.startTurn({ turnId, conversationId, text });
      await whole.promise;
      detach();
      const request = ollama.lastChat();
      const sent = request.messages.at(-1)?.content ?? '';
      const memory = /<memory>\n([\s\S]*?)\n<\/memory>/.exec(sent)?.[1] ?? '';
      const again = house.engine.attach(conversationId, () => undefined);
      again.detach();
      const { messages } = again.snapshot;
      return { sent, memory, request, userId, replyId: messages.at(-1)?.id ?? '', messages };
    },
    /** Stops the program and starts it again; resolves when everything is in recall. */
    async restart(): Promise<void> {
      await stop();
      ready = Promise.withResolvers();
      house = await start();
      await ready.promise;
    },
    async close(): Promise<void> {
      await stop();
      await ollama.close();
      folder.remove();
    },
  };
}
