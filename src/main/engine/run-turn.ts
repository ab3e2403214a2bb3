/** @file One turn: from the person's words on disk to the reply on disk, as a stream of steps. */
import type { AnswerWish, Message, Report } from '../../shared/conversation.ts';
import { asFault, Fault } from '../../shared/faults.ts';
import type { Ground } from './ground.ts';
import type { ModelUsage, ReplyStart, TurnEnd } from './ports.ts';
import { type PreparedTurn, prepareTurn, type TurnPorts } from './prepare-turn.ts';
import { createReply, type Reply } from './reply.ts';
import { calibrate, tokenFactorKey } from './tokens.ts';

/** A turn whose message is on its way to the disk. */
export type AcceptedRequest = {
  turnId: string;
  conversationId: string;
  startedAt: number;
  /** How long it waited behind other turns before that. */
  queueMs: number;
  userMessage: Message;
  /** Settles when the store has the turn, or refuses it. */
  taken: Promise<unknown>;
  ground: Promise<Ground>;
  wish?: AnswerWish;
  /** The reply goes on from this. */
  from?: ReplyStart;
};

export type TurnStep =
  | { type: 'stage'; stage: 'waiting' | 'loading' | 'reading' | 'thinking' | 'writing' }
  | { type: 'text'; text: string }
  | { type: 'thinking'; text: string }
  | { type: 'ended'; status: TurnEnd['status']; message: Message; fault: Fault | undefined };

type Finish = { finish: 'stop' | 'length' | 'none'; usage: ModelUsage | undefined; cut?: boolean };

/** Words for a turn that ends without a reply. */
const onlyThought = () =>
  new Fault('model-failed', 'The model thought, but wrote no reply; your message is kept, so try again or allow longer replies.');
const nothing = () => new Fault('model-failed', 'The model ended without a word; your message is kept, so try again.');
const nothingMore = () =>
  new Fault('model-failed', 'The model had nothing to add; the reply is kept as it was, so ask for something else.');

/** What came of one piece of the reply: each passes several generators, and several steps do so together. */
type Steps = Iterable<TurnStep>;

/** Streams one request into the reply, yielding what a client may see. */
async function* streamReply(ports: TurnPorts, prepared: PreparedTurn, reply: Reply, signal: AbortSignal): AsyncGenerator<Steps, Finish> {
  let kept = false;
  const { thoughtLimit = Number.POSITIVE_INFINITY } = prepared;
  // AbortSignal.any would cost the first word several times as much.
  const own = new AbortController();
  const stop = () => own.abort(signal.reason);
  if (signal.aborted) stop();
  signal.addEventListener('abort', stop);
  try {
    for await (const chunk of ports.model.chat(prepared.request, own.signal)) {
      if (reply.started() && !kept) prepared.keepContext();
      kept = reply.started();
      switch (chunk.type) {
        case 'stage':
          yield [{ type: 'stage', stage: chunk.stage }];
          break;
        case 'thinking':
          yield reply.takeThinking(chunk.text);
          break;
        case 'text':
          yield reply.takeText(chunk.text);
          break;
        case 'done':
          return { finish: chunk.finish, usage: chunk.usage };
      }
      if (reply.spoke() || reply.thought() <= thoughtLimit) continue;
      own.abort();
      return { finish: 'none', usage: undefined, cut: true };
    }
  } finally {
    signal.removeEventListener('abort', stop);
  }
  throw new Fault('model-crashed', 'The model’s answer broke off; what it had written is kept, so try again.');
}

const endedThought = 'The thought had become too long; it was ended, and the answer asked for.';
const askedAgain = 'The model thought and said nothing; it was asked once more, without thinking.';

/** A thought that is too long, or that ends in no answer, is followed by one more request for the answer alone. */
async function* answerAfterThought(
  ports: TurnPorts,
  first: PreparedTurn,
  reply: Reply,
  signal: AbortSignal,
): AsyncGenerator<Steps, { prepared: PreparedTurn } & Finish> {
  reply.begin({ thought: first.expectsThought, exact: first.description.continues === true });
  const answered = yield* answer(ports, first, reply, signal);
  yield reply.end();
  if (reply.spoke() || reply.thought() === 0 || signal.aborted) return answered;
  const second = answered.prepared.withoutThinking();
  second.warnings.push(answered.cut ? endedThought : askedAgain);
  reply.begin({ thought: second.expectsThought, exact: second.description.continues === true });
  return yield* answer(ports, { ...second, thoughtLimit: first.thoughtLimit }, reply, signal);
}

