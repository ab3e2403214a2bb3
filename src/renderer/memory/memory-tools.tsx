/** @file Finding and narrowing what is remembered, and how much of it fits. */
import { Search, X } from 'lucide-react';
import { useRef } from 'react';
import type { MemoryFilter } from '../../shared/memories.ts';
import { Segments } from '../settings/rows.tsx';
import { useServices, useWindow } from '../shell/services.ts';
import { foundWords, type KindChoice, kindChoices } from './memory-words.ts';

/** What the search and the kinds leave of a filter. */
const narrowed = ({ query, kinds, pinned, shared, since, superseded }: MemoryFilter): boolean =>
  [query, kinds, pinned, shared, since, superseded].some((part) => part !== undefined);

/** Everything that narrows the list stands here in words, also what was chosen in the menu, and goes with one press. */
function Found({ onAll }: { onAll: () => void }) {
  const filter = useWindow((state) => state.memory.filter);
  const found = useWindow((state) => state.memory.found);
  const counts = useWindow((state) => state.memory.counts);
  const isNarrowed = narrowed(filter);
  return (
    <div className="memory-found">
      <p role="status">{isNarrowed && foundWords(filter, found, counts)}</p>
      {isNarrowed && (
        <button type="button" className="link" onClick={onAll}>
          Show everything
        </button>
      )}
    </div>
  );
}

export function MemoryTools() {
  const field = useRef<HTMLInputElement>(null);
  const { actions } = useServices();
  const filter = useWindow((state) => state.memory.filter);
  const { kinds: chosen, query: written = '', ...rest } = filter;
  const withQuery = written === '' ? {} : { query: written };
  const kind: KindChoice = chosen?.[0] ?? 'all';
  const search = (query: string) => {
    const kinds = chosen ? { kinds: chosen } : {};
    actions.memory.narrow(query === '' ? { ...rest, ...kinds } : { ...rest, ...kinds, query: query.slice(0, 200) });
  };
  const showAll = () => {
    const { characterId } = filter;
    actions.memory.narrow(characterId === undefined ? {} : { characterId });
    field.current?.focus();
  };
  const pressed = (event: React.KeyboardEvent) => {
    if (event.key !== 'Escape' || written === '') return;
    event.preventDefault();
    search('');
  };
  return (
    <>
      <div className="memory-tools">
        <search className="search memory-search">
          <Search aria-hidden />
          <input
            ref={field}
            type="text"
            value={written}
            placeholder="Search"
            aria-label="Search what is remembered"
            onChange={(event) => search(event.target.value)}
            onKeyDown={pressed}
          />
          {written !== '' && (
            <button
              type="button"
              className="tool tiny"
              aria-label="Clear the search"
              title="Clear the search (Esc)"
              onClick={() => search('')}
            >
              <X aria-hidden />
            </button>
          )}
        </search>
        <Segments
          label="Kind"
          value={kind}
          choices={kindChoices}
          onChoose={(value) => actions.memory.narrow({ ...rest, ...withQuery, ...(value === 'all' ? {} : { kinds: [value] }) })}
        />
      </div>
      <Found onAll={showAll} />
    </>
  );
}
