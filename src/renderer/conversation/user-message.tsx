/** @file The person's own words: one quiet bubble, and the bead that says how they sounded. */
import { Check, Copy } from 'lucide-react';
import { memo, useState } from 'react';
import { FOLDED_CHARACTERS } from '../limits.ts';
import { useCopy } from '../shell/copy.ts';
import { moodWords } from './mood.ts';
import { rowAttributes, useRowStop } from './row-focus.ts';
import type { UserRow } from './rows.ts';
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

export const UserMessage = memo(function UserMessage({ row, last }: { row: UserRow; last: boolean }) {
  const { message } = row;
  const { copied, copy } = useCopy();
  const stop = useRowStop(row.key, last);
  const mood = message.mood ? moodWords(message.mood) : undefined;
  return (
    <article {...rowAttributes(row, stop, 'You')}>
      <i className="bead" data-mood={row.from} title={mood && `Your words read as ${mood}`} />
      <div className="said">
        <div className="acts beside">
          <button type="button" className="tool small" aria-label="Copy" title="Copy (C)" onClick={() => copy(message.text)}>
            {copied ? <Check aria-hidden /> : <Copy aria-hidden />}
          </button>
        </div>
        <div className="bubble" title={fullTime(message.createdAt)}>
          <Words text={message.text} />
        </div>
      </div>
      {mood && <span className="only-read">Your words read as {mood}.</span>}
    </article>
  );
});
