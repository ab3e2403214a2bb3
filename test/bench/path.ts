/** @file What the whole path adds to a model server's own time: pairs of the same request, straight and through everything. */
import { request } from 'node:http';
import { startService, temporaryFolder } from '../kit/service.ts';
import { atMost, median, milliseconds, percentile, type Row, shown } from './figures.ts';
import { type Ask, askOverChat, askOverSession, type ModelServer, startModelServer, type Times } from './path-ways.ts';

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

type Pairs = { path: Times[]; direct: Times[] };

/** Alternates the two ways, so that whatever else the machine does falls on both. */
async function pairs(ollama: ModelServer, ask: Ask, count: number): Promise<Pairs> {
  const path: Times[] = [];
  const direct: Times[] = [];
  for (let turn = -3; turn < count; turn++) {
    const one = await ask('Tell me something about rain');
    const other = await straight(ollama.url, JSON.stringify(await ollama.lastChat()));
    if (turn < 0) continue;
    path.push(one);
    direct.push(other);
  }
  return { path, direct };
}

type Pace = Parameters<typeof startModelServer>[0];

async function measure(entry: string, open: (url: string) => Promise<Ask>, pace: Pace, count: number): Promise<Pairs> {
  const ollama = await startModelServer(pace);
  const folder = temporaryFolder('bench-path');
  const service = await startService({ dataFolder: folder.path, environment: { OLLAMA_BASE_URL: ollama.url }, entry });
  const measured = await pairs(ollama, await open(service.url), count);
  await service.kill('SIGTERM');
  await ollama.stop();
  folder.remove();
  return measured;
}

function rows(what: string, which: keyof Times, { path, direct }: Pairs, goal: number): Row[] {
  const [through, straightOn] = [path.map((times) => times[which]), direct.map((times) => times[which])];
  const p95 = `${milliseconds(percentile(through, 0.95))}, ${milliseconds(percentile(straightOn, 0.95))}`;
  return [
    atMost(`${what} (median of ${path.length} pairs)`, median(through) / median(straightOn), goal),
    shown('… in ms, path and straight (medians; p95)', `${milliseconds(median(through))} and ${milliseconds(median(straightOn))} (${p95})`),
  ];
}

const FIRST: Pace = { firstTokenMs: 50, tokenMs: 0, words: 20 };
const WHOLE: Pace = { firstTokenMs: 0, tokenMs: 2, words: 300 };
/** Of 60 the median still moved by half a hundredth from run to run. */
const FIRST_PAIRS = 150;
const WHOLE_PAIRS = 15;
/** Shares of the server's own time. */
const FIRST_GOAL = 1.05;
const WHOLE_GOAL = 1.03;

/** First token at 50 ms, and 300 tokens at 2 ms each, as the window and as the seed's clients ask. */
export async function benchPath(entry: string): Promise<Row[]> {
  const door = async (name: string, open: (url: string) => Promise<Ask>): Promise<Row[]> => [
    ...rows(
      `First token through ${name} ÷ straight, scripted server with 50 ms`,
      'first',
      await measure(entry, open, FIRST, FIRST_PAIRS),
      FIRST_GOAL,
    ),
    ...rows(
      `Whole reply of 300 tokens at 2 ms through ${name} ÷ straight`,
      'whole',
      await measure(entry, open, WHOLE, WHOLE_PAIRS),
      WHOLE_GOAL,
    ),
  ];
  return [...(await door('the whole path', askOverSession)), ...(await door('/ws/chat', askOverChat))];
}
