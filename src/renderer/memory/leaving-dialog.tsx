/** @file Before a conversation is deleted: what becomes of what was learnt in it. */
import { titleOf } from '../actions/shelf.ts';
import { Dialog } from '../shell/dialog.tsx';
import { useServices, useWindow } from '../shell/services.ts';

export function LeavingDialog() {
  const { actions } = useServices();
  const leaving = useWindow((state) => state.memory.leaving);
  if (!leaving) return null;
  const { conversation, learnt } = leaving;
  const words =
    learnt === 1
      ? 'In this conversation one thing was learnt. It can be kept without the sentence it came from, or be forgotten with the conversation.'
      : `In this conversation ${learnt} things were learnt. They can be kept without the sentences they came from, or be forgotten with the conversation.`;
  return (
    <Dialog
      title={`Delete “${titleOf(conversation)}”?`}
      onClose={() => actions.memory.stay()}
      deeds={
        <>
          <button type="button" className="button" data-safe onClick={() => actions.memory.stay()}>
            Cancel
          </button>
          <button type="button" className="button" onClick={() => actions.shelf.remove(conversation, 'keep')}>
            Delete, keep what was learnt
          </button>
          <button type="button" className="button danger" onClick={() => actions.shelf.remove(conversation, 'forget')}>
            Delete and forget
          </button>
        </>
      }
    >
      <p>{words} What was also said elsewhere is kept. You can undo either for half a minute.</p>
    </Dialog>
  );
}
