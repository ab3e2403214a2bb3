/** @file The ways a request takes in the bench of the path: a model server, and a client of each door. */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { resolve } from 'node:path';
import { createInterface } from 'node:readline';
import WebSocket from 'ws';

export type ModelServer = { url: string; lastChat(): Promise<unknown>; stop(): Promise<void> };

/** In a process of its own, as a model server is: in the bench's own one the straight way would be spared a change of processes. */
export async function startModelServer(pace: { firstTokenMs: number; tokenMs: number; words: number }): Promise<ModelServer> {
  const program = resolve(import.meta.dirname, '../kit/programs/scripted-ollama.ts');
  const { firstTokenMs, tokenMs, words } = pace;
  const figures = { 'first-token-ms': firstTokenMs, 'token-ms': tokenMs, words };
  const child = fork(program, ['--no-thinking', ...Object.entries(figures).flatMap(([name, value]) => [`--${name}`, String(value)])], {
    env: { ...process.env, OLLAMA_HOST: '127.0.0.1:0' },
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
  });
  const lines = createInterface({ input: child.stderr ?? process.stdin });
  for await (const line of lines) {
    const address = /Listening on (\S+) /.exec(line)?.[1];
    if (!address) continue;
    return {
      url: `http://${address}`,
      lastChat: async () => {
        child.send('last-chat');
        return (await once(child, 'message'))[0];
      },
      stop: async () => {
        child.kill('SIGTERM');
        await once(child, 'exit');
      },
    };
  }
  throw new Error('the scripted model server did not start');
}

type Frame = Record<string, unknown> & { type: string };
export type Times = { first: number; whole: number };
/** Asks one question over a door; the times in milliseconds until the first word and until the end. */
export type Ask = (question: string) => Promise<Times>;

/** The least that a client does: it reads JSON, which the straight way does not even do. */
async function openSocket(address: string, protocols: string[]) {
  const socket = new WebSocket(address, protocols);
  let waiting: { fits: (frame: Frame) => boolean; tell: (frame: Frame) => void }[] = [];
  socket.on('message', (data) => {
    const frame = JSON.parse(String(data)) as Frame;
    const told = waiting.filter(({ fits }) => fits(frame));
    if (told.length > 0) waiting = waiting.filter((one) => !told.includes(one));
    for (const { tell } of told) tell(frame);
  });
  await once(socket, 'open');
  return {
    next: (fits: (frame: Frame) => boolean) => new Promise<Frame>((tell) => waiting.push({ fits, tell })),
    send: (frame: Record<string, unknown>) => socket.send(JSON.stringify(frame)),
  };
}

type Socket = Awaited<ReturnType<typeof openSocket>>;

async function timed({ next, send }: Socket, frame: Record<string, unknown>, first: string, last: string): Promise<Times> {
  const began = performance.now();
  const since = () => performance.now() - began;
  const times = [next(({ type }) => type === first).then(since), next(({ type }) => type === last).then(since)] as const;
  send(frame);
  const [firstMs, wholeMs] = await Promise.all(times);
  return { first: firstMs, whole: wholeMs };
}

/** As the window speaks; every question opens a conversation. */
export async function askOverSession(url: string): Promise<Ask> {
  const socket = await openSocket(`${url.replace('http', 'ws')}/ws/session`, ['companion.v1']);
  let asked = 0;
  const command = (frame: Record<string, unknown>) => {
    asked += 1;
    const requestId = `r${asked}`;
    const answer = socket.next((event) => event['requestId'] === requestId);
    socket.send({ ...frame, requestId });
    return answer;
  };
  return async (text) => {
    const { conversation } = await command({ type: 'create-conversation', characterId: 'default' });
    const conversationId = (conversation as { id: string }).id;
    await command({ type: 'attach-conversation', conversationId });
    asked += 1;
    const turn = { type: 'start-turn', turnId: `turn-${asked}`, conversationId, text, requestId: `r${asked}` };
    return timed(socket, turn, 'text-delta', 'turn-ended');
  };
}

/** As the seed's clients speak: one conversation that grows. */
export async function askOverChat(url: string): Promise<Ask> {
  const socket = await openSocket(`${url.replace('http', 'ws')}/ws/chat`, []);
  return (message) => timed(socket, { message }, 'token', 'complete');
}
