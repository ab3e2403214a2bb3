/** @file Before a companion is deleted: what becomes of the conversations with it, and of what it remembers. */
import { useStore } from 'zustand';
import type { LibraryEntry } from '../../shared/characters.ts';
import { Dialog } from '../shell/dialog.tsx';
import { useServices } from '../shell/services.ts';

const count = (number: number, one: string, several: string) => `${number} ${number === 1 ? one : several}`;

/** What there is of it, in a sentence. */
function thereIs({ name, conversations }: LibraryEntry, learnt: number): string {
  const talks = `You have ${count(conversations, 'conversation', 'conversations')} with ${name}`;
  const things = `${name} remembers ${count(learnt, 'thing', 'things')}`;
  if (learnt === 0) return talks;
  return conversations === 0 ? things : `${talks}, and ${things}`;
}

export function DeleteDialog() {
  const { cards } = useServices().actions;
  const deleting = useStore(cards.api, (state) => state.deleting);
  if (!deleting) return null;
  const { entry, learnt } = deleting;
  return (
    <Dialog
      title={`Delete ${entry.name}?`}
      onClose={cards.stay}
      deeds={
        <>
          <button type="button" className="button" data-safe onClick={cards.stay}>
            Cancel
          </button>
          <button type="button" className="button" onClick={() => void cards.remove(entry, false)}>
            Delete, keep the rest
          </button>
          <button type="button" className="button danger" onClick={() => void cards.remove(entry, true)}>
            Delete everything
          </button>
        </>
      }
    >
      <p>
        {thereIs(entry, learnt)}. All of it can stay, to be read, or be deleted with {entry.name}. You can undo either for a minute; after
        that what is deleted is gone from this disk.
      </p>
    </Dialog>
  );
}
