/** @file Everything that can happen to a reply on its way from the server, through the adapter as it is. */
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { ModelChunk, ModelRequest } from '../../src/main/engine/ports.ts';
import type { Fault } from '../../src/shared/faults.ts';
import { STREAM_LINE_BYTES } from '../../src/shared/limits.ts';
import { ask, collect, endOf, faultOf, signal } from '../contracts/model-questions.ts';
import { createFakeClock } from '../kit/fake-clock.ts';
import type { Behaviour } from '../kit/ollama/behaviour.ts';
import { starterModel } from '../kit/ollama/models.ts';
import { createPair, type Pair } from '../kit/ollama/pair.ts';
import { generations, loadTrace, traceNames, traceText } from '../kit/ollama/traces.ts';

const pair: { current?: Pair } = {};
const now = () => {
  if (!pair.current) throw new Error('There is no server.');
  return pair.current;
};
const open = async (...options: Parameters<typeof createPair>) => {
  pair.current = await createPair(...options);
  return pair.current;
};
const question = (): ModelRequest => ({ ...ask(starterModel.name, 'Tell me a story.'), replyTokens: 400 });

/** What came before the fault, and the fault. */
async function heard(behaviour: Behaviour): Promise<{ chunks: ModelChunk[]; text: string; fault: Fault | undefined }> {
  const { model, scripted } = now();
  scripted.next(behaviour);
  const chunks: ModelChunk[] = [];
  const { fault } = await endOf(
    (async () => {
      for await (const chunk of model.chat(question(), signal())) chunks.push(chunk);
    })(),
  );
  return { chunks, text: chunks.map((chunk) => (chunk.type === 'text' ? chunk.text : '')).join(''), fault };
}

let consoleLines: unknown[][] = [];
beforeEach(() => {
  consoleLines = [];
  for (const method of ['log', 'warn', 'error', 'info'] as const)
    vi.spyOn(console, method).mockImplementation((...words) => void consoleLines.push(words));
});
afterEach(async () => {
  await pair.current?.close();
  delete pair.current;
  vi.restoreAllMocks();
  expect(consoleLines, 'the client package wrote to the console').toEqual([]);
});

const STREAM_BYTES = 4_096;

/** A reply whose stream has 4 KiB, with characters of one to four bytes and joined ones. */
function streamOf4KiB(): { body: string; text: string } {
  const words = ['Grüße', ' 日本語', ' 👩‍👩‍👧', ' "quoted"', ' \\n', ' tide', '\n\n', ' naïve', ' \u2028', ' 🜚'];
  const lines: string[] = [];
  let text = '';
  for (let index = 0; Buffer.byteLength(lines.join('')) < 3_700; index += 1) {
    const content = words[index % words.length] ?? '';
    text += content;
    lines.push(`${JSON.stringify({ model: 'm', created_at: 'now', message: { role: 'assistant', content }, done: false })}\n`);
  }
  const done = { message: { role: 'assistant', content: '' }, done: true, done_reason: 'stop', prompt_eval_count: 9, eval_count: 40 };
  const room = STREAM_BYTES - Buffer.byteLength(`${lines.join('')}${JSON.stringify({ model: '', ...done })}\n`);
  return { body: `${lines.join('')}${JSON.stringify({ model: 'm'.repeat(room), ...done })}\n`, text };
}

describe('where the bytes are cut', () => {
  it('[O1] every byte boundary of a stream gives the same text', { timeout: 300_000 }, async () => {
    const { model, scripted } = await open();
    const { body, text } = streamOf4KiB();
    const bytes = Buffer.byteLength(body);
    expect(bytes).toBe(STREAM_BYTES);
    const seed = 7;
    const step = process.env['TEST_LONG'] ? 1 : 10;
    scripted.always({ kind: 'bytes', body });
    let cuts = 0;
    for (let offset = step === 1 ? 1 : seed; offset < bytes; offset += step) {
      scripted.setCutting({ kind: 'at', offset });
      const reply = await collect(model.chat(question(), signal()));
      expect(reply.text, `cut at byte ${offset}`).toBe(text);
      expect(reply.done?.usage.replyTokens).toBe(40);
      cuts += 1;
    }
    for (const size of [1, 2, 3, 7, 64]) {
      scripted.setCutting({ kind: 'every', bytes: size });
      expect((await collect(model.chat(question(), signal()))).text, `pieces of ${size} bytes`).toBe(text);
    }
    process.stdout.write(`stream boundaries: seed ${seed}, ${cuts} cuts of ${bytes} bytes, 5 piece sizes\n`);
    expect(cuts).toBe(step === 1 ? STREAM_BYTES - 1 : 409);
  });

  it('[O1] a last line without its newline counts', async () => {
    await open();
    const { body, text } = streamOf4KiB();
    expect(await heard({ kind: 'bytes', body: body.trimEnd() })).toMatchObject({ text, fault: undefined });
    expect(await heard({ kind: 'bytes', body: body.replaceAll('\n', '\r\n\n') })).toMatchObject({ text, fault: undefined });
  });
});

