/** @file Following the end of the log, until the person goes somewhere else; then nothing moves the page until they return. */
import { type RefObject, useCallback, useEffect, useRef, useState } from 'react';
import { STICK_PIXELS } from '../limits.ts';

export type Stick = {
  /** Whether the end is followed. */
  stuck: boolean;
  /** Brings the end into view where it is followed; after every change. */
  follow(): void;
  /** Goes to the end and follows it from now on. */
  toEnd(): void;
  release(): void;
};

const UPWARD_KEYS = ['ArrowUp', 'PageUp', 'Home'];
const DOWNWARD_KEYS = ['ArrowDown', 'PageDown', 'End', ' '];

const fromEnd = (scroller: HTMLElement) => scroller.scrollHeight - scroller.clientHeight - scroller.scrollTop;

/** Whether something is selected in the log. */
function selectionIn(scroller: HTMLElement): boolean {
  const selection = document.getSelection();
  return Boolean(selection && !selection.isCollapsed && scroller.contains(selection.anchorNode));
}

type Wishes = { up(): void; down(): void };

/** Everything by which a person says where they want to look; the page's own scrolling says nothing. */
function listenForWishes(scroller: HTMLElement, { up, down }: Wishes): () => void {
  const off = new AbortController();
  const options = { passive: true, signal: off.signal };
  const go = (by: number) => by !== 0 && (by < 0 ? up() : down());
  let touchedAt = 0;
  scroller.addEventListener('wheel', (event) => go(event.deltaY), options);
  scroller.addEventListener('touchstart', (event) => (touchedAt = event.touches[0]?.clientY ?? 0), options);
  scroller.addEventListener('touchmove', (event) => go(touchedAt - (event.touches[0]?.clientY ?? touchedAt)), options);
  scroller.addEventListener('keydown', (event) => UPWARD_KEYS.includes(event.key) && up(), options);
  scroller.addEventListener('keydown', (event) => DOWNWARD_KEYS.includes(event.key) && down(), options);
  scroller.addEventListener('focusin', up, options);
  document.addEventListener('selectionchange', () => selectionIn(scroller) && up(), options);
  return () => off.abort();
}

/** The bar of the log while it is held: a press on the log itself lies on its bar, as everything else is covered by its content. */
function listenForBar(scroller: HTMLElement, { up, down }: Wishes): () => void {
  const off = new AbortController();
  let last = 0;
  let held = false;
  const press = (event: PointerEvent) => {
    held = event.target === scroller;
    last = scroller.scrollTop;
  };
  const scrolled = () => {
    const by = scroller.scrollTop - last;
    last = scroller.scrollTop;
    if (held && by !== 0) (by < 0 ? up : down)();
  };
  scroller.addEventListener('pointerdown', press, { signal: off.signal });
  window.addEventListener('pointerup', () => (held = false), { signal: off.signal });
  // Before the list hears of it, draws other rows and has the end followed.
  scroller.addEventListener('scroll', scrolled, { passive: true, capture: true, signal: off.signal });
  return () => off.abort();
}

/** Lets go at the first wish to look elsewhere; holds again when the person has come back to the end. */
function listen(scroller: HTMLElement, set: (held: boolean) => void): () => void {
  let returning = false;
  const near = () => returning && fromEnd(scroller) <= STICK_PIXELS && !selectionIn(scroller);
  const wishes: Wishes = {
    up() {
      returning = false;
      set(false);
    },
    down() {
      returning = true;
      if (near()) set(true);
    },
  };
  const offWishes = listenForWishes(scroller, wishes);
  const offBar = listenForBar(scroller, wishes);
  const scrolled = () => near() && set(true);
  scroller.addEventListener('scroll', scrolled, { passive: true });
  return () => {
    offWishes();
    offBar();
    scroller.removeEventListener('scroll', scrolled);
  };
}

export function useStick(ref: RefObject<HTMLElement | null>, content: RefObject<HTMLElement | null>): Stick {
  const held = useRef(true);
  const [stuck, setStuck] = useState(true);
  const set = useCallback((next: boolean) => {
    held.current = next;
    setStuck(next);
  }, []);
  const follow = useCallback(() => {
    const scroller = ref.current;
    if (scroller && held.current && fromEnd(scroller) > 0) scroller.scrollTop = scroller.scrollHeight;
  }, [ref]);
  const toEnd = useCallback(() => {
    set(true);
    follow();
  }, [set, follow]);

  useEffect(() => {
    const scroller = ref.current;
    if (!scroller || !content.current) return;
    const sizes = new ResizeObserver(follow);
    sizes.observe(scroller);
    // The list says its height itself, when its rows have been measured: a watch over that size would be told a frame later.
    const heights = new MutationObserver(follow);
    for (const part of [content.current, ...content.current.children]) heights.observe(part, { attributeFilter: ['style'] });
    const off = listen(scroller, set);
    return () => {
      sizes.disconnect();
      heights.disconnect();
      off();
    };
  }, [ref, content, follow, set]);

  return { stuck, follow, toEnd, release: () => set(false) };
}
