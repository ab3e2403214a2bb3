/** @file Keys in the log: from row to row, and what a single letter does while a row has the keyboard. */
import { type KeyboardEvent, type RefObject, useCallback, useEffect, useRef } from 'react';
import type { VirtualizerHandle } from 'virtua';
import type { Message } from '../../shared/conversation.ts';
import { copyText } from '../shell/copy.ts';
import { onStep } from '../shell/keyboard.ts';
import { lettersAct } from '../shell/letters.ts';
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

/** What a single letter does to a message; undefined where it does nothing. */
function letterOf(key: string, message: Message, { actions, notices, view }: Services): (() => void) | undefined {
  const answers = message.role === 'assistant' && message.parentId !== null;
  switch (key) {
    case 'c':
      return () => void copyText(message.text).then((copied) => copied && notices.show({ text: 'Copied.', kind: 'done' }));
    case 'r':
      return answers ? () => actions.talk.retry(message.parentId ?? '') : undefined;
    case 'e':
      return () => view.setState({ editing: message.id });
    case 'b':
      return () => actions.steer.goBack(message);
    case 'w':
      return answers ? () => view.setState({ inspected: message.id }) : undefined;
    default:
      return undefined;
  }
}

/** What a key does to a message; undefined where it does nothing. */
function deedOf(key: string, row: Row, services: Services): (() => void) | undefined {
  const message = messageOf(row);
  if (!message) return undefined;
  const { actions } = services;
  const { previousId, nextId } = message.sibling;
  if (key.length === 1) return lettersAct() ? letterOf(key, message, services) : undefined;
  switch (key) {
    case 'Alt Enter':
      return message.role === 'assistant' && message.parentId !== null ? () => actions.steer.goOn(message) : undefined;
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
  while (rows[at]?.kind === 'boundary' || rows[at]?.kind === 'onward') at += by;
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
    const place = event.target instanceof HTMLElement ? event.target.dataset['row'] : undefined;
    const row = rows.find((other) => other.key === place);
    const goesOn = event.altKey && event.key === 'Enter';
    if (!row || event.ctrlKey || event.metaKey || (event.altKey && !goesOn)) return;
    const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
    const deed = moves[event.key] ?? deedOf(goesOn ? 'Alt Enter' : key, row, services);
    if (!deed) return;
    event.preventDefault();
    deed();
  };
}