describe('what breaks a reply off', () => {
  const broken: { behaviour: Behaviour; code: Fault['code'] }[] = [
    { behaviour: { kind: 'error-line', after: 5, error: 'an unknown error was encountered' }, code: 'model-failed' },
    { behaviour: { kind: 'runner-killed', after: 5 }, code: 'model-crashed' },
    { behaviour: { kind: 'reset', after: 5 }, code: 'model-crashed' },
    { behaviour: { kind: 'no-done', after: 5 }, code: 'model-crashed' },
    { behaviour: { kind: 'bad-line', after: 5, line: '{"message":{"content":"secret words' }, code: 'model-failed' },
    { behaviour: { kind: 'bad-line', after: 5, line: '["secret words"]' }, code: 'model-failed' },
    { behaviour: { kind: 'bad-line', after: 5, line: '{"message":{"content":{"secret":"words"}}}' }, code: 'model-failed' },
    { behaviour: { kind: 'long-line', after: 5, bytes: STREAM_LINE_BYTES + 1 }, code: 'model-failed' },
  ];
  it.each(broken)('[O2] after five tokens, $behaviour.kind: what came stays, then $code', async ({ behaviour, code }) => {
    const { model, scripted } = await open();
    const { text, chunks, fault } = await heard(behaviour);
    expect(chunks.filter((chunk) => chunk.type === 'text')).toHaveLength(5);
    expect(text.length).toBeGreaterThan(5);
    expect(fault?.code).toBe(code);
    expect(JSON.stringify(fault?.toWire())).not.toContain('secret');
    expect(scripted.chats()).toHaveLength(1);
    expect((await collect(model.chat(question(), signal()))).done?.finish).toBe('stop');
  });

  it('[O2] a line without end is given up at its limit, not at its end', async () => {
    const { scripted } = await open();
    const megabytes = 64;
    const { fault } = await heard({ kind: 'bytes', body: 'x'.repeat(megabytes * 1024 * 1024) });
    expect(fault?.code).toBe('model-failed');
    const record = scripted.chats().at(-1);
    await scripted.waitFor((one) => one === record && one.closedByClientAt !== undefined);
  });
});

describe('what refuses a reply', () => {
  const nested = 'the secret prompt is bad';
  const refused: { behaviour: Behaviour; code: Fault['code']; tokens?: number }[] = [
    { behaviour: { kind: 'empty-500' }, code: 'model-failed' },
    { behaviour: { kind: 'busy' }, code: 'model-overloaded' },
    { behaviour: { kind: 'not-gguf' }, code: 'model-loading-failed' },
    { behaviour: { kind: 'overflow', promptTokens: 6_030, contextTokens: 4_096 }, code: 'context-overflow', tokens: 6_030 },
    { behaviour: { kind: 'nested-error', status: 400, message: nested, type: 'invalid_request_error' }, code: 'model-failed' },
    { behaviour: { kind: 'status', status: 403, body: '' }, code: 'model-failed' },
    { behaviour: { kind: 'status', status: 502, body: '<html>Bad gateway</html>', type: 'text/html' }, code: 'model-failed' },
    { behaviour: { kind: 'status', status: 500, body: 'x'.repeat(1_000_000), type: 'text/plain' }, code: 'model-failed' },
    { behaviour: { kind: 'status', status: 200, body: '<html>Log in</html>', type: 'text/html' }, code: 'model-failed' },
    { behaviour: { kind: 'status', status: 301, body: '', type: 'text/html' }, code: 'model-failed' },
  ];
  /** Said by a real server of the newer generation, of a file of an unknown kind, of one without its figures, and of one that is cut. */
  const unloadable = [
    { cause: "error loading model: unknown model architecture: 'new9'", says: 'does not know the kind of model', ended: true },
    { cause: 'error loading model hyperparameters: key not found in model: llama.context_length', says: 'damaged', ended: true },
    { cause: 'failed to read tensor name: EOF', says: 'damaged', ended: false },
    { cause: 'model requires more system memory (5.9 GiB) than is available (3.1 GiB)', says: 'more memory than is free', ended: false },
  ];
  it.each(unloadable)('[O3] "$cause" is told in plain words, its own behind them and once', async ({ cause, says, ended }) => {
    await open();
    const error = ended ? `llama-server process has terminated: exit status 1: ${cause}\n${cause}` : cause;
    const { fault } = await heard({ kind: 'status', status: 500, body: JSON.stringify({ error }) });
    expect(fault?.code).toBe('model-loading-failed');
    expect(fault?.message).toContain(says);
    expect(fault?.message).not.toContain(cause);
    expect(fault?.detail?.split(cause)).toHaveLength(2);
  });
  it.each(refused)('[O3] $behaviour.kind ($behaviour.status) is $code, in one sentence', async ({ behaviour, code, tokens }) => {
    const { scripted } = await open();
    const { chunks, fault } = await heard(behaviour);
    expect(chunks).toEqual([]);
    expect(fault?.code).toBe(code);
    expect(fault?.promptTokens).toBe(tokens);
    expect(fault?.message).toMatch(/^[A-Z].{20,290}\.$/);
    expect(fault?.message).not.toMatch(/secret|html|\n/);
    expect(scripted.chats()).toHaveLength(1);
  });

  it('[O3] the older generation says that a prompt is too long without saying how long it is', async () => {
    await open({ generation: '0.24' });
    const { fault } = await heard({ kind: 'overflow', promptTokens: 6_030, contextTokens: 4_096 });
    expect(fault).toMatchObject({ code: 'context-overflow', promptTokens: undefined });
    expect((await heard({ kind: 'not-gguf' })).fault?.code).toBe('model-failed');
  });

  it('[O3] nobody there is model-offline, and the sentence says what to check', async () => {
    const { model, scripted } = await open();
    await scripted.kill();
    const fault = await faultOf(collect(model.chat(question(), signal())));
    expect(fault.code).toBe('model-offline');
    expect(fault.message).toContain('OLLAMA_BASE_URL');
  });
});

