/** @file What the whole path adds to a model server's own time: pairs of the same request, straight and through everything. */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { request } from 'node:http';
import { resolve } from 'node:path';
import { createInterface } from 'node:readline';
import WebSocket from 'ws';
import type { ClientEvent } from '../../src/shared/events.ts';
import { startService, temporaryFolder } from '../kit/service.ts';
import { atMost, median, milliseconds, percentile, type Row, shown } from './figures.ts';

type Times = { first: number; whole: number };

/** The request as the engine sent it, straight to the server: time to the first line with text, and to the last line. */
function straight(url: string, body: string): Promise<Times> {
  const began = performance.now();
  return new Promise((resolve, reject) => {
    let first = 0;
    const sent = request(`${url}/api/chat`, { method: 'POST', headers: { 'content-type': 'application/json' } }, (response) => {
      response.on('data', () => {
        first ||= performance.now() - began;
      });
      response.on('end', () => resolve({ first, whole: performance.now() - began }));
    });
    sent.on('error', reject).end(body);
  });
}

type ModelServer = { url: string; lastChat(): Promise<unknown>; stop(): Promise<void> };

/** In a process of its own, as a model server is: in the bench's own one the straight way would be spared a change of processes. */
async function startServer(pace: { firstTokenMs: number; tokenMs: number; words: number }): Promise<ModelServer> {
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

/** The least that a client does: it reads JSON, as the straight way does not even do. */
async function openClient(url: string) {
  const socket = new WebSocket(`${url.replace('http', 'ws')}/ws/session`, ['companion.v1']);
  let waiting: { fits: (event: ClientEvent) => boolean; tell: (event: ClientEvent) => void }[] = [];
  let asked = 0;
  socket.on('message', (data) => {
    const event = JSON.parse(String(data)) as ClientEvent;
    const told = waiting.filter(({ fits }) => fits(event));
    if (told.length > 0) waiting = waiting.filter((one) => !told.includes(one));
    for (const { tell } of told) tell(event);
  });
  await once(socket, 'open');
  const next = (fits: (event: ClientEvent) => boolean) => new Promise<ClientEvent>((tell) => waiting.push({ fits, tell }));
  const send = (command: Record<string, unknown>) => {
    asked += 1;
    socket.send(JSON.stringify({ ...command, requestId: `r${asked}` }));
  };
  const ask = (command: Record<string, unknown>) => {
    send(command);
    return next((event) => 'requestId' in event && event.requestId === `r${asked}`);
  };
  return {
    next,
    send,
    async converse(): Promise<string> {
      const made = await ask({ type: 'create-conversation', characterId: 'default' });
      if (made.type !== 'conversation-changed') throw new Error(`no conversation: ${JSON.stringify(made)}`);
      await ask({ type: 'attach-conversation', conversationId: made.conversation.id });
      return made.conversation.id;
    },
  };
}

/** Alternates the two ways, so that whatever else the machine does falls on both. */
async function pairs(ollama: ModelServer, entry: string, count: number): Promise<{ path: Times[]; direct: Times[] }> {
  const folder = temporaryFolder('bench-path');
  const service = await startService({ dataFolder: folder.path, environment: { OLLAMA_BASE_URL: ollama.url }, entry });
  const client = await openClient(service.url);
  const through = async (turn: number): Promise<Times> => {
    const conversationId = await client.converse();
    const turnId = `turn-${turn}`;
    const began = performance.now();
    const first = client.next((event) => event.type === 'text-delta').then(() => performance.now() - began);
    const whole = client.next((event) => event.type === 'turn-ended').then(() => performance.now() - began);
    client.send({ type: 'start-turn', turnId, conversationId, text: 'Tell me something about rain' });
    return { first: await first, whole: await whole };
  };
  const path: Times[] = [];
  const direct: Times[] = [];
  for (let turn = -3; turn < count; turn++) {
    const one = await through(turn + 3);
    const other = await straight(ollama.url, JSON.stringify(await ollama.lastChat()));
    if (turn < 0) continue;
    path.push(one);
    direct.push(other);
  }
  await service.kill('SIGTERM');
  folder.remove();
  return { path, direct };
}

const ratio = (path: number[], direct: number[]) => median(path) / median(direct);

/** First token at 50 ms, and 300 tokens at 2 ms each, both ways. */
export async function benchPath(entry: string): Promise<Row[]> {
  const ollama = await startServer({ firstTokenMs: 50, tokenMs: 0, words: 20 });
  const firsts = await pairs(ollama, entry, 60);
  await ollama.stop();
  const long = await startServer({ firstTokenMs: 0, tokenMs: 2, words: 300 });
  const wholes = await pairs(long, entry, 15);
  await long.stop();
  const first = { path: firsts.path.map((times) => times.first), direct: firsts.direct.map((times) => times.first) };
  const whole = { path: wholes.path.map((times) => times.whole), direct: wholes.direct.map((times) => times.whole) };
  return [
    atMost(
      'First token through the whole path ÷ straight, scripted server with 50 ms (median of 60 pairs)',
      ratio(first.path, first.direct),
      1.05,
    ),
    shown(
      '… in ms, path and straight (medians; p95)',
      `${milliseconds(median(first.path))} and ${milliseconds(median(first.direct))} (${milliseconds(percentile(first.path, 0.95))}, ${milliseconds(percentile(first.direct, 0.95))})`,
    ),
    atMost('Whole reply of 300 tokens at 2 ms ÷ straight (median of 15 pairs)', ratio(whole.path, whole.direct), 1.03),
    shown('… in ms, path and straight (medians)', `${milliseconds(median(whole.path))} and ${milliseconds(median(whole.direct))}`),
  ];
}
