/** @file Which of the installed models a name means, and how it is called on a status strip. */
import { canonicalModelName, isSameModel } from '../../../shared/model-names.ts';

export type InstalledModel = {
  name: string;
  digest: string;
  sizeBytes: number;
  family: string;
  parameterSize: string;
  quantisation: string;
  /** Whether it can hold a conversation here: no embedding model, nothing that runs elsewhere. */
  converses: boolean;
};

/** What was found in a list, which is never changed; each turn asks three times. */
const found = new WeakMap<readonly InstalledModel[], Map<string, InstalledModel | undefined>>();

function find(name: string, installed: readonly InstalledModel[]): InstalledModel | undefined {
  const exact = canonicalModelName(name);
  return installed.find((model) => exact === canonicalModelName(model.name)) ?? installed.find((model) => isSameModel(model.name, name));
}

/** The installed model of this name, without regard to case, with or without `hf.co/` before it. */
export function findInstalled(name: string, installed: readonly InstalledModel[]): InstalledModel | undefined {
  const known = found.get(installed) ?? new Map<string, InstalledModel | undefined>();
  found.set(installed, known);
  if (!known.has(name)) known.set(name, find(name, installed));
  return known.get(name);
}

/** The largest installed model that can hold a conversation. */
export function largestInstalled(installed: InstalledModel[]): InstalledModel | undefined {
  return installed
    .filter((model) => model.converses)
    .reduce<InstalledModel | undefined>((best, one) => (best && best.sizeBytes >= one.sizeBytes ? best : one), undefined);
}

/** The small model a first conversation can always be had with. */
export const isStarter = (model: InstalledModel): boolean => /smollm2/i.test(model.name) && /^13[45]/.test(model.parameterSize);

/** "134.52M" as "135M", "8.0B" as "8B", "1.7B" as it is. */
function roundedSize(size: string): string {
  const match = /^(\d+(?:\.\d+)?)\s*([KMBT])/i.exec(size);
  if (!match) return size;
  const value = Number(match[1]);
  return `${value >= 100 ? Math.round(value) : Math.round(value * 10) / 10}${(match[2] ?? '').toUpperCase()}`;
}

/** The name on a strip: family, size and quantisation, each once, such as "SmolLM2 135M Q4_1". */
export function labelOf(model: InstalledModel): string {
  const path = model.name.split('/').at(-1) ?? model.name;
  const base = isStarter(model) ? 'SmolLM2' : path.replace(/:.*$/, '').replace(/-GGUF$/i, '');
  const size = roundedSize(model.parameterSize);
  const parts = [base];
  if (size && !base.toUpperCase().includes(size)) parts.push(size);
  if (model.quantisation && model.quantisation !== 'unknown') parts.push(model.quantisation);
  return parts.join(' ');
}

/** R1-like models need other prompts, and their files call themselves llama or qwen: the name tells. */
export const familyOf = (model: InstalledModel): string =>
  /(?:^|[^a-z0-9])r1(?:[^a-z0-9]|$)/i.test(model.name) ? 'deepseek-r1' : model.family;
