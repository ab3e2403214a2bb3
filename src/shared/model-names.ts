/** @file Names of models: which of them mean the same. */

const HUB = 'hf.co/';
const library = /^(?:registry\.ollama\.ai\/)?(?:library\/)?/i;

/** One spelling for all that mean the same: lower case, without the default registry, with a tag. */
export function canonicalModelName(name: string): string {
  const short = name.replace(library, '').toLowerCase();
  return /:[^/]*$/.test(short) ? short : `${short}:latest`;
}

/** The name on the hub of a name that the default registry may not know; undefined where there is none. */
export const hubName = (name: string): string | undefined => (name.split('/').length === 2 ? HUB + name : undefined);

/** Whether a model that is there is the one that was asked for, which may lack the hub before its name. */
export const isSameModel = (there: string, asked: string): boolean =>
  canonicalModelName(there) === canonicalModelName(asked) || canonicalModelName(there) === canonicalModelName(HUB + asked);

/** The name as a person reads it, where nothing better is known: without host and owner. */
export const shortModelName = (name: string): string => (name.split('/').at(-1) ?? name).replace(/-GGUF(?=:|$)/i, '').slice(0, 60);
