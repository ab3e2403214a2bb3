/** @file The note of a conversation: what the person asks for in all of it, written in a small window over the page. */
import { StickyNote } from 'lucide-react';
import { useEffect, useState } from 'react';
import { useStore } from 'zustand';
import type { Conversation } from '../../shared/conversation.ts';
import { NOTE_CHARACTERS } from '../../shared/steering-limits.ts';
import { Modal } from '../shell/modal.tsx';
import { useServices, useWindow } from '../shell/services.ts';
import { companionOf } from '../state/window-state.ts';

function NoteForm({ note, name, close }: { note: string; name: string; close: () => void }) {
  const { actions } = useServices();
  const [text, setText] = useState(note);
  const left = NOTE_CHARACTERS - text.length;
  const keep = async (words: string) => {
    if (await actions.steer.note(words)) close();
  };
  const pressed = (event: React.KeyboardEvent) => {
    if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) void keep(text);
  };
  return (
    <form
      className="note-form"
      onSubmit={(event) => {
        event.preventDefault();
        void keep(text);
      }}
    >
      <textarea
        value={text}
        rows={5}
        maxLength={NOTE_CHARACTERS}
        aria-label="Note for this conversation"
        placeholder={`Such as: we are on a night train, and ${name} is telling me about the towns we pass.`}
        onChange={(event) => setText(event.target.value)}
        onKeyDown={pressed}
      />
      <span className="note-left">{left < 200 ? `${left} characters left` : ''}</span>
      <div className="dialog-foot">
        {note !== '' && (
          <button type="button" className="button ghost" onClick={() => void keep('')}>
            Remove the note
          </button>
        )}
        <span className="grow" />
        <button type="button" className="button" onClick={close}>
          Cancel
        </button>
        <button type="submit" className="button primary">
          Keep the note
        </button>
      </div>
    </form>
  );
}

/** Shown in the bar where there is a note; the menu beside it opens the same window. */
export function NoteButton({ conversation }: { conversation: Conversation }) {
  const { view } = useServices();
  const open = useStore(view, (state) => state.noting);
  const name = useWindow((state) => companionOf(state)?.name ?? 'your companion');
  const { note = '', id } = conversation;
  useEffect(() => () => view.setState({ noting: false }), [view]);
  const shut = () => view.setState({ noting: false });
  return (
    <>
      {note !== '' && (
        <button
          type="button"
          className="tool noted"
          aria-label="Note for this conversation"
          title={`Note: ${note}`}
          onClick={() => view.setState({ noting: true })}
        >
          <StickyNote aria-hidden />
        </button>
      )}
      {open && (
        <Modal
          title="Note for this conversation"
          words={`${name} is told this with each of your messages, from the next one on. It is no part of what was said.`}
          close={shut}
        >
          <NoteForm key={id} note={note} name={name} close={shut} />
        </Modal>
      )}
    </>
  );
}
