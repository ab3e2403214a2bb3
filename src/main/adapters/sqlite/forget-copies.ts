/** @file Backups without what is forgotten: looked through while it can still be brought back, changed when it cannot. */
import type { Backups } from './backups.ts';
import type { Rest } from './forget-find.ts';
import { type Forgotten, type Found, find, scrub } from './forget-scrub.ts';
import type { Write } from './remove-conversation.ts';
import { inTransaction } from './transaction.ts';

/** What was looked for in the copies, and where it was found. */
type Looked = { texts: ReadonlySet<string>; copies: ReadonlyMap<string, Found> };

export type Copies = {
  /** Begins to look through them; nothing is changed. Never throws: what was not looked through by then is when they are cleaned. */
  look(id: string, forgotten: Forgotten): void;
  /** It was brought back. */
  drop(id: string): void;
  /** Those that are not among the cleaned ones yet; a copy that cannot be cleaned is removed whole. */
  clean(id: string, forgotten: Forgotten, cleaned: Set<string>): Promise<void>;
};

const textsIn = ({ noteTexts, messageTexts }: Forgotten): string[] => [...noteTexts, ...messageTexts];

export function createCopies(backups: Backups, rest: Rest): Copies {
  const looking = new Map<string, Promise<Looked>>();

  const lookThrough = async (id: string, forgotten: Forgotten): Promise<Looked> => {
    const copies = new Map<string, Found>();
    for (const path of backups.list()) {
      const found = await backups.read(path, (copy) => find(copy, forgotten, rest));
      if (!looking.has(id)) break;
      if (found) copies.set(path, found);
    }
    return { texts: new Set(textsIn(forgotten)), copies };
  };
  return {
    look: (id, forgotten) =>
      void looking.set(
        id,
        rest().then(() => lookThrough(id, forgotten)),
      ),
    drop: (id) => void looking.delete(id),
    async clean(id, forgotten, cleaned) {
      const looked = await looking.get(id);
      looking.delete(id);
      // The live database may have told more of it since.
      const isWhole = looked !== undefined && textsIn(forgotten).every((text) => looked.texts.has(text));
      for (const path of backups.list()) {
        if (cleaned.has(path)) continue;
        cleaned.add(path);
        const before = isWhole ? looked.copies.get(path) : undefined;
        await backups.change(path, async (copy) => {
          const found = before ?? (await find(copy, forgotten, rest));
          await rest();
          const write: Write = (action) => inTransaction(copy, action);
          await scrub(copy, found, { steps: write, last: write, strict: true }, rest);
        });
      }
    },
  };
}
