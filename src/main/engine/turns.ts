/** @file One queue of turns per conversation: what runs, what waits, and who hears it. */

import type { LiveTurn, TurnEvent } from '../../shared/events.ts';
import { asFault, Fault } from '../../shared/faults.ts';
import { WAITING_MESSAGES } from '../../shared/limits.ts';
import { type Ground, layGround } from './ground.ts';
import { createLanes, type Lane, type Running, type Waiting } from './lanes.ts';
import type { Paths } from './path-above.ts';
import type { AcceptedTurn } from './ports.ts';
import type { TurnPorts } from './prepare-turn.ts';
import { branches, type QueuedTurn } from './queued-turn.ts';
import { runTurn, type TurnStep } from './run-turn.ts';
import { createTaking, type Taken } from './taking.ts';

export type Turns = {
  /** Runs the turn at once or lets it wait; throws where its words cannot be put on disk or too many wait. */
  start(turn: QueuedTurn): void;
  /** Whether it runs or waits. */
  has(turnId: string): boolean;
  stop(turnId: string): boolean;
  stopAll(conversationId: string): void;
  hear(conversationId: string, listener: (event: TurnEvent) => void): () => void;
  listeners(conversationId: string): number;
  live(conversationId: string): LiveTurn | undefined;
  waiting(conversationId: string): { turnId: string; text: string }[];
  /** Whether any turn runs anywhere. */
  busy(): boolean;
  /** Stops everything and resolves when every turn is on disk. */
  close(): Promise<void>;
};

/** An event without its place in the turn; `emit` adds that. */
type Numbered<Event> = Event extends TurnEvent ? Omit<Event, 'conversationId' | 'turnId' | 'seq'> : never;

