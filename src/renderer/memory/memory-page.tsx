/** @file "What Sarah remembers": found, narrowed, told, changed, pinned, forgotten, carried out and in. */
import { EllipsisVertical, Plus } from 'lucide-react';
import { useEffect, useState } from 'react';
import type { CharacterSummary } from '../../shared/character.ts';
import type { Memory } from '../../shared/memories.ts';
import { Avatar } from '../conversation/avatar.tsx';
import { PageFrame } from '../pages/page-frame.tsx';
import { useServices, useWindow } from '../shell/services.ts';
import { useReturn } from '../shell/use-return.ts';
import { ForgetDialog } from './forget-dialog.tsx';
import { MemoryDetail } from './memory-detail.tsx';
import { MemoryForm } from './memory-form.tsx';
import { MemoryMenu } from './memory-menu.tsx';
import { MemoryRow } from './memory-row.tsx';
import { MemoryTools } from './memory-tools.tsx';
import { countWords } from './memory-words.ts';
import { Rememberers, useRememberer } from './rememberers.tsx';

/** Asks for the list when the page opens, when the connection is back, and whenever something changed. */
function useFreshList(characterId: string | undefined): void {
  const { actions } = useServices();
  const connection = useWindow((state) => state.connection);
  const stale = useWindow((state) => state.memory.stale);
  useEffect(() => {
    if (connection === 'open' && characterId) actions.memory.narrow({ characterId });
  }, [actions, connection, characterId]);
  useEffect(() => {
    if (stale && connection === 'open') actions.memory.refresh();
  }, [actions, stale, connection]);
}

function Side({ companion, onChoose }: { companion: CharacterSummary; onChoose: (id: string) => void }) {
  return (
    <>
      <Rememberers chosen={companion.id} onChoose={onChoose} />
      <MemoryMenu companion={companion} Icon={EllipsisVertical} />
    </>
  );
}

function Empty({ name, onTell }: { name: string; onTell: () => void }) {
  const { actions } = useServices();
  const on = useWindow((state) => state.told?.settings.memory.on ?? true);
  return (
    <div className="memory-empty">
      <Avatar size="l" />
      <p className="memory-said">We have only just met, so I know nothing about you yet.</p>
      <p>
        As you talk, {name} notes what seems worth keeping: names, plans, what you like. Each note is listed here with the sentence it came
        from, and you can change or forget it. Notes are drawn from your words alone, never from {name}’s own.
      </p>
      <div className="memory-empty-deeds">
        <button type="button" className="button primary" onClick={onTell}>
          <Plus aria-hidden />
          Tell {name} something
        </button>
        <button type="button" className="button ghost" onClick={() => actions.preferences.change({ memory: { on: !on } })}>
          {on ? 'Turn memory off' : 'Turn memory on'}
        </button>
      </div>
    </div>
  );
}

function List({ onForget, now }: { onForget: (memory: Memory) => void; now: number }) {
  const { actions } = useServices();
  const items = useWindow((state) => state.memory.items) ?? [];
  const before = useWindow((state) => state.memory.before);
  const open = useWindow((state) => state.memory.open?.memory.id);
  if (items.length === 0) return <p className="memory-nothing">Nothing that fits.</p>;
  return (
    <>
      <ul className="memory-list" aria-label="What is remembered">
        {items.map((memory) => (
          <MemoryRow key={memory.id} memory={memory} selected={memory.id === open} now={now} onForget={onForget} />
        ))}
      </ul>
      {before !== undefined && (
        <button type="button" className="button" onClick={() => actions.memory.more()}>
          Show more
        </button>
      )}
    </>
  );
}

export function MemoryPage() {
  const { actions } = useServices();
  const [telling, setTelling] = useState(false);
  const [forgetting, setForgetting] = useState<Memory | null>(null);
  const tell = useReturn<HTMLButtonElement>(telling);
  const { companion, isDeleted, choose } = useRememberer();
  const turnOn = () => {
    actions.preferences.change({ memory: { on: true } });
    // The line goes with its button.
    tell.current?.focus();
  };
  const show = (id: string) => {
    actions.memory.close();
    choose(id);
  };
  const counts = useWindow((state) => state.memory.counts);
  const listed = useWindow((state) => state.memory.items !== null);
  const on = useWindow((state) => state.told?.settings.memory.on ?? true);
  const detail = useWindow((state) => state.memory.open !== null);
  useFreshList(companion?.id);
  useEffect(() => {
    actions.preferences.load();
    return actions.memory.close;
  }, [actions]);
  const name = companion?.name ?? 'your companion';
  const isEmpty = counts.notes + counts.summaries + counts.superseded === 0;
  const now = Date.now();
  // Esc puts away what lies beside the list first, and only then the page.
  const pressed = (event: React.KeyboardEvent) => {
    if (event.key !== 'Escape' || event.defaultPrevented || !detail) return;
    event.preventDefault();
    actions.memory.close();
  };
  return (
    <PageFrame title={`What ${name} remembers`} side={companion && <Side companion={companion} onChoose={show} />}>
      {/* biome-ignore lint/a11y/noStaticElementInteractions: it hears what was pressed in it and not used there */}
      <div className="memory-page" data-detail={detail || undefined} onKeyDown={pressed}>
        <div>
          {!on && (
            <p className="memory-off" role="status">
              Memory is off: nothing is learnt and nothing is recalled. What is here is kept.
              <button type="button" className="button small" onClick={turnOn}>
                Turn it on
              </button>
            </p>
          )}
          {listed && !isEmpty && (
            <div className="memory-head">
              <p>{countWords(counts)}</p>
              {!isDeleted && (
                <button ref={tell} type="button" className="button" onClick={() => setTelling(true)}>
                  <Plus aria-hidden />
                  Tell {name} something
                </button>
              )}
            </div>
          )}
          {telling && (
            <div className="memory" data-editing>
              <MemoryForm
                text=""
                kind="you"
                label={`Something for ${name} to remember`}
                words="Speak to yourself as “you”: You have a boat."
                onCancel={() => setTelling(false)}
                onSave={async (text, kind) => {
                  if (companion && (await actions.memory.add(companion.id, kind ?? 'you', text))) setTelling(false);
                }}
              />
            </div>
          )}
          {listed && isEmpty && !telling && <Empty name={name} onTell={() => setTelling(true)} />}
          {listed && !isEmpty && (
            <>
              <MemoryTools />
              <List onForget={setForgetting} now={now} />
            </>
          )}
        </div>
        <MemoryDetail now={now} onForget={setForgetting} />
      </div>
      {forgetting && <ForgetDialog memory={forgetting} onClose={() => setForgetting(null)} />}
    </PageFrame>
  );
}
