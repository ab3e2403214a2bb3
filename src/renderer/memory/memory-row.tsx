/** @file One memory in the list: what it says, where it came from, and what can be done with it. */
import { Link2, Pencil, Pin, Trash2, Users } from 'lucide-react';
import { useState } from 'react';
import type { Memory } from '../../shared/memories.ts';
import { fullTime } from '../conversation/when.ts';
import { useServices, useWindow } from '../shell/services.ts';
import { useReturn } from '../shell/use-return.ts';
import { MemoryForm } from './memory-form.tsx';
import { learnedWords, originWords, sharedWords, shortWords, sureWords } from './memory-words.ts';

type Parts = { memory: Memory; selected: boolean; now: number; onForget: (memory: Memory) => void };

export function MemoryRow({ memory, selected, now, onForget }: Parts) {
  const { actions } = useServices();
  const [editing, setEditing] = useState(false);
  const edit = useReturn<HTMLButtonElement>(editing);
  const short = shortWords(memory.text);
  const sharing = useWindow((state) => state.told?.settings.memory.shared ?? false);
  if (editing) {
    return (
      <li className="memory" data-editing>
        <MemoryForm
          text={memory.text}
          kind={memory.kind === 'summary' ? undefined : memory.kind}
          label="What is remembered"
          words="Your wording is kept as you write it."
          onCancel={() => setEditing(false)}
          onSave={async (text, kind) => {
            if (await actions.memory.change(memory.id, { text, ...(kind === undefined ? {} : { kind }) })) setEditing(false);
          }}
        />
      </li>
    );
  }
  return (
    <li
      className="memory"
      data-memory={memory.id}
      data-selected={selected || undefined}
      data-old={memory.supersededAt !== undefined || undefined}
    >
      <button type="button" className="memory-open" aria-current={selected || undefined} onClick={() => actions.memory.open(memory.id)}>
        <span className="memory-said">{memory.text}</span>
        <span className="memory-about">
          {memory.source && (
            <span>
              <Link2 aria-hidden />
              <span className="clip">{memory.source.title || 'New conversation'}</span>
            </span>
          )}
          <span title={fullTime(memory.learnedAt)}>{learnedWords(memory, now)}</span>
          <span>{originWords(memory)}</span>
          {memory.origin === 'model' && !memory.edited && <span title={`Confidence ${memory.confidence}`}>{sureWords(memory)}</span>}
          {memory.pinned && <span>pinned, so always used</span>}
          {sharing && sharedWords(memory) !== undefined && <span>{sharedWords(memory)}</span>}
          {memory.supersededAt !== undefined && <span>no longer true</span>}
          {memory.replaced > 0 && <span>{memory.replaced === 1 ? 'replaced an older one' : `replaced ${memory.replaced} older ones`}</span>}
        </span>
      </button>
      <span className="memory-deeds">
        {memory.supersededAt === undefined && (
          <button
            type="button"
            className="tool small"
            aria-pressed={memory.pinned}
            aria-label={`Pin: ${short}`}
            title={memory.pinned ? 'Unpin' : 'Pin: goes with every message'}
            onClick={() => void actions.memory.change(memory.id, { pinned: !memory.pinned })}
          >
            <Pin aria-hidden />
          </button>
        )}
        {sharing && memory.supersededAt === undefined && memory.kind !== 'summary' && !memory.pinned && (
          <button
            type="button"
            className="tool small"
            aria-pressed={memory.shared === true}
            aria-label={`Share with all companions: ${short}`}
            title={memory.shared ? 'Keep to this companion' : 'Share with all companions'}
            onClick={() => void actions.memory.change(memory.id, { shared: !memory.shared })}
          >
            <Users aria-hidden />
          </button>
        )}
        <button ref={edit} type="button" className="tool small" aria-label={`Edit: ${short}`} title="Edit" onClick={() => setEditing(true)}>
          <Pencil aria-hidden />
        </button>
        <button type="button" className="tool small" aria-label={`Forget: ${short}`} title="Forget" onClick={() => onForget(memory)}>
          <Trash2 aria-hidden />
        </button>
      </span>
    </li>
  );
}
