/** @file Short notices over the writing box: what was done, and the way back. */
import { CircleAlert, CircleCheck } from 'lucide-react';
import { useLayoutEffect, useRef } from 'react';
import { useStore } from 'zustand';
import type { Notices } from '../state/notices.ts';
import { useServices } from './services.ts';

/** Tells how tall the notices are, also when a line breaks anew. */
function useRoom(notices: Notices) {
  const list = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => {
    if (!list.current) return;
    const { current } = list;
    let frame = 0;
    // In the next frame: the log's own size follows from it, and is watched as well.
    const tell = () => {
      cancelAnimationFrame(frame);
      frame = requestAnimationFrame(() => notices.room.setState({ pixels: current.offsetHeight }));
    };
    const sizes = new ResizeObserver(tell);
    sizes.observe(current);
    return () => {
      sizes.disconnect();
      cancelAnimationFrame(frame);
    };
  }, [notices]);
  return list;
}

export function NoticeList() {
  const { notices } = useServices();
  const shown = useStore(notices.api);
  const list = useRoom(notices);
  return (
    <div className="notices">
      <div ref={list} className="notices-list" role="status" aria-live="polite">
        {shown.map((notice) => (
          <div key={notice.id} className="notice" data-kind={notice.kind}>
            {notice.kind === 'done' ? <CircleCheck aria-hidden /> : <CircleAlert aria-hidden />}
            <span>{notice.text}</span>
            {notice.deed && (
              <button
                type="button"
                className="button ghost small"
                title={`${notice.deed.label} (Ctrl Z)`}
                aria-keyshortcuts="Control+Z Meta+Z"
                onClick={() => notices.take(notice)}
              >
                {notice.deed.label}
              </button>
            )}
          </div>
        ))}
      </div>
    </div>
  );
}
