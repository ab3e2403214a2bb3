/** @file Where the turns of a conversation stand: the one that runs, those that wait, and who hears them. */
import type { LiveTurn, TurnEvent } from '../../shared/events.ts';
import { type Broadcast, createBroadcast } from './broadcast.ts';
import type { Log } from './ports.ts';
import type { QueuedTurn } from './queued-turn.ts';

export type Waiting = QueuedTurn & { stop: AbortController; askedAt: number };
export type Running = Waiting & { live: LiveTurn };
export type Lane = { heard: Broadcast<TurnEvent>; waiting: Waiting[]; running: Running | undefined };

/** A conversation has one from its first turn or listener to its last. */
export function createLanes(log: Log) {
  const lanes = new Map<string, Lane>();
  return {
    of(conversationId: string): Lane {
      const known = lanes.get(conversationId);
      if (known) return known;
      const lane: Lane = { heard: createBroadcast<TurnEvent>(log), waiting: [], running: undefined };
      lanes.set(conversationId, lane);
      return lane;
    },
    get: (conversationId: string): Lane | undefined => lanes.get(conversationId),
    all: (): MapIterator<[string, Lane]> => lanes.entries(),
    tidy(conversationId: string, lane: Lane): void {
      if (!lane.running && lane.waiting.length === 0 && lane.heard.size() === 0) lanes.delete(conversationId);
    },
  };
}
