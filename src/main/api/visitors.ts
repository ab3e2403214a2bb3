/** @file Who came in, by the name each program gives itself: kept in memory, shown to the person, written nowhere. */
import type { IncomingMessage } from 'node:http';
import type { DoorClient } from '../../shared/door.ts';
import { ASKED_CHARACTERS, CLIENT_NAME_CHARACTERS, CLIENTS_KNOWN, ROUTE_CHARACTERS } from '../../shared/door-limits.ts';
import type { Clock } from '../engine/ports.ts';

/** One request or socket of a program. */
export type Visitor = {
  /** The words it came with; only their beginning is kept. */
  asked(words: string): void;
  leave(): void;
};

export type Visitors = {
  arrive(name: string, route: string): Visitor;
  refused(): void;
  /** The latest first. */
  list(): { clients: DoorClient[]; refused: number };
  forgetWords(): void;
  /** Everybody is forgotten. */
  clear(): void;
};

/** `changed` is called at every change, however small. */
export function createVisitors(clock: Clock, changed: () => void): Visitors {
  const known = new Map<string, DoorClient>();
  let refused = 0;

  /** The latest come last in the map, so that the first one without a connection is the one to forget. */
  const place = (name: string, route: string): DoorClient => {
    const at = clock.now();
    const before = known.get(name);
    known.delete(name);
    if (!before && known.size >= CLIENTS_KNOWN) {
      const gone = [...known.values()].find(({ open }) => open === 0) ?? known.values().next().value;
      if (gone) known.delete(gone.name);
    }
    const client: DoorClient = before ?? { name, open: 0, requests: 0, since: at, at, route };
    known.set(name, client);
    return Object.assign(client, { open: client.open + 1, requests: client.requests + 1, at, route });
  };

  return {
    arrive(name, route) {
      const client = place(name, route);
      let here = true;
      changed();
      return {
        asked(words) {
          Object.assign(client, { asked: beginningOf(words), at: clock.now(), route });
          changed();
        },
        leave() {
          if (!here) return;
          here = false;
          client.open -= 1;
          changed();
        },
      };
    },
    refused() {
      refused += 1;
      changed();
    },
    list: () => ({ clients: [...known.values()].map((client) => ({ ...client })).reverse(), refused }),
    forgetWords() {
      for (const client of known.values()) delete client.asked;
      changed();
    },
    clear() {
      known.clear();
      refused = 0;
      changed();
    },
  };
}

/** One line of it, cut between characters. */
function beginningOf(words: string): string {
  const line = words
    .slice(0, ASKED_CHARACTERS * 4)
    .replace(/[\s\p{C}]+/gu, ' ')
    .trim();
  if (line.length <= ASKED_CHARACTERS && words.length <= ASKED_CHARACTERS * 4) return line;
  return `${line.slice(0, ASKED_CHARACTERS - 1).replace(/[\uD800-\uDBFF]$/, '')}…`;
}

/** What a program calls itself; browsers all say much the same, and many libraries nothing. */
export function nameOf({ headers }: Pick<IncomingMessage, 'headers'>): string {
  const said = (headers['user-agent'] ?? '')
    .replace(/[^\x20-\x7e]+/g, ' ')
    .trim()
    .slice(0, CLIENT_NAME_CHARACTERS);
  if (said === '') return 'A program without a name';
  return said.startsWith('Mozilla/') ? 'A browser' : said;
}

/** What it came for, without the query, which may hold words. */
export function routeOf(method: string | undefined, path: string): string {
  return `${method ?? ''} ${path}`.replace(/[^\x20-\x7e]+/g, ' ').slice(0, ROUTE_CHARACTERS);
}
