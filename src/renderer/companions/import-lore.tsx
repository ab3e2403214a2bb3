/** @file The lorebook of a card that is not added yet: what brings its entries up, and every entry. */
import { type ReactNode, useState } from 'react';
import { Part, type Preview, Words } from './card-part.tsx';

const MOST_KEYS = 12;

type Entries = NonNullable<Preview['preview']['character']['lorebook']>['entries'];

function Keys({ keys }: { keys: readonly string[] }) {
  const all = [...new Set(keys)];
  return (
    <>
      {all.slice(0, MOST_KEYS).map((key) => (
        <span key={key} className="card-chip clip">
          {key}
        </span>
      ))}
      {all.length > MOST_KEYS && <span className="card-chip">+ {all.length - MOST_KEYS}</span>}
    </>
  );
}

/** What brings the entries up; those that nothing brings up are counted. */
export function LoreSummary({ entries }: { entries: Entries }) {
  const used = entries.filter(({ enabled }) => enabled);
  const always = used.filter(({ constant }) => constant).length;
  const keys = used.flatMap((entry) => (entry.constant ? [] : entry.keys.filter((key) => !entry.patterns.includes(key))));
  const off = entries.length - used.length;
  const counts = [always > 0 && `${always} always in the prompt`, off > 0 && `${off} switched off`].filter((words) => words !== false);
  return (
    <Part title={`Lorebook, ${entries.length} ${entries.length === 1 ? 'entry' : 'entries'}`}>
      {keys.length > 0 && (
        <p className="card-keys">
          Added when one of these words comes up: <Keys keys={keys} />
        </p>
      )}
      {counts.length > 0 && <p className="card-note">{counts.join(', ')}.</p>}
    </Part>
  );
}

/** So many entries are drawn at once; the others follow on a press. */
const ENTRIES_AT_ONCE = 200;

function stateOf({ enabled, constant, keys, patterns }: Entries[number]): ReactNode {
  if (!enabled) return <span className="card-chip">off</span>;
  if (constant) return <span className="card-chip">always</span>;
  const matched = keys.filter((key) => !patterns.includes(key)).length;
  return patterns.length > 0 && matched === 0 ? <span className="card-chip warm">not matched</span> : undefined;
}

export function Lore({ preview }: Preview) {
  const entries = preview.character.lorebook?.entries ?? [];
  const [most, setMost] = useState(ENTRIES_AT_ONCE);
  return (
    <>
      {entries.slice(0, most).map((entry, index) => {
        const unread = [...entry.unsupported, ...entry.patterns];
        return (
          <Part
            // biome-ignore lint/suspicious/noArrayIndexKey: a card may give two entries one id.
            key={index}
            title={entry.name || entry.comment || entry.keys[0] || 'Entry'}
            chip={stateOf(entry)}
            {...(unread.length > 0 ? { note: `Not followed: ${unread.join(', ').slice(0, 200)}` } : {})}
          >
            {entry.keys.length > 0 && (
              <p className="card-keys">
                <Keys keys={entry.keys} />
              </p>
            )}
            <Words text={entry.content} />
          </Part>
        );
      })}
      {entries.length > most && (
        <button type="button" className="button" onClick={() => setMost(most + ENTRIES_AT_ONCE)}>
          Show more of the {entries.length - most} that are left
        </button>
      )}
    </>
  );
}
