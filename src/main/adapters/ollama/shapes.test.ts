/** @file What a model's file tells of it. */
import { expect, it } from 'vitest';
import { endsInThought, tokenizerOf } from './shapes.ts';

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

it.each([
  ['{{- if and $last (ne .Role "assistant") }}<｜Assistant｜><think>\n{{- end }}\n{{- end }}', true],
  ["{% if add_generation_prompt %}{{'<｜Assistant｜><think>\\n'}}{% endif %}", true],
  ['<|im_start|>assistant\n<thinking>', true],
  ['{{- if and $last (ne .Role "assistant") }}<｜Assistant｜>{{- end }}\n{{- end }}', false],
  ['{{ if not .Think }}<think>\n\n</think>\n{{ end }}', false],
  ["{{ content.split('</think>')[-1] }}<think>{{ content }}", false],
  ['{{ .Prompt }}', false],
  ['', false],
])('[TH6] a template tells whether it opens a thought: %s', (template, opens) => {
  expect(endsInThought(template)).toBe(opens);
});
