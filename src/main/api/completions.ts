/** @file POST /v1/chat/completions: an answer of a character, whole or as a stream, of which nothing stays. */
import { randomUUID } from 'node:crypto';
import type { ServerResponse } from 'node:http';
import { asFault, Fault } from '../../shared/faults.ts';
import { COMPLETION_BODY_BYTES, MERGE_FROM_BYTES, UNSENT_BYTES } from '../../shared/limits.ts';
import type { AnswerStep } from '../engine/contract.ts';
import { readJson } from './body.ts';
import { type AskedCompletion, readCompletion } from './completion-request.ts';
import { faultAnswer } from './fault-answer.ts';
import { openAiError } from './openai-errors.ts';
import type { Completion, CompletionChunk } from './openai-shapes.ts';
import { refusals } from './refusals.ts';
import { type Answer, jsonAnswer } from './respond.ts';
import type { RoutePorts, Visit, Visited } from './routes.ts';
import { openEventStream } from './streams.ts';

type Done = Extract<AnswerStep, { type: 'done' }>;
type Place = Pick<Completion, 'id' | 'created' | 'model'>;

export async function completionAnswer(ports: RoutePorts, { request, response, caller, asked: note }: Visit): Promise<Visited> {
  const body = await readJson(request, response, COMPLETION_BODY_BYTES);
  if ('refused' in body) return body.refused;
  try {
    const asked = readCompletion(ports.engine, body.value);
    if (!ports.places.take(response, caller)) return refusals.tooManyStreams;
    note(asked.question.messages.at(-1)?.text ?? '');
    const gone = new AbortController();
    response.once('close', () => gone.abort());
    const steps = ports.engine.answer(asked.question, gone.signal);
    const place = { id: `chatcmpl-${randomUUID()}`, created: Math.floor(ports.clock.now() / 1000), model: asked.model };
    return asked.stream ? await streamed(ports, response, { asked, place, steps }) : await whole(place, steps);
  } catch (error) {
    return withField(faultAnswer(error), error);
  }
}

/** OpenAI's clients read in `param` which field was wrong. */
function withField(answer: Answer, error: unknown): Answer {
  const param = error instanceof Fault && error.code === 'bad-request' ? error.detail : undefined;
  return answer.problem && param !== undefined ? { ...answer, problem: { ...answer.problem, param } } : answer;
}

const usageOf = ({ usage }: Done): Completion['usage'] => ({
  prompt_tokens: usage.promptTokens,
  completion_tokens: usage.replyTokens,
  total_tokens: usage.promptTokens + usage.replyTokens,
});

async function whole(place: Place, steps: AsyncIterable<AnswerStep>): Promise<Visited> {
  let content = '';
  let done: Done | undefined;
  for await (const step of steps) {
    if (step.type === 'text') content += step.text;
    else if (step.type === 'withdrawn') content = '';
    else done = step;
  }
  if (!done) throw new Fault('model-crashed', 'The model’s answer broke off; nothing was kept, so ask again.');
  const choice = { index: 0, message: { role: 'assistant', content, refusal: null }, logprobs: null, finish_reason: done.finish } as const;
  const completion: Completion = { ...place, object: 'chat.completion', choices: [choice], usage: usageOf(done) };
  return jsonAnswer(200, completion);
}

type Streaming = { asked: AskedCompletion; place: Place; steps: AsyncIterable<AnswerStep> };

/** Nothing goes out before the first word, so that what fails until then has its own status. */
async function streamed(ports: RoutePorts, response: ServerResponse, { asked, place, steps }: Streaming): Promise<Visited> {
  const reading = steps[Symbol.asyncIterator]();
  try {
    const first = await reading.next();
    if (response.destroyed) return 'streamed';
    await pump(first, reading, openChunks(ports, response, { asked, place }));
    return 'streamed';
  } finally {
    await reading.return?.();
  }
}

async function pump(first: IteratorResult<AnswerStep>, reading: AsyncIterator<AnswerStep>, send: ReturnType<typeof openChunks>) {
  send.begin();
  try {
    for (let step = first; !step.done; step = await reading.next()) {
      if (step.value.type === 'text') send.text(step.value.text);
      if (step.value.type === 'done') send.done(step.value);
    }
  } catch (error) {
    send.failed(error);
  }
}

/** The events of one streamed answer; while the reader lags behind, words are put together. */
function openChunks({ clock, log }: RoutePorts, response: ServerResponse, { asked, place }: Omit<Streaming, 'steps'>) {
  const stream = openEventStream(response, clock);
  const write = (value: unknown): void => stream.write(`data: ${JSON.stringify(value)}\n\n`);
  const usage = asked.streamUsage ? { usage: null } : {};
  const chunk = (delta: CompletionChunk['choices'][number]['delta'], finish: Done['finish'] | null = null): CompletionChunk => ({
    ...place,
    object: 'chat.completion.chunk',
    choices: [{ index: 0, delta, logprobs: null, finish_reason: finish }],
    ...usage,
  });
  let held = '';
  const release = (): void => {
    if (held !== '') write(chunk({ content: held }));
    held = '';
  };
  response.on('drain', release);
  return {
    begin: () => write(chunk({ role: 'assistant', content: '' })),
    text: (text: string) => {
      held += text;
      if (stream.unsentBytes() < MERGE_FROM_BYTES) release();
      else if (held.length + stream.unsentBytes() > UNSENT_BYTES) stream.cut();
    },
    done: (step: Done) => {
      release();
      write(chunk({}, step.finish));
      if (asked.streamUsage) write({ ...place, object: 'chat.completion.chunk', choices: [], usage: usageOf(step) });
      stream.write('data: [DONE]\n\n');
      stream.end();
    },
    /** The status has gone out already: the error is the last event, without [DONE]. */
    failed: (error: unknown) => {
      if (!(error instanceof Fault)) log.error('completion-failed', { cause: error });
      release();
      write(openAiError(asFault(error).toWire(), 502));
      stream.end();
    },
  };
}
