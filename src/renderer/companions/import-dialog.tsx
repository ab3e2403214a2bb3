/** @file Look before you add: everything in a card, what it costs, and what of it is not followed. */
import { CircleAlert, X } from 'lucide-react';
import { Tabs } from 'radix-ui';
import { useEffect, useRef } from 'react';
import { useStore } from 'zustand';
import type { Importing } from '../actions/cards.ts';
import { Landscape } from '../conversation/avatar.tsx';
import { useServices } from '../shell/services.ts';
import type { Preview } from './card-part.tsx';
import { hueOf } from './face.tsx';
import { Lore } from './import-lore.tsx';
import { Everything, Figures, Greetings } from './import-parts.tsx';

const formatWords = { png: 'PNG', json: 'JSON', charx: 'CHARX', byaf: 'Backyard archive' } as const;
function sizeWords(bytes: number): string {
  if (bytes < 1_000) return `${bytes} bytes`;
  return bytes < 1_000_000 ? `${Math.round(bytes / 1_000)} kB` : `${(bytes / 1_000_000).toFixed(1)} MB`;
}

const waitingWords = (waiting: number) =>
  waiting === 0
    ? 'The file is kept as it came, so that it can be exported whole.'
    : `${waiting === 1 ? 'One more file follows' : `${waiting} more files follow`} after this one.`;

function Shown(shown: Preview) {
  const { cards } = useServices().actions;
  const waiting = useStore(cards.api, (state) => state.waiting);
  const { preview, address, adding } = shown;
  const { character } = preview;
  const lore = character.lorebook?.entries.length ?? 0;
  const greetings = [character.firstMessage, ...character.alternateGreetings].filter((text) => text !== '').length;
  const by = [character.creator && `by ${character.creator}`, character.characterVersion && `version ${character.characterVersion}`]
    .filter(Boolean)
    .join(', ');
  return (
    <>
      <header className="import-head">
        <div>
          <h2 id="import-title">Look before you add {character.name}</h2>
          <p id="import-words">
            {preview.file.slice(0, 80)}, {sizeWords(preview.bytes)}, {formatWords[preview.format]}, card version {preview.version}. Nothing
            has been saved yet.
          </p>
        </div>
        <button type="button" className="tool" aria-label="Do not import" title="Do not import" onClick={cards.cancelAll}>
          <X aria-hidden />
        </button>
      </header>
      <div className="import-body">
        <aside className="import-side">
          <span className="import-art" style={hueOf(character)}>
            {address ? <img src={address} alt="" /> : <Landscape />}
          </span>
          <b className="companion-title">{character.name}</b>
          {character.nickname && <p className="card-note">called {character.nickname}</p>}
          {by && <p className="card-note">{by}</p>}
          {character.tags.length > 0 && (
            <p className="card-keys">
              {character.tags.slice(0, 8).map((tag) => (
                <span key={tag} className="card-chip clip">
                  {tag}
                </span>
              ))}
            </p>
          )}
          <Figures {...shown} />
          {preview.sameAs && <p className="card-same">The same card is in your library already.</p>}
        </aside>
        <Tabs.Root className="import-tabs" defaultValue="all">
          <Tabs.List className="tabs" aria-label="Parts of the card">
            <Tabs.Trigger value="all">Everything in the card</Tabs.Trigger>
            <Tabs.Trigger value="greetings">Greetings {greetings}</Tabs.Trigger>
            {lore > 0 && <Tabs.Trigger value="lore">Lorebook {lore}</Tabs.Trigger>}
            <Tabs.Trigger value="source">Source JSON</Tabs.Trigger>
          </Tabs.List>
          <Tabs.Content value="all">
            <Everything {...shown} />
          </Tabs.Content>
          <Tabs.Content value="greetings">
            <Greetings {...shown} />
          </Tabs.Content>
          <Tabs.Content value="lore">
            <Lore {...shown} />
          </Tabs.Content>
          <Tabs.Content value="source">
            <pre className="card-source">{preview.source}</pre>
          </Tabs.Content>
        </Tabs.Root>
      </div>
      <footer className="import-foot">
        <span className="card-note grow">{waitingWords(waiting)}</span>
        <button type="button" className="button ghost" onClick={cards.cancel}>
          Do not import
        </button>
        <button type="button" className="button primary" disabled={adding} onClick={cards.confirm}>
          {adding && <span className="spinner" aria-hidden />}
          <span className="clip">Add {character.name}</span>
        </button>
      </footer>
    </>
  );
}

function Reading({ name, part }: Extract<Importing, { step: 'reading' }>) {
  const { cards } = useServices().actions;
  return (
    <div className="import-plain">
      <h2 id="import-title">Reading {name.slice(0, 60)}</h2>
      <p id="import-words">Nothing is added by looking.</p>
      <progress className="card-share" max={1} value={part} aria-label="Read so far" />
      <button type="button" className="button" onClick={cards.cancelAll}>
        Stop
      </button>
    </div>
  );
}

function Refused({ name, fault }: Extract<Importing, { step: 'refused' }>) {
  const { cards } = useServices().actions;
  const waiting = useStore(cards.api, (state) => state.waiting);
  return (
    <div className="import-plain">
      <CircleAlert aria-hidden />
      <h2 id="import-title">{name.slice(0, 60)} was not added</h2>
      <p id="import-words">{fault.message}</p>
      <button type="button" className="button primary" onClick={cards.cancel}>
        {waiting === 0 ? 'Close' : 'Next file'}
      </button>
    </div>
  );
}

/** The page's own kind of dialog: it holds the keyboard, closes with Esc and gives the focus back by itself. */
export function ImportDialog() {
  const { cards } = useServices().actions;
  const importing = useStore(cards.api, (state) => state.importing);
  const dialog = useRef<HTMLDialogElement>(null);
  const isOpen = importing !== null;
  useEffect(() => {
    if (isOpen) dialog.current?.showModal();
    else dialog.current?.close();
  }, [isOpen]);
  const step = importing?.step;
  // The button that had the keyboard goes with its step; the first one of the next is the safe choice.
  useEffect(() => {
    if (step) dialog.current?.querySelector('button')?.focus();
  }, [step]);
  return (
    <dialog
      ref={dialog}
      className="import"
      data-step={importing?.step}
      aria-labelledby="import-title"
      aria-describedby="import-words"
      onKeyDown={(event) => {
        if (event.key !== 'Escape') return;
        // The window has uses of its own for this key.
        event.stopPropagation();
        event.preventDefault();
        cards.cancelAll();
      }}
      onCancel={(event) => {
        event.preventDefault();
        cards.cancelAll();
      }}
    >
      {importing?.step === 'reading' && <Reading {...importing} />}
      {importing?.step === 'refused' && <Refused {...importing} />}
      {importing?.step === 'preview' && <Shown {...importing} />}
    </dialog>
  );
}
