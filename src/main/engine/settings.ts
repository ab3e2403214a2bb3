/** @file The port to what a person has set, and the pure rules over it: defaults, what was set, what the environment fixes. */
import { Fault } from '../../shared/faults.ts';
import { type Locked, type Settings, type SettingsPatch, type SettingsSection, settingsSections } from '../../shared/settings.ts';
import type { Generation } from './ports.ts';

export type ToldSettings = { settings: Settings; defaults: Settings; locked: Locked };

/** What a person has set. Changing throws Fault('bad-request') for what is locked, and ('store-failed') where the disk refuses. */
export type SettingsPort = {
  now(): Settings;
  /** With what each was before anybody set it, and what the environment has fixed. */
  told(): ToldSettings;
  change(patch: SettingsPatch): void;
  reset(section: SettingsSection): void;
  /** Hears every change; returns the function that stops hearing. */
  onChange(listener: (told: ToldSettings) => void): () => void;
};

export type ChosenSettings = { [Section in SettingsSection]?: Partial<Settings[Section]> };

const sections = Object.keys(settingsSections) as SettingsSection[];

/** The defaults under what was chosen; what is locked keeps its default, which then is the environment's value. */
export function effective(defaults: Settings, chosen: ChosenSettings, locked: Locked): Settings {
  const merged = sections.map((section) => {
    const free = Object.entries(chosen[section] ?? {}).filter(([field]) => !(`${section}.${field}` in locked));
    return [section, { ...defaults[section], ...Object.fromEntries(free) }];
  });
  return Object.fromEntries(merged) as Settings;
}

/** What was chosen with a change on top; throws where the change touches what is locked. */
export function withPatch(chosen: ChosenSettings, patch: SettingsPatch, locked: Locked): ChosenSettings {
  const touched = sections.flatMap((section) => Object.keys(patch[section] ?? {}).map((field) => `${section}.${field}`));
  const [fixed] = touched.flatMap((path) => locked[path] ?? []);
  if (fixed !== undefined) {
    throw new Fault('bad-request', `The environment sets this with ${fixed}; nothing was changed, so change it there.`);
  }
  const merged = sections.map((section) => [section, { ...chosen[section], ...patch[section] }] as const);
  return Object.fromEntries(merged.filter(([, fields]) => Object.keys(fields).length > 0)) as ChosenSettings;
}

/** What a reply is made with. */
export function generationOf({ generation, model, tone: { on, ...curve } }: Settings): Generation {
  return { ...generation, contextTokens: model.contextTokens ?? undefined, tone: on, curve };
}
