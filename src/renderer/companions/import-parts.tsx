/** @file The parts of a card that a preview shows: its texts with their cost, its greetings, what is not followed. */
import { Part, type Preview, Words } from './card-part.tsx';
import { LoreSummary } from './import-lore.tsx';

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
