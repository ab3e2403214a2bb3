/** @file One conversation in the list: open it, give it a name, delete it. */
import { Bookmark, BookmarkX, Ellipsis, Pencil, StickyNote, Trash2 } from 'lucide-react';
import { DropdownMenu } from 'radix-ui';
import { memo, useRef } from 'react';
import { useStore } from 'zustand';
import type { Conversation } from '../../shared/conversation.ts';
import { titleOf } from '../actions/shelf.ts';
import { fullTime, listTime } from '../conversation/when.ts';
import { useServices } from '../shell/services.ts';
import type { ViewState } from '../shell/view.ts';
import { TitleField } from './title-field.tsx';

/** The menu of a conversation, in its row of the list or in the bar above the log. */
export function ConversationMenu({ conversation, where }: { conversation: Conversation; where: 'list' | 'bar' }) {
  const { actions, view } = useServices();
  /** Something to write in was opened, and has the keyboard. */
  const writes = useRef(false);
  const write = (next: Pick<ViewState, 'renaming'> | Pick<ViewState, 'noting'>) => {
    writes.current = true;
    view.setState(next);
  };
  const closed = (event: Event) => {
    if (writes.current) event.preventDefault();
    writes.current = false;
  };
  return (
    <DropdownMenu.Root modal={false}>
      <DropdownMenu.Trigger
        className={where === 'list' ? 'tool small' : 'tool'}
        aria-label={`More for ${titleOf(conversation)}`}
        title="More"
        tabIndex={where === 'list' ? -1 : 0}
      >
        <Ellipsis aria-hidden />
      </DropdownMenu.Trigger>
      <DropdownMenu.Portal>
        <DropdownMenu.Content className="menu" align="end" sideOffset={4} collisionPadding={8} onCloseAutoFocus={closed}>
          <DropdownMenu.Item onSelect={() => write({ renaming: { id: conversation.id, where } })}>
            <Pencil aria-hidden />
            Rename
            <kbd>F2</kbd>
          </DropdownMenu.Item>
          {where === 'bar' && (
            <DropdownMenu.Item onSelect={() => write({ noting: true })}>
              <StickyNote aria-hidden />
              Note for this conversation
            </DropdownMenu.Item>
          )}
          <DropdownMenu.Item onSelect={() => actions.memory.rememberConversation(conversation.id, conversation.remembered === false)}>
            {conversation.remembered === false ? <Bookmark aria-hidden /> : <BookmarkX aria-hidden />}
            {conversation.remembered === false ? 'Remember this again' : 'Do not remember this'}
          </DropdownMenu.Item>
          <DropdownMenu.Item className="danger" onSelect={() => actions.shelf.remove(conversation)}>
            <Trash2 aria-hidden />
            Delete
            <kbd>Del</kbd>
          </DropdownMenu.Item>
        </DropdownMenu.Content>
      </DropdownMenu.Portal>
    </DropdownMenu.Root>
  );
}

type Parts = { conversation: Conversation; open: boolean; stop: boolean; now: number };

export const ConversationRow = memo(function ConversationRow({ conversation, open, stop, now }: Parts) {
  const { actions, view } = useServices();
  const renaming = useStore(view, ({ renaming }) => renaming?.id === conversation.id && renaming.where === 'list');
  if (renaming) {
    return (
      <li className="conversation">
        <TitleField conversation={conversation} />
      </li>
    );
  }
  const pressed = (event: React.KeyboardEvent) => {
    if (event.key === 'F2') view.setState({ renaming: { id: conversation.id, where: 'list' } });
    else if (event.key === 'Delete') actions.shelf.remove(conversation);
  };
  const choose = () => {
    actions.shelf.open(conversation.id);
    view.setState({ drawer: false, row: null });
  };
  return (
    <li className="conversation" data-open={open || undefined}>
      <button
        type="button"
        className="conversation-open"
        aria-current={open ? 'page' : undefined}
        tabIndex={stop ? 0 : -1}
        title={titleOf(conversation)}
        onClick={choose}
        onKeyDown={pressed}
      >
        <span className="clip grow">{titleOf(conversation)}</span>
        <time title={fullTime(conversation.updatedAt)}>{listTime(conversation.updatedAt, now)}</time>
      </button>
      <ConversationMenu conversation={conversation} where="list" />
    </li>
  );
});
