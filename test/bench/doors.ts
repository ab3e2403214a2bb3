/** @file The doors under load: scores a second, and fifty sockets that speak at once. */
import { once } from 'node:events';
import { connect } from 'node:net';
import { Readable } from 'node:stream';
import WebSocket from 'ws';
import { sentimentAnswer } from '../../src/main/api/sentiment-route.ts';
import { scoreText } from '../../src/main/engine/mood/vader.ts';
import { createScriptedOllama } from '../kit/ollama/scripted-ollama.ts';
import { type Service, startService, temporaryFolder } from '../kit/service.ts';
import { atLeast, atMost, milliseconds, percentile, type Row, shown } from './figures.ts';
import { createStampedOllama } from './stamped-ollama.ts';

const SENTENCES = [
  "I'm really excited about this project!",
  'The weather is fine, the tea is not, and the book that you gave me is still on the shelf.',
  'He was not happy with the result, but he said nothing at all.',
  'THE BEST DAY EVER!!! :-)',
];
const SCORE_MS = 3_000;
const CONNECTIONS = 32;
const SOCKETS_AT_ONCE = 50;
const SLOTS = 20;
const TOKENS = 150;
const TOKEN_MS = 20;

const whole = (value: number) => Math.round(value).toLocaleString('en');

/** The route itself, body and answer included, without a network between. */
async function scoresInProcess(): Promise<number> {
  const bodies = SENTENCES.map((text) => Buffer.from(JSON.stringify({ text })));
  const ports = { engine: { score: scoreText } } as Parameters<typeof sentimentAnswer>[0];
  const visit = (number: number) => {
    const body = bodies[number % bodies.length] ?? Buffer.alloc(0);
    const headers = { 'content-type': 'application/json', 'content-length': String(body.length) };
    const request = Object.assign(Readable.from([body], { objectMode: false }), { headers });
    return { request, path: '/api/sentiment', full: true, asked: () => {} } as unknown as Parameters<typeof sentimentAnswer>[1];
  };
  const run = async (ms: number): Promise<number> => {
    const began = performance.now();
    let count = 0;
    for (; performance.now() - began < ms; count++) {
      const { status } = await sentimentAnswer(ports, visit(count));
      if (status !== 200) throw new Error(`a score was refused with ${status}`);
    }
    return (count / (performance.now() - began)) * 1_000;
  };
  await run(SCORE_MS / 3);
  return run(SCORE_MS);
}

function plainScores(): number {
  const began = performance.now();
  let count = 0;
  for (; performance.now() - began < SCORE_MS; count++) scoreText(SENTENCES[count % SENTENCES.length] ?? '');
  return (count / (performance.now() - began)) * 1_000;
}

/** One connection that asks again as soon as it is answered; counts the answers. */
async function askOverAndOver(url: string, until: () => boolean, counted: () => void): Promise<void> {
  const { port, hostname, host } = new URL(url);
  const socket = connect({ port: Number(port), host: hostname, noDelay: true });
  await once(socket, 'connect');
  const requests = SENTENCES.map((text) => {
    const body = JSON.stringify({ text });
    return `POST /api/sentiment HTTP/1.1\r\nHost: ${host}\r\nContent-Type: application/json\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`;
  });
  await new Promise<void>((resolve, reject) => {
    let asked = 0;
    let heard = '';
    const next = () => socket.write(requests[asked++ % requests.length] ?? '');
    socket.setEncoding('latin1').on('data', (more: string) => {
      heard += more;
      if (!heard.endsWith('}')) return;
      if (!heard.startsWith('HTTP/1.1 200 ')) return reject(new Error(heard.slice(0, 200)));
      heard = '';
      counted();
      if (until()) resolve(void socket.destroy());
      else next();
    });
    socket.on('error', reject);
    next();
  });
}

