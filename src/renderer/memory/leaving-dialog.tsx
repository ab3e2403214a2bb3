/** @file Before a conversation is deleted: what becomes of what was learnt in it. */
import { titleOf } from '../actions/shelf.ts';
import { Dialog } from '../shell/dialog.tsx';
import { useServices, useWindow } from '../shell/services.ts';

export function LeavingDialog() {
  const { actions } = useServices();
  const leaving = useWindow((state) => state.memory.leaving);
  if (!leaving) return null;
  const { conversation, learnt } = leaving;
  const things = learnt === 1 ? 'one thing was' : `${learnt} things were`;
  return (
    <Dialog title={`Delete “${titleOf(conversation)}”?`} onClose={() => actions.memory.stay()}>
      <p>
        In this conversation {things} learnt. They can be kept without the sentences they came from, or be forgotten with it; what was also
        said elsewhere is kept. You can undo either for half a minute.
      </p>
      <div className="dialog-deeds">
        <button type="button" className="button" data-safe onClick={() => actions.memory.stay()}>
          Cancel
        </button>
        <button type="button" className="button" onClick={() => actions.shelf.remove(conversation, 'keep')}>
          Delete, keep what was learnt
        </button>
        <button type="button" className="button danger" onClick={() => actions.shelf.remove(conversation, 'forget')}>
          Delete and forget
        </button>
      </div>
    </Dialog>
  );
}
