/** @file Room under the last message while notices stand over it, so that what can be done with it is never covered. */
import { type RefObject, useLayoutEffect, useRef } from 'react';
import { useStore } from 'zustand';
import { STICK_PIXELS } from '../limits.ts';
import { useServices } from '../shell/services.ts';

/** Pixels to leave free; whoever was at the end stays there, also with the keyboard or a selection in the log. */
export function useNoticeRoom(scroller: RefObject<HTMLElement | null>): number {
  const { notices } = useServices();
  const room = useStore(notices.room, ({ pixels }) => pixels);
  const before = useRef(room);
  useLayoutEffect(() => {
    const more = room - before.current;
    before.current = room;
    const { current } = scroller;
    if (!current || more <= 0) return;
    const toEnd = current.scrollHeight - current.clientHeight - current.scrollTop;
    if (toEnd - more <= STICK_PIXELS) current.scrollTop = current.scrollHeight;
  }, [room, scroller]);
  return room;
}
