/** @file What is wrong: what happened, what was kept, what to do; the raw reason one step away. */
import { type ReactNode, useState } from 'react';

type Parts = {
  tone: 'info' | 'warn' | 'danger';
  icon: ReactNode;
  title: string;
  words: ReactNode;
  detail?: string | undefined;
  deeds?: ReactNode;
};

export function Banner({ tone, icon, title, words, detail, deeds }: Parts) {
  const [open, setOpen] = useState(false);
  return (
    <div className="banner" data-tone={tone} role={tone === 'info' ? 'status' : 'alert'}>
      {icon}
      <div className="banner-words">
        <b>{title}</b>
        <div>{words}</div>
      </div>
      <div className="banner-deeds">
        {deeds}
        {detail && (
          <button type="button" className="button ghost" aria-expanded={open} onClick={() => setOpen(!open)}>
            Details
          </button>
        )}
      </div>
      {open && <pre className="banner-detail">{detail}</pre>}
    </div>
  );
}
