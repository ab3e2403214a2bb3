/** @file What is wrong: what happened, what was kept, what to do; the raw reason one step away. */
import { type ReactNode, useState } from 'react';
import type { WireFault } from '../../shared/faults.ts';
import { RawWords } from './raw-words.tsx';

type Parts = {
  tone: 'info' | 'warn' | 'danger';
  icon: ReactNode;
  title: string;
  words: ReactNode;
  /** Its raw reason is shown when asked for. */
  fault?: WireFault | undefined;
  deeds?: ReactNode;
};

export function Banner({ tone, icon, title, words, fault, deeds }: Parts) {
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
        {fault?.detail && (
          <button type="button" className="button ghost" aria-expanded={open} onClick={() => setOpen(!open)}>
            Details
          </button>
        )}
      </div>
      {open && <RawWords fault={fault} />}
    </div>
  );
}
