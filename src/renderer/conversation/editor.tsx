/** @file Other words for a message, in its place: the old ones are kept as a version. */
import { useEffect, useLayoutEffect, useRef, useState } from 'react';
import type { Message } from '../../shared/conversation.ts';
import { whyNotSendable } from '../composer/can-answer.ts';
import { useServices, useWindow } from '../shell/services.ts';

/** Gives the keyboard back to the row when the editor has gone. */
function focusRow(key: string): void {
  requestAnimationFrame(() => document.querySelector<HTMLElement>(`[data-row="${CSS.escape(key)}"]`)?.focus({ preventScroll: true }));
}

export function Editor({ message, rowKey }: { message: Message; rowKey: string }) {
  const { actions, view } = useServices();
  const busy = useWindow((state) => Boolean(state.thread?.live));
  const [text, setText] = useState(message.text);
  const box = useRef<HTMLTextAreaElement>(null);
  const mine = message.role === 'user';
  useEffect(() => {
    box.current?.focus();
    box.current?.setSelectionRange(box.current.value.length, box.current.value.length);
    // Its foot with the buttons has to be in sight, as soon as the row has its new height.
    requestAnimationFrame(() => box.current?.parentElement?.scrollIntoView({ block: 'nearest' }));
  }, []);
  useLayoutEffect(() => {
    const field = box.current;
    if (!field || text === '' || CSS.supports('field-sizing', 'content')) return;
    field.style.height = 'auto';
    field.style.height = `${field.scrollHeight}px`;
  }, [text]);
  const reason = busy ? 'A reply is being written; wait until it is done.' : whyNotSendable(text);
  const ready = text.trim() !== '' && text !== message.text && reason === null;
  const close = () => {
    view.setState({ editing: null });
    focusRow(rowKey);
  };
  const keep = () => {
    if (!ready) return;
    if (mine) actions.talk.reword(message.id, text);
    else actions.steer.reword(message, text);
    close();
  };
  const forget = () => {
    void actions.memory.forgetMessage(message.id);
    close();
  };
  const pressed = (event: React.KeyboardEvent) => {
    event.stopPropagation();
    if (event.nativeEvent.isComposing) return;
    const sends = event.key === 'Enter' && !event.shiftKey && (mine || event.ctrlKey || event.metaKey);
    if (!sends && event.key !== 'Escape') return;
    event.preventDefault();
    if (sends) keep();
    else close();
  };
  return (
    <div className="editor" data-mine={mine || undefined}>
      <textarea
        ref={box}
        value={text}
        rows={2}
        aria-label={mine ? 'Your words' : 'Other words for this reply'}
        onChange={(event) => setText(event.target.value)}
        onKeyDown={pressed}
      />
      <div className="editor-foot">
        <span role="status">
          {reason ?? (mine ? 'The old words are kept as a version.' : 'Ctrl Enter keeps it beside the old version.')}
        </span>
        <button
          type="button"
          className="button ghost small"
          title="Take this message out, with what was noted of it alone: here, in prompts, backups and on the disk"
          onClick={forget}
        >
          Forget
        </button>
        <button type="button" className="button ghost small" onClick={close}>
          Cancel
        </button>
        <button type="button" className="button small" aria-disabled={!ready || undefined} onClick={keep}>
          {mine ? 'Send' : 'Keep as a version'}
        </button>
      </div>
    </div>
  );
}
