/** @file The keyboard stays in a list whose row it was in, also when that row, or what was pressed in it, goes away. */
import { useEffect } from 'react';

type Place = { list: Element; at: number };

const REACHABLE = 'button:not(:disabled), a[href], input, select, textarea, [tabindex="0"]';

/** The first thing in a row that can have the keyboard. */
const stopIn = (row: Element | undefined) => row?.querySelector<HTMLElement>(REACHABLE);

function placeOf(target: EventTarget | null): Place | null {
  // In the log, rows come and go with scrolling, and only the person moves there.
  const row = target instanceof Element && !target.closest('.log') ? target.closest('li') : null;
  const list = row?.parentElement;
  return row && list ? { list, at: [...list.children].indexOf(row) } : null;
}

/** The same row where something is left in it, else the next one that has something, else the one above. */
function nearest({ list, at }: Place): HTMLElement | null | undefined {
  const rows = [...list.children];
  return [...rows.slice(at), ...rows.slice(0, at).reverse()].map(stopIn).find((stop) => stop);
}

/** A browser gives the keyboard to nobody when what had it is gone; the next Tab would begin at the top of the window. */
export function useKeptFocus(): void {
  useEffect(() => {
    let place: Place | null = null;
    const observer = new MutationObserver(() => {
      if (place?.list.isConnected && document.activeElement === document.body) nearest(place)?.focus();
    });
    const moved = ({ target }: FocusEvent) => {
      place = placeOf(target);
      observer.disconnect();
      if (place) observer.observe(place.list, { childList: true, subtree: true });
    };
    document.addEventListener('focusin', moved);
    // A press on nothing takes the keyboard away, and nothing else brings it back.
    const pressed = ({ target }: PointerEvent) => {
      if (target instanceof Element && !target.closest(REACHABLE)) place = null;
    };
    document.addEventListener('pointerdown', pressed);
    return () => {
      observer.disconnect();
      document.removeEventListener('focusin', moved);
      document.removeEventListener('pointerdown', pressed);
    };
  }, []);
}
