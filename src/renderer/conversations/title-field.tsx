/** @file The title of a conversation while it is written: Enter keeps it, Esc leaves it as it was. */
import { useEffect, useRef, useState } from 'react';
import { type Conversation, titleSchema } from '../../shared/conversation.ts';
import { TITLE_CHARACTERS } from '../../shared/limits.ts';
import { useServices } from '../shell/services.ts';

export function TitleField({ conversation }: { conversation: Conversation }) {
  const { actions, view } = useServices();
  const [title, setTitle] = useState(conversation.title);
  const field = useRef<HTMLInputElement>(null);
  const done = useRef(false);
  useEffect(() => {
    field.current?.focus();
    field.current?.select();
  }, []);
  const end = (keep: boolean) => {
    if (done.current) return;
    done.current = true;
    const parsed = titleSchema.safeParse(title);
    if (keep && parsed.success && parsed.data !== conversation.title) actions.shelf.rename(conversation.id, parsed.data);
    view.setState({ renaming: null });
  };
  const pressed = (event: React.KeyboardEvent) => {
    event.stopPropagation();
    if (event.key !== 'Enter' && event.key !== 'Escape') return;
    event.preventDefault();
    end(event.key === 'Enter');
  };
  return (
    <input
      ref={field}
      className="field title-field"
      value={title}
      maxLength={TITLE_CHARACTERS}
      aria-label="Title of the conversation"
      onChange={(event) => setTitle(event.target.value)}
      onKeyDown={pressed}
      onBlur={() => end(true)}
    />
  );
}
