/** @file The companions' pictures, fetched once each and kept while the page is open. */
import type { CharacterSummary } from '../../shared/character.ts';
import type { Ground } from './ground.ts';
import { download } from './transfer.ts';

export type Pictures = {
  /** The picture's address, once it is here; the listener hears when it comes. */
  of(character: Pick<CharacterSummary, 'id' | 'avatar'>): string | undefined;
  onChange(listener: () => void): () => void;
};

/** Pictures on show at once, in a large library; older ones are let go. */
const KEPT = 200;

export function createPictures({ client }: Ground): Pictures {
  const addresses = new Map<string, string>();
  const asked = new Set<string>();
  const listeners = new Set<() => void>();

  const fetchOne = async (id: string, key: string) => {
    const offered = await client.ask({ type: 'show-avatar', characterId: id });
    const carried = offered.type === 'download-ready' ? await download(client, offered) : undefined;
    asked.delete(key);
    if (!carried || !('value' in carried)) return;
    addresses.set(key, URL.createObjectURL(new Blob([carried.value], { type: 'image/png' })));
    for (const [oldest, address] of addresses) {
      if (addresses.size <= KEPT) break;
      URL.revokeObjectURL(address);
      addresses.delete(oldest);
    }
    for (const hear of listeners) hear();
  };

  return {
    of({ id, avatar }) {
      if (avatar === undefined) return undefined;
      const key = `${id} ${avatar}`;
      const address = addresses.get(key);
      if (address === undefined && !asked.has(key)) {
        asked.add(key);
        void fetchOne(id, key);
      }
      return address;
    },
    onChange(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}
