/** @file Names, labels and refusals, as plain functions. */
import { describe, expect, it } from 'vitest';
import { hubName } from '../../../shared/model-names.ts';
import { readRefusal } from './faults.ts';
import { createLineCutter } from './lines.ts';
import { familyOf, findInstalled, type InstalledModel, isStarter, labelOf, largestInstalled } from './names.ts';
import { readAddress } from './server.ts';

const installed = (name: string, part: Partial<InstalledModel> = {}): InstalledModel => ({
  name,
  digest: name,
  sizeBytes: 1,
  family: 'llama',
  parameterSize: '8.03B',
  quantisation: 'Q4_K_M',
  converses: true,
  ...part,
});
const r1 = 'hf.co/mradermacher/DeepSeek-R1-Distill-Llama-8B-Abliterated-GGUF:Q4_K_M';

describe('names', () => {
  it.each([
    ['smollm2:135m', 'smollm2:135m'],
    ['SmolLM2:135M', 'smollm2:135m'],
    ['llama3.2', 'llama3.2:latest'],
    ['library/llama3.2', 'llama3.2:latest'],
    ['registry.ollama.ai/library/llama3.2:latest', 'llama3.2:latest'],
    ['mradermacher/DeepSeek-R1-Distill-Llama-8B-abliterated-GGUF:q4_k_m', r1],
    [r1, r1],
    ['llama3', undefined],
    ['mradermacher/DeepSeek-R1-Distill-Llama-8B-Abliterated-GGUF', undefined],
  ])('[O15] %s means %s', (name, expected) => {
    const models = [installed('smollm2:135m'), installed('llama3.2:latest'), installed(r1)];
    expect(findInstalled(name, models)?.name).toBe(expected);
  });

  it('[O15] the name itself comes before its form on the hub', () => {
    const models = [installed('hf.co/a/b:latest'), installed('a/b:latest')];
    expect(findInstalled('a/b', models)?.name).toBe('a/b:latest');
  });

  it('[O15] only a name of two parts has a form on the hub', () => {
    expect(hubName('a/b:q')).toBe('hf.co/a/b:q');
    expect(hubName('hf.co/a/b')).toBeUndefined();
    expect(hubName('mistral')).toBeUndefined();
  });

  it.each([
    [installed('smollm2:135m', { parameterSize: '134.52M', quantisation: 'Q4_1' }), 'SmolLM2 135M Q4_1'],
    [installed(r1), 'DeepSeek-R1-Distill-Llama-8B-Abliterated Q4_K_M'],
    [installed('mistral:latest', { parameterSize: '7.2B', quantisation: 'Q4_0' }), 'mistral 7.2B Q4_0'],
    [installed('odd:latest', { parameterSize: '', quantisation: 'unknown' }), 'odd'],
  ])('[O15] $name is shown in few words', (model, label) => {
    expect(labelOf(model)).toBe(label);
  });

  it('[O15] the starter, the largest and the family are known by what they are', () => {
    expect(isStarter(installed('smollm2:135m', { parameterSize: '134.52M' }))).toBe(true);
    expect(isStarter(installed('smollm2:1.7b', { parameterSize: '1.7B' }))).toBe(false);
    expect(familyOf(installed(r1))).toBe('deepseek-r1');
    expect(familyOf(installed('mr1-llama'))).toBe('llama');
    const models = [
      installed('a', { sizeBytes: 5 }),
      installed('b', { sizeBytes: 9 }),
      installed('c', { sizeBytes: 99, converses: false }),
    ];
    expect(largestInstalled(models)?.name).toBe('b');
  });
});

describe('refusals', () => {
  it('[O3] an error that is itself JSON is opened, and its count of tokens is read', () => {
    const inner = {
      error: { code: 400, message: 'request (6030 tokens) exceeds the available context size (4096 tokens)', n_prompt_tokens: 6031 },
    };
    const body = JSON.stringify({ error: JSON.stringify(inner) });
    expect(readRefusal(body)).toEqual({ words: inner.error.message, promptTokens: 6031, overflow: true });
    const without = JSON.stringify({ error: JSON.stringify({ error: { message: inner.error.message } }) });
    expect(readRefusal(without).promptTokens).toBe(6030);
  });

  it.each(['', '{', '{"error":7}', '{"error":"{"}', '[]', 'null', '{"error":null}', '{"error":{"message":"m"}}'])(
    '[O3] %s does no harm',
    (body) => {
      const refusal = readRefusal(body);
      expect(refusal.overflow).toBe(false);
      expect(refusal.promptTokens).toBeUndefined();
      if (body.includes('"m"')) expect(refusal.words).toBe('m');
    },
  );
});

describe('lines', () => {
  it('[O1] are whole whatever the pieces were, and what has not ended is counted', () => {
    const cutter = createLineCutter();
    const bytes = Buffer.from('one\n\ntwö\nthr');
    const lines = [...bytes].flatMap((byte) => cutter.push(Uint8Array.of(byte)).map(String));
    expect(lines).toEqual(['one', 'twö']);
    expect(cutter.pending()).toBe(3);
    expect(String(cutter.rest())).toBe('thr');
    expect(cutter.pending()).toBe(0);
  });
});

describe('addresses', () => {
  it('[O12] keep their path and lose their password', () => {
    const read = readAddress('https://user:p%40ss@example.org/ollama/');
    expect(read.address).toBe('https://example.org/ollama');
    expect(read.headers).toEqual({ Authorization: `Basic ${Buffer.from('user:p@ss').toString('base64')}` });
    expect(readAddress('http://127.0.0.1:11434').headers).toEqual({});
  });
});
