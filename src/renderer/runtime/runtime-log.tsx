/** @file What our own Ollama wrote, on request. */
import { RotateCw, ScrollText } from 'lucide-react';
import { useEffect, useRef, useState } from 'react';
import { useServices } from '../shell/services.ts';

export function RuntimeLog() {
  const { actions } = useServices();
  const [lines, setLines] = useState<readonly string[] | null>(null);
  const page = useRef<HTMLPreElement>(null);
  const read = () => void actions.runtime.readLog().then(setLines);
  // The newest line is the one that is looked for.
  useEffect(() => {
    if (lines && page.current) page.current.scrollTop = page.current.scrollHeight;
  }, [lines]);
  return (
    <div className="runtime-log">
      <div className="runtime-deeds">
        <button type="button" className="button" aria-expanded={lines !== null} onClick={() => (lines === null ? read() : setLines(null))}>
          <ScrollText aria-hidden />
          {lines === null ? 'Show its log' : 'Hide its log'}
        </button>
        {lines !== null && (
          <button type="button" className="button ghost" onClick={read}>
            <RotateCw aria-hidden />
            Read again
          </button>
        )}
      </div>
      {lines !== null && (
        <section aria-label="Log of Ollama, newest line last">
          <pre ref={page}>{lines.length > 0 ? lines.join('\n') : 'It has written nothing yet.'}</pre>
        </section>
      )}
    </div>
  );
}
