/** @file Who the person is to their companions: what to call them, and a few words. */
import { useId } from 'react';
import { PERSON_ABOUT_CHARACTERS, PERSON_NAME_CHARACTERS } from '../../shared/settings-limits.ts';
import { useServices, useWindow } from '../shell/services.ts';
import { KeptField, useKept } from './kept-field.tsx';
import { Group, Row, Section, useLock } from './rows.tsx';

function NameRow({ name }: { name: string }) {
  const { actions } = useServices();
  const lock = useLock('person.name');
  return (
    <Row label="What they call you" words="Left empty, you have no name here." path="person.name">
      <KeptField
        label="What they call you"
        kept={name}
        keep={(next) => actions.preferences.change({ person: { name: next } })}
        most={PERSON_NAME_CHARACTERS}
        disabled={lock !== undefined}
      />
    </Row>
  );
}

function AboutRow({ about }: { about: string }) {
  const { actions } = useServices();
  const lock = useLock('person.about');
  const count = useId();
  const { typed, setTyped, leave } = useKept(about, (next) => actions.preferences.change({ person: { about: next } }));
  return (
    <Row label="A few words about you" words="What every companion should know from the first word." path="person.about">
      <div className="about-you">
        <textarea
          className="field"
          aria-label="A few words about you"
          aria-describedby={count}
          rows={5}
          maxLength={PERSON_ABOUT_CHARACTERS}
          value={typed}
          disabled={lock !== undefined}
          onChange={(event) => setTyped(event.target.value)}
          onBlur={leave}
        />
        <span id={count} className="about-you-count">
          {typed.length} of {PERSON_ABOUT_CHARACTERS} characters
        </span>
      </div>
    </Row>
  );
}

export function YouSection() {
  const person = useWindow((state) => state.told?.settings.person);
  return (
    <Section title="You" words="Sent with every message, below a companion’s own card.">
      <Group>
        <NameRow name={person?.name ?? ''} />
        <AboutRow about={person?.about ?? ''} />
      </Group>
    </Section>
  );
}
