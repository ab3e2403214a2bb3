/** @file Characters from a Character Manager: asked once a turn, remembered, and never the reason that a turn fails but for a 404. */
import { type Character, characterSchema } from '../../../shared/character.ts';
import { Fault } from '../../../shared/faults.ts';
import { CHARACTER_BYTES, CHARACTER_FRESH_MS, CHARACTER_MS } from '../../../shared/limits.ts';
import type { Characters, Clock, FoundCharacter, Log, Store } from '../../engine/ports.ts';
import { exchangeJson } from './fetch-json.ts';
import { readForeignCard } from './foreign-card.ts';

export type CharacterManagerOptions = {
  /** CHARACTER_MANAGER_URL. */
  baseUrl: string;
  /** Where last known copies lie over a restart. */
  store: Pick<Store, 'value' | 'setValue'>;
  /** What answers where the manager cannot and no copy is known. */
  builtIn: Characters;
  clock: Clock;
  log: Log;
};

type Copy = { character: Character; etag: string | undefined };
type Asked = { at: number; warnings: string[] };

const missing = (id: string) =>
  new Fault('character-not-found', `The Character Manager has no character "${id}"; nothing was written, so choose one that it has.`);
const valueKey = (id: string) => `character:${id}`;

function storedCopy(store: CharacterManagerOptions['store'], id: string, log: Log): Copy | undefined {
  const value = store.value(valueKey(id));
  if (value === undefined) return undefined;
  try {
    return { character: characterSchema.parse(JSON.parse(value)), etag: undefined };
  } catch (error) {
    log.warn('character-copy-unreadable', { character: id, cause: error });
    return undefined;
  }
}

/** See wire.md, The neighbours: one try of 2 s, 1 MiB, redirects not followed. */
export function createCharacterManager(options: CharacterManagerOptions): Characters {
  const { baseUrl, store, builtIn, clock, log } = options;
  const base = baseUrl.replace(/\/+$/, '');
  const copies = new Map<string, Copy>();
  const asked = new Map<string, Asked>();

  const keep = (id: string, copy: Copy) => {
    copies.set(id, copy);
    const value = JSON.stringify(copy.character);
    if (store.value(valueKey(id)) !== value) store.setValue(valueKey(id), value);
  };
  const copyOf = (id: string) => {
    const copy = copies.get(id) ?? storedCopy(store, id, log);
    if (copy) copies.set(id, copy);
    return copy;
  };
  const ask = async (id: string, copy: Copy | undefined, signal: AbortSignal): Promise<void> => {
    const url = `${base}/characters/${encodeURIComponent(id)}`;
    const headers: Record<string, string> = copy?.etag ? { 'if-none-match': copy.etag } : {};
    const answer = await exchangeJson({ url, method: 'GET', headers, limitMs: CHARACTER_MS, limitBytes: CHARACTER_BYTES, signal });
    if (answer.status === 404) throw missing(id);
    if (answer.status === 304 && copy) return;
    const character = answer.status === 200 ? readForeignCard(id, answer.value) : undefined;
    if (!character) throw new Error(`no character in an answer with status ${answer.status}`);
    keep(id, { character, etag: answer.etag });
  };
  const standIn = async (id: string, signal: AbortSignal): Promise<FoundCharacter> => {
    const copy = copyOf(id);
    if (copy)
      return {
        character: copy.character,
        warnings: ['The Character Manager did not answer; the last known copy of this character was used.'],
      };
    const { character } = await builtIn.find('default', signal);
    return { character, warnings: ['The Character Manager did not answer and this character is not known yet; Sarah answered.'] };
  };

  return {
    list: () => builtIn.list(),
    async find(id, signal) {
      const before = asked.get(id);
      const copy = copyOf(id);
      const fresh = before !== undefined && clock.now() - before.at < CHARACTER_FRESH_MS;
      if (fresh && before.warnings.length > 0) return standIn(id, signal);
      if (fresh && copy) return { character: copy.character, warnings: [] };
      try {
        await ask(id, copy, signal);
        asked.set(id, { at: clock.now(), warnings: [] });
        const now = copies.get(id);
        if (now) return { character: now.character, warnings: [] };
      } catch (error) {
        if (signal.aborted) throw new Fault('cancelled', 'Stopped while the character was being fetched.', { cause: error });
        if (error instanceof Fault && error.code === 'character-not-found') throw error;
        log.warn('character-manager-failed', { character: id, cause: error });
      }
      const found = await standIn(id, signal);
      asked.set(id, { at: clock.now(), warnings: found.warnings });
      return found;
    },
  };
}
