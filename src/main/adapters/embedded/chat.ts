/** @file One chat with the engine's process: hears the answers as chunks, and calls it off when told. */
import { Fault } from '../../../shared/faults.ts';
import type { Clock, ModelChunk, ModelRequest } from '../../engine/ports.ts';
import { cancelled, unlessCancelled } from './cancelled.ts';
import { closingAnswers, type EngineAnswer } from './engine-messages.ts';
import { loadFailed } from './engine-process.ts';
import type { EngineQuestion, Exchange } from './exchanges.ts';
import type { StatusBoard } from './status-board.ts';
import type { Supervisor } from './supervisor.ts';

export type ChatParts = { supervisor: Supervisor; board: StatusBoard; clock: Clock };

export type Chat = {
  talk(request: ModelRequest, signal: AbortSignal): AsyncIterable<ModelChunk>;
  prepare(contextTokens: number, signal: AbortSignal): Promise<void>;
};

function gone(supervisor: Supervisor): Fault {
  if (supervisor.closed()) return new Fault('shutting-down', 'The program is being closed; what was written so far is kept.');
  return new Fault(
    'model-crashed',
    'The model’s process ended in the middle of the reply; what was written so far is kept, and your next message starts it again.',
  );
}

/** The answers that end a request badly, as faults; undefined for the others. */
function faultOf(answer: EngineAnswer, supervisor: Supervisor): Fault | undefined {
  if (answer.type === 'cancelled') return cancelled();
  if (answer.type === 'gone') return gone(supervisor);
  if (answer.type === 'overflow') {
    const message =
      'The conversation is longer than the model can read at once; nothing was lost: start a new conversation, or send a shorter message.';
    return new Fault('context-overflow', message, { promptTokens: answer.promptTokens });
  }
  if (answer.type === 'failed' && answer.loading) return loadFailed(answer.reason);
  if (answer.type === 'failed') {
    return new Fault('model-failed', 'The model could not answer; your message is kept: try again.', { detail: answer.reason });
  }
  return undefined;
}

/** Every answer until the closing one; who stops listening, or fires the signal, calls it off. */
async function* answersOf(exchange: Exchange, supervisor: Supervisor, signal: AbortSignal): AsyncGenerator<EngineAnswer> {
  let open = true;
  if (signal.aborted) exchange.abort();
  signal.addEventListener('abort', exchange.abort, { once: true });
  try {
    for (;;) {
      const answer = await exchange.next();
      open = !closingAnswers.has(answer.type);
      const fault = faultOf(answer, supervisor);
      if (fault) throw fault;
      yield answer;
      if (!open) return;
    }
  } finally {
    signal.removeEventListener('abort', exchange.abort);
    if (open) exchange.abort();
  }
}

export function createChat({ supervisor, board, clock }: ChatParts): Chat {
  /** Asks the running engine, which answers one request after the other. */
  async function* ask(question: EngineQuestion, signal: AbortSignal): AsyncGenerator<EngineAnswer> {
    const { engine } = await unlessCancelled(supervisor.running(), signal);
    yield* answersOf(engine.ask(question), supervisor, signal);
  }

  return {
    async *talk(request, signal) {
      const askedAt = clock.now();
      let loadMs = 0;
      if (board.get().state !== 'ready') yield { type: 'stage', stage: 'loading' };
      for await (const answer of ask({ type: 'chat', request }, signal)) {
        if (answer.type === 'loading') yield { type: 'stage', stage: 'loading' };
        if (answer.type === 'text') yield { type: 'text', text: answer.text };
        if (answer.type === 'done') yield { type: 'done', finish: answer.finish, usage: { ...answer.usage, loadMs } };
        if (answer.type !== 'reading') continue;
        loadMs = clock.now() - askedAt;
        board.identify({ contextTokens: request.contextTokens });
        yield { type: 'stage', stage: 'reading' };
      }
    },

    async prepare(contextTokens, signal) {
      for await (const _ of ask({ type: 'prepare', contextTokens }, signal)) board.identify({ contextTokens });
    },
  };
}
