/** @file A library of companions in memory, with the real archives and Sarah's real card. */

import { createArchives } from '../../src/main/adapters/characters/archives.ts';
import { sarahCard } from '../../src/main/adapters/characters/built-in.ts';
import { createIds } from '../../src/main/adapters/log/system-clock.ts';
import { createLibrary } from '../../src/main/engine/cards/library.ts';
import type { Library, Talks } from '../../src/main/engine/cards/library-port.ts';
import type { CardFile, CardRecord, CardShelf } from '../../src/main/engine/cards/shelf.ts';
import type { Clock } from '../../src/main/engine/ports.ts';
import { createTokenCounter } from '../../src/main/engine/tokens.ts';
import { createFixedSettings } from './fixed-settings.ts';
import { silentLog } from './silent-log.ts';

type Kept = { record: CardRecord; files: Map<CardFile, Uint8Array> };

function memoryShelf(): CardShelf {
  const kept = new Map<string, Kept>();
  const hidden = new Map<string, Kept>();
  const move = (id: string, from: Map<string, Kept>, to: Map<string, Kept>): Kept | undefined => {
    const found = from.get(id);
    if (!found) return undefined;
    from.delete(id);
    to.set(id, found);
    return found;
  };
  return {
    all: () => [...kept.values()].map(({ record }) => record),
    put(record, files = {}) {
      const before = kept.get(record.id)?.files ?? new Map<CardFile, Uint8Array>();
      for (const [file, bytes] of Object.entries(files) as [CardFile, Uint8Array | undefined][]) {
        if (bytes) before.set(file, bytes);
        else before.delete(file);
      }
      kept.set(record.id, { record, files: before });
    },
    file: (id, file) => kept.get(id)?.files.get(file),
    hide: (id) => void move(id, kept, hidden),
    show: (id) => move(id, hidden, kept)?.record,
    remove: (id) => void hidden.delete(id),
  };
}

export function memoryLibrary(clock: Clock, talks: () => Talks[] = () => []): Library {
  const counter = createTokenCounter(undefined);
  return createLibrary({
    shelf: memoryShelf(),
    archives: createArchives(),
    clock,
    ids: createIds(),
    log: silentLog,
    builtIn: sarahCard,
    costs: { count: (text) => counter.count(text), contextTokens: () => 8_192 },
    talks,
    settings: createFixedSettings(),
  });
}
