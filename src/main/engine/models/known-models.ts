/** @file What is known beforehand of the models that the program itself speaks of. */
import { canonicalModelName, hubName } from '../../../shared/model-names.ts';

export type KnownModel = { label: string; bytes: number; licence: string };

/**
 * Its size as it was last seen; the registry's own word goes before it. Its licence: the card of
 * deepseek-ai/DeepSeek-R1-Distill-Llama-8B.
 */
const known: Readonly<Record<string, KnownModel>> = {
  'mradermacher/deepseek-r1-distill-llama-8b-abliterated-gguf:q4_k_m': {
    label: 'DeepSeek R1 Distill Llama 8B Abliterated',
    bytes: 4_920_734_272,
    licence: 'MIT (DeepSeek), and for the Llama 3.1 model below it the Llama 3.1 Community License',
  },
};

/** With or without the hub before its name. */
export function knownModel(name: string): KnownModel | undefined {
  const canonical = canonicalModelName(name);
  return known[canonical] ?? Object.entries(known).find(([short]) => canonicalModelName(hubName(short) ?? short) === canonical)?.[1];
}
