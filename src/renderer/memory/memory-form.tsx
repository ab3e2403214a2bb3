/** @file Words about oneself, written by hand: a memory's own wording, or something new. */
import { useId, useState } from 'react';
import type { NoteKind } from '../../shared/memories.ts';
import { NOTE_CHARACTERS, SUMMARY_CHARACTERS } from '../../shared/notes-limits.ts';
import { noteKindNames } from './memory-words.ts';

type Parts = {
  text: string;
  /** Undefined where it is none of the person's to choose, as for a summary. */
  kind: NoteKind | undefined;
  label: string;
  words: string;
  /** Resolves when it is kept, or was refused with a notice. */
  onSave(text: string, kind: NoteKind | undefined): Promise<void>;
  onCancel(): void;
};

export function MemoryForm({ text, kind, label, words, onSave, onCancel }: Parts) {
  const [written, setWritten] = useState(text);
  const [chosen, setChosen] = useState(kind);
  const about = useId();
  const plain = written.replaceAll(/\s+/gu, ' ').trim();
  const room = kind === undefined ? SUMMARY_CHARACTERS : NOTE_CHARACTERS;
  const save = () => {
    if (plain !== '' && plain.length <= room) void onSave(plain, chosen);
  };
  const pressed = (event: React.KeyboardEvent) => {
    if (event.key === 'Enter' && !event.shiftKey && !event.nativeEvent.isComposing) {
      event.preventDefault();
      save();
    }
    if (event.key !== 'Escape') return;
    event.preventDefault();
    event.stopPropagation();
    onCancel();
  };
  return (
    <form
      className="memory-form"
      onSubmit={(event) => {
        event.preventDefault();
        save();
      }}
    >
      <textarea
        // biome-ignore lint/a11y/noAutofocus: it opens because the person asked to write here
        autoFocus
        className="field memory-said"
        aria-label={label}
        rows={Math.min(6, Math.max(2, Math.ceil(written.length / 56)))}
        value={written}
        aria-invalid={plain.length > room || undefined}
        aria-describedby={about}
        // What is there is gone on with, or corrected: the end is where one writes.
        onFocus={({ currentTarget }) => currentTarget.setSelectionRange(currentTarget.value.length, currentTarget.value.length)}
        onChange={(event) => setWritten(event.target.value)}
        onKeyDown={pressed}
      />
      <div className="memory-form-foot">
        <span id={about} className="grow" data-wrong={plain.length > room || undefined}>
          {plain.length > room ? `${plain.length - room} characters too many.` : words}
        </span>
        {chosen !== undefined && (
          <select className="field" aria-label="Kind" value={chosen} onChange={(event) => setChosen(event.target.value as NoteKind)}>
            {noteKindNames.map(({ value, words: name }) => (
              <option key={value} value={value}>
                {name}
              </option>
            ))}
          </select>
        )}
        <button type="button" className="button ghost" onClick={onCancel}>
          Cancel
        </button>
        <button type="submit" className="button primary" disabled={plain === '' || plain.length > room}>
          Save
        </button>
      </div>
    </form>
  );
}
