/** @file Makes the opening of every new conversation, and has it read, before anybody speaks, so that the first reply does not wait for it. */
import type { ModelStatus } from '../../shared/status.ts';
import { answeringModel } from './answering-model.ts';
import { greetingText, personFor, scopeOf } from './persona.ts';
import type { Characters, ModelRequest } from './ports.ts';
import type { TurnPorts } from './prepare-turn.ts';
import { compilePrompt } from './prompt.ts';
import { generationOf } from './settings.ts';
import { isR1 } from './thinking.ts';
import { createTokenCounter } from './tokens.ts';

export type WarmUp = {
  /** Lets go of the model at once; what was read stays read. */
  cancel(): void;
  close(): void;
};

/** Only a prompt's beginning counts; this stands where the person's words will be. */
const ANY_WORDS = 'Hello';
const WARM_UP = 'warm-up';

/** Undefined where there is no companion. */
async function makeOpening(ports: TurnPorts, signal: AbortSignal): Promise<ModelRequest | undefined> {
  const settings = ports.settings.now();
  const generation = generationOf(settings);
  const [first] = ports.characters.list();
  if (!first) return undefined;
  const [{ character }, { description, contextTokens }] = await Promise.all([
    ports.characters.find(first.id, signal),
    answeringModel(ports, { characterId: first.id }, signal),
  ]);
  const person = personFor(character, settings);
  const words = greetingText(character.firstMessage, scopeOf(character, person, WARM_UP));
  const greeting = { id: 'greeting', role: 'assistant' as const, text: words, context: '' };
  const prompt = compilePrompt({
    character,
    person,
    conversationId: WARM_UP,
    examples: !isR1(description),
    counter: createTokenCounter(undefined),
    contextTokens,
    maxTokens: generation.maxTokens,
    message: { id: 'words', text: ANY_WORDS, context: '', note: '' },
    anchor: undefined,
    summaries: [],
    loadHistory: () => (greeting.text === '' ? [] : [greeting]),
  });
  const { temperature, topP } = generation;
  return {
    model: description.name,
    messages: prompt.messages,
    temperature,
    topP,
    contextTokens: prompt.contextTokens,
    replyTokens: 1,
  };
}

async function readOpening(ports: TurnPorts, signal: AbortSignal): Promise<void> {
  const request = await makeOpening(ports, signal);
  if (!request) return;
  for await (const chunk of ports.model.chat(request, signal)) if (chunk.type === 'text') break;
}

/**
 * Read by the embedded engine alone: it has nothing else to do then, and on a processor the opening takes seconds. Elsewhere one of the
 * person's own companions is put together once, so that what makes an opening has run: nobody outside is asked for that.
 * `own`: the companions that are kept here, where there are any, whoever else may be asked for others.
 */
export function createWarmUp(ports: TurnPorts, own: Characters | undefined): WarmUp {
  let running: AbortController | undefined;
  let isRead = false;
  let isMade = false;
  let closed = false;
  const begin = (status: ModelStatus) => {
    if (status.state !== 'ready') isRead = false;
    const isEmbedded = status.engine === 'embedded';
    const characters = isEmbedded ? ports.characters : own;
    if (status.state !== 'ready' || running || closed || !characters || (isEmbedded ? isRead : isMade)) return;
    isRead = isEmbedded;
    isMade = true;
    const control = new AbortController();
    running = control;
    const work = isEmbedded ? readOpening : makeOpening;
    work({ ...ports, characters }, control.signal)
      .catch((error: unknown) => {
        if (!control.signal.aborted) ports.log.info('warm-up-failed', { cause: error });
      })
      .finally(() => {
        running = undefined;
        // The engine may have come meanwhile; who called it off is spoken to.
        if (!control.signal.aborted) begin(ports.model.status());
      });
  };
  const cancel = () => running?.abort();
  const off = ports.model.onStatus(begin);
  begin(ports.model.status());
  return {
    cancel,
    close() {
      closed = true;
      off();
      cancel();
    },
  };
}
