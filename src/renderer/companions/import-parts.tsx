/** @file The parts of a card that a preview shows: its texts with their cost, its greetings, its lore, what is not followed. */
import { type ReactNode, useState } from 'react';
import type { Importing } from '../actions/cards.ts';

export type Preview = Extract<Importing, { step: 'preview' }>;
const LONG = 420;
const MOST_KEYS = 12;

function Words({ text, plain = false }: { text: string; plain?: boolean }) {
  const [whole, setWhole] = useState(false);
  const long = text.length > LONG;
  const shown = long && !whole ? `${text.slice(0, LONG).trimEnd()}…` : text;
  return (
    <div className={plain ? 'card-plain' : 'card-voice'}>
      {shown}{' '}
      {long && (
        <button type="button" className="link" onClick={() => setWhole(!whole)}>
          {whole ? 'Show less' : 'Show all'}
        </button>
      )}
    </div>
  );
}

function Part({
  title,
  chip,
  tokens,
  note,
  children,
}: {
  title: string;
  chip?: ReactNode;
  tokens?: number | undefined;
  note?: string;
  children: ReactNode;
}) {
  return (
    <section className="card-part">
      <header>
        <h3>{title}</h3>
        {chip}
        <span className="grow" />
        {tokens !== undefined && <span className="card-tokens">{tokens} tokens</span>}
      </header>
      {children}
      {note && <p className="card-note">{note}</p>}
    </section>
  );
}

function NotFollowed({ preview }: Preview) {
  const lines = [...preview.remarks, ...preview.notFollowed];
  if (lines.length === 0) return null;
  return (
    <section className="card-not-followed">
      <h3>Kept in the file, but not followed</h3>
      <ul>
        {lines.map((line, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: the lines of a preview never change their places.
          <li key={index}>{line}</li>
        ))}
      </ul>
    </section>
  );
}

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
function LoreSummary({ entries }: { entries: Entries }) {
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

export function Everything(shown: Preview) {
  const { preview } = shown;
  const { character } = preview;
  const entries = character.lorebook?.entries ?? [];
  return (
    <>
      {character.description && (
        <Part title="Description" tokens={preview.description.tokens}>
          <Words text={character.description} />
        </Part>
      )}
      {character.personality && (
        <Part title="Personality" tokens={preview.personality.tokens}>
          <Words text={character.personality} />
        </Part>
      )}
      {character.scenario && (
        <Part title="Scenario" tokens={preview.scenario.tokens}>
          <Words text={character.scenario} />
        </Part>
      )}
      {character.systemPrompt && (
        <Part
          title="System prompt"
          chip={<span className="card-chip">added to ours</span>}
          tokens={preview.systemPrompt.tokens}
          note="Goes below the app’s own first message. It cannot replace it."
        >
          <Words text={character.systemPrompt} plain />
        </Part>
      )}
      {character.postHistory && (
        <Part
          title="After the conversation"
          chip={<span className="card-chip warm">strong influence</span>}
          tokens={preview.postHistory.tokens}
          note="Repeated at the end of every prompt, so it steers more than anything else here."
        >
          <Words text={character.postHistory} plain />
        </Part>
      )}
      {entries.length > 0 && <LoreSummary entries={entries} />}
      <NotFollowed {...shown} />
      {character.creatorNotes && (
        <Part title="From its maker" note="Never in the prompt.">
          <Words text={character.creatorNotes} />
        </Part>
      )}
    </>
  );
}

export function Greetings({ preview }: Preview) {
  const { firstMessage, alternateGreetings, groupOnlyGreetings, messageExamples } = preview.character;
  const greetings = [...new Set([firstMessage, ...alternateGreetings])].filter((text) => text !== '');
  return (
    <>
      {greetings.length === 0 && <p className="card-note">This card has no greeting. You begin.</p>}
      {greetings.map((text, index) => (
        <Part key={text} title={index === 0 ? 'First words' : `Another beginning, ${index}`}>
          <Words text={text} />
        </Part>
      ))}
      {groupOnlyGreetings.map((text, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: as above.
        <Part key={index} title={`For groups, ${index + 1}`} chip={<span className="card-chip warm">not used</span>}>
          <Words text={text} />
        </Part>
      ))}
      {messageExamples && (
        <Part title="Examples of its voice" tokens={preview.tokens.examples} note="The first thing to go where space is short.">
          <Words text={messageExamples} plain />
        </Part>
      )}
    </>
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

export function Figures({ preview }: Preview) {
  const { tokens, contextTokens, character } = preview;
  const share = Math.round((100 * tokens.always) / contextTokens);
  const verdict = share <= 15 ? 'Comfortable.' : share <= 25 ? 'A lot, and it fits.' : 'Too much: it is cut at a sentence.';
  const greetings = [character.firstMessage, ...character.alternateGreetings].filter((text) => text !== '').length;
  return (
    <>
      <dl className="card-figures">
        <dt>Always in prompt</dt>
        <dd>{tokens.always} tokens</dd>
        {tokens.lore > 0 && (
          <>
            <dt>When mentioned</dt>
            <dd>up to {tokens.lore}</dd>
          </>
        )}
        <dt>Greetings</dt>
        <dd>{greetings}</dd>
        {preview.files > 0 && (
          <>
            <dt>Files beside it</dt>
            <dd>{preview.files}</dd>
          </>
        )}
      </dl>
      <progress className="card-share" max={100} value={Math.min(100, share)} aria-label="Share of the context" />
      <p className="card-note">
        {share} % of the context every turn. {verdict}
      </p>
    </>
  );
}
