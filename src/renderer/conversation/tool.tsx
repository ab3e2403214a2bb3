/** @file One small button under a message, and the versions of one. */
import { ChevronLeft, ChevronRight } from 'lucide-react';
import type { ReactNode } from 'react';
import type { Message } from '../../shared/conversation.ts';
import { useServices } from '../shell/services.ts';

export function Tool(props: { label: string; keys?: string; off?: boolean; press?: (() => void) | undefined; children: ReactNode }) {
  return (
    <button
      type="button"
      className="tool small"
      aria-label={props.label}
      title={props.keys ? `${props.label} (${props.keys})` : props.label}
      aria-disabled={props.off || undefined}
      onClick={props.off ? undefined : props.press}
    >
      {props.children}
    </button>
  );
}

export function Versions({ message }: { message: Message }) {
  const { actions } = useServices();
  const { position, count, previousId, nextId } = message.sibling;
  return (
    <>
      <span className="versions">
        <Tool label="Previous version" keys="Left" off={!previousId} press={() => previousId && actions.talk.choose(previousId)}>
          <ChevronLeft aria-hidden />
        </Tool>
        <span aria-label={`Version ${position} of ${count}`} role="img">
          {position} / {count}
        </span>
        <Tool label="Next version" keys="Right" off={!nextId} press={() => nextId && actions.talk.choose(nextId)}>
          <ChevronRight aria-hidden />
        </Tool>
      </span>
      <i className="rule" />
    </>
  );
}
