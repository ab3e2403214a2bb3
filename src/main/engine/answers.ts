/** @file Answers without a conversation: asked, streamed, and gone without a trace. */
import { asFault, Fault, type FaultCode } from '../../shared/faults.ts';
import { createAnswerWords } from './answer-words.ts';
import type { AnswerStep, Question } from './contract.ts';
import type { ModelChunk } from './ports.ts';
import { type AnswerPorts, type PreparedAnswer, prepareAnswer } from './prepare-answer.ts';
import { MESSAGE_OVERHEAD } from './tokens.ts';

export type Answers = {
  begin(question: Question, signal: AbortSignal): AsyncIterable<AnswerStep>;
  busy(): boolean;
  /** Stops every answer that is being given. */
  close(): void;
};

/** What the asker alone can put right is no warning. */
const askersOwn = new Set<FaultCode>(['bad-request', 'character-not-found', 'prompt-too-large']);

const wordless = () => new Fault('model-failed', 'The model ended without a word; nothing was kept, so ask again or allow a longer reply.');
const brokenOff = () => new Fault('model-crashed', 'The model’s answer broke off; nothing was kept, so ask again.');
const closing = () => new Fault('shutting-down', 'The program is closing; this answer was broken off and nothing of it is kept.');
const left = () => new Fault('cancelled', 'Whoever asked has gone; the answer was broken off.');

/** Where the model is let go before it has counted, what it would have said is estimated. */
function estimated({ counter, request }: PreparedAnswer, reply: string) {
  const promptTokens = request.messages.reduce((sum, { content }) => sum + counter.count(content) + MESSAGE_OVERHEAD, 0);
  return { promptTokens, replyTokens: counter.count(reply) };
}

type Asking = { ports: AnswerPorts; question: Question; signal: AbortSignal };

/** Streams one request; answers whether anything came of it. `mayAskAgain`: a thought without an answer is no failure yet. */
async function* streamAnswer(
  { ports, question, signal }: Asking,
  prepared: PreparedAnswer,
  mayAskAgain: boolean,
): AsyncGenerator<AnswerStep, boolean> {
  const own = new AbortController();
  const words = createAnswerWords(prepared.expectsThought, question.stop);
  const { thoughtLimit = Number.POSITIVE_INFINITY } = prepared;
  let last: Extract<ModelChunk, { type: 'done' }> | undefined;
  let cut = false;
  for await (const chunk of ports.model.chat(prepared.request, AbortSignal.any([signal, own.signal]))) {
    if (chunk.type === 'text') yield* words.take(chunk.text);
    if (chunk.type === 'thinking') words.think(chunk.text);
    if (chunk.type === 'done') last = chunk;
    cut = words.text() === '' && words.thought() > thoughtLimit;
    if (words.stopped() || last || cut) break;
  }
  if (words.stopped() || cut) own.abort();
  else if (!last) throw brokenOff();
  yield* words.end();
  if (words.text() === '' && words.thought() > 0 && !words.stopped() && mayAskAgain) return false;
  if (words.text() === '' && last?.finish === 'stop' && !words.stopped()) throw wordless();
  const usage = last && !words.stopped() ? last.usage : estimated(prepared, words.text());
  const { promptTokens, replyTokens } = usage;
  yield { type: 'done', finish: words.stopped() ? 'stop' : (last?.finish ?? 'length'), usage: { promptTokens, replyTokens } };
  return true;
}

/** Where the prompt was too long after all, it is compiled once more against the true count; nothing has been said by then. */
async function* fittingAnswer(asking: Asking, first: PreparedAnswer, mayAskAgain: boolean): AsyncGenerator<AnswerStep, boolean> {
  const stream = streamAnswer(asking, first, mayAskAgain);
  let said = false;
  try {
    for (;;) {
      const step = await stream.next();
      if (step.done) return step.value;
      said = true;
      yield step.value;
    }
  } catch (error) {
    if (!(error instanceof Fault) || error.code !== 'context-overflow' || said) throw error;
    return yield* streamAnswer(asking, first.tighten(error.promptTokens), mayAskAgain);
  } finally {
    await stream.return(false);
  }
}

/** A thought that is too long, or that ends in no answer, is followed by one more request for the answer alone, as in a turn. */
async function* answerQuestion(asking: Asking): AsyncGenerator<AnswerStep, void> {
  asking.signal.throwIfAborted();
  const first = await prepareAnswer(asking.ports, asking.question, asking.signal);
  if (yield* fittingAnswer(asking, first, true)) return;
  yield* fittingAnswer(asking, { ...first.withoutThinking(), thoughtLimit: first.thoughtLimit }, false);
}

/** An answer ends with its iteration: whoever stops reading lets go of the model. */
export function createAnswers(ports: AnswerPorts): Answers {
  const running = new Set<AbortController>();
  let closed = false;
  const why = (error: unknown, signal: AbortSignal): Fault => {
    if (closed) return closing();
    if (signal.aborted) return left();
    const fault = asFault(error);
    const level = askersOwn.has(fault.code) ? 'debug' : 'warn';
    ports.log[level]('answer-failed', { code: fault.code, cause: fault.cause });
    return fault;
  };
  return {
    async *begin(question, signal) {
      const own = new AbortController();
      running.add(own);
      let ended = false;
      try {
        if (closed) own.abort();
        yield* answerQuestion({ ports, question, signal: AbortSignal.any([own.signal, signal]) });
        ended = true;
      } catch (error) {
        throw why(error, signal);
      } finally {
        if (!ended) own.abort();
        running.delete(own);
      }
    },
    busy: () => running.size > 0,
    close() {
      closed = true;
      for (const own of running) own.abort();
    },
  };
}
