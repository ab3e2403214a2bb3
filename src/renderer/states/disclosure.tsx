/** @file More for whoever wants it: one line that opens, with an arrow that says so. */
import { ChevronDown } from 'lucide-react';
import type { ReactNode } from 'react';

export function Disclosure({ title, children }: { title: ReactNode; children: ReactNode }) {
  return (
    <details className="disclosure">
      <summary>
        <ChevronDown aria-hidden />
        {title}
      </summary>
      {children}
    </details>
  );
}
