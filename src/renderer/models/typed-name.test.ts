/** @file What people type and paste where the name of a model is wanted. */
import { describe, expect, it } from 'vitest';
import { modelNameSchema } from '../../shared/models.ts';
import { typedName } from './typed-name.ts';

describe('the name of a model', () => {
  it.each([
    ['qwen3:8b', 'qwen3:8b'],
    ['  llama3.2 ', 'llama3.2'],
    ['ollama run qwen3:8b', 'qwen3:8b'],
    ['ollama pull "hf.co/owner/Model-GGUF:Q4_K_M"', 'hf.co/owner/Model-GGUF:Q4_K_M'],
    ['https://ollama.com/library/qwen3:8b', 'qwen3:8b'],
    ['ollama.com/library/qwen3/tags', 'qwen3'],
    ['https://ollama.com/owner/model?ref=x', 'owner/model'],
    ['https://huggingface.co/owner/Model-GGUF', 'hf.co/owner/Model-GGUF'],
    ['https://huggingface.co/owner/Model-GGUF/blob/main/Model.Q4_K_M.gguf', 'hf.co/owner/Model-GGUF:Q4_K_M'],
    ['https://huggingface.co/owner/Model-GGUF/resolve/main/Model-UD-IQ2_XXS.gguf?download=true', 'hf.co/owner/Model-GGUF:UD-IQ2_XXS'],
    ['hf.co/owner/model', 'hf.co/owner/model'],
    ['localhost:5000/test/model:tag', 'localhost:5000/test/model:tag'],
    ['registry.example/owner/model', 'registry.example/owner/model'],
  ])('[MD23] %s is %s', (typed, expected) => {
    expect(typedName(typed)).toBe(expected);
    expect(modelNameSchema.parse(expected)).toBe(expected);
  });

  it.each(['', '  ', 'a model please', 'https://example.org/model', '/etc/passwd', 'a//b', '🙂', `a${'b'.repeat(400)}`, 'https://'])(
    '[MD23] "%s" is none',
    (typed) => expect(typedName(typed)).toBeUndefined(),
  );
});
