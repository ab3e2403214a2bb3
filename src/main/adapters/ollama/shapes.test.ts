/** @file What a model's file tells of it. */
import { expect, it } from 'vitest';
import { tokenizerOf } from './shapes.ts';

it('[T47] a server tells the tokenizer of a model with its file', () => {
  const of = (model: string, pre?: string, vocabulary?: number) =>
    tokenizerOf({
      'tokenizer.ggml.model': model,
      ...(pre === undefined ? {} : { 'tokenizer.ggml.pre': pre }),
      ...(vocabulary === undefined ? {} : { 'llama.vocab_size': vocabulary }),
    });
  expect(of('gpt2', 'llama-bpe')).toBe('llama-bpe');
  expect(of('gemma4')).toBe('gemma4');
  expect(of('llama', 'default', 32_000)).toBe('llama-spm');
  // Gemma 2: the same kind with eight times the words.
  expect(of('llama', 'default', 256_000)).toBeUndefined();
  expect([of('llama'), of('gpt2'), tokenizerOf({})]).toEqual([undefined, undefined, undefined]);
});
