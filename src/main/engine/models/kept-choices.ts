/** @file What the program remembers about models: the companions' own, what is offered, when each last answered. */

import { type ModelChoices, modelChoicesSchema } from '../../../shared/model-choices.ts';
import { MODELS_LISTED } from '../../../shared/model-limits.ts';
import type { Store } from '../ports.ts';

const KEY = 'model-choices';
const none: ModelChoices = { byCharacter: {}, declined: [], usedAt: {} };

export type KeptChoices = {
  now(): ModelChoices;
  /** `soon` for what is noted by the way. */
  change(part: Partial<ModelChoices>, when?: 'now' | 'soon'): void;
};

/** A record that cannot be read is none: choices are made again, nothing of a conversation hangs on them. */
export function createKeptChoices(store: Pick<Store, 'value' | 'setValue'>): KeptChoices {
  let known = read(store.value(KEY));
  return {
    now: () => known,
    change(part, when = 'now') {
      const next = { ...known, ...part };
      known = { ...next, usedAt: newest(next.usedAt) };
      store.setValue(KEY, JSON.stringify(known), when);
    },
  };
}

function newest(usedAt: ModelChoices['usedAt']): ModelChoices['usedAt'] {
  const entries = Object.entries(usedAt);
  if (entries.length <= MODELS_LISTED) return usedAt;
  return Object.fromEntries(entries.sort(([, one], [, other]) => other - one).slice(0, MODELS_LISTED));
}

function read(text: string | undefined): ModelChoices {
  try {
    const parsed = modelChoicesSchema.safeParse(JSON.parse(text ?? '{}'));
    return parsed.success ? parsed.data : none;
  } catch (error) {
    if (error instanceof SyntaxError) return none;
    throw error;
  }
}
