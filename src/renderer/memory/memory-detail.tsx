/** @file About one memory: the sentences it came from, what it took the place of, when it was used. */
import { X } from 'lucide-react';
import { useLayoutEffect, useRef } from 'react';
import type { Memory, MemorySource } from '../../shared/memories.ts';
import { fullTime, listTime } from '../conversation/when.ts';
import { useServices, useWindow } from '../shell/services.ts';
import { showPage } from '../shell/view.ts';
import type { MemoryShelf } from '../state/memory-shelf.ts';
import { originWords, sureWords } from './memory-words.ts';

function Source({ source }: { source: MemorySource }) {
  const { actions, view } = useServices();
  const open = () => {
    actions.shelf.open(source.conversationId);
    showPage(view, 'conversation');
  };
  return (
    <li>
      {source.quote !== '' && <blockquote>{source.quote}</blockquote>}
      <button type="button" className="link" title={fullTime(source.at)} onClick={open}>
        You, {fullTime(source.at)}, in {source.title || 'a conversation'}
      </button>
    </li>
  );
}

function Older({ memory, now }: { memory: Memory; now: number }) {
  return (
    <li>
      <span className="memory-said">{memory.text}</span>
      <small>
        said {listTime(memory.saidAt, now)}
        {memory.supersededAt !== undefined && `, until ${listTime(memory.supersededAt, now)}`}
      </small>
    </li>
  );
}

/** Goes to what was opened, wherever the list stands, and back to its row when it is put away. */
function useVisit(id: string) {
  const box = useRef<HTMLElement>(null);
  useLayoutEffect(() => {
    const detail = box.current;
    detail?.focus();
    return () => {
      if (!detail?.contains(document.activeElement)) return;
      document.querySelector<HTMLElement>(`[data-memory="${CSS.escape(id)}"] .memory-open`)?.focus();
    };
  }, [id]);
  return box;
}

export function MemoryDetail({ now, onForget }: { now: number; onForget: (memory: Memory) => void }) {
  const open = useWindow((state) => state.memory.open);
  return open && <Opened key={open.memory.id} open={open} now={now} onForget={onForget} />;
}

type Parts = { open: NonNullable<MemoryShelf['open']>; now: number; onForget: (memory: Memory) => void };

function Opened({ open, now, onForget }: Parts) {
  const { actions } = useServices();
  const { memory, sources, history, usedAt } = open;
  const box = useVisit(memory.id);
  return (
    <aside ref={box} className="memory-detail" aria-label="About this memory" tabIndex={-1}>
      <button
        type="button"
        className="tool small memory-close"
        aria-label="Close"
        title="Close (Esc)"
        onClick={() => actions.memory.close()}
      >
        <X aria-hidden />
      </button>
      <p className="memory-said">{memory.text}</p>
      <div className="memory-detail-deeds">
        <button type="button" className="button" onClick={() => void actions.memory.change(memory.id, { pinned: !memory.pinned })}>
          {memory.pinned ? 'Unpin' : 'Pin'}
        </button>
        <button type="button" className="button danger" onClick={() => onForget(memory)}>
          Forget
        </button>
      </div>
      <h2>Where it came from</h2>
      {sources.length > 0 ? (
        <ul>
          {sources.map((source) => (
            <Source key={source.messageId} source={source} />
          ))}
        </ul>
      ) : (
        <p>
          {memory.kind === 'summary' ? 'From a whole conversation' : 'From no message that is still here'}; {originWords(memory)}.
        </p>
      )}
      <h2>How sure it is</h2>
      <p>
        {sureWords(memory)}, {originWords(memory)} ({memory.confidence.toFixed(2)} of 1)
      </p>
      {history.length > 0 && (
        <>
          <h2>What it took the place of</h2>
          <ul>
            {history.map((older) => (
              <Older key={older.id} memory={older} now={now} />
            ))}
          </ul>
        </>
      )}
      <h2>{usedAt.length === 0 ? 'Not used yet' : usedAt.length === 1 ? 'Used once' : `Used ${usedAt.length} times`}</h2>
      {usedAt.length > 0 && <p>{usedAt.map((at) => listTime(at, now)).join(', ')}</p>}
    </aside>
  );
}
