/** @file A question over the whole window: keeps the keyboard inside, Esc takes the safe way, and the focus goes back where it was. */
import { type ReactNode, useEffect, useId, useRef } from 'react';

type Parts = { title: string; onClose: () => void; deeds: ReactNode; children: ReactNode };

/** Starts on the deed that carries `data-safe`; whoever listens hears the words with the title, before any deed. */
export function Dialog({ title, onClose, deeds, children }: Parts) {
  const box = useRef<HTMLDialogElement>(null);
  const [name, described] = [useId(), useId()];
  useEffect(() => {
    const dialog = box.current;
    const before = document.activeElement;
    dialog?.showModal();
    dialog?.querySelector<HTMLElement>('[data-safe]')?.focus();
    return () => {
      dialog?.close();
      if (before instanceof HTMLElement) before.focus();
    };
  }, []);
  return (
    <dialog
      ref={box}
      className="dialog"
      aria-labelledby={name}
      aria-describedby={described}
      onCancel={(event) => {
        event.preventDefault();
        onClose();
      }}
      // Esc is also the window's own way out of a page; here it answers the question alone.
      onKeyDown={(event) => event.key === 'Escape' && event.stopPropagation()}
    >
      <h2 id={name}>{title}</h2>
      <div id={described} className="dialog-words">
        {children}
      </div>
      <div className="dialog-deeds">{deeds}</div>
    </dialog>
  );
}
