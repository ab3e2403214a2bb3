/** @file A page for when there is nothing to show: one thing that happened, one thing to do. */
import type { ReactNode } from 'react';
import { useServices } from '../shell/services.ts';

function Plain({ title, words, deed }: { title: string; words: string; deed?: ReactNode }) {
  return (
    <main className="plain-screen">
      <div>
        <h1>{title}</h1>
        <p>{words}</p>
        {deed}
      </div>
    </main>
  );
}

/** No token, or a wrong one. */
export function Refused() {
  return (
    <Plain
      title="This page has no key"
      words="The program that runs here answers only to the address that it printed when it started, the one that ends in #token= and a long word. Open that address. Nothing was changed."
    />
  );
}

/** The page speaks another contract than the program. */
export function Outdated() {
  const reload = (
    <button type="button" className="button primary" onClick={() => window.location.reload()}>
      Load the page again
    </button>
  );
  return (
    <Plain
      title="This page is older than the program"
      words="The program was renewed while this page was open. Everything said is kept. Load the page again to go on."
      deed={reload}
    />
  );
}

/** The first connection takes longer than a moment. */
export function Connecting({ lost }: { lost: boolean }) {
  const { actions } = useServices();
  if (!lost) return <main className="plain-screen" aria-busy="true" />;
  const retry = (
    <button type="button" className="button primary" onClick={actions.reconnect}>
      Try now
    </button>
  );
  return (
    <Plain
      title="The program does not answer"
      words="It may still be starting, or it was closed. It is tried again by itself; if it was closed, start it again."
      deed={retry}
    />
  );
}
