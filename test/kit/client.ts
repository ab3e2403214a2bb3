/** @file A client of /ws/session over a real socket, as another tool on this machine would write one. */
import { once } from 'node:events';
import WebSocket from 'ws';
import type { Command } from '../../src/shared/commands.ts';
import { type ClientEvent, eventSchema } from '../../src/shared/events.ts';

type OfType<Type extends ClientEvent['type']> = Extract<ClientEvent, { type: Type }>;
type Asked = Command extends infer One ? (One extends Command ? Omit<One, 'requestId'> : never) : never;

export type Client = {
  events: ClientEvent[];
  /** Sends a command and resolves with the event that answers it. */
  ask(command: Asked): Promise<ClientEvent>;
  /** Sends whatever is given, as it is. */
  sendRaw(frame: string): void;
  until<Type extends ClientEvent['type']>(type: Type, fits?: (event: OfType<Type>) => boolean): Promise<OfType<Type>>;
  /** A new conversation with Sarah, attached. */
  converse(): Promise<string>;
  closed: Promise<number>;
  close(): void;
};

/** Events are checked against the contract as they come; `until` also looks at those that came before. */
export async function connect(url: string): Promise<Client> {
  const socket = new WebSocket(`${url.replace('http', 'ws')}/ws/session`, ['companion.v1']);
  const events: ClientEvent[] = [];
  let waiters: { fits: (event: ClientEvent) => boolean; tell: (event: ClientEvent) => void; fail: (error: Error) => void }[] = [];
  let asked = 0;
  const closed = once(socket, 'close').then(([code]) => {
    for (const { fail } of waiters) fail(new Error(`the socket closed with ${code}`));
    return Number(code);
  });
  socket.on('message', (data) => {
    const event = eventSchema.parse(JSON.parse(String(data)));
    events.push(event);
    const ready = waiters.filter(({ fits }) => fits(event));
    waiters = waiters.filter((waiter) => !ready.includes(waiter));
    for (const { tell } of ready) tell(event);
  });
  socket.on('error', () => undefined);
  await Promise.race([once(socket, 'open'), closed.then((code) => Promise.reject(new Error(`refused: ${code}`)))]);

  const wait = (fits: (event: ClientEvent) => boolean) => {
    const before = events.find(fits);
    return before ? Promise.resolve(before) : new Promise<ClientEvent>((tell, fail) => waiters.push({ fits, tell, fail }));
  };
  const ask: Client['ask'] = (command) => {
    asked += 1;
    const requestId = `r${asked}`;
    socket.send(JSON.stringify({ ...command, requestId }));
    return wait((event) => 'requestId' in event && event.requestId === requestId);
  };
  const until: Client['until'] = async (type, fits = () => true) => {
    const event = await wait((each) => each.type === type && fits(each as OfType<typeof type>));
    return event as OfType<typeof type>;
  };
  return {
    events,
    ask,
    until,
    closed,
    sendRaw: (frame) => socket.send(frame),
    async converse() {
      const made = await ask({ type: 'create-conversation', characterId: 'default' });
      if (made.type !== 'conversation-changed') throw new Error(`no conversation: ${JSON.stringify(made)}`);
      await ask({ type: 'attach-conversation', conversationId: made.conversation.id });
      return made.conversation.id;
    },
    close: () => socket.close(),
  };
}
