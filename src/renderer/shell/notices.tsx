/** @file Short notices over the writing box: what was done, and the way back. */
import { CircleAlert, CircleCheck } from 'lucide-react';
import { useStore } from 'zustand';
import { useServices } from './services.ts';

export function NoticeList() {
  const { notices } = useServices();
  const shown = useStore(notices.api);
  return (
    <div className="notices" role="status" aria-live="polite">
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
  );
}
