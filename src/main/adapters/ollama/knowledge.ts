/** @file What is known of each model, asked once for each version of it. */
import { Fault } from '../../../shared/faults.ts';
import type { ModelDescription } from '../../engine/models/shelf.ts';
import { missingFault } from './faults.ts';
import { familyOf, findInstalled, type InstalledModel, labelOf } from './names.ts';
import type { Asked, Server } from './server.ts';
import { contextBytesPerToken, endsInThought, tokenizerOf, trainedContext } from './shapes.ts';

export type Knowledge = {
  describe(model: InstalledModel, asked: Asked): Promise<ModelDescription>;
  /** The installed model of this name; throws Fault('model-missing'). */
  find(name: string, installed: InstalledModel[]): InstalledModel;
};

/** What stands in the place of an answer to /api/show: servers that speak for Ollama and have chat alone know nothing of it. */
const nothingTold = { details: { family: '', parameter_size: '', quantization_level: '' } };

/** A server that refuses to tell of a model may talk with it all the same; one that has not got it, or not whole, says so here. */
async function toldBy(server: Server, name: string, asked: Asked): Promise<{ show: Awaited<ReturnType<Server['show']>>; known: boolean }> {
  try {
    return { show: await server.show(name, asked), known: true };
  } catch (error) {
    if (error instanceof Fault && error.code === 'model-failed') return { show: nothingTold, known: false };
    throw error;
  }
}

export function createKnowledge(server: Server): Knowledge {
  const told = new Map<string, ModelDescription>();
  return {
    async describe(model, asked) {
      const key = `${model.name} ${model.digest}`;
      const before = told.get(key);
      if (before) return before;
      const { show, known } = await toldBy(server, model.name, asked);
      const perToken = contextBytesPerToken(show.model_info ?? {});
      const tokenizer = tokenizerOf(show.model_info ?? {});
      const description: ModelDescription = {
        name: model.name,
        label: labelOf(model),
        contextTokens: trainedContext(show.model_info ?? {}),
        thinking: show.capabilities?.includes('thinking') ?? false,
        opensThought: endsInThought(show.template ?? ''),
        family: familyOf(model),
        sizeBytes: model.sizeBytes,
        parameterSize: model.parameterSize,
        quantisation: model.quantisation,
        capabilities: show.capabilities ?? (model.converses ? ['completion'] : ['embedding']),
        ...(tokenizer === undefined ? {} : { tokenizer }),
        ...(perToken === undefined ? {} : { contextBytesPerToken: perToken }),
      };
      if (known) told.set(key, description);
      return description;
    },
    find(name, installed) {
      const model = findInstalled(name, installed);
      if (!model) throw missingFault(name);
      return model;
    },
  };
}
