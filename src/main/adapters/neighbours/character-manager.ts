/** @file Characters from a Character Manager: asked once a turn, remembered, and never the reason that a turn fails but for a 404. */
import type { Character } from '../../../shared/character.ts';
import { Fault } from '../../../shared/faults.ts';
import { CHARACTER_BYTES, CHARACTER_FRESH_MS, CHARACTER_MS, CHARACTERS_KNOWN } from '../../../shared/limits.ts';
import { plainOptions, readCharacter } from '../../engine/cards/read-character.ts';
import type { Characters, Clock, FoundCharacter, Log, Store } from '../../engine/ports.ts';
import { type CharacterCopy, createCharacterCopies } from './character-copies.ts';
import type { ServiceLine } from './service-line.ts';

export type CharacterManagerOptions = {
  line: ServiceLine;
  /** Where last known copies lie over a restart. */
  store: Pick<Store, 'value' | 'setValue'>;
  /** What answers where the manager cannot and no copy is known. */
  builtIn: Characters;
  clock: Clock;
  log: Log;
};

/** Whether the manager was of use when it was last asked for a character, and when that was. */
type Asked = { at: number; answered: boolean };

const missing = (id: string) =>
  new Fault('character-not-found', `The Character Manager has no character "${id}"; nothing was written, so choose one that it has.`);
const oldCopy = 'The Character Manager had no usable answer; the last known copy of this character was used.';
const unknown = 'The Character Manager had no usable answer and this character is not known yet; Sarah answered.';

async function ask(
  line: ServiceLine,
  id: string,
  copy: CharacterCopy | undefined,
): Promise<{ character: Character; etag: string | undefined }> {
  const path = `/characters/${encodeURIComponent(id)}`;
  const headers: Record<string, string> = copy?.etag ? { 'if-none-match': copy.etag } : {};
  const answer = await line.exchange({ path, method: 'GET', headers, limitMs: CHARACTER_MS, limitBytes: CHARACTER_BYTES });
  if (answer.status === 404) throw missing(id);
  if (answer.status === 304 && copy?.etag) return copy;
  const character = answer.status === 200 ? readCharacter(id, answer.value, plainOptions) : undefined;
  if (!character) throw new Error(`no character in an answer with status ${answer.status}`);
  return { character, etag: answer.etag };
}

/** A caller that goes does not take the answer from the others who wait for it. */
function orStopped<Result>(signal: AbortSignal, work: Promise<Result>): Promise<Result> {
  const { promise, reject } = Promise.withResolvers<never>();
  const stop = () => reject(new Fault('cancelled', 'Stopped while the character was being fetched.'));
  if (signal.aborted) stop();
  signal.addEventListener('abort', stop, { once: true });
  return Promise.race([work, promise]).finally(() => signal.removeEventListener('abort', stop));
}

/** See wire.md, The neighbours: one try of 2 s, 1 MiB, redirects not followed; callers at the same time share it. */
export function createCharacterManager(options: CharacterManagerOptions): Characters {
  const { line, builtIn, clock, log } = options;
  const copies = createCharacterCopies(options);
  const asked = new Map<string, Asked>();
  const asking = new Map<string, Promise<void>>();

  const note = (id: string, answered: boolean) => {
    asked.delete(id);
    asked.set(id, { at: clock.now(), answered });
    for (const oldest of asked.keys()) if (asked.size > CHARACTERS_KNOWN) asked.delete(oldest);
  };
  const refresh = async (id: string): Promise<void> => {
    try {
      copies.keep(id, await ask(line, id, copies.of(id)));
      note(id, true);
    } catch (error) {
      if (error instanceof Fault && error.code === 'character-not-found') throw error;
      log.warn('character-manager-failed', { character: id, cause: error });
      note(id, false);
    }
  };
  const refreshOnce = (id: string): Promise<void> => {
    const under = asking.get(id) ?? refresh(id).finally(() => asking.delete(id));
    asking.set(id, under);
    return under;
  };
  const known = async (id: string, signal: AbortSignal): Promise<FoundCharacter> => {
    const answered = asked.get(id)?.answered ?? false;
    const copy = copies.of(id);
    if (copy) return { character: copy.character, warnings: answered ? [] : [oldCopy] };
    if (isOwn(id)) return builtIn.find(id, signal);
    const { character } = await builtIn.find('default', signal);
    return { character, warnings: [unknown] };
  };
  /** `default` is the manager's to have or not to have. */
  const isOwn = (id: string) => id !== 'default' && builtIn.list().some((character) => character.id === id);
  const isFresh = (id: string) => {
    const before = asked.get(id);
    return before !== undefined && clock.now() - before.at < CHARACTER_FRESH_MS;
  };

  return {
    list: () => builtIn.list(),
    async find(id, signal) {
      // The one id that would be a path: an address loses its "." on the way.
      if (id === '.') throw missing(id);
      try {
        if (!isFresh(id)) await orStopped(signal, refreshOnce(id));
        return await known(id, signal);
      } catch (error) {
        // The manager was asked first and has none of this id; a companion of the person's own may have it.
        if (!(error instanceof Fault) || error.code !== 'character-not-found' || !isOwn(id)) throw error;
        return builtIn.find(id, signal);
      }
    },
  };
}
