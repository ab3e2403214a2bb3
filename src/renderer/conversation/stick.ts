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

const fromEnd = (scroller: HTMLElement) => scroller.scrollHeight - scroller.clientHeight - scroller.scrollTop;

/** The part of the document that is selected, where it lies in the log. */
function selectionIn(scroller: HTMLElement): boolean {
  const selection = document.getSelection();
  return Boolean(selection && !selection.isCollapsed && scroller.contains(selection.anchorNode));
}

/** Everything by which a person says that they want to look elsewhere. */
function listenForLeaving(scroller: HTMLElement, leave: () => void): () => void {
  const off = new AbortController();
  const options = { passive: true, signal: off.signal };
  let touchedAt = 0;
  scroller.addEventListener('wheel', (event) => event.deltaY < 0 && leave(), options);
  scroller.addEventListener('touchstart', (event) => (touchedAt = event.touches[0]?.clientY ?? 0), options);
  scroller.addEventListener('touchmove', (event) => (event.touches[0]?.clientY ?? 0) > touchedAt && leave(), options);
  scroller.addEventListener('keydown', (event) => UPWARD_KEYS.includes(event.key) && leave(), options);
  scroller.addEventListener('focusin', leave, options);
  document.addEventListener('selectionchange', () => selectionIn(scroller) && leave(), options);
  return () => off.abort();
}

/** Follows the log's scrolling: returns when it comes near the end, leaves when its bar is drawn upward. */
function listenForScroll(scroller: HTMLElement, leave: () => void, stay: () => void): () => void {
  const off = new AbortController();
  let last = scroller.scrollTop;
  let held = false;
  scroller.addEventListener('pointerdown', (event) => (held = event.target === scroller), { signal: off.signal });
  window.addEventListener('pointerup', () => (held = false), { signal: off.signal });
  const scrolled = () => {
    const top = scroller.scrollTop;
    if (top < last && held) leave();
    else if (top > last && fromEnd(scroller) <= STICK_PIXELS && !selectionIn(scroller)) stay();
    last = top;
  };
  scroller.addEventListener('scroll', scrolled, { passive: true, signal: off.signal });
  return () => off.abort();
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
    sizes.observe(content.current);
    const offLeaving = listenForLeaving(scroller, () => set(false));
    const offScroll = listenForScroll(
      scroller,
      () => set(false),
      () => set(true),
    );
    return () => {
      sizes.disconnect();
      offLeaving();
      offScroll();
    };
  }, [ref, content, follow, set]);

  return { stuck, follow, toEnd, release: () => set(false) };
}
