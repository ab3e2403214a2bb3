/** @file The person's own words: one quiet bubble, and the bead that says how they sounded. */
import { Check, Copy, GitBranch, Pencil } from 'lucide-react';
import { memo, useState } from 'react';
import { useStore } from 'zustand';
import { FOLDED_CHARACTERS } from '../limits.ts';
import { useCopy } from '../shell/copy.ts';
import { useServices, useWindow } from '../shell/services.ts';
import { Editor } from './editor.tsx';
import { moodWords } from './mood.ts';
import { rowAttributes, useRowStop } from './row-focus.ts';
import type { UserRow } from './rows.ts';
import { Tool, Versions } from './tool.tsx';
import { fullTime } from './when.ts';

/** Long words are folded; what is read aloud or copied is always the whole. */
export function Words({ text }: { text: string }) {
  const [open, setOpen] = useState(false);
  if (text.length <= FOLDED_CHARACTERS) return text;
  return (
    <>
      <span className={open ? undefined : 'folded'}>{open ? text : text.slice(0, FOLDED_CHARACTERS)}</span>
      <button type="button" className="link" aria-expanded={open} onClick={() => setOpen(!open)}>
        {open ? 'Show less' : `Show all ${text.length.toLocaleString('en')} characters`}
      </button>
    </>
  );
}

function UserActions({ row, last }: { row: UserRow; last: boolean }) {
  const { message } = row;
  const { actions, view } = useServices();
  const { copied, copy } = useCopy();
  const busy = useWindow((state) => state.thread?.live !== null);
  return (
    <div className="acts mine" role="toolbar" aria-label="What to do with your words" data-last={last || undefined}>
      <Tool label="Copy" keys="C" press={() => copy(message.text)}>
        {copied ? <Check aria-hidden /> : <Copy aria-hidden />}
      </Tool>
      <Tool label="Change your words" keys="E" off={busy} press={() => view.setState({ editing: message.id })}>
        <Pencil aria-hidden />
      </Tool>
      <Tool label="Go back to before this" keys="B" off={busy} press={() => actions.steer.goBack(message)}>
        <GitBranch aria-hidden />
      </Tool>
      {message.sibling.count > 1 && <Versions message={message} />}
    </div>
  );
}

export const UserMessage = memo(function UserMessage({ row, last }: { row: UserRow; last: boolean }) {
  const { message } = row;
  const { view } = useServices();
  const editing = useStore(view, (state) => state.editing === message.id);
  const stop = useRowStop(row.key, last);
  const mood = message.mood ? moodWords(row.from, message.mood) : undefined;
  return (
    <article {...rowAttributes(row, stop, 'You')}>
      <i className="bead" data-mood={row.from} title={mood && `Your words read as ${mood}`} />
      {editing ? (
        <Editor message={message} rowKey={row.key} />
      ) : (
        <div className="said">
          <div className="bubble" title={fullTime(message.createdAt)}>
            <Words text={message.text} />
          </div>
        </div>
      )}
      {!editing && <UserActions row={row} last={last} />}
      {mood && <span className="only-read">Your words read as {mood}.</span>}
    </article>
  );
});
