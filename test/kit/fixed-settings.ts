/** @file Settings kept in memory: the defaults of the program, with a test's own generation on top. */
import type { Generation } from '../../src/main/engine/ports.ts';
import { type ChosenSettings, effective, type SettingsPort, type ToldSettings, withPatch } from '../../src/main/engine/settings.ts';
import type { Locked, Settings } from '../../src/shared/settings.ts';
import { THOUGHT_TOKENS } from '../../src/shared/thinking-limits.ts';
import { toneDefaults } from '../../src/shared/tone-limits.ts';

export const plainSettings: Settings = {
  model: { name: null, contextTokens: null },
  generation: { temperature: 0.7, topP: 0.9, maxTokens: 2048, thinking: 'model', thoughtTokens: THOUGHT_TOKENS },
  tone: { on: true, ...toneDefaults },
  api: { on: false, port: 8000, requireToken: false, origins: [] },
  memory: { on: true, shared: false },
  person: { name: '', about: '' },
};

export function createFixedSettings(generation: Partial<Generation> = {}, locked: Locked = {}): SettingsPort {
  const { contextTokens = null, tone = true, curve = toneDefaults, ...sampling } = generation;
  const defaults: Settings = {
    ...plainSettings,
    model: { name: null, contextTokens },
    generation: { ...plainSettings.generation, ...sampling },
    tone: { on: tone, ...curve },
  };
  let chosen: ChosenSettings = {};
  const listeners = new Set<(told: ToldSettings) => void>();
  const told = () => ({ settings: effective(defaults, chosen, locked), defaults, locked });
  const take = (next: ChosenSettings) => {
    chosen = next;
    for (const listener of listeners) listener(told());
  };
  return {
    now: () => effective(defaults, chosen, locked),
    told,
    change: (patch) => take(withPatch(chosen, patch, locked)),
    reset: (section) => take({ ...chosen, [section]: {} }),
    onChange(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
  };
}