describe('what says nothing', () => {
  const silent: Behaviour[] = [{ kind: 'hang', after: 0 }, { kind: 'hang-after-headers' }, { kind: 'hang', after: 5 }];
  it.each(silent)('[O4] $kind after $after: model-timeout after OLLAMA_TIMEOUT, and the server is left', async (behaviour) => {
    const clock = createFakeClock();
    const { scripted, model } = await open({}, { clock, silenceMs: 60_000 });
    scripted.next(behaviour);
    const chunks: ModelChunk[] = [];
    const state = { over: false };
    const running = endOf(
      (async () => {
        for await (const chunk of model.chat(question(), signal())) chunks.push(chunk);
      })(),
    ).finally(() => {
      state.over = true;
    });
    const expected = behaviour.kind === 'hang' ? behaviour.after : 0;
    await expect.poll(() => chunks.filter((chunk) => chunk.type === 'text').length, { interval: 1 }).toBe(expected);
    const record = await scripted.waitFor((one) => one.path === '/api/chat');
    clock.advance(59_999);
    await new Promise((resolve) => setImmediate(resolve));
    expect(state.over).toBe(false);
    // Headers that come only now begin the silence anew, so time moves on until it is over.
    await expect.poll(() => clock.advance(60_000) ?? state.over, { interval: 1 }).toBe(true);
    expect((await running).fault?.code).toBe('model-timeout');
    await scripted.waitFor((one) => one === record && one.closedByClientAt !== undefined);
    expect(scripted.chats()).toHaveLength(1);
  });

  it('[O4] a listener that takes its time is not a silent server', async () => {
    const clock = createFakeClock();
    const { model } = await open({}, { clock, silenceMs: 60_000 });
    let chunks = 0;
    for await (const chunk of model.chat(question(), signal())) {
      if (chunk.type === 'text') clock.advance(61_000);
      chunks += 1;
    }
    expect(chunks).toBeGreaterThan(5);
  });
});

describe('what real servers said', () => {
  const faults: Record<string, Fault['code']> = {
    'chat-bad-json': 'model-failed',
    'chat-context-overflow': 'context-overflow',
    'chat-foreign-origin': 'model-failed',
    'chat-no-model': 'model-failed',
    'chat-think-unsupported': 'model-failed',
    'chat-unknown-model': 'model-missing',
    'runner-killed-mid-reply': 'model-crashed',
  };
  const cases = generations.flatMap((generation) =>
    traceNames(generation)
      .map((name) => ({ generation, name, trace: loadTrace(generation, name) }))
      .filter(({ trace }) => trace.request.path === '/api/chat' && (trace.request.body as { stream?: boolean }).stream !== false),
  );
  it.each(cases)('[O5] $generation/$name, replayed', async ({ generation, name, trace }) => {
    await open({ generation });
    const { text, chunks, fault } = await heard({ kind: 'trace', trace, speed: 0 });
    if (name === 'chat-invalid-gguf') expect(fault?.code).toBe(generation === '0.24' ? 'model-failed' : 'model-loading-failed');
    else expect(fault?.code).toBe(faults[name]);
    if (trace.response.status === 200) expect(text).toBe(traceText(trace));
    if (fault) return;
    const thoughts = chunks.map((chunk) => (chunk.type === 'thinking' ? chunk.text : '')).join('');
    expect(thoughts).toBe(traceText(trace, 'thinking'));
    expect(chunks.at(-1)?.type).toBe('done');
  });

  it('[O5] enough of them were there to say so', () => {
    expect(cases.length).toBeGreaterThan(25);
  });
});
