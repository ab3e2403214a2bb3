/** @file Who the person is to their companions: what to call them, and a few words. */
import { type FormEvent, useEffect, useId, useState } from 'react';
import { PERSON_ABOUT_CHARACTERS, PERSON_NAME_CHARACTERS } from '../../shared/settings-limits.ts';
import { useServices, useWindow } from '../shell/services.ts';
import { Group, Row, Section, useLock } from './rows.tsx';

/** A text that is kept when the person leaves it; what another window sets meanwhile comes in. */
function useKept(kept: string, keep: (text: string) => void) {
  const [typed, setTyped] = useState(kept);
  useEffect(() => setTyped(kept), [kept]);
  const leave = () => {
    if (typed.trim() !== kept) keep(typed.trim());
  };
  return { typed, setTyped, leave };
}

function NameRow({ name }: { name: string }) {
  const { actions } = useServices();
  const lock = useLock('person.name');
  const { typed, setTyped, leave } = useKept(name, (next) => actions.preferences.change({ person: { name: next } }));
  const submit = (event: FormEvent) => {
    event.preventDefault();
    leave();
  };
  return (
    <Row label="What they call you" words="Left empty, you have no name here." path="person.name">
      <form onSubmit={submit}>
        <input
          className="field"
          aria-label="What they call you"
          autoComplete="off"
          maxLength={PERSON_NAME_CHARACTERS}
          value={typed}
          disabled={lock !== undefined}
          onChange={(event) => setTyped(event.target.value)}
          onBlur={leave}
        />
      </form>
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
