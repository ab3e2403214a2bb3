/** @file The model port's contract over an Ollama of our own: a scripted one, and a real one where there is one. */
import { mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { starterModel } from '../kit/ollama/models.ts';
import { putRelease } from '../kit/ollama/release.ts';
import { ownModel } from '../kit/own-model.ts';
import { temporaryFolder } from '../kit/service.ts';
import { type ModelUnderTest, registerModelSuite } from './model.suite.ts';

function over(binary: (folder: string) => string, models?: string): () => Promise<ModelUnderTest> {
  return async () => {
    const folder = temporaryFolder('own-contract');
    mkdirSync(join(folder.path, 'model-server'), { recursive: true });
    if (models !== undefined) symlinkSync(models, join(folder.path, 'model-server', 'models'));
    const model = ownModel(folder.path, binary(folder.path));
    return {
      model,
      modelName: starterModel.name,
      async cleanup() {
        await model.close();
        folder.remove();
      },
    };
  };
}

const windows = process.platform === 'win32' ? 'the scripted release is made of shell scripts' : undefined;
registerModelSuite(
  'an Ollama of our own, scripted',
  over((folder) => putRelease(join(folder, 'release'), '--prompt-token-ms', '2').binary),
  { skip: windows },
);

const binary = process.env['OLLAMA_BIN'];
const models = process.env['OLLAMA_TEST_MODELS'];
registerModelSuite(
  'an Ollama of our own, a real one',
  over(() => binary ?? '', models),
  {
    skip: binary && models ? undefined : 'OLLAMA_BIN and OLLAMA_TEST_MODELS name no binary and no folder with smollm2:135m',
    timeoutMs: 180_000,
  },
);
