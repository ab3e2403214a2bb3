/** @file A real HTTP server that speaks Ollama's API from a script: canned replies, recorded exchanges and every fault. */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Behaviour } from './behaviour.ts';
import { type ChatBody, type Cutting, openExchange, type RequestRecord } from './exchange.ts';
import { type ScriptedModel, starterModel } from './models.ts';
import { cannedReply } from './replies.ts';
import { answer } from './routes.ts';
import { createSlot, type Pace, type ServerState, sendJson, sendRefusal } from './state.ts';
import type { StorePull } from './store-pull.ts';
import type { Generation } from './traces.ts';

export type ScriptedOptions = {
  generation?: Generation;
  /** Contains "scripted", so that the product can label it as what it is. */
  version?: string;
  models?: ScriptedModel[];
  pullable?: ScriptedModel[];
  pace?: Partial<Pace>;
  /** In place of the notebook's replies. */
  reply?: (message: string, body: ChatBody) => { text: string; thinking?: string };
  port?: number;
  store?: StorePull;
};

export type ScriptedOllama = {
  url: string;
  port: number;
  version: string;
  /** Everything that was asked, oldest first. */
  requests: RequestRecord[];
  /** Requests to /api/chat that hold messages, oldest first. */
  chats(): RequestRecord[];
  /** The body of the latest of them. */
  lastChat(): ChatBody;
  /** What happens to the next request to a path (default /api/chat); several wait in order. */
  next(behaviour: Behaviour, path?: string): void;
  /** What happens to every request to a path, until it is called without a behaviour. */
  always(behaviour: Behaviour | undefined, path?: string): void;
  setPace(pace: Partial<Pace>): void;
  setCutting(cutting: Cutting): void;
  /** Models it has now; a test may add and take away. */
  models: ScriptedModel[];
  /** How often a model was loaded, and connections that were opened. */
  counts: { loads: number; connections: number };
  /** The first request that fits, as soon as there is one; looked at again with every request and every end of one. */
  waitFor(fits: (record: RequestRecord) => boolean): Promise<RequestRecord>;
  /** Breaks every connection, as a process that dies does, and listens no more. */
  kill(): Promise<void>;
  close(): Promise<void>;
};

const fast: Pace = { firstTokenMs: 0, tokenMs: 0, promptTokenMs: 0, loadMs: 0, pullLineMs: 0 };
/** How often a condition is looked at again where no event tells. */
const LOOK_AGAIN_MS = 2;

/** Starts the server on 127.0.0.1; rejects with the system's error where the port is taken. */
export async function createScriptedOllama(options: ScriptedOptions = {}): Promise<ScriptedOllama> {
  const state = newState(options);
  const requests: RequestRecord[] = [];
  const cutting = { now: { kind: 'whole' } as Cutting };
  const connections = new WeakMap<object, number>();
  const server = createServer({ keepAliveTimeout: 0, requestTimeout: 0 }, (request, response) => {
    const exchange = openExchange(request, response, connections.get(request.socket) ?? 0, () => cutting.now);
    requests.push(exchange.record);
    void answer(state, exchange);
  });
  server.on('connection', (socket) => {
    state.counts.connections += 1;
    connections.set(socket, state.counts.connections);
  });
  await listen(server, options.port ?? 0);
  const port = (server.address() as AddressInfo).port;
  return { url: `http://127.0.0.1:${port}`, port, ...controls(state, requests, server, (now) => Object.assign(cutting, { now })) };
}

function newState(options: ScriptedOptions): ServerState {
  const generation = options.generation ?? '0.33';
  return {
    generation,
    version: options.version ?? (generation === '0.24' ? '0.24.0-scripted' : '0.33.0-scripted'),
    models: [...(options.models ?? [starterModel])],
    pullable: options.pullable ?? [],
    ...(options.store ? { store: options.store } : {}),
    loaded: new Map(),
    pace: { ...fast, ...options.pace },
    counts: { loads: 0, connections: 0 },
    waiting: new Map(),
    standing: new Map(),
    reply: options.reply ?? cannedReply,
    slot: createSlot(),
    json: sendJson,
    refuse: sendRefusal,
  };
}

function listen(server: Server, port: number): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  server.once('error', reject);
  server.listen(port, '127.0.0.1', () => {
    server.off('error', reject);
    resolve();
  });
  return promise;
}

const holdsMessages = (record: RequestRecord) =>
  record.path === '/api/chat' && ((record.body as ChatBody | undefined)?.messages.length ?? 0) > 0;

function controls(
  state: ServerState,
  requests: RequestRecord[],
  server: Server,
  setCutting: (cutting: Cutting) => void,
): Omit<ScriptedOllama, 'url' | 'port'> {
  const chats = () => requests.filter(holdsMessages);
  const stop = async () => {
    const closed = new Promise<void>((resolve) => server.close(() => resolve()));
    server.closeAllConnections();
    await closed;
  };
  return {
    version: state.version,
    requests,
    chats,
    lastChat: () => {
      const record = chats().at(-1);
      if (!record) throw new Error('Nothing was asked of the scripted model yet.');
      return record.body as ChatBody;
    },
    next: (behaviour, path = '/api/chat') => {
      state.waiting.set(path, [...(state.waiting.get(path) ?? []), behaviour]);
    },
    always: (behaviour, path = '/api/chat') => {
      if (behaviour) state.standing.set(path, behaviour);
      else state.standing.delete(path);
    },
    setPace: (pace) => Object.assign(state.pace, pace),
    setCutting,
    models: state.models,
    counts: state.counts,
    waitFor: async (fits) => {
      for (;;) {
        const found = requests.find(fits);
        if (found) return found;
        await new Promise((resolve) => setTimeout(resolve, LOOK_AGAIN_MS));
      }
    },
    kill: stop,
    close: stop,
  };
}
