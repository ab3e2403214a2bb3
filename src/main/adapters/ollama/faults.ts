/** @file What a model server says when it fails, as faults a person can read. */
import { Fault, type FaultCode, type FaultOptions } from '../../../shared/faults.ts';

/** A refusal in the server's own words; an `error` that is itself JSON has been opened. */
export type Refusal = { words: string; promptTokens?: number; overflow: boolean };

/** Longest quotation of a server's reason behind "Details". */
const DETAIL_CHARACTERS = 300;

const overflowWords = /exceeds? the (?:available )?context (?:size|length)|exceed_context_size/i;
const loadWords =
  /invalid file magic|(?:error|unable to|failed to) (?:load|start|loading|starting)|llama-server binary not found|process has terminated|requires more system memory|out of memory|cannot allocate/i;
/** A kind of model that is newer than the server. */
const unknownKindWords = /unknown model architecture|unsupported (?:model )?architecture/i;
/** A file that is cut, damaged or no model at all; a runner that reads it ends with one of these. */
const brokenFileWords =
  /invalid file magic|failed to read (?:tensor|key|value|header)|key not found in model|(?:missing|invalid|wrong number of) tensors?\b|tensor '.*' (?:not found|data is not within)|file bounds/i;
const memoryWords = /requires more system memory|out of memory|cannot allocate|unable to allocate|failed to allocate/i;
const crashWords = /error was encountered while running the model|runner has unexpectedly stopped|unexpected EOF|connection reset/i;

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

const record = (value: unknown): Record<string, unknown> =>
  typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};

/** The reason in the body of a refusal, whichever of the server's shapes it has. */
export function readRefusal(body: string): Refusal {
  const outer = record(parsed(body))['error'];
  const text = typeof outer === 'string' ? outer : body;
  const inner = text.startsWith('{') ? record(record(parsed(text))['error']) : record(outer);
  const words = typeof inner['message'] === 'string' ? inner['message'] : text;
  const counted = inner['n_prompt_tokens'] ?? /request \((\d+) tokens\)/.exec(words)?.[1];
  const promptTokens = Number(counted);
  const overflow = inner['type'] === 'exceed_context_size_error' || overflowWords.test(words);
  return { words, overflow, ...(Number.isSafeInteger(promptTokens) && promptTokens > 0 ? { promptTokens } : {}) };
}

const made = (code: FaultCode, message: string, words: string, options: FaultOptions = {}) =>
  new Fault(code, message, words ? { ...options, detail: words.slice(0, DETAIL_CHARACTERS) } : options);

export const missingFault = (model: string): Fault =>
  new Fault(
    'model-missing',
    `The model "${model.slice(0, 120)}" is not installed; what was written is kept, so fetch it or choose another one.`,
  );

/** Why a model could not be loaded, as far as the server's words give it away. */
function loadingMessage(words: string): string {
  if (unknownKindWords.test(words))
    return 'This Ollama does not know the kind of model that the file holds; what was written is kept, so choose another model or a newer Ollama.';
  if (brokenFileWords.test(words))
    return 'The file of the model is damaged or incomplete; what was written is kept, so fetch it again or choose another model.';
  if (memoryWords.test(words))
    return 'The model needs more memory than is free; what was written is kept, so choose a smaller one or a shorter context.';
  return 'The model could not be loaded; what was written is kept, so try again or choose another one.';
}

/** A runner that ends says its last line twice. */
const withoutEcho = (words: string): string => {
  const [first = '', ...others] = words.split('\n');
  return [first, ...others.filter((line) => !first.endsWith(line))].join('\n');
};

