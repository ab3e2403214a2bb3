/** @file The scripted Ollama as a program: prints, fails and stops as `ollama serve` does, and speaks its shapes. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterEach, describe, expect, it } from 'vitest';
import { starterModel } from '../kit/ollama/models.ts';
import { createPair, type Pair } from '../kit/ollama/pair.ts';
import { cannedReply } from '../kit/ollama/replies.ts';
import { loadTrace } from '../kit/ollama/traces.ts';

const program = join(import.meta.dirname, '../kit/programs/scripted-ollama.ts');
const children: ChildProcess[] = [];
const pairs: Pair[] = [];

function start(host: string): { child: ChildProcess; lines: AsyncIterator<string> } {
  const child = spawn(process.execPath, [program], { env: { ...process.env, OLLAMA_HOST: host }, stdio: ['ignore', 'ignore', 'pipe'] });
  children.push(child);
  if (!child.stderr) throw new Error('The program has no stderr.');
  return { child, lines: createInterface({ input: child.stderr })[Symbol.asyncIterator]() };
}

afterEach(async () => {
  for (const child of children.splice(0)) if (child.exitCode === null && child.signalCode === null) child.kill('SIGKILL');
  for (const pair of pairs.splice(0)) await pair.close();
});

describe('the program', () => {
  it('[O17] says where it listens, refuses a port that is taken, and ends when it is told to', async () => {
    const first = start('127.0.0.1:0');
    const line = String((await first.lines.next()).value);
    const port = /msg="Listening on 127\.0\.0\.1:(\d+) \(version [\d.]+-scripted\)"/.exec(line)?.[1];
    expect(port).toBeDefined();
    expect(await (await fetch(`http://127.0.0.1:${port}/`)).text()).toBe('Ollama is running');
    const second = start(`127.0.0.1:${port}`);
    expect((await second.lines.next()).value).toBe(`Error: listen tcp 127.0.0.1:${port}: bind: address already in use`);
    expect((await once(second.child, 'exit'))[0]).toBe(1);
    const ended = once(first.child, 'exit');
    first.child.kill('SIGTERM');
    expect(await ended).toEqual([0, null]);
  });
});

describe('its answers', () => {
  const server = async (generation: '0.24' | '0.33') => {
    const pair = await createPair({ generation });
    pairs.push(pair);
    return pair.scripted;
  };
  const keys = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(keys);
    if (typeof value !== 'object' || value === null) return typeof value;
    return Object.fromEntries(
      Object.entries(value)
        .map(([key, inner]): [string, unknown] => [key, keys(inner)])
        .sort(([one], [other]) => one.localeCompare(other)),
    );
  };
  const recorded = (generation: '0.24' | '0.33', name: string, line = -1): unknown => {
    const { line: whole, text } = loadTrace(generation, name).response.lines.at(line) ?? {};
    return JSON.parse(whole ?? text ?? '');
  };

  it.each(['0.24', '0.33'] as const)('[O17] have the very fields of a real %s', async (generation) => {
    const { url } = await server(generation);
    const post = (body: unknown) => fetch(`${url}/api/chat`, { method: 'POST', body: JSON.stringify(body) });
    const get = async (path: string) => (await fetch(url + path)).json();
    const model = starterModel.name;
    const stream = await (await post({ model, messages: [{ role: 'user', content: 'hello' }], options: { num_ctx: 4096 } })).text();
    const lines = stream
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as unknown);
    expect(keys(lines[0])).toEqual(keys(recorded(generation, 'chat-short', 0)));
    const last = keys(lines.at(-1)) as Record<string, unknown>;
    expect({ ...last, prompt_eval_duration: 'number' }).toEqual(keys(recorded(generation, 'chat-short')));
    expect(keys(await get('/api/tags'))).toEqual(keys(recorded(generation, 'tags')));
    expect(keys(await get('/api/ps'))).toEqual(keys(recorded(generation, 'ps-loaded')));
    expect(keys(await get('/api/version'))).toEqual(keys(recorded(generation, 'version')));
    expect(keys(await (await post({ model, messages: [] })).json())).toEqual(keys(recorded(generation, 'chat-empty-messages')));
    const missing = await post({ model: 'nosuch:latest', messages: [] });
    expect([missing.status, await missing.json()]).toEqual([404, recorded(generation, 'chat-unknown-model')]);
  });

  it('[O17] are the same for the same message, and of several kinds', () => {
    const questions = [
      'hello',
      'a list, please',
      'write some code',
      'compare tea and coffee',
      'what do you think?',
      'I am sad',
      'tell a story',
      'hm',
      'and then',
      'ok',
    ];
    const replies = questions.map((question) => cannedReply(question));
    expect(questions.map((question) => cannedReply(question))).toEqual(replies);
    expect(new Set(replies.map((reply) => reply.text)).size).toBeGreaterThan(7);
    const all = replies.map((reply) => reply.text).join('\n');
    for (const mark of ['```', '1. ', '| ', '**']) expect(all).toContain(mark);
    expect(replies.some((reply) => reply.thinking)).toBe(true);
  });
});
