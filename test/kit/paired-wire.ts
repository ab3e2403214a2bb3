/** @file A wire whose far end is a list: what a client would have heard, cloned as a real carrier would. */
import type { OpenSession, Session, Wire } from '../../src/main/session/wire.ts';
import { type ClientEvent, eventSchema } from '../../src/shared/events.ts';

export type PairedClient = {
  events: ClientEvent[];
  session: Session;
  /** The events of one type, in order. */
  heard<Type extends ClientEvent['type']>(type: Type): Extract<ClientEvent, { type: Type }>[];
  /** Bytes the far end has not taken; while it is high, the session merges and holds back. */
  setUnsent(bytes: number): void;
  closedWith(): number | undefined;
};

/** Every event is checked against the contract before it counts as heard. */
export function pairWire(openSession: OpenSession): PairedClient {
  const events: ClientEvent[] = [];
  let unsent = 0;
  let closed: number | undefined;
  const wire: Wire = {
    isOpen: () => closed === undefined,
    send: (event) => void events.push(eventSchema.parse(structuredClone(event))),
    unsentBytes: () => unsent,
    close: (code) => {
      closed = code;
    },
  };
  const session = openSession(wire);
  return {
    events,
    session,
    heard: (type) => events.filter((event): event is Extract<ClientEvent, { type: typeof type }> => event.type === type),
    setUnsent: (bytes) => {
      unsent = bytes;
    },
    closedWith: () => closed,
  };
}
