/** @file What is open, folded or focused: state of this window alone, nothing that is kept. */
import { flushSync } from 'react-dom';
import { createStore, type StoreApi } from 'zustand/vanilla';

/** What lies beside the list. */
export type PageName = 'conversation' | 'memory' | 'companions' | 'settings';

export type ViewState = {
  page: PageName;
  /** The section of the settings that is on show, by its name. */
  section: string;
  /** Whether the list of conversations lies over the page; only where it has no room beside it. */
  drawer: boolean;
  /** The conversation whose title is being written, in the list or in the bar above the log. */
  renaming: { id: string; where: 'list' | 'bar' } | null;
  /** The message whose words are being changed. */
  editing: string | null;
  /** The reply that is explained beside the conversation. */
  inspected: string | null;
  /** Whether the note of the conversation is being written. */
  noting: boolean;
  /** The row of the log that has the keyboard, by its key; the newest where null. */
  row: string | null;
  /** Something is being written on the page that leaving it would drop. */
  unsaved: boolean;
  /** What waits for an answer to the question about that. */
  leaving: (() => void) | null;
};

export type View = StoreApi<ViewState>;

export function createView(): View {
  return createStore<ViewState>(() => ({
    page: 'conversation',
    section: 'appearance',
    drawer: false,
    renaming: null,
    editing: null,
    inspected: null,
    noting: false,
    row: null,
    unsaved: false,
    leaving: null,
  }));
}

/** Does what takes the person off the page, once nothing is lost by it or they said that it may be. */
export function leave(view: View, deed: () => void): void {
  if (view.getState().unsaved) view.setState({ leaving: deed, drawer: false });
  else deed();
}

/** Shows a page, and a section of the settings where one is named. */
export function showPage(view: View, page: PageName, section?: string): void {
  const show = () => view.setState({ page, drawer: false, ...(section === undefined ? {} : { section }) });
  if (page === view.getState().page) show();
  else leave(view, show);
}

/** Widths below which the list has no room beside the conversation; the style sheets say the same. */
const NO_ROOM = '(max-width: 64.99em)';

/** Lays the list over the page where it has no room beside it. */
export function openDrawer(view: View): void {
  // At once, so that what is in it can have the keyboard.
  if (matchMedia(NO_ROOM).matches) flushSync(() => view.setState({ drawer: true }));
}
