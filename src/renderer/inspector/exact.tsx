/** @file Exactly what the model was sent, message by message, and what of it differs from the reply before. */
import { Check, Copy } from 'lucide-react';
import { useMemo, useState } from 'react';
import type { Explanation } from '../../shared/inspection.ts';
import { FOLDED_CHARACTERS } from '../limits.ts';
import { useCopy } from '../shell/copy.ts';
import { type Compared, type ComparedMessage, compareMessages } from './compared.ts';
import { diffLines, folded } from './line-diff.ts';
import { useExplained } from './use-explained.ts';

type Sent = Explanation['messages'][number];

/** The beginning of a long text is enough to know which one it is. */
const SHOWN = Math.min(600, FOLDED_CHARACTERS);

const stateWords = { same: 'as before', again: 'as before, read anew', new: 'new', changed: 'changed', gone: 'not sent any more' } as const;
type State = ComparedMessage['state'] | 'gone';

/** Only what differs, with the lines beside it. */
function Difference({ before, now }: { before: string; now: string }) {
  const lines = useMemo(() => folded(diffLines(before, now)), [before, now]);
  return (
    <pre className="sent-diff">
      {lines.map((line, index) =>
        line.kind === 'folded' ? (
          // biome-ignore lint/suspicious/noArrayIndexKey: the lines of a difference never change their places.
          <span key={index} data-kind="folded">
            {line.count === 1 ? 'one line as before' : `${line.count} lines as before`}
          </span>
        ) : line.kind === 'same' ? (
          // biome-ignore lint/suspicious/noArrayIndexKey: as above.
          <span key={index} data-kind="same">
            {line.text}
          </span>
        ) : line.kind === 'gone' ? (
          // biome-ignore lint/suspicious/noArrayIndexKey: as above.
          <del key={index}>{line.text}</del>
        ) : (
          // biome-ignore lint/suspicious/noArrayIndexKey: as above.
          <ins key={index}>{line.text}</ins>
        ),
      )}
    </pre>
  );
}

function SentMessage({ message, state, before }: { message: Sent; state?: State | undefined; before?: string | undefined }) {
  const [open, setOpen] = useState(false);
  const { role, content } = message;
  const long = content.length > SHOWN;
  return (
    <li className="sent-message" data-state={state}>
      <p className="quiet">
        {role}
        {state && <span className="sent-state">{stateWords[state]}</span>}
      </p>
      {before !== undefined && !open ? (
        <Difference before={before} now={content} />
      ) : (
        <pre>{open || !long ? content : `${content.slice(0, SHOWN)}…`}</pre>
      )}
      {(long || before !== undefined) && (
        <button type="button" className="link" aria-expanded={open} onClick={() => setOpen(!open)}>
          {open ? 'Show less' : `Show all ${content.length.toLocaleString('en')} characters`}
        </button>
      )}
    </li>
  );
}

function comparedWords({ messages, gone }: Compared): string {
  const same = messages.filter(({ state }) => state === 'same').length;
  const kept = `${same} of ${messages.length} messages are as they were for the reply before, so the model need not read them again.`;
  if (gone.length === 0) return kept;
  return `${kept} ${gone.length} of that prompt ${gone.length === 1 ? 'is' : 'are'} not in this one.`;
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
      {compared && <p className="quiet">{comparedWords(compared)}</p>}
      <ol className="sent-messages">
        {messages.map((message, index) => {
          const how = compared?.messages[index];
          const changed = how?.state === 'changed' ? how.before : undefined;
          // biome-ignore lint/suspicious/noArrayIndexKey: the messages of a sent prompt never change their places.
          return <SentMessage key={index} message={message} state={how?.state} before={changed} />;
        })}
        {compared?.gone.map((message, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: as above.
          <SentMessage key={`gone ${index}`} message={message} state="gone" />
        ))}
      </ol>
    </>
  );
}