/** Runs the request; where the prompt was too long after all, it is compiled once more against the true count. */
async function* answer(
  ports: TurnPorts,
  first: PreparedTurn,
  reply: Reply,
  signal: AbortSignal,
): AsyncGenerator<Steps, { prepared: PreparedTurn } & Finish> {
  try {
    return { prepared: first, ...(yield* streamReply(ports, first, reply, signal)) };
  } catch (error) {
    if (!(error instanceof Fault) || error.code !== 'context-overflow' || reply.started()) throw error;
    const second = first.tighten(error.promptTokens);
    return { prepared: second, ...(yield* streamReply(ports, second, reply, signal)) };
  }
}

function learnTokenCount(ports: TurnPorts, conversationId: string, prepared: PreparedTurn, usage: ModelUsage | undefined): void {
  if (!usage) return;
  ports.counted?.note(conversationId, prepared.request, usage.promptTokens);
  const texts = prepared.request.messages.map((message) => message.content);
  const factor = calibrate(prepared.counter.factor, texts, usage.promptTokens);
  if (factor !== undefined) ports.store.setValue(tokenFactorKey(prepared.request.model), String(factor), 'soon');
}

function reportOf(prepared: PreparedTurn, reply: Reply, finish: Finish, turn: AcceptedRequest, now: number): Report {
  const { usage } = finish;
  const { prompt } = prepared;
  const { startedAt, queueMs } = turn;
  return {
    model: prepared.description.name,
    engine: prepared.engine,
    mood: prepared.mood,
    tone: prepared.tone,
    contextTokens: prompt.contextTokens,
    replyReserve: prompt.replyReserve,
    sections: prompt.sections(),
    historyTrimmed: prepared.historyTrimmed(),
    oldestSentId: prompt.oldestSentId,
    ...(usage
      ? {
          usage: {
            promptTokens: usage.promptTokens,
            replyTokens: usage.replyTokens,
            ...(usage.evaluatedTokens === undefined ? {} : { evaluatedTokens: usage.evaluatedTokens }),
          },
        }
      : {}),
    timings: {
      queueMs,
      totalMs: now - startedAt,
      ...(reply.firstTextAt() === undefined ? {} : { firstTokenMs: (reply.firstTextAt() ?? now) - startedAt }),
      ...(usage?.loadMs === undefined ? {} : { loadMs: usage.loadMs }),
      ...(usage?.promptMs === undefined ? {} : { promptMs: usage.promptMs }),
      ...(usage?.replyMs === undefined ? {} : { replyMs: usage.replyMs }),
    },
    finish: finish.finish,
    warnings: [...prompt.warnings, ...prepared.warnings],
    ...(prepared.steering ? { steering: prepared.steering } : {}),
    leftOut: prompt.leftOut,
    ...(prompt.recalled ? { recalled: prompt.recalled } : {}),
    estimatedTokens: prompt.estimatedTokens,
  };
}

/** The steps of a turn, in order; the last is always `ended`, and by then everything is on disk. Throws only where the disk fails. */
export async function* runTurn(ports: TurnPorts, turn: AcceptedRequest, signal: AbortSignal): AsyncGenerator<TurnStep, void> {
  const reply = createReply(ports, turn.turnId, turn.from ?? { text: '', thinking: '' });
  let prepared: PreparedTurn | undefined;
  let finish: Finish = { finish: 'none', usage: undefined };
  let fault: Fault | undefined;
  try {
    signal.throwIfAborted();
    prepared = await prepareTurn(ports, turn);
    const answering = answerAfterThought(ports, prepared, reply, signal);
    try {
      let next = await answering.next();
      for (; !next.done; next = await answering.next()) yield* next.value;
      [prepared, finish] = [next.value.prepared, next.value];
    } finally {
      // For whoever leaves in the middle.
      await answering.return({ prepared, ...finish });
    }
    yield* reply.end();
    learnTokenCount(ports, turn.conversationId, prepared, finish.usage);
    ports.models?.noteUse(prepared.description.name);
    if (!reply.spoke()) fault = turn.from ? nothingMore() : reply.thinking() === '' ? nothing() : onlyThought();
  } catch (error) {
    yield* reply.end();
    if (!signal.aborted) fault = asFault(error);
    if (fault) ports.log.warn('turn-failed', { turn: turn.turnId, code: fault.code, cause: fault.cause });
  }
  if (prepared?.prompt.summaryDue) ports.summaryDue?.(turn.conversationId);
  await turn.taken;
  const endedAt = ports.clock.now();
  const kept = prepared?.keepRecord();
  const told = signal.aborted ? undefined : fault;
  const status = signal.aborted ? 'stopped' : fault ? 'failed' : 'complete';
  const message = ports.store.finishTurn({
    turnId: turn.turnId,
    status,
    text: reply.text(),
    thinking: reply.thinking(),
    report: prepared && kept ? { ...reportOf(prepared, reply, finish, turn, endedAt), sent: kept.sent } : undefined,
    promptTexts: kept?.texts ?? [],
    fault: told?.toWire(),
    endedAt,
  });
  await ports.store.settled();
  yield { type: 'ended', status, message, fault: told };
}
