/** @file What the whole path adds to a model server's own time: pairs of the same request, straight and through everything. */
import { request } from 'node:http';
import { connect } from '../kit/client.ts';
import { createScriptedOllama, type ScriptedOllama } from '../kit/ollama/scripted-ollama.ts';
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

/** Alternates the two ways, so that whatever else the machine does falls on both. */
async function pairs(ollama: ScriptedOllama, entry: string, count: number): Promise<{ path: Times[]; direct: Times[] }> {
  const folder = temporaryFolder('bench-path');
  const service = await startService({ dataFolder: folder.path, environment: { OLLAMA_BASE_URL: ollama.url }, entry });
  const client = await connect(service.url);
  const through = async (turn: number): Promise<Times> => {
    const conversationId = await client.converse();
    const turnId = `turn-${turn}`;
    const began = performance.now();
    void client.ask({ type: 'start-turn', turnId, conversationId, text: 'Tell me something about rain' });
    await client.until('text-delta', (event) => event.turnId === turnId);
    const first = performance.now() - began;
    await client.until('turn-ended', (event) => event.turnId === turnId);
    return { first, whole: performance.now() - began };
  };
  const path: Times[] = [];
  const direct: Times[] = [];
  for (let turn = -3; turn < count; turn++) {
    const one = await through(turn + 3);
    const other = await straight(ollama.url, JSON.stringify(ollama.lastChat()));
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
  const ollama = await createScriptedOllama({ reply: () => ({ text: 'word '.repeat(20) }) });
  ollama.setPace({ firstTokenMs: 50, tokenMs: 0 });
  const firsts = await pairs(ollama, entry, 60);
  await ollama.close();
  const long = await createScriptedOllama({ reply: () => ({ text: 'word '.repeat(300) }) });
  long.setPace({ firstTokenMs: 0, tokenMs: 2 });
  const wholes = await pairs(long, entry, 15);
  await long.close();
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
