/** @file Exactly what the model was sent, message by message, and what of it is new since the reply before. */
import { Check, Copy } from 'lucide-react';
import { useState } from 'react';
import type { Explanation } from '../../shared/inspection.ts';
import { FOLDED_CHARACTERS } from '../limits.ts';
import { useCopy } from '../shell/copy.ts';
import { compareMessages } from './compared.ts';
import { useExplained } from './use-explained.ts';

type Sent = Explanation['messages'][number];

/** The beginning of a long text is enough to know which one it is. */
const SHOWN = Math.min(600, FOLDED_CHARACTERS);

function SentMessage({ message, state }: { message: Sent; state: 'same' | 'new' | undefined }) {
  const [open, setOpen] = useState(false);
  const { role, content } = message;
  const long = content.length > SHOWN;
  return (
    <li className="sent-message" data-state={state}>
      <p className="quiet">
        {role}
        {state === 'new' && <b>new</b>}
        {state === 'same' && <span>as before</span>}
      </p>
      <pre>{open || !long ? content : `${content.slice(0, SHOWN)}…`}</pre>
      {long && (
        <button type="button" className="link" aria-expanded={open} onClick={() => setOpen(!open)}>
          {open ? 'Show less' : `Show all ${content.length.toLocaleString('en')} characters`}
        </button>
      )}
    </li>
  );
}

function comparedWords(same: number, all: number, gone: number): string {
  const kept = `${same} of ${all} messages are as they were for the reply before, so the model need not read them again.`;
  return gone === 0 ? kept : `${kept} ${gone} of that prompt ${gone === 1 ? 'is' : 'are'} not in this one.`;
}

export function Exact({ explanation }: { explanation: Explanation }) {
  const { messages, faithfulWords, previousReplyId } = explanation;
  const [comparing, setComparing] = useState(false);
  const { copied, copy } = useCopy();
  const before = useExplained(comparing ? previousReplyId : null);
  const compared = before && 'explanation' in before ? compareMessages(messages, before.explanation.messages) : undefined;
  if (messages.length === 0) return <p className="quiet">{faithfulWords}</p>;
  return (
    <>
      <div className="exact-head">
        <p className="quiet">{faithfulWords}</p>
        <button type="button" className="button small" onClick={() => copy(JSON.stringify(messages, null, 2))}>
          {copied ? <Check aria-hidden /> : <Copy aria-hidden />}
          Copy as JSON
        </button>
      </div>
      {previousReplyId !== null && (
        <label className="compare">
          <input type="checkbox" checked={comparing} onChange={() => setComparing(!comparing)} />
          Compare with the reply before
        </label>
      )}
      {comparing && before && 'fault' in before && <p className="quiet">Of the reply before no record is kept.</p>}
      {compared && <p className="quiet">{comparedWords(compared.same.filter(Boolean).length, messages.length, compared.gone)}</p>}
      <ol className="sent-messages">
        {messages.map((message, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: the messages of a sent prompt never change their places.
          <SentMessage key={index} message={message} state={compared && (compared.same[index] ? 'same' : 'new')} />
        ))}
      </ol>
    </>
  );
}
