/** @file Models in words: what one is, what it takes, how its download goes, what a switch costs. */
import { isSameModel, shortModelName } from '../../shared/model-names.ts';
import type { KeptModel, LoadedModel, MemoryNeed, ModelsState, Pull } from '../../shared/models.ts';
import { amount, bytes, speedWords, timeLeft } from '../states/progress.ts';

const skills: Readonly<Record<string, string>> = {
  thinking: 'Thinks before it answers.',
  vision: 'Sees pictures.',
  embedding: 'Only finds things that are alike; it cannot talk.',
};

/** "4.9 GB. llama, 8B, Q4_K_M. Up to 128k of context. Thinks before it answers." */
export function factsOf(model: KeptModel): string {
  const unreadable = !model.converses && model.capabilities.length === 0;
  const kind = [model.family, model.parameterSize, model.quantisation].filter((part) => part && part !== 'unknown').join(', ');
  const context = model.contextTokens && model.converses ? `Up to ${contextWords(model.contextTokens)} of context.` : '';
  const can = model.capabilities.map((one) => skills[one]).filter(Boolean);
  const size = model.sizeBytes === undefined ? '' : `${bytes(model.sizeBytes)}.`;
  const broken = unreadable ? 'Its file cannot be read, so it cannot talk.' : '';
  return [size, kind && `${kind}.`, context, ...can, broken].filter(Boolean).join(' ');
}

/** What it means to be the default. */
export const DEFAULT_WORDS = 'Answers unless a companion or a conversation has its own.';

/** "8k" for 8,192. */
export const contextWords = (tokens: number): string => (tokens < 1_024 ? String(tokens) : `${Math.round(tokens / 1_024)}k`);

/** "Needs about 6.0 GB of memory with 8k of context: 4.9 GB for the model, 1.1 GB for the context." */
export function needWords(need: MemoryNeed): string {
  const parts = need.context === undefined ? '' : `, ${bytes(need.context)} of it for the context`;
  return `Needs about ${bytes(need.total)} of memory with ${contextWords(need.contextTokens)} of context${parts}.`;
}

/** "Takes 5.9 GB of memory now with 8k of context, all of it on the graphics card." Said as the server tells it. */
export function loadedWords({ bytes: held, contextTokens, onGraphics }: LoadedModel): string {
  const context = contextTokens === undefined ? '' : ` with ${contextWords(contextTokens)} of context`;
  const share = onGraphics >= 0.995 ? 'all of it' : `${Math.round(onGraphics * 100)} % of it`;
  return `Takes ${bytes(held)} of memory now${context}, ${onGraphics <= 0 ? 'none of it' : share} on a graphics card.`;
}

export const fitWords: Readonly<Record<MemoryNeed['fits'], string>> = {
  yes: '',
  tight: 'Tight here',
  no: 'More than is free',
  unknown: '',
};

/** "2.4 of 7.1 GB, 8.4 MB/s, about 9 minutes left"; a reason where nothing comes. */
export function pullWords(pull: Pull): string {
  if (pull.state !== 'downloading') {
    const far =
      pull.doneBytes > 0 && pull.totalBytes !== undefined
        ? `${amount({ label: '', doneBytes: pull.doneBytes, totalBytes: pull.totalBytes })}. `
        : '';
    return pull.state === 'checking' ? pull.reason : far + pull.reason;
  }
  const { doneBytes, totalBytes, bytesPerSecond } = pull;
  const parts = [amount({ label: '', doneBytes, ...(totalBytes === undefined ? {} : { totalBytes }) })];
  if (bytesPerSecond) parts.push(speedWords(bytesPerSecond));
  if (bytesPerSecond && totalBytes !== undefined) parts.push(timeLeft(totalBytes - doneBytes, bytesPerSecond));
  return parts.join(', ');
}

/** Its label where it is listed, else its short name. */
export function labelOf(models: ModelsState | null, name: string): string {
  return models?.models.find((one) => isSameModel(one.name, name))?.label ?? shortModelName(name);
}

/** What another model, or another length of context, has to do before its first word. */
export function rereadWords(promptTokens: number | undefined): string {
  if (!promptTokens) return 'The next reply waits until it is loaded.';
  const tokens = promptTokens < 1_000 ? String(promptTokens) : `${(promptTokens / 1_000).toFixed(1)}k`;
  return `It reads the conversation anew, ${tokens} tokens, before its first word.`;
}

/** "today", "3 Nov": when it last answered. */
export function usedWords(at: number | undefined, now: number): string {
  if (at === undefined) return 'Not used here yet.';
  const day = 24 * 60 * 60 * 1_000;
  if (now - at < day && new Date(now).getDate() === new Date(at).getDate()) return 'Used today.';
  return `Last used on ${new Date(at).toLocaleDateString('en-GB', { day: 'numeric', month: 'long' })}.`;
}
