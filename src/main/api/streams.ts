/** @file Answers that take their time: how many there may be, and server-sent events over one response. */
import type { ServerResponse } from 'node:http';
import { DROP_AFTER_MS, STREAM_END_MS, STREAMS } from '../../shared/limits.ts';
import type { Clock } from '../engine/ports.ts';
import type { Caller } from './guard.ts';
import { safeHeaders } from './respond.ts';

export type Places = {
  /** Takes a place for a response until its connection or its answer ends; false where all are taken. */
  take(response: ServerResponse, caller: Caller): boolean;
  /** Cuts off the answers to those who would not be let in any more, as sockets are; answers how many. */
  drop(isStillIn: (caller: Caller) => boolean): number;
};

export function createPlaces(clock: Clock): Places {
  const taken = new Map<ServerResponse, Caller>();
  return {
    take: (response, caller) => {
      if (taken.size >= STREAMS || response.destroyed) return false;
      taken.set(response, caller);
      response.once('close', () => taken.delete(response));
      return true;
    },
    drop: (isStillIn) => {
      const gone = [...taken].filter(([, caller]) => !isStillIn(caller));
      clock.after(DROP_AFTER_MS, () => {
        for (const [response] of gone) response.destroy();
      });
      return gone.length;
    },
  };
}

export type EventStream = {
  /** Sends bytes of the event stream; whoever calls it looks at what is unsent, and cuts off who does not read. */
  write: (text: string) => void;
  unsentBytes: () => number;
  end: () => void;
  cut: () => void;
};

/** Begins the answer: everything after this call travels as events. */
export function openEventStream(response: ServerResponse, clock: Clock): EventStream {
  response.setHeader('Content-Type', 'text/event-stream; charset=utf-8');
  response.writeHead(200, safeHeaders);
  response.flushHeaders();
  const cut = (): void => void response.destroy();
  return {
    write: (text) => {
      if (!response.destroyed && !response.writableEnded) response.write(text);
    },
    unsentBytes: () => response.writableLength,
    end: () => {
      if (response.destroyed) return;
      response.once('close', clock.after(STREAM_END_MS, cut));
      response.end();
    },
    cut,
  };
}
