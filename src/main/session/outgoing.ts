/** @file The way out to one client: at once while it keeps up, merged and in order while it does not. */
import type { ClientEvent } from '../../shared/events.ts';
import { MERGE_FROM_BYTES, UNSENT_BYTES } from '../../shared/limits.ts';
import type { Clock } from '../engine/ports.ts';
import type { Wire } from './wire.ts';

type Delta = Extract<ClientEvent, { type: 'text-delta' | 'thinking-delta' }>;

/** How often a client that was slow is looked at again, in ms: below what a person sees as a jerk. */
const LOOK_AGAIN_MS = 30;
/** Bytes that a delta costs beside its text. */
const FRAME_OVERHEAD = 150;

const isDelta = (event: ClientEvent | undefined): event is Delta => event?.type === 'text-delta' || event?.type === 'thinking-delta';

/** Two neighbouring deltas of one turn as one that covers the numbers of both; undefined where they are no neighbours. */
export function mergeDeltas(first: ClientEvent | undefined, second: ClientEvent): Delta | undefined {
  if (!isDelta(first) || !isDelta(second)) return undefined;
  if (first.type !== second.type || first.turnId !== second.turnId) return undefined;
  if (first.seq + 1 !== (second.fromSeq ?? second.seq)) return undefined;
  return { ...second, fromSeq: first.fromSeq ?? first.seq, text: first.text + second.text };
}

export type Outgoing = { send(event: ClientEvent): void; close(): void };

/** A client with more than `UNSENT_BYTES` still to take, one large snapshot aside, is dropped with 1013. */
export function createOutgoing(wire: Wire, clock: Clock): Outgoing {
  const held: ClientEvent[] = [];
  let heldBytes = 0;
  let largest = 0;
  let cancelLook: (() => void) | undefined;

  const flush = () => {
    cancelLook = undefined;
    while (held.length > 0 && wire.isOpen() && wire.unsentBytes() < MERGE_FROM_BYTES) {
      const event = held.shift();
      if (event) wire.send(event);
    }
    if (held.length === 0) heldBytes = largest = 0;
    else if (wire.isOpen()) cancelLook = clock.after(LOOK_AGAIN_MS, flush);
  };
  const hold = (event: ClientEvent) => {
    const merged = mergeDeltas(held.at(-1), event);
    if (merged) held[held.length - 1] = merged;
    else held.push(event);
    const size = isDelta(event) ? event.text.length + (merged ? 0 : FRAME_OVERHEAD) : JSON.stringify(event).length;
    heldBytes += size;
    largest = Math.max(largest, size);
    if (heldBytes - largest > UNSENT_BYTES) wire.close(1013, 'too slow');
    else cancelLook ??= clock.after(LOOK_AGAIN_MS, flush);
  };

  return {
    send(event) {
      if (!wire.isOpen()) return;
      if (held.length === 0 && wire.unsentBytes() < MERGE_FROM_BYTES) wire.send(event);
      else hold(event);
    },
    close() {
      cancelLook?.();
      held.length = 0;
    },
  };
}
