/** @file What a scripted server holds while it runs, and the small answers everything shares. */
import type { Behaviour, Refusal } from './behaviour.ts';
import type { ChatBody, Exchange } from './exchange.ts';
import type { LoadedModel, ScriptedModel } from './models.ts';
import type { StorePull } from './store-pull.ts';
import type { Generation } from './traces.ts';

/** All in milliseconds; zero means as fast as the machine can. */
export type Pace = { firstTokenMs: number; tokenMs: number; promptTokenMs: number; loadMs: number; pullLineMs: number };

export type ServerState = {
  generation: Generation;
  version: string;
  models: ScriptedModel[];
  /** What /api/pull can fetch. */
  pullable: ScriptedModel[];
  /** A real store, into which downloads from a registry on this machine go. */
  store?: StorePull;
  loaded: Map<string, LoadedModel>;
  pace: Pace;
  counts: { loads: number; connections: number };
  /** Behaviours that wait for the next request to a path, and those that hold until they are taken back. */
  waiting: Map<string, Behaviour[]>;
  standing: Map<string, Behaviour>;
  reply(message: string, body: ChatBody): { text: string; thinking?: string };
  /** Waits for the one slot, as a real server with OLLAMA_NUM_PARALLEL=1 does; returns what frees it. */
  slot(gone: AbortSignal): Promise<() => void>;
  json(exchange: Exchange, value: unknown, status?: number): Promise<void>;
  refuse(exchange: Exchange, refusal: Refusal): Promise<void>;
};

/** One at a time, in order of arrival; who leaves while waiting gives the place up. */
export function createSlot(): (gone: AbortSignal) => Promise<() => void> {
  let last: Promise<void> = Promise.resolve();
  return async (gone) => {
    const before = last;
    const mine = Promise.withResolvers<void>();
    last = before.then(() => mine.promise);
    gone.addEventListener('abort', () => mine.resolve(), { once: true });
    await before;
    gone.throwIfAborted();
    return () => mine.resolve();
  };
}

/** Answers JSON with its length, as the server does for everything that is no stream. */
export async function sendJson(exchange: Exchange, value: unknown, status = 200): Promise<void> {
  const body = JSON.stringify(value);
  exchange.head(status, { 'Content-Type': 'application/json; charset=utf-8', 'Content-Length': Buffer.byteLength(body) });
  await exchange.end(body);
}

/** Answers a status with a body and nothing else. */
export async function sendRefusal(exchange: Exchange, refusal: Refusal): Promise<void> {
  const length = { 'Content-Length': Buffer.byteLength(refusal.body) };
  exchange.head(refusal.status, refusal.type ? { 'Content-Type': refusal.type, ...length } : length);
  await exchange.end(refusal.body);
}
