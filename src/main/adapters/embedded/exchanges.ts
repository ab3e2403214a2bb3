/** @file Requests to the engine's process and the answers that belong to each. */
import type { ModelRequest } from '../../engine/ports.ts';
import { closingAnswers, type EngineAnswer, type EngineOrder } from './engine-messages.ts';

export type Exchange = {
  /** The next answer; after a closing one there is none. */
  next(): Promise<EngineAnswer>;
  /** Calls it off: `cancelled` is the next answer at once; the process follows. */
  abort(): void;
};

export type EngineQuestion = { type: 'prepare'; contextTokens: number } | { type: 'chat'; request: ModelRequest };

/** Answers that wait, and the one who waits for an answer. */
function createMailbox() {
  const waiting: EngineAnswer[] = [];
  let taker: ((answer: EngineAnswer) => void) | undefined;
  const put = (answer: EngineAnswer) => {
    if (!taker) return void waiting.push(answer);
    const take = taker;
    taker = undefined;
    take(answer);
  };
  return {
    put,
    /** What waited is not wanted any more. */
    putAlone(answer: EngineAnswer) {
      waiting.length = 0;
      put(answer);
    },
    next(): Promise<EngineAnswer> {
      const answer = waiting.shift();
      if (answer) return Promise.resolve(answer);
      return new Promise((resolve) => {
        taker = resolve;
      });
    },
  };
}

export function createExchanges(send: (order: EngineOrder) => void) {
  const running = new Map<number, (answer: EngineAnswer) => void>();
  let lastId = 0;
  let over = false;

  return {
    ask(question: EngineQuestion): Exchange {
      lastId += 1;
      const id = lastId;
      const mailbox = createMailbox();
      if (over) {
        mailbox.put({ type: 'gone' });
      } else {
        running.set(id, mailbox.put);
        send({ ...question, id });
      }
      const abort = () => {
        mailbox.putAlone({ type: 'cancelled', id });
        if (running.has(id)) send({ type: 'abort', id });
      };
      return { next: mailbox.next, abort };
    },

    answer(id: number, answer: EngineAnswer): void {
      running.get(id)?.(answer);
      if (closingAnswers.has(answer.type)) running.delete(id);
    },

    endAll(): void {
      over = true;
      for (const put of running.values()) put({ type: 'gone' });
      running.clear();
    },
  };
}
