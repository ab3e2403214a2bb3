/** @file The page before anything was said: the companion's own first words, and the others that it could begin with. */
import { ChevronLeft, ChevronRight } from 'lucide-react';
import { type KeyboardEvent, useEffect } from 'react';
import { Prose } from '../prose/prose.tsx';
import { useServices, useWindow } from '../shell/services.ts';
import { companionOf, type Opening } from '../state/window-state.ts';
import { Avatar } from './avatar.tsx';
import { Tool } from './tool.tsx';

/** What the empty page begins; undefined where a conversation is there already, whose first words are said. */
function useOpening(): Opening | undefined {
  const { actions } = useServices();
  const companion = useWindow(companionOf);
  const empty = useWindow((state) => state.openId === null);
  const connection = useWindow((state) => state.connection);
  const person = useWindow((state) => state.told?.settings.person);
  const opening = useWindow((state) => state.opening);
  const id = companion?.id;
  // biome-ignore lint/correctness/useExhaustiveDependencies: a card or a name that changed changes the words.
  useEffect(() => {
    if (empty && id !== undefined && connection === 'open') actions.greetings.load(id);
  }, [actions, empty, connection, companion, person]);
  return empty && opening?.characterId === id ? (opening ?? undefined) : undefined;
}

function Choice({ shown, count }: { shown: number; count: number }) {
  const { actions } = useServices();
  return (
    <div className="greeting-choice" role="toolbar" aria-label="How the conversation begins">
      <Tool label="Previous greeting" keys="Left" press={() => actions.greetings.step(-1)}>
        <ChevronLeft aria-hidden />
      </Tool>
      <span aria-label={`Greeting ${shown + 1} of ${count}`} role="img">
        {shown + 1} / {count}
      </span>
      <Tool label="Next greeting" keys="Right" press={() => actions.greetings.step(1)}>
        <ChevronRight aria-hidden />
      </Tool>
    </div>
  );
}

export function Greeting() {
  const { actions } = useServices();
  const character = useWindow(companionOf);
  const said = useWindow((state) => state.thread?.messages[0]?.text);
  const opening = useOpening();
  const offered = opening?.greetings;
  const words = said ?? offered?.[opening?.shown ?? 0] ?? character?.firstMessage ?? '';
  const several = said === undefined && (offered?.length ?? 0) > 1;
  const pressed = (event: KeyboardEvent) => {
    if (event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
    const by = { ArrowLeft: -1, ArrowRight: 1 }[event.key] as 1 | -1 | undefined;
    if (by && actions.greetings.step(by)) event.preventDefault();
  };
  return (
    <section
      className="greeting"
      aria-label={`${character?.name ?? 'The companion'} begins`}
      data-region
      tabIndex={-1}
      onKeyDown={several ? pressed : undefined}
    >
      <div className="greeting-words">
        <Avatar size="l" />
        <div aria-live={several ? 'polite' : undefined} aria-atomic>
          {several && <span className="only-read">{`Greeting ${(opening?.shown ?? 0) + 1} of ${offered?.length}.`}</span>}
          <Prose text={words} growing={false} />
        </div>
        {several && opening && <Choice shown={opening.shown} count={offered?.length ?? 0} />}
      </div>
    </section>
  );
}
