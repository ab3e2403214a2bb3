/** @file Keys that act anywhere in the window. */
import { useEffect } from 'react';
import { useServices } from './services.ts';
import { openDrawer, showPage } from './view.ts';

const STEP = 'logstep';
const FOCUS_WRITING = 'focuswriting';
const FOCUS_SEARCH = 'focussearch';

/** Hears that the person wants to go to the message above (-1) or below (1). */
export function onStep(action: (by: -1 | 1) => void): () => void {
  const heard = (event: Event) => action((event as CustomEvent<-1 | 1>).detail);
  window.addEventListener(STEP, heard);
  return () => window.removeEventListener(STEP, heard);
}

const onEvent = (name: string) => (action: () => void) => {
  window.addEventListener(name, action);
  return () => window.removeEventListener(name, action);
};
export const onFocusWriting = onEvent(FOCUS_WRITING);
export const onFocusSearch = onEvent(FOCUS_SEARCH);
export const focusWriting = () => window.dispatchEvent(new Event(FOCUS_WRITING));
export const focusSearch = () => window.dispatchEvent(new Event(FOCUS_SEARCH));

const isShown = (element: HTMLElement) => element.checkVisibility({ visibilityProperty: true });

/** Where the keyboard goes in a region: what it names itself, else what is chosen in it, else the first that can have it. */
function stopIn(region: HTMLElement): HTMLElement | undefined {
  const wishes = ['[data-region-focus]', '[tabindex="0"], [aria-current]', 'button, input, textarea'];
  const found = wishes.map((wish) => [...region.querySelectorAll<HTMLElement>(wish)].find(isShown));
  return found.find((element) => element !== undefined) ?? (region.matches('[tabindex="-1"]') ? region : undefined);
}

/** Goes to the next region of the window: list, bar, log, writing box. */
function nextRegion(back: boolean): void {
  const regions = [...document.querySelectorAll<HTMLElement>('[data-region]')].filter((region) => isShown(region) && stopIn(region));
  const here = regions.findIndex((region) => region.contains(document.activeElement));
  const next = regions[(here + (back ? -1 : 1) + regions.length) % regions.length];
  if (next) stopIn(next)?.focus();
}

/** Where something is written, Ctrl Z belongs to what is written. */
const isWriting = ({ target }: KeyboardEvent) =>
  target instanceof Element && target.closest('input:not([type="radio"], [type="checkbox"]), textarea, [contenteditable]') !== null;

/** A key that belongs to what it was pressed in, such as a title being written. */
const isTaken = (event: KeyboardEvent) => event.defaultPrevented || event.isComposing;

export function useKeyboard(): void {
  const { actions, view, store, notices } = useServices();
  useEffect(() => {
    const search = () => {
      openDrawer(view);
      focusSearch();
    };
    const startNew = () => {
      actions.shelf.startNew();
      showPage(view, 'conversation');
      view.setState({ drawer: false, row: null });
      focusWriting();
    };
    const command = (event: KeyboardEvent): (() => void) | undefined => {
      const main = (event.ctrlKey || event.metaKey) && !event.altKey && !event.shiftKey;
      if (main && event.key.toLowerCase() === 'k') return search;
      if (main && event.key.toLowerCase() === 'n') return startNew;
      if (main && event.key === ',') return () => showPage(view, 'settings');
      if (main && event.key.toLowerCase() === 'z' && !isWriting(event)) {
        const latest = notices.api.getState().findLast(({ deed }) => deed);
        return latest && (() => notices.take(latest));
      }
      if (event.key === 'F6') return () => nextRegion(event.shiftKey);
      if (event.altKey && event.key === 'ArrowUp') return () => window.dispatchEvent(new CustomEvent(STEP, { detail: -1 }));
      if (event.altKey && event.key === 'ArrowDown') return () => window.dispatchEvent(new CustomEvent(STEP, { detail: 1 }));
      if (event.key !== 'Escape') return undefined;
      if (view.getState().page !== 'conversation') return () => showPage(view, 'conversation');
      return store.api.getState().thread?.live ? () => actions.talk.stop() : focusWriting;
    };
    const pressed = (event: KeyboardEvent) => {
      const deed = isTaken(event) ? undefined : command(event);
      if (!deed) return;
      event.preventDefault();
      deed();
    };
    window.addEventListener('keydown', pressed);
    return () => window.removeEventListener('keydown', pressed);
  }, [actions, view, store, notices]);
}
