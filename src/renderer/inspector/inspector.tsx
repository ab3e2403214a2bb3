/** @file The inspector: one reply explained beside the conversation, or over it where there is no room. */
import { ChevronLeft, ChevronRight, X } from 'lucide-react';
import { Tabs } from 'radix-ui';
import { useEffect, useRef } from 'react';
import { useStore } from 'zustand';
import type { Message } from '../../shared/conversation.ts';
import { useServices, useWindow } from '../shell/services.ts';
import { Exact } from './exact.tsx';
import { useExplained } from './use-explained.ts';
import { Why } from './why.tsx';

const isAnswer = (message: Message) => message.role === 'assistant' && message.parentId !== null;

function Head({ message, close }: { message: Message; close: () => void }) {
  const { view } = useServices();
  const messages = useWindow((state) => state.thread?.messages);
  const answers = (messages ?? []).filter(isAnswer);
  const at = answers.findIndex(({ id }) => id === message.id);
  const step = (by: -1 | 1, label: string) => {
    const other = answers[at + by];
    return (
      <button
        type="button"
        className="tool"
        aria-label={label}
        title={label}
        aria-disabled={!other || undefined}
        onClick={() => other && view.setState({ inspected: other.id })}
      >
        {by === -1 ? <ChevronLeft aria-hidden /> : <ChevronRight aria-hidden />}
      </button>
    );
  };
  return (
    <header>
      <h2>Why this reply?</h2>
      {step(-1, 'The reply before')}
      {step(1, 'The reply after')}
      <button type="button" className="tool" aria-label="Close" title="Close (Esc)" onClick={close} data-region-focus>
        <X aria-hidden />
      </button>
      <p className="clip">{message.text.slice(0, 200)}</p>
    </header>
  );
}

function Body({ message }: { message: Message }) {
  const explained = useExplained(message.id);
  const explanation = explained && 'explanation' in explained ? explained.explanation : undefined;
  const fault = explained && 'fault' in explained ? explained.fault : undefined;
  return (
    <Tabs.Root className="inspector-tabs" defaultValue="why">
      <Tabs.List aria-label="What is shown">
        <Tabs.Trigger value="why">Why</Tabs.Trigger>
        <Tabs.Trigger value="exact">Exact text</Tabs.Trigger>
        <Tabs.Trigger value="thinking">Thinking</Tabs.Trigger>
      </Tabs.List>
      <Tabs.Content value="why" tabIndex={-1}>
        {explanation && <Why explanation={explanation} />}
        {fault && <NoRecord message={message} code={fault.code} words={fault.message} />}
      </Tabs.Content>
      <Tabs.Content value="exact" tabIndex={-1}>
        {explanation && <Exact explanation={explanation} />}
        {fault && <NoRecord message={message} code={fault.code} words={fault.message} />}
      </Tabs.Content>
      <Tabs.Content value="thinking" tabIndex={-1}>
        {message.thinking === '' ? (
          <p className="quiet">There was no thought before this reply.</p>
        ) : (
          <>
            <p className="quiet">Kept here and nowhere else: it is never sent to the model again.</p>
            <div className="thought-text">{message.thinking}</div>
          </>
        )}
      </Tabs.Content>
    </Tabs.Root>
  );
}

function NoRecord({ message, code, words }: { message: Message; code: string; words: string }) {
  if (code !== 'not-found') return <p className="quiet">{words}</p>;
  return (
    <div className="no-record">
      <b>No record is kept of this one.</b>
      <p className="quiet">
        {message.origin === 'edited'
          ? 'These are your own words in the place of a reply; no model was asked for them. An earlier version may have a record.'
          : 'It was not written by a model, or before the program kept records.'}
      </p>
    </div>
  );
}

export function Inspector() {
  const { view } = useServices();
  const id = useStore(view, (state) => state.inspected);
  const message = useWindow((state) => (id === null ? undefined : state.thread?.messages.find((each) => each.id === id)));
  const box = useRef<HTMLElement>(null);
  const shown = message !== undefined;
  useEffect(() => {
    if (shown) box.current?.querySelector<HTMLElement>('[data-region-focus]')?.focus({ preventScroll: true });
  }, [shown]);
  if (!message) return null;
  const close = () => {
    view.setState({ inspected: null });
    requestAnimationFrame(() => document.querySelector<HTMLElement>('.log [tabindex="0"]')?.focus({ preventScroll: true }));
  };
  const pressed = (event: React.KeyboardEvent) => {
    if (event.key !== 'Escape') return;
    event.preventDefault();
    close();
  };
  return (
    <aside ref={box} className="inspector" aria-label="Why this reply?" data-region onKeyDown={pressed}>
      <Head message={message} close={close} />
      <Body key={message.id} message={message} />
      <footer className="quiet">Kept with this reply. Never leaves this computer.</footer>
    </aside>
  );
}