/** The fault for a refusal; `status` is 200 where it came as a line of a stream that had begun. */
export function refusalFault(refusal: Refusal, status: number, model: string, server: string): Fault {
  const { words, promptTokens } = refusal;
  if (refusal.overflow) {
    const message = 'The prompt is longer than the context of the model; nothing is lost, and a shorter one is needed.';
    return made('context-overflow', message, words, promptTokens === undefined ? {} : { promptTokens });
  }
  if (status === 404 && /model .*not found/i.test(words)) return missingFault(model);
  if (status === 503 || status === 429)
    return made('model-overloaded', 'The model server has too much to do; what was written is kept, so try again in a moment.', words);
  if ([loadWords, unknownKindWords, brokenFileWords, memoryWords].some((these) => these.test(words)))
    return made('model-loading-failed', loadingMessage(words), withoutEcho(words));
  if (status !== 400 && crashWords.test(words))
    return made('model-crashed', 'The model stopped in the middle; what was written is kept, and the next message starts it again.', words);
  if (status === 401 || status === 403)
    return made(
      'model-failed',
      `The model server at ${server} refuses us (${status}); what was written is kept, so check OLLAMA_BASE_URL.`,
      words,
    );
  if (words === '')
    return made(
      'model-failed',
      'The model server failed without saying why; what was written is kept, so try again or choose another model.',
      words,
    );
  return made(
    'model-failed',
    'The model server refused the request; what was written is kept, so try again or choose another model.',
    words,
  );
}

/** The fault for a download that failed, in the words of the server's stream. */
export function downloadFault(words: string, model: string): Fault {
  const name = model.slice(0, 120);
  if (/file does not exist|invalid model name|not a valid quantization/i.test(words))
    return made('model-missing', `There is no model named "${name}" to fetch; nothing was changed, so check its name.`, words);
  if (/no space left/i.test(words))
    return made('download-failed', 'The disk is full; what was fetched so far is kept, so make room and fetch it again.', words);
  if (/dial tcp|lookup|no such host|network is unreachable|timeout/i.test(words))
    return made(
      'download-failed',
      'The model library cannot be reached; what was fetched so far is kept, so check the network and try again.',
      words,
    );
  return made('download-failed', 'The model could not be fetched; what was fetched so far is kept, so try again.', words);
}

export const cancelledFault = (): Fault => new Fault('cancelled', 'The request was called off; what was written is kept.');
export const closedFault = (): Fault =>
  new Fault('shutting-down', 'The program is about to end; what was written is kept, so start it again.');

export const silenceFault = (ms: number): Fault =>
  new Fault(
    'model-timeout',
    `The model said nothing for ${Math.round(ms / 1000)} seconds; what was written is kept, so try again or raise OLLAMA_TIMEOUT.`,
  );

export const brokenOffFault = (cause?: unknown): Fault =>
  new Fault('model-crashed', 'The model server broke off its answer; what was written is kept, and the next message tries again.', {
    cause,
  });

export const strangeAnswerFault = (server: string, cause?: unknown): Fault =>
  new Fault('model-failed', `What answers at ${server} does not speak like Ollama; what was written is kept, so check OLLAMA_BASE_URL.`, {
    cause,
  });

export const offlineFault = (server: string, fixed: boolean, cause?: unknown): Fault => {
  const remedy = fixed ? 'start it, or check OLLAMA_BASE_URL' : 'start Ollama and try again';
  return new Fault('model-offline', `No model server answers at ${server}; what was written is kept, so ${remedy}.`, { cause });
};

/** Codes of the system and of undici for a connection that was there and went away. */
const lostCodes = new Set(['ECONNRESET', 'EPIPE', 'ECONNABORTED', 'UND_ERR_SOCKET']);

export function codeOf(error: unknown): string {
  const code = record(error)['code'];
  return typeof code === 'string' ? code : '';
}

/** Whether a connection broke that had been made, so that a new one may succeed at once. */
export const isLostConnection = (error: unknown): boolean => lostCodes.has(codeOf(error));

/** The fault for whatever a request without an answer threw. */
export function connectionFault(error: unknown, server: string, fixed: boolean): Fault {
  if (error instanceof Fault) return error;
  if (isLostConnection(error)) return brokenOffFault(error);
  if (codeOf(error).startsWith('HPE_')) return strangeAnswerFault(server, error);
  return offlineFault(server, fixed, error);
}
