/** @file Answers without a conversation: asked, streamed, and gone without a trace. */
import { asFault, Fault, type FaultCode } from '../../shared/faults.ts';
import type { AnswerStep, Question } from './contract.ts';
import type { ModelChunk } from './ports.ts';
import { type AnswerPorts, type PreparedAnswer, prepareAnswer } from './prepare-answer.ts';
import { createStopWords } from './stop-words.ts';
import { createThoughtSplitter, type ThoughtPart } from './thoughts.ts';
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

type Words = {
  /** What may be shown of a piece of raw text. */
  take(text: string): Generator<AnswerStep, void>;
  end(): Generator<AnswerStep, void>;
  text(): string;
  /** One of the asker's words for an end has come. */
  stopped(): boolean;
};

/** Thoughts are dropped; they count only where the reply turns out to have been taken for one. */
function createWords(expectsThought: boolean, stop: readonly string[]): Words {
  const splitter = createThoughtSplitter({ expectsThought });
  const stopWords = createStopWords(stop);
  let [shown, thought, stopped] = ['', '', false];
  const show = function* (text: string): Generator<AnswerStep, void> {
    if (text === '') return;
    shown += text;
    yield { type: 'text', text };
  };
  const add = function* (text: string): Generator<AnswerStep, void> {
    const next = stopWords.push(text);
    stopped = next.found;
    yield* show(next.text);
  };
  const addAll = function* (parts: ThoughtPart[]): Generator<AnswerStep, void> {
    for (const part of parts) {
      if (stopped) return;
      if (part.type === 'text') yield* add(part.text);
      else if (part.type === 'thinking') thought += part.text;
      else if (part.type === 'thought-was-text') yield* add(thought);
      else {
        shown = '';
        stopWords.clear();
        yield { type: 'withdrawn' };
      }
    }
  };
  return {
    take: (text) => addAll(splitter.push(text)),
    *end() {
      yield* addAll(splitter.end());
      if (!stopped) yield* show(stopWords.rest());
    },
    text: () => shown,
    stopped: () => stopped,
  };
}

/** Where the model is let go before it has counted, what it would have said is estimated. */
function estimated({ counter, request }: PreparedAnswer, reply: string) {
  const promptTokens = request.messages.reduce((sum, { content }) => sum + counter.count(content) + MESSAGE_OVERHEAD, 0);
  return { promptTokens, replyTokens: counter.count(reply) };
}

async function* streamAnswer(
  prepared: PreparedAnswer,
  chunks: AsyncIterable<ModelChunk>,
  { stop }: Question,
  letGo: () => void,
): AsyncGenerator<AnswerStep, void> {
  const words = createWords(prepared.expectsThought, stop);
  let last: Extract<ModelChunk, { type: 'done' }> | undefined;
  for await (const chunk of chunks) {
    if (chunk.type === 'text') yield* words.take(chunk.text);
    if (chunk.type === 'done') last = chunk;
    if (words.stopped() || last) break;
  }
  if (words.stopped()) letGo();
  else if (!last) throw brokenOff();
  yield* words.end();
  if (words.text() === '' && last?.finish === 'stop' && !words.stopped()) throw wordless();
  const usage = last && !words.stopped() ? last.usage : estimated(prepared, words.text());
  const { promptTokens, replyTokens } = usage;
  yield { type: 'done', finish: words.stopped() ? 'stop' : (last?.finish ?? 'stop'), usage: { promptTokens, replyTokens } };
}

/** Where the prompt was too long after all, it is compiled once more against the true count; nothing has been said by then. */
async function* answerQuestion(
  ports: AnswerPorts,
  question: Question,
  { signal, letGo }: { signal: AbortSignal; letGo: () => void },
): AsyncGenerator<AnswerStep, void> {
  signal.throwIfAborted();
  const first = await prepareAnswer(ports, question, signal);
  let said = false;
  const attempt = async function* (prepared: PreparedAnswer): AsyncGenerator<AnswerStep, void> {
    for await (const step of streamAnswer(prepared, ports.model.chat(prepared.request, signal), question, letGo)) {
      said = true;
      yield step;
    }
  };
  try {
    yield* attempt(first);
  } catch (error) {
    if (!(error instanceof Fault) || error.code !== 'context-overflow' || said) throw error;
    yield* attempt(first.tighten(error.promptTokens));
  }
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
        yield* answerQuestion(ports, question, { signal: AbortSignal.any([own.signal, signal]), letGo: () => own.abort() });
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
