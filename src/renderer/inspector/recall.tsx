/** @file What was recalled for a reply: each thing with its reason, its cost and where it comes from, to be put right or forgotten. */
import { Link2, Pencil, Trash2 } from 'lucide-react';
import { useState } from 'react';
import type { ExplainedRecall, Explanation } from '../../shared/inspection.ts';
import { MemoryForm } from '../memory/memory-form.tsx';
import { shortWords } from '../memory/memory-words.ts';
import { useServices, useWindow } from '../shell/services.ts';
import { useReturn } from '../shell/use-return.ts';
import { showPage } from '../shell/view.ts';
import { costWords, nowWords, sureWords } from './recall-words.ts';

type Parts = { recall: ExplainedRecall; name: string };

function Source({ recall }: Parts) {
  const { actions, view } = useServices();
  const { message } = recall;
  if (!message) return null;
  const open = () => {
    actions.shelf.open(message.conversationId);
    showPage(view, 'conversation');
  };
  return (
    <button type="button" className="link" title="Open the conversation it comes from" onClick={open}>
      <Link2 aria-hidden />
      <span className="clip">{message.title || 'New conversation'}</span>
    </button>
  );
}

/** A note is put in other words; in the place of a message a note is told, for what was said was said. */
function Correction({ recall, name, done }: Parts & { done: () => void }) {
  const { actions } = useServices();
  const characterId = useWindow((state) => state.thread?.conversation.characterId);
  const { memory } = recall;
  return (
    <MemoryForm
      text={memory?.text ?? ''}
      kind={memory?.kind === 'summary' ? undefined : (memory?.kind ?? 'you')}
      label={memory ? 'What is remembered' : 'What is right'}
      words={memory ? 'Your wording is kept as you write it.' : `A note for ${name}, in the place of the message: You live in Leeds.`}
      onCancel={done}
      onSave={async (text, kind) => {
        const change = { text, ...(kind === undefined ? {} : { kind }) };
        const kept = memory
          ? await actions.memory.change(memory.id, change)
          : characterId !== undefined && (await actions.memory.add(characterId, kind ?? 'you', text, recall.source?.messageId));
        if (kept) done();
      }}
    />
  );
}

/** What came of it: the words are gone, and the message they came from may go too. */
function Gone({ recall }: { recall: ExplainedRecall }) {
  const { actions } = useServices();
  const { message, source } = recall;
  return (
    <li className="recalled" data-gone>
      <p className="quiet">
        Forgotten.
        {message && source?.kind === 'note' && (
          <>
            {' '}
            The message it came from is still there.{' '}
            <button type="button" className="link" onClick={() => void actions.memory.forgetMessage(message.id)}>
              Forget that too
            </button>
          </>
        )}
      </p>
    </li>
  );
}

function RecallRow({ recall, name }: Parts) {
  const { actions } = useServices();
  const [correcting, setCorrecting] = useState(false);
  const correct = useReturn<HTMLButtonElement>(correcting);
  if (recall.forgotten) return <Gone recall={recall} />;
  const { memory, message, source, text, reason } = recall;
  const short = shortWords(text);
  const forget = () => {
    if (memory) void actions.memory.forget(memory, false);
    else if (message) void actions.memory.forgetMessage(message.id);
  };
  const now = nowWords(recall);
  return (
    <li className="recalled">
      <div className="recalled-head">
        <p className="memory-said">{text}</p>
        {source && (memory || message) && (
          <span className="recalled-deeds">
            <button
              type="button"
              className="tool small"
              ref={correct}
              aria-label={`Correct: ${short}`}
              title="Correct"
              onClick={() => setCorrecting(true)}
            >
              <Pencil aria-hidden />
            </button>
            <button
              type="button"
              className="tool small"
              aria-label={`Forget: ${short}`}
              title={memory ? 'Forget this' : 'Forget this message'}
              onClick={forget}
            >
              <Trash2 aria-hidden />
            </button>
          </span>
        )}
      </div>
      <p className="quiet">{reason}</p>
      {now !== undefined && <p className="recalled-now">{now}</p>}
      <p className="recalled-about quiet">
        <Source recall={recall} name={name} />
        {sureWords(recall) !== undefined && <span>{sureWords(recall)}</span>}
        <span>{costWords(recall)}</span>
      </p>
      {correcting && <Correction recall={recall} name={name} done={() => setCorrecting(false)} />}
    </li>
  );
}

export function Recall({ explanation, name }: { explanation: Explanation; name: string }) {
  const { recalled } = explanation;
  if (recalled.length === 0) return null;
  return (
    <section className="part">
      <h3>
        Recalled for this reply
        <span className="quiet">{recalled.length === 1 ? 'one memory' : `${recalled.length} memories`}</span>
      </h3>
      <ul className="recalled-list">
        {recalled.map((recall, index) => (
          <RecallRow key={recall.source?.id ?? `${index} ${recall.text}`} recall={recall} name={name} />
        ))}
      </ul>
    </section>
  );
}
