/** @file Answers that take their time: how many there may be, and server-sent events over one response. */
import type { ServerResponse } from 'node:http';
import { STREAM_END_MS, STREAMS } from '../../shared/limits.ts';
import type { Clock } from '../engine/ports.ts';
import { safeHeaders } from './respond.ts';

/** Takes a place for a response until its connection or its answer ends; false where all are taken. */
export type Places = { take(response: ServerResponse): boolean };

export function createPlaces(): Places {
  let taken = 0;
  return {
    take: (response) => {
      if (taken >= STREAMS || response.destroyed) return false;
      taken += 1;
      response.once('close', () => {
        taken -= 1;
      });
      return true;
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
