/** @file The bar above the log: which conversation this is, with whom, and what can be done with it. */
import { Menu, Plus } from 'lucide-react';
import { useStore } from 'zustand';
import { titleOf } from '../actions/shelf.ts';
import { Avatar } from '../conversation/avatar.tsx';
import { NoteButton } from '../conversation/note.tsx';
import { ConversationMenu } from '../conversations/conversation-row.tsx';
import { TitleField } from '../conversations/title-field.tsx';
import { companionOf } from '../state/window-state.ts';
import { focusWriting } from './keyboard.ts';
import { useServices, useWindow } from './services.ts';
import { openDrawer } from './view.ts';

function Title() {
  const { view } = useServices();
  const conversation = useWindow((state) => state.thread?.conversation);
  const renaming = useStore(view, (state) => state.renaming);
  const name = useWindow((state) => companionOf(state)?.name ?? '');
  if (conversation && renaming?.id === conversation.id && renaming.where === 'bar') return <TitleField conversation={conversation} />;
  return (
    <>
      <span className="bar-face">
        <Avatar size="s" />
      </span>
      <h1 className="clip" title={titleOf(conversation)}>
        {titleOf(conversation)}
      </h1>
      {name && <span className="with">with {name}</span>}
    </>
  );
}

export function Bar() {
  const { view, actions } = useServices();
  const conversation = useWindow((state) => state.thread?.conversation);
  const startNew = () => {
    actions.shelf.startNew();
    focusWriting();
  };
  return (
    <header className="bar-top" data-region>
      <button type="button" className="tool only-narrow" aria-label="Conversations" title="Conversations" onClick={() => openDrawer(view)}>
        <Menu aria-hidden />
      </button>
      <Title />
      <span className="grow" />
      <button type="button" className="tool only-narrow" aria-label="New conversation" title="New conversation (Ctrl N)" onClick={startNew}>
        <Plus aria-hidden />
      </button>
      {conversation && <NoteButton key={conversation.id} conversation={conversation} />}
      {conversation && <ConversationMenu conversation={conversation} where="bar" />}
    </header>
  );
}
