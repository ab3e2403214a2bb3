/** @file A model file of the person's: chosen in the system's dialog where there is one, and by its path from their own window alone. */
import { describe, expect, it } from 'vitest';
import { createFakeEngine } from '../../../test/kit/fake-engine.ts';
import type { Engine } from '../engine/contract.ts';
import { modelHandlers } from './model-commands.ts';
import type { Wire } from './wire.ts';

function open(options: { isOwner?: boolean; chooseModelFile?: Wire['chooseModelFile'] }) {
  const imported: string[] = [];
  const sent: unknown[] = [];
  const engine: Engine = createFakeEngine();
  const models: Engine['models'] = {
    ...engine.models,
    importFile: async (path) => void imported.push(path),
  };
  const { isOwner = true, chooseModelFile } = options;
  const handlers = modelHandlers({ engine: { ...engine, models }, send: (event) => sent.push(event), isOwner, chooseModelFile });
  return { handlers, imported, sent };
}

describe('a model file of the person’s', () => {
  it('[MD9] is asked for in the system’s dialog and added; one that is closed adds nothing', async () => {
    let answer: string | undefined = '/models/a.gguf';
    const { handlers, imported, sent } = open({ chooseModelFile: async () => answer });
    await handlers['choose-gguf']({ type: 'choose-gguf', requestId: 'r1' });
    answer = undefined;
    await handlers['choose-gguf']({ type: 'choose-gguf', requestId: 'r2' });
    expect(imported).toEqual(['/models/a.gguf']);
    expect(sent).toEqual([
      { type: 'gguf-chosen', requestId: 'r1', chosen: true },
      { type: 'gguf-chosen', requestId: 'r2', chosen: false },
    ]);
  });

  it('[MD9] a door without a dialog says so, and who is not the owner gives no path', async () => {
    const { handlers, imported } = open({ isOwner: false });
    await expect(handlers['choose-gguf']({ type: 'choose-gguf', requestId: 'r1' })).rejects.toMatchObject({ code: 'bad-request' });
    const byPath = handlers['import-gguf']({ type: 'import-gguf', requestId: 'r2', path: '/models/a.gguf' });
    await expect(byPath).rejects.toMatchObject({ code: 'forbidden' });
    expect(imported).toEqual([]);
  });
});
