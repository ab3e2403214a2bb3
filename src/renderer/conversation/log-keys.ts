/** @file Keys in the log: from row to row, and what a single letter does while a row has the keyboard. */
import { type KeyboardEvent, type RefObject, useCallback, useEffect, useRef } from 'react';
import type { VirtualizerHandle } from 'virtua';
import { copyText } from '../shell/copy.ts';
import { onStep } from '../shell/keyboard.ts';
import { type Services, useServices } from '../shell/services.ts';
import { rowElement } from './row-focus.ts';
import type { Row } from './rows.ts';

type LogParts = {
  rows: readonly Row[];
  list: RefObject<VirtualizerHandle | null>;
  scroller: RefObject<HTMLElement | null>;
  toEnd(): void;
};

const messageOf = (row: Row) => ('message' in row ? row.message : null);

/** What a key does to a message; undefined where it does nothing. */
function deedOf(key: string, row: Row, { actions, notices }: Services): (() => void) | undefined {
  const message = messageOf(row);
  if (!message) return undefined;
  const { previousId, nextId } = message.sibling;
  switch (key) {
    case 'c':
      return () => void copyText(message.text).then((copied) => copied && notices.show({ text: 'Copied.', kind: 'done' }));
    case 'r':
      return message.role === 'assistant' && message.parentId ? () => actions.talk.retry(message.parentId ?? '') : undefined;
    case 'ArrowLeft':
      return previousId ? () => actions.talk.choose(previousId) : undefined;
    case 'ArrowRight':
      return nextId ? () => actions.talk.choose(nextId) : undefined;
    default:
      return undefined;
  }
}

/** The row that lies `by` steps from the given one; rows that are no messages are passed over. */
function neighbour(rows: readonly Row[], from: number, by: -1 | 1): number {
  let at = from + by;
  while (rows[at]?.kind === 'boundary') at += by;
  return Math.min(rows.length - 1, Math.max(0, at));
}

/** A row that was out of sight is drawn, measured and only then shown: by then this many frames have passed, generously. */
const FRAMES_TO_DRAW = 20;

/** The row that shall have the keyboard, and how many frames it still has to be drawn in. */
type Wanted = { key: string | null; frames: number; looking: boolean };

/** Gives the wanted row the keyboard as soon as it can take it; a later wish takes the place of an earlier one. */
function focusSoon(scroller: LogParts['scroller'], wanted: Wanted): void {
  const element = wanted.key === null ? null : rowElement(scroller.current, wanted.key);
  element?.focus({ preventScroll: true });
  if ((element && document.activeElement === element) || wanted.frames <= 0) wanted.key = null;
  if (wanted.key === null || wanted.looking) return;
  wanted.looking = true;
  requestAnimationFrame(() => {
    wanted.looking = false;
    wanted.frames -= 1;
    focusSoon(scroller, wanted);
  });
}

export function useLogKeys({ rows, list, scroller, toEnd }: LogParts): (event: KeyboardEvent) => void {
  const services = useServices();
  const { view } = services;
  const known = useRef(rows);
  known.current = rows;
  const wanted = useRef<Wanted>({ key: null, frames: 0, looking: false });

  const goTo = useCallback(
    (index: number) => {
      const row = known.current[index];
      if (!row) return;
      Object.assign(wanted.current, { key: row.key, frames: FRAMES_TO_DRAW });
      view.setState({ row: row.key });
      list.current?.scrollToIndex(index, { align: 'nearest' });
      focusSoon(scroller, wanted.current);
    },
    [view, list, scroller],
  );
  const step = useCallback(
    (by: -1 | 1) => {
      // Keys may come faster than rows are drawn: then the step goes on from where the last one leads.
      const inside = wanted.current.key ?? document.activeElement?.closest<HTMLElement>('[data-row]')?.dataset['row'];
      const from = known.current.findIndex((row) => row.key === inside);
      goTo(from === -1 ? known.current.length - 1 : neighbour(known.current, from, by));
    },
    [goTo],
  );
  useEffect(() => onStep(step), [step]);
  const toLast = () => {
    goTo(rows.length - 1);
    toEnd();
  };
  const moves: Readonly<Record<string, () => void>> = {
    ArrowUp: () => step(-1),
    ArrowDown: () => step(1),
    End: toLast,
    Home: () => goTo(0),
  };
  return (event) => {
    const key = event.target instanceof HTMLElement ? event.target.dataset['row'] : undefined;
    const row = rows.find((other) => other.key === key);
    if (!row || event.ctrlKey || event.metaKey || event.altKey) return;
    const deed = moves[event.key] ?? deedOf(event.key.length === 1 ? event.key.toLowerCase() : event.key, row, services);
    if (!deed) return;
    event.preventDefault();
    deed();
  };
}
