/** @file `settings.json` in the data folder: what a person has set, readable and mendable by hand, and nothing that is a default. */
import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { Fault } from '../../../shared/faults.ts';
import { type Locked, type Settings, type SettingsSection, settingsSections } from '../../../shared/settings.ts';
import type { Log } from '../../engine/ports.ts';
import { type ChosenSettings, effective, type SettingsPort, type ToldSettings, withPatch } from '../../engine/settings.ts';

export type SettingsOptions = { folder: string; defaults: Settings; locked: Locked; log: Log };

const documentSchema = z.record(z.string(), z.unknown());
const sectionSchema = z.record(z.string(), z.unknown());

/** The whole document as it lies there, with fields of other versions; empty where there is none. One that is no JSON is set aside. */
function readDocument(file: string, log: Log): Record<string, unknown> {
  try {
    return documentSchema.parse(JSON.parse(readFileSync(file, 'utf8')));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return {};
    log.warn('settings-unreadable', { cause: error instanceof SyntaxError ? 'no JSON' : error });
    setAside(file, log);
    return {};
  }
}

function setAside(file: string, log: Log): void {
  try {
    renameSync(file, `${file}.damaged`);
  } catch (error) {
    log.warn('settings-not-set-aside', { cause: error });
  }
}

/** The fields of a section that are allowed; what is not is told and left to its default. */
function readSection(section: SettingsSection, document: Record<string, unknown>, log: Log): [SettingsSection, Record<string, unknown>] {
  const fields = sectionSchema.safeParse(document[section] ?? {}).data ?? {};
  const shape = settingsSections[section].shape as Record<string, z.ZodType>;
  const known = Object.entries(fields).filter(([field]) => field in shape);
  const wrong = known.filter(([field, value]) => !shape[field]?.safeParse(value).success);
  for (const [field] of wrong) log.warn('setting-wrong', { setting: `${section}.${field}` });
  return [section, Object.fromEntries(known.filter((entry) => !wrong.includes(entry)))];
}

function readChosen(document: Record<string, unknown>, log: Log): ChosenSettings {
  const sections = Object.keys(settingsSections) as SettingsSection[];
  const read = sections.map((section) => readSection(section, document, log));
  return Object.fromEntries(read.filter(([, fields]) => Object.keys(fields).length > 0)) as ChosenSettings;
}

function write(file: string, document: Record<string, unknown>): void {
  try {
    writeFileSync(`${file}.new`, `${JSON.stringify(document, null, 2)}\n`, { mode: 0o600, flush: true });
    renameSync(`${file}.new`, file);
  } catch (error) {
    throw new Fault('store-failed', 'The settings could not be written to the disk; they stay as they were, so make room and try again.', {
      cause: error,
    });
  }
}

export function createSettings({ folder, defaults, locked, log }: SettingsOptions): SettingsPort {
  const file = join(folder, 'settings.json');
  let document = readDocument(file, log);
  let chosen = readChosen(document, log);
  let current = effective(defaults, chosen, locked);
  const listeners = new Set<(told: ToldSettings) => void>();
  const told = (): ToldSettings => ({ settings: current, defaults, locked });

  const take = (next: ChosenSettings, dropped: readonly SettingsSection[]) => {
    const kept = Object.fromEntries(Object.entries(document).filter(([section]) => !dropped.includes(section as SettingsSection)));
    const merged = Object.entries(next).map(([section, fields]) => [
      section,
      { ...sectionSchema.safeParse(kept[section]).data, ...fields },
    ]);
    const written = { ...kept, ...Object.fromEntries(merged) };
    write(file, written);
    document = written;
    chosen = next;
    current = effective(defaults, chosen, locked);
    for (const listener of listeners) listener(told());
  };

  return {
    now: () => current,
    told,
    change: (patch) => take(withPatch(chosen, patch, locked), []),
    reset(section) {
      const { [section]: _, ...rest } = chosen;
      take(rest, [section]);
    },
    onChange(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
  };
}
