/** @file A small window over the page: the browser's own dialog, which keeps the keyboard and gives it back, and needs no style of a script. */
import { type ReactNode, useEffect, useId, useRef } from 'react';

export function Modal({ title, words, close, children }: { title: string; words: ReactNode; close: () => void; children: ReactNode }) {
  const box = useRef<HTMLDialogElement>(null);
  const [name, described] = [useId(), useId()];
  useEffect(() => {
    const dialog = box.current;
    dialog?.showModal();
    return () => dialog?.close();
  }, []);
  return (
    <dialog
      ref={box}
      className="dialog"
      aria-labelledby={name}
      aria-describedby={described}
      onCancel={(event) => {
        event.preventDefault();
        close();
      }}
      onClick={(event) => event.target === box.current && close()}
      onKeyDown={(event) => event.stopPropagation()}
    >
      <div className="dialog-body">
        <h2 id={name}>{title}</h2>
        <p id={described}>{words}</p>
        {children}
      </div>
    </dialog>
  );
}
