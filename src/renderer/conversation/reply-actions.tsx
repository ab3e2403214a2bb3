/** @file What can be done with a reply; the place is kept while it is still written, so that nothing moves when it ends. */
import { Check, ChevronLeft, ChevronRight, Copy, RefreshCw } from 'lucide-react';
import type { ReactNode } from 'react';
import type { Message } from '../../shared/conversation.ts';
import { useCopy } from '../shell/copy.ts';
import { useServices, useWindow } from '../shell/services.ts';
import type { LiveReply } from '../state/window-state.ts';

function Tool(props: { label: string; keys?: string; off?: boolean; press?: (() => void) | undefined; children: ReactNode }) {
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

function Versions({ message }: { message: Message }) {
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

type Parts = { message: Message | null; live: LiveReply | null; retry: (() => void) | undefined; last: boolean };

export function ReplyActions({ message, live, retry, last }: Parts) {
  const { copied, copy } = useCopy();
  const busy = useWindow((state) => state.thread?.live !== null);
  if (!message)
    return <div className="acts">{live && live.version > 1 && <span className="versions-new">Version {live.version}</span>}</div>;
  return (
    <div className="acts" role="toolbar" aria-label="What to do with this reply" data-last={last || undefined}>
      {message.sibling.count > 1 && <Versions message={message} />}
      <Tool label="Copy" keys="C" press={() => copy(message.text)}>
        {copied ? <Check aria-hidden /> : <Copy aria-hidden />}
      </Tool>
      {retry && (
        <Tool label="Answer again" keys="R" off={busy} press={retry}>
          <RefreshCw aria-hidden />
        </Tool>
      )}
    </div>
  );
}