async function scoresOverHttp(service: Service): Promise<{ perSecond: number; cpuShare: number }> {
  const run = async (ms: number): Promise<number> => {
    const began = performance.now();
    let count = 0;
    const until = () => performance.now() - began >= ms;
    await Promise.all(Array.from({ length: CONNECTIONS }, () => askOverAndOver(service.url, until, () => count++)));
    return (count / (performance.now() - began)) * 1_000;
  };
  await run(SCORE_MS / 3);
  const before = process.cpuUsage();
  const perSecond = await run(SCORE_MS);
  const used = process.cpuUsage(before);
  return { perSecond, cpuShare: (used.user + used.system) / 1_000 / SCORE_MS };
}

type Heard = { delays: number[]; numbers: number[]; end: string };

/** One socket, one turn: when each token left the model's server, and when it was here. */
async function speak(url: string, number: number): Promise<Heard> {
  const socket = new WebSocket(`${url.replace('http', 'ws')}/ws/chat`);
  await once(socket, 'open');
  const heard: Heard = { delays: [], numbers: [], end: '' };
  let text = '';
  const ended = new Promise<void>((resolve) => {
    socket.on('message', (data) => {
      const now = performance.now();
      const frame = JSON.parse(String(data)) as { type: string; content?: string; status?: string; code?: string };
      text += frame.content ?? '';
      for (let at = text.indexOf(' '); at >= 0; at = text.indexOf(' ')) {
        const [token, sent] = text.slice(0, at).split('@').map(Number);
        text = text.slice(at + 1);
        heard.numbers.push(token ?? -1);
        heard.delays.push(now - (sent ?? 0));
      }
      if (frame.type !== 'complete' && frame.type !== 'error') return;
      heard.end = frame.status ?? frame.code ?? '';
      resolve();
    });
  });
  socket.send(JSON.stringify({ message: 'Count for me.', user_id: `user${number}` }));
  await ended;
  socket.close();
  return heard;
}

async function fiftyAtOnce(entry: string): Promise<Row[]> {
  const ollama = await createStampedOllama({ slots: SLOTS, tokens: TOKENS, tokenMs: TOKEN_MS });
  const folder = temporaryFolder('bench-doors');
  const service = await startService({ dataFolder: folder.path, environment: { OLLAMA_BASE_URL: ollama.url }, entry });
  const all = await Promise.all(Array.from({ length: SOCKETS_AT_ONCE }, (_, number) => speak(service.url, number)));
  await service.kill('SIGTERM');
  await ollama.close();
  folder.remove();
  const isWhole = ({ numbers, end }: Heard) =>
    end === 'complete' && numbers.length === TOKENS && numbers.every((token, place) => token === place);
  const delays = all.flatMap((heard) => heard.delays);
  const name = `${SOCKETS_AT_ONCE} sockets at once on /ws/chat, model of ${ollama.mostAtOnce()} slots, ${TOKENS} tokens at ${TOKEN_MS} ms`;
  return [
    atLeast(`${name}: turns whole and in order`, all.filter(isWhole).length, SOCKETS_AT_ONCE, String),
    atMost('… from the model’s token to the client’s frame, 99th percentile, ms', percentile(delays, 0.99), 100, milliseconds),
    shown(`… median, and longest of ${delays.length}`, `${milliseconds(percentile(delays, 0.5))}, ${milliseconds(Math.max(...delays))}`),
  ];
}

export async function benchDoors(entry: string): Promise<Row[]> {
  const inProcess = await scoresInProcess();
  const plain = plainScores();
  const ollama = await createScriptedOllama();
  const folder = temporaryFolder('bench-scores');
  const service = await startService({ dataFolder: folder.path, environment: { OLLAMA_BASE_URL: ollama.url }, entry });
  const { perSecond, cpuShare } = await scoresOverHttp(service);
  await service.kill('SIGTERM');
  await ollama.close();
  folder.remove();
  return [
    atLeast('POST /api/sentiment in process (body to answer), a second', inProcess, 20_000, whole),
    shown('… scores alone, a second', whole(plain)),
    atLeast(`POST /api/sentiment over HTTP, ${CONNECTIONS} connections, a second`, perSecond, 5_000, whole),
    shown('… share of a core that the asking side took beside it', `${Math.round(cpuShare * 100)} %`),
    ...(await fiftyAtOnce(entry)),
  ];
}
