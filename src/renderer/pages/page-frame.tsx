/** @file What every page beside the conversation has: its name, the way back, and a column that scrolls. */
import { ArrowLeft, Menu } from 'lucide-react';
import type { ReactNode } from 'react';
import { useServices } from '../shell/services.ts';
import { openDrawer, showPage } from '../shell/view.ts';

/** `side` stands at the right of the name: a search field, a button. */
export function PageFrame({ title, side, children }: { title: string; side?: ReactNode; children: ReactNode }) {
  const { view } = useServices();
  return (
    <>
      <header className="bar-top" data-region>
        <button
          type="button"
          className="tool only-narrow"
          aria-label="Conversations"
          title="Conversations"
          onClick={() => openDrawer(view)}
        >
          <Menu aria-hidden />
        </button>
        <button
          type="button"
          className="tool"
          aria-label="Back to the conversation"
          title="Back to the conversation (Esc)"
          onClick={() => showPage(view, 'conversation')}
        >
          <ArrowLeft aria-hidden />
        </button>
        <h1 className="clip">{title}</h1>
        <span className="grow" />
        {side}
      </header>
      <div className="page-scroll" data-region>
        <div className="page-column">{children}</div>
      </div>
    </>
  );
}
