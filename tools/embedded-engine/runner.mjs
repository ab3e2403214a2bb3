/** @file The model in memory: one model, one context, one sequence. */
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { createPrompt } from './prompt.mjs';
import { writeReply } from './reply.mjs';

/** Tokens that one call of llama.cpp takes at most; the largest slice of a prompt fits, and more would only cost memory. */
const BATCH_TOKENS = 128;

/** One thread fewer than cores: with as many threads as cores a busy machine was a hundred times slower. */
const threads = Math.max(1, availableParallelism() - 1);

const importFrom = (modules, path) => import(pathToFileURL(join(modules, path)).href);

/** What the file says of itself. */
function describe(model) {
  const general = model.fileInfo.metadata?.general ?? {};
  return {
    name: general.basename ?? general.name ?? '',
    size: general.size_label ?? '',
    family: general.architecture ?? 'unknown',
    quantisation: model.typeDescription.split(' ').at(-1) ?? '',
    contextTokens: model.trainContextSize,
    threads,
  };
}

/** Never shifts: whoever asks for more than fits has made a mistake that must be seen. */
const contextShift = {
  size: 1,
  strategy: () => {
    throw new Error('The context is full.');
  },
};

/**
 * Loads a model file; throws where it cannot be loaded.
 * @param modules folder that holds node-llama-cpp
 */
export async function createRunner({ modules, modelPath, sliceMs }) {
  const library = await importFrom(modules, 'node-llama-cpp/dist/index.js');
  const { Template } = await importFrom(modules, '@huggingface/jinja/dist/index.js');
  const llama = await library.getLlama({
    gpu: false,
    build: 'never',
    skipDownload: true,
    progressLogs: false,
    maxThreads: threads,
    logLevel: 'error',
  });
  const model = await llama.loadModel({ modelPath, defaultContextSwaFullCache: true });
  const prompt = createPrompt(library, Template, model);
  const remember = (text, tokens) => prompt.remember(text, tokens);
  let sequence;

  let held = 0;

  async function dropContext() {
    const dropped = sequence;
    sequence = undefined;
    held = 0;
    await dropped?.context.dispose();
  }

  const lengthOf = (contextTokens) => Math.min(contextTokens, model.trainContextSize);

  /** Makes the context anew where another length is asked for; never longer than the model was trained for. */
  async function useContext(contextTokens) {
    const contextSize = lengthOf(contextTokens);
    if (held === contextSize) return;
    await dropContext();
    const options = { contextSize, threads, batchSize: BATCH_TOKENS, failedCreationRemedy: false };
    const context = await model.createContext(options).catch((error) => {
      throw Object.assign(error, { loading: true });
    });
    sequence = context.getSequence({ contextShift });
    held = contextSize;
  }

  /** Keeps a reply to the shape of a JSON schema. */
  async function grammarOf(format) {
    const grammar = await llama.createGrammarForJsonSchema(format);
    return new library.LlamaGrammarEvaluationState({ model, grammar });
  }

  /** Answers the closing message of one chat; see writeReply. */
  async function chat(request, { aborted, hear }) {
    const contextTokens = lengthOf(request.contextTokens);
    const tokens = prompt.tokens(request.messages);
    if (tokens.length >= contextTokens) return { type: 'overflow', promptTokens: tokens.length };
    if (held !== contextTokens) hear({ type: 'loading' });
    await useContext(contextTokens);
    const grammar = request.format ? await grammarOf(request.format) : undefined;
    const replyTokens = Math.min(request.replyTokens, contextTokens - tokens.length);
    try {
      return await writeReply(sequence, tokens, { ...request, replyTokens }, { sliceMs, aborted, hear, remember, grammar });
    } catch (error) {
      await dropContext(); // What it holds is uncertain after a failure.
      throw error;
    }
  }

  return { info: describe(model), useContext, chat };
}
