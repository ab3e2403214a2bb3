/** @file A question over the whole window: keeps the keyboard inside, Esc takes the safe way, and the focus goes back where it was. */
import { type ReactNode, useEffect, useRef } from 'react';

/** Starts on the element that carries `data-safe`. */
export function Dialog({ title, onClose, children }: { title: string; onClose: () => void; children: ReactNode }) {
  const box = useRef<HTMLDialogElement>(null);
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
      aria-label={title}
      onCancel={(event) => {
        event.preventDefault();
        onClose();
      }}
      // Esc is also the window's own way out of a page; here it answers the question alone.
      onKeyDown={(event) => event.key === 'Escape' && event.stopPropagation()}
    >
      <h2>{title}</h2>
      {children}
    </dialog>
  );
}
