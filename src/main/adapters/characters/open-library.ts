/** @file The library of companions over a data folder. */

import { createLibrary } from '../../engine/cards/library.ts';
import type { Library, Talks } from '../../engine/cards/library-port.ts';
import type { Costs } from '../../engine/cards/preview.ts';
import type { Clock, Ids, Log } from '../../engine/ports.ts';
import type { SettingsPort } from '../../engine/settings.ts';
import { createArchives } from './archives.ts';
import { sarahCard } from './built-in.ts';
import { openCardShelf } from './card-files.ts';

export type OpenLibraryOptions = {
  folder: string;
  clock: Clock;
  ids: Ids;
  log: Log;
  costs: Costs;
  talks(): Talks[];
  settings: Pick<SettingsPort, 'now'>;
};

/** Throws Fault('store-failed') where the folder cannot be used. */
export function openLibrary({ folder, log, ...ports }: OpenLibraryOptions): Library {
  return createLibrary({ ...ports, log, shelf: openCardShelf({ folder, log }), archives: createArchives(), builtIn: sarahCard });
}
