/** @file The log is one stop of the Tab key; inside it, keys move from row to row. */
import { useStore } from 'zustand';
import { useServices } from '../shell/services.ts';
import type { Row } from './rows.ts';

/** Whether the Tab key stops at this row: the one that had the keyboard last, else the newest. */
export function useRowStop(key: string, last: boolean): boolean {
  const { view } = useServices();
  return useStore(view, (state) => (state.row === null ? last : state.row === key));
}

/** What every row of the log has in common. */
export function rowAttributes(row: Row, stop: boolean, label: string) {
  return {
    className: row.kind === 'reply' ? 'turn reply' : 'turn yours',
    'data-row': row.key,
    'data-from': row.from,
    'data-to': row.to,
    'data-beyond': 'beyond' in row && row.beyond ? true : undefined,
    tabIndex: stop ? 0 : -1,
    'aria-label': label,
  };
}

export function rowElement(scroller: HTMLElement | null, key: string): HTMLElement | null {
  return scroller?.querySelector<HTMLElement>(`[data-row="${CSS.escape(key)}"]`) ?? null;
}