export function createTurns(
  ports: TurnPorts & {
    paths: Paths;
    changed(conversationId: string): void;
    rerouted(conversationId: string): void;
    ended(): void;
  },
): Turns {
  const lanes = createLanes(ports.log);
  /** Every turn that runs or waits, by its id. */
  const turns = new Map<string, Waiting>();
  const ending = new Set<Promise<void>>();
  const taking = createTaking(ports);

  /** Whoever hears of the end may have begun the next one by now. */
  const finished = (lane: Lane, { turnId }: Waiting) => {
    if (lane.running?.turnId === turnId) lane.running = undefined;
    turns.delete(turnId);
  };

  const emit = (lane: Lane, live: LiveTurn, conversationId: string, event: Numbered<TurnEvent>) => {
    live.throughSeq += 1;
    lane.heard.send({ ...event, conversationId, turnId: live.turnId, seq: live.throughSeq } as TurnEvent);
  };

  const announce = (lane: Lane, turn: Waiting, accepted: AcceptedTurn, live: LiveTurn) => {
    const { userMessage, replyId, startedAt } = live;
    const { turnId, conversationId } = turn;
    const from = turn.reply && turn.reply.text !== '' ? { from: { text: turn.reply.text, thinking: turn.reply.thinking } } : {};
    lane.heard.send({ type: 'turn-accepted', conversationId, turnId, seq: 0, userMessage, replyId, startedAt, ...from });
    if (accepted.known) {
      const status = accepted.reply.status === 'writing' || accepted.reply.status === 'interrupted' ? 'failed' : accepted.reply.status;
      emit(lane, live, turn.conversationId, { type: 'turn-ended', status, message: accepted.reply });
    }
  };

  const take = (lane: Lane, turn: Running, step: TurnStep) => {
    const { live } = turn;
    if (step.type === 'stage') live.stage = step.stage;
    else if (step.type === 'text') live.text += step.text;
    else if (step.type === 'thinking') live.thinking += step.text;
    if (step.type === 'stage') emit(lane, live, turn.conversationId, { type: 'turn-stage', stage: step.stage });
    else if (step.type === 'text') emit(lane, live, turn.conversationId, { type: 'text-delta', text: step.text });
    else if (step.type === 'thinking') emit(lane, live, turn.conversationId, { type: 'thinking-delta', text: step.text });
    else {
      finished(lane, turn);
      const fault = step.fault ? { fault: step.fault.toWire() } : {};
      emit(lane, live, turn.conversationId, { type: 'turn-ended', status: step.status, message: step.message, ...fault });
    }
  };

  /** The end of a turn whose last words could not be written: what is known goes to the client, what was saved stays on disk. */
  const breakOff = (lane: Lane, turn: Running, accepted: AcceptedTurn, error: unknown) => {
    const fault = asFault(error).toWire();
    ports.log.error('turn-broken', { turn: turn.turnId, cause: error });
    finished(lane, turn);
    const message = { ...accepted.reply, text: turn.live.text, thinking: turn.live.thinking, status: 'failed' as const, fault };
    emit(lane, turn.live, turn.conversationId, { type: 'turn-ended', status: 'failed', message, fault });
  };

  const refuse = (lane: Lane, { conversationId, turnId }: QueuedTurn, error: unknown) => {
    ports.log.error('turn-refused', { turn: turnId, cause: error });
    const fault = asFault(error).toWire();
    lane.heard.send({ type: 'turn-ended', conversationId, turnId, seq: 1, status: 'failed', fault });
  };

  /** Tells that the person's words are on disk, or takes the turn back where the disk failed them. */
  const settle = async (lane: Lane, turn: Running, taken: Taken['accepted']): Promise<AcceptedTurn | undefined> => {
    let accepted: AcceptedTurn;
    try {
      accepted = await taken;
      await accepted.settled;
    } catch (error) {
      refuse(lane, turn, error);
      turn.stop.abort();
      return undefined;
    }
    announce(lane, turn, accepted, turn.live);
    if (branches(turn)) ports.rerouted(turn.conversationId);
    ports.changed(turn.conversationId);
    return accepted;
  };

  /** The request leaves before the words go to the disk; no step of the reply is told before it has them. */
  const run = async (lane: Lane, turn: Running, { accepted: taken, hurry }: Taken, ground: Promise<Ground>) => {
    const { turnId, conversationId, live } = turn;
    const onDisk = settle(lane, turn, taken);
    let told: AcceptedTurn | undefined;
    try {
      const { startedAt, userMessage } = live;
      const { wish, reply: from } = turn;
      const steered = { ...(wish ? { wish } : {}), ...(from && from.text !== '' ? { from } : {}) };
      const queueMs = startedAt - turn.askedAt;
      const request = { turnId, conversationId, startedAt, queueMs, userMessage, taken, ground, ...steered };
      for await (const step of runTurn(ports, request, turn.stop.signal)) {
        hurry();
        told ??= await onDisk;
        if (told) take(lane, turn, step);
      }
    } catch (error) {
      const accepted = await onDisk;
      if (accepted) breakOff(lane, turn, accepted, error);
    }
    finished(lane, turn);
    ports.changed(conversationId);
    next(conversationId, lane);
    ports.ended();
  };

  const groundBelow = ({ conversationId, text, stop }: Waiting, place: { parentId: string | null; messageId?: string }) => {
    const ground = layGround(ports, { conversationId, text, ...place }, stop.signal);
    ground.catch(() => undefined); // Whoever runs the turn hears of it; one that is not taken needs no ground.
    return ground;
  };

  const go = (lane: Lane, turn: Waiting, taken: Taken, ground: Promise<Ground>) => {
    const running: Running = { ...turn, live: taken.live };
    lane.running = running;
    const done = run(lane, running, taken, ground).finally(() => ending.delete(done));
    ending.add(done);
  };

  const begin = (lane: Lane, turn: Waiting) => {
    if (branches(turn) || (!turn.isNew && ports.store.hasTurn(turn.turnId))) {
      const taken = taking.now(turn);
      const { first, live } = taken;
      const { id: messageId, parentId } = live.userMessage;
      if (!first.known) return go(lane, turn, taken, groundBelow(turn, { parentId, messageId }));
      finished(lane, turn);
      const known = () => announce(lane, turn, first, live);
      return void first.settled.then(known, (error: unknown) => refuse(lane, turn, error));
    }
    const parentId = ports.store.pathEnd(turn.conversationId);
    const ground = groundBelow(turn, { parentId });
    go(lane, turn, taking.soon(turn, parentId), ground);
  };

  const beginOr = (lane: Lane, turn: Waiting, refused: (error: unknown) => void) => {
    try {
      begin(lane, turn);
    } catch (error) {
      finished(lane, turn);
      refused(error);
    }
  };

  const next = (conversationId: string, lane: Lane) => {
    while (!lane.running) {
      const turn = lane.waiting.shift();
      if (!turn) break;
      beginOr(lane, turn, (error) => refuse(lane, turn, error));
    }
    lanes.tidy(conversationId, lane);
  };

  return {
    start(turn) {
      if (turns.has(turn.turnId)) return;
      const lane = lanes.of(turn.conversationId);
      if (lane.waiting.length >= WAITING_MESSAGES) {
        throw new Fault(
          'too-many-requests',
          `${WAITING_MESSAGES} messages already wait in this conversation; this one was not taken, so send it again later.`,
        );
      }
      const waiting: Waiting = { ...turn, stop: new AbortController(), askedAt: ports.clock.now() };
      turns.set(turn.turnId, waiting);
      if (lane.running) lane.waiting.push(waiting);
      else
        beginOr(lane, waiting, (error) => {
          throw error;
        });
    },
    has: (turnId) => turns.has(turnId),
    stop(turnId) {
      const turn = turns.get(turnId);
      turn?.stop.abort();
      return turn !== undefined;
    },
    stopAll(conversationId) {
      const lane = lanes.get(conversationId);
      for (const turn of [...(lane?.waiting ?? []), lane?.running]) turn?.stop.abort();
    },
    hear(conversationId, listener) {
      const lane = lanes.of(conversationId);
      const remove = lane.heard.add(listener);
      return () => {
        remove();
        lanes.tidy(conversationId, lane);
      };
    },
    listeners: (conversationId) => lanes.get(conversationId)?.heard.size() ?? 0,
    live: (conversationId) => {
      const live = lanes.get(conversationId)?.running?.live;
      return live && { ...live };
    },
    waiting: (conversationId) => (lanes.get(conversationId)?.waiting ?? []).map(({ turnId, text }) => ({ turnId, text })),
    busy: () => [...lanes.all()].some(([, { running }]) => running !== undefined),
    async close() {
      for (const [conversationId] of lanes.all()) this.stopAll(conversationId);
      while (ending.size > 0) await Promise.all(ending);
    },
  };
}
