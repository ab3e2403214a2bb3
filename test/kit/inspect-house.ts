/** @file The engine over a scripted Ollama, so that what a server received can be held against what the inspector shows. */
import { createOllamaModel } from '../../src/main/adapters/ollama/model.ts';
import type { Explanation } from '../../src/shared/inspection.ts';
import { beginConversation, ended } from './house.ts';
import { starterModel } from './ollama/models.ts';
import { createScriptedOllama, type ScriptedOptions } from './ollama/scripted-ollama.ts';
import { silentLog } from './silent-log.ts';

type HouseOptions = NonNullable<Parameters<typeof beginConversation>[0]>;

/** One conversation over a real socket; `close` ends the server too. */
export async function openInspectHouse(options: Omit<HouseOptions, 'model'> = {}, server: ScriptedOptions = {}) {
  const ollama = await createScriptedOllama(server);
  const model = createOllamaModel({ baseUrl: ollama.url, model: starterModel.name, silenceMs: 20_000, log: silentLog, fixed: true });
  const house = await beginConversation({ ...options, model });
  let turns = 0;
  /** Says something and waits for the end of its reply; answers the reply's id and the JSON that the server received for it. */
  const say = async (text: string, again?: string) => {
    const turnId = `turn-${++turns}`;
    if (again === undefined) house.engine.startTurn({ turnId, conversationId: house.id, text });
    else house.engine.retryTurn({ turnId, conversationId: house.id, userMessageId: again });
    const event = await house.heard.until((each) => ended(each) && each.turnId === turnId);
    if (event.type !== 'turn-ended' || !event.message) throw new Error('the turn ended without a reply');
    const body = ollama.lastChat();
    return { reply: event.message, received: JSON.stringify(body.messages), options: body.options ?? {} };
  };
  const explain = (messageId: string): Explanation => house.engine.explainReply(messageId);
  const close = async () => {
    await house.engine.close();
    await model.close();
    await ollama.close();
  };
  return { ...house, ollama, say, explain, close };
}
