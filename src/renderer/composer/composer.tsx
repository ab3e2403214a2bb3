/** @file Where the person writes: Enter sends, Shift Enter begins a new line, Esc stops the reply. */
import { ArrowUp } from 'lucide-react';
import { type KeyboardEvent, type RefObject, useEffect, useLayoutEffect, useRef, useState } from 'react';
import type { Message } from '../../shared/conversation.ts';
import { LOADING_SAID_AFTER_MS } from '../../shared/limits.ts';
import { onFocusWriting } from '../shell/keyboard.ts';
import { useServices, useWindow } from '../shell/services.ts';
import { companionOf } from '../state/window-state.ts';
import { whileLoading, whyNoAnswer, whyNotSendable } from './can-answer.ts';
import { keepDraft, onPutBack, readDraft } from './draft.ts';

type Writing = { text: string; write(text: string): void };

/** The unfinished message of a conversation. */
function useDraft(conversationId: string | null): Writing {
  const { keepsakes } = useServices();
  const [text, setText] = useState(() => readDraft(keepsakes, conversationId));
  useEffect(() => {
    const read = () => setText(readDraft(keepsakes, conversationId));
    read();
    return onPutBack(read);
  }, [keepsakes, conversationId]);
  const write = (next: string) => {
    setText(next);
    keepDraft(keepsakes, conversationId, next);
  };
  return { text, write };
}

/** The box grows with its text by itself; a browser that cannot do that is told its height. */
function useGrowing(box: RefObject<HTMLTextAreaElement | null>, text: string): void {
  useLayoutEffect(() => {
    const field = box.current;
    if (!field || text === undefined || CSS.supports('field-sizing', 'content')) return;
    field.style.height = 'auto';
    field.style.height = `${field.scrollHeight}px`;
  }, [box, text]);
}

/** The words once they have held for a while: what is over at once is not worth a line that comes and goes. */
function useLasting(words: string | null): string | null {
  const [lasting, setLasting] = useState<string | null>(null);
  useEffect(() => {
    if (words === null) return;
    const timer = setTimeout(() => setLasting(words), LOADING_SAID_AFTER_MS);
    return () => {
      clearTimeout(timer);
      setLasting(null);
    };
  }, [words]);
  return lasting;
}

function Buttons(props: { writing: boolean; ready: boolean; typed: boolean }) {
  const { actions } = useServices();
  return (
    <>
      {props.writing && (
        <button type="button" className="stop" title="Stop (Esc)" onClick={() => actions.talk.stop()}>
          <i />
          Stop
        </button>
      )}
      {(!props.writing || props.typed) && (
        <button type="submit" className="send" aria-label="Send" title="Send (Enter)" aria-disabled={!props.ready || undefined}>
          <ArrowUp aria-hidden />
        </button>
      )}
    </>
  );
}

function hintFor(writing: boolean, typed: boolean): string {
  if (writing) return typed ? 'Enter to send next' : 'Esc';
  return 'Enter to send';
}

/** In an empty box the arrows have nothing else to do than to choose the first words. */
const steps: Readonly<Record<string, 1 | -1>> = { ArrowLeft: -1, ArrowRight: 1 };
const isMine = (message: Message) => message.role === 'user';

export function Composer() {
  const { actions, store, view } = useServices();
  const openId = useWindow((state) => state.openId);
  const name = useWindow((state) => companionOf(state)?.name ?? 'your companion');
  const model = useWindow((state) => state.model);
  const writing = useWindow((state) => Boolean(state.thread?.live));
  const { text, write } = useDraft(openId);
  const box = useRef<HTMLTextAreaElement>(null);
  useGrowing(box, text);
  useEffect(() => {
    box.current?.focus({ preventScroll: true });
    return onFocusWriting(() => box.current?.focus());
  }, []);

  const noAnswer = whyNoAnswer(model, name);
  const reason = noAnswer ?? whyNotSendable(text);
  // A reply that waits for the model says so itself.
  const waiting = useLasting(writing ? null : whileLoading(model, name));
  const typed = text.trim() !== '';
  const ready = typed && reason === null;
  const send = () => {
    if (!ready) return;
    actions.talk.send(text);
    write('');
  };
  const pressed = (event: KeyboardEvent) => {
    const plain = !event.altKey && !event.ctrlKey && !event.metaKey && !event.shiftKey;
    const last = event.key === 'ArrowUp' && plain && text === '' ? store.api.getState().thread?.messages.findLast(isMine) : undefined;
    if (last) {
      event.preventDefault();
      view.setState({ editing: last.id });
      return;
    }
    const by = plain && text === '' ? steps[event.key] : undefined;
    if (by && actions.greetings.step(by)) {
      event.preventDefault();
      return;
    }
    if (event.key !== 'Enter' || event.shiftKey || event.nativeEvent.isComposing) return;
    event.preventDefault();
    send();
  };

  return (
    <form
      className="composer"
      data-region
      onSubmit={(event) => {
        event.preventDefault();
        send();
        box.current?.focus();
      }}
    >
      <textarea
        ref={box}
        value={text}
        rows={1}
        placeholder={`Write to ${name}`}
        aria-label={`Write to ${name}`}
        aria-describedby="writing-reason"
        data-region-focus
        onChange={(event) => write(event.target.value)}
        onKeyDown={pressed}
      />
      <span className="hint">{hintFor(writing, typed)}</span>
      <Buttons writing={writing} ready={ready} typed={typed} />
      <p id="writing-reason" className="reason" role="status">
        {reason ?? waiting}
      </p>
    </form>
  );
}
