/** @file The library: everybody there is to talk with, and the ways to somebody new. */
import { FileText, Plus, Search, Upload } from 'lucide-react';
import { useEffect, useMemo, useState } from 'react';
import { useStore } from 'zustand';
import type { LibraryEntry } from '../../shared/characters.ts';
import { PageFrame } from '../pages/page-frame.tsx';
import { Segments } from '../settings/rows.tsx';
import { useServices, useWindow } from '../shell/services.ts';
import { CompanionCard } from './companion-card.tsx';
import { DeleteDialog } from './delete-dialog.tsx';
import { Editor } from './editor.tsx';
import { useFileChoice } from './file-choice.tsx';

type Shelf = 'all' | 'lately' | 'never';
/** Four weeks: longer ago is not lately. */
const LATELY_MS = 28 * 24 * 60 * 60 * 1_000;
const CARD_FILES = '.png,.apng,.json,.charx,.byaf,image/png,application/json,application/zip';

function onShelf(entry: LibraryEntry, shelf: Shelf, now: number): boolean {
  if (shelf === 'all') return true;
  if (shelf === 'never') return entry.lastTalkedAt === undefined;
  return entry.lastTalkedAt !== undefined && now - entry.lastTalkedAt < LATELY_MS;
}

function hasWords(entry: LibraryEntry, words: string): boolean {
  const text = [entry.name, entry.firstMessage, entry.creator, ...entry.tags].join(' ').toLocaleLowerCase();
  return words
    .toLocaleLowerCase()
    .split(/\s+/)
    .every((word) => text.includes(word));
}

function DropTile({ onChoose }: { onChoose: () => void }) {
  return (
    <button type="button" className="companion-drop" onClick={onChoose}>
      <FileText aria-hidden />
      <b>Drop a card anywhere</b>
      <span>PNG, JSON, CHARX or BYAF. You see everything in it before it takes effect.</span>
    </button>
  );
}

function Library() {
  const { actions } = useServices();
  const entries = useWindow((state) => state.companions);
  const connection = useWindow((state) => state.connection);
  const changes = useWindow((state) => state.characters);
  const [words, setWords] = useState('');
  const [shelf, setShelf] = useState<Shelf>('all');
  const file = useFileChoice(CARD_FILES, (chosen) => actions.cards.look(chosen.map((each) => ({ file: each, name: each.name }))), true);
  // biome-ignore lint/correctness/useExhaustiveDependencies: another window's change is a reason to ask again.
  useEffect(() => {
    if (connection === 'open') actions.cards.load();
  }, [actions, connection, changes]);
  const now = Date.now();
  const shown = useMemo(
    () => (entries ?? []).filter((entry) => onShelf(entry, shelf, now) && hasWords(entry, words)),
    [entries, shelf, words, now],
  );
  const side = (
    <>
      <button type="button" className="button" onClick={file.choose}>
        <Upload aria-hidden />
        <span>Import a card</span>
      </button>
      <button type="button" className="button primary" onClick={() => actions.cards.edit()}>
        <Plus aria-hidden />
        <span>Write one</span>
      </button>
    </>
  );
  return (
    <PageFrame title="Companions" side={side}>
      {file.field}
      <DeleteDialog />
      <p className="companions-words">Each has separate conversations and memories. Nobody reads anyone else’s.</p>
      <div className="companions-tools">
        <label className="companions-search">
          <Search aria-hidden />
          <input
            type="search"
            placeholder="Search names, tags, words"
            aria-label="Search companions"
            value={words}
            onChange={(event) => setWords(event.target.value)}
          />
        </label>
        <Segments
          label="Which companions"
          value={shelf}
          choices={[
            { value: 'all', words: `All ${entries?.length ?? ''}` },
            { value: 'lately', words: 'Talked to lately' },
            { value: 'never', words: 'Never opened' },
          ]}
          onChoose={setShelf}
        />
      </div>
      <ul className="companion-grid" aria-label="Companions">
        {shown.map((entry) => (
          <li key={entry.id}>
            <CompanionCard entry={entry} now={now} />
          </li>
        ))}
        <li>
          <DropTile onChoose={file.choose} />
        </li>
      </ul>
      {entries !== null && shown.length === 0 && <p className="companions-none">Nobody here has these words.</p>}
    </PageFrame>
  );
}

export function CompanionsPage() {
  const { actions } = useServices();
  const editing = useStore(actions.cards.api, (state) => state.editing);
  return editing ? <Editor key={editing.id ?? ''} id={editing.id} /> : <Library />;
}
