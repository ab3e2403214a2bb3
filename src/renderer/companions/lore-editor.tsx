/** @file The lorebook in the editor: what a companion knows once it is spoken of. */
import { ChevronRight, Plus, Trash2 } from 'lucide-react';
import { useState } from 'react';
import type { CardText, LoreText } from '../../shared/characters.ts';
import { emptyEntry, useCount, withItem, withoutItem } from './draft.ts';
import { EditorSection, ListField, NumberField, TextField, Tick } from './editor-fields.tsx';

type EntryProps = { entry: LoreText; open: boolean; onOpen: () => void; onChange: (entry: LoreText) => void; onRemove: () => void };

const titleOf = (entry: LoreText) => entry.name || entry.keys.filter((key) => key.trim() !== '').join(', ') || 'New entry';
function stateOf({ enabled, constant, keys, patterns }: LoreText): string {
  if (!enabled) return 'off';
  if (constant) return 'always';
  return patterns.length > 0 && keys.every((key) => patterns.includes(key)) ? 'not matched' : '';
}

const secondLabels: Readonly<Record<LoreText['secondaryLogic'], string>> = {
  any: 'And one of these',
  all: 'And all of these',
  'not-any': 'And none of these',
  'not-all': 'And not all of these',
};

function Content({ content, onChange }: { content: string; onChange: (content: string) => void }) {
  const tokens = useCount(content);
  return (
    <TextField
      label="What is true then"
      hint="Lines that begin with @@ are decorators."
      rows={4}
      voice
      value={content}
      tokens={tokens}
      onChange={onChange}
    />
  );
}

function Entry({ entry, open, onOpen, onChange, onRemove }: EntryProps) {
  const change = (part: Partial<LoreText>) => onChange({ ...entry, ...part });
  return (
    <li className="lore-entry">
      <div className="lore-head">
        <button type="button" className="lore-open" aria-expanded={open} onClick={onOpen}>
          <ChevronRight aria-hidden />
          <span className="clip">{titleOf(entry)}</span>
          {stateOf(entry) && <span className="card-chip">{stateOf(entry)}</span>}
        </button>
        <button type="button" className="tool small" aria-label={`Remove ${titleOf(entry)}`} title="Remove" onClick={onRemove}>
          <Trash2 aria-hidden />
        </button>
      </div>
      {open && (
        <div className="lore-body">
          {entry.patterns.length > 0 && (
            <p className="card-same">Regular expressions are kept, and match nothing here: {entry.patterns.join(', ').slice(0, 200)}</p>
          )}
          <TextField label="Name" hint="For you alone." value={entry.name} most={400} onChange={(name) => change({ name })} />
          <ListField
            label="When one of these comes up"
            hint="Words with commas between them."
            values={entry.keys}
            onChange={(keys) => change({ keys })}
          />
          {(entry.selective || entry.secondaryKeys.length > 0) && (
            <ListField
              label={secondLabels[entry.secondaryLogic]}
              values={entry.secondaryKeys}
              onChange={(secondaryKeys) => change({ secondaryKeys })}
            />
          )}
          <Content content={entry.content} onChange={(content) => change({ content })} />
          <div className="editor-row">
            <Tick label="In use" checked={entry.enabled} onChange={(enabled) => change({ enabled })} />
            <Tick label="Always in the prompt" checked={entry.constant} onChange={(constant) => change({ constant })} />
            <Tick label="Needs a second word" checked={entry.selective} onChange={(selective) => change({ selective })} />
            <Tick label="Capitals count" checked={entry.caseSensitive} onChange={(caseSensitive) => change({ caseSensitive })} />
          </div>
          <div className="editor-row">
            <NumberField
              label="Order, lower is earlier"
              min={-1_000_000}
              value={entry.order}
              onChange={(order) => change({ order: order ?? 100 })}
            />
            <NumberField
              label="Priority, lower goes first"
              min={-1_000_000}
              value={entry.priority}
              onChange={(priority) => change({ priority: priority ?? 0 })}
            />
            <label className="editor-number">
              <span>Place</span>
              <select
                className="field"
                value={entry.position}
                onChange={(event) => change({ position: event.target.value === 'before' ? 'before' : 'after' })}
              >
                <option value="before">Before the description</option>
                <option value="after">After the description</option>
              </select>
            </label>
          </div>
        </div>
      )}
    </li>
  );
}

export function LoreEditor({
  text,
  tokens,
  onChange,
}: {
  text: CardText;
  tokens: number | undefined;
  onChange: (part: Partial<CardText>) => void;
}) {
  const [open, setOpen] = useState<number | null>(null);
  const { lore, book } = text;
  const add = () => {
    onChange({ lore: [...lore, emptyEntry] });
    setOpen(lore.length);
  };
  const limit = (part: { scanDepth?: number | undefined; tokenBudget?: number | undefined }) => {
    const next = { scanDepth: book.scanDepth, tokenBudget: book.tokenBudget, ...part };
    const { scanDepth, tokenBudget } = next;
    const limits = {
      ...(scanDepth === undefined ? {} : { scanDepth: Math.floor(scanDepth) }),
      ...(tokenBudget === undefined ? {} : { tokenBudget: Math.floor(tokenBudget) }),
    };
    onChange({ book: { ...limits, recursive: book.recursive } });
  };
  return (
    <EditorSection title="Lorebook" words="What is only worth telling once it is spoken of: places, people, things that happened.">
      <ul className="lore-list">
        {lore.map((entry, index) => (
          <Entry
            // biome-ignore lint/suspicious/noArrayIndexKey: entries have no other name, and are not moved.
            key={index}
            entry={entry}
            open={open === index}
            onOpen={() => setOpen(open === index ? null : index)}
            onChange={(next) => onChange({ lore: withItem(lore, index, next) })}
            onRemove={() => {
              setOpen(null);
              onChange({ lore: withoutItem(lore, index) });
            }}
          />
        ))}
      </ul>
      <div className="editor-row">
        <button type="button" className="button" onClick={add}>
          <Plus aria-hidden />
          Add an entry
        </button>
        {lore.length > 0 && tokens !== undefined && <span className="card-tokens">{tokens} tokens if all of it came up</span>}
      </div>
      {lore.length > 0 && (
        <div className="editor-row">
          <NumberField
            label="Messages that are searched"
            placeholder="2"
            max={1_000}
            value={book.scanDepth}
            onChange={(scanDepth) => limit({ scanDepth })}
          />
          <NumberField
            label="Tokens at most"
            placeholder="a share of the context"
            value={book.tokenBudget}
            onChange={(tokenBudget) => limit({ tokenBudget })}
          />
          <Tick
            label="Entries may bring up others"
            checked={book.recursive}
            onChange={(recursive) => onChange({ book: { ...book, recursive } })}
          />
        </div>
      )}
    </EditorSection>
  );
}
