/** @file Asks, once, whether the message that a memory came from goes too; starts on the choice that takes least. */
import { useState } from 'react';
import type { Memory } from '../../shared/memories.ts';
import { Dialog } from '../shell/dialog.tsx';
import { useServices } from '../shell/services.ts';

const MESSAGE_STAYS = ' The message it came from stays in its conversation, and is recalled no more.';
const MESSAGE_GOES = ' Whatever else is remembered from that message alone goes with it.';

export function ForgetDialog({ memory, onClose }: { memory: Memory; onClose: () => void }) {
  const { actions } = useServices();
  const [withMessages, setWithMessages] = useState(false);
  const forget = () => {
    void actions.memory.forget(memory, withMessages);
    onClose();
  };
  return (
    <Dialog
      title="Forget this?"
      onClose={onClose}
      deeds={
        <>
          <button type="button" className="button" data-safe onClick={onClose}>
            Keep it
          </button>
          <button type="button" className="button danger" onClick={forget}>
            Forget
          </button>
        </>
      }
    >
      <p className="memory-said">{memory.text}</p>
      <p>
        It is taken out of what is remembered, out of summaries, stored prompts and backups, and off the disk. You can undo it for three
        seconds.{memory.source && (withMessages ? MESSAGE_GOES : MESSAGE_STAYS)}
      </p>
      {memory.source && (
        <label className="tick-row">
          <input type="checkbox" checked={withMessages} onChange={(event) => setWithMessages(event.target.checked)} />
          <span>
            Also take out the message it came from
            <q>{memory.source.quote}</q>
          </span>
        </label>
      )}
    </Dialog>
  );
}
