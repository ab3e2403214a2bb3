/** @file The contract of the model port over the embedded engine, with the real starter model. */
import { makeEmbedded, whyNoEmbedded } from '../kit/embedded.ts';
import { registerModelSuite } from './model.suite.ts';

registerModelSuite(
  'embedded engine with the starter model',
  async () => {
    const model = makeEmbedded();
    await model.prepare();
    return { model, modelName: model.defaultModel(), cleanup: () => model.close() };
  },
  { skip: await whyNoEmbedded(), timeoutMs: 120_000 },
);
