/** @file The way back to the end of the log, while something happens there. */
import { ArrowDown } from 'lucide-react';

export function JumpPill(props: { shown: boolean; writing: boolean; name: string; jump(): void }) {
  if (!props.shown) return null;
  return (
    <button type="button" className="pill" onClick={props.jump}>
      {props.writing && <i className="dot" />}
      {props.writing ? `${props.name} is writing. Jump to latest` : 'New reply'}
      <ArrowDown aria-hidden />
    </button>
  );
}
