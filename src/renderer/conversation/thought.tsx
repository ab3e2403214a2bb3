/** @file What the companion thought before she answered: one line, which opens downward. */
import { ChevronRight, Lightbulb } from 'lucide-react';
import { useEffect, useState } from 'react';
import { span } from './when.ts';

/** Seconds since a moment, counted while the reply is still being thought about. */
function useSeconds(from: number | null, running: boolean): number {
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    if (!running) return;
    const timer = setInterval(() => setNow(Date.now()), 1_000);
    return () => clearInterval(timer);
  }, [running]);
  return from === null ? 0 : Math.max(0, now - from);
}

function label(running: boolean, ms: number | null): string {
  if (running) return `Thinking, ${span(ms ?? 0)}`;
  return ms === null ? 'Thought first' : `Thought for ${span(ms)}`;
}

/** `from` is when the thought began, by this window's clock; `ms` how long it took, where that is known. */
export function Thought(props: { text: string; running: boolean; from: number | null; ms: number | null }) {
  const [open, setOpen] = useState(false);
  const passed = useSeconds(props.from, props.running);
  return (
    <div className="thought">
      <button type="button" aria-expanded={open} onClick={() => setOpen(!open)}>
        <Lightbulb aria-hidden />
        {label(props.running, props.running ? passed : props.ms)}
        <ChevronRight className="turning" aria-hidden />
      </button>
      {open && <div className="thought-text">{props.text || 'Nothing yet.'}</div>}
    </div>
  );
}
