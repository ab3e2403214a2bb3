/** @file What can be done with a reply; the place is kept while it is still written, so that nothing moves when it ends. */
import { ArrowRightToLine, Check, CircleQuestionMark, Copy, Ellipsis, GitBranch, Pencil, RefreshCw } from 'lucide-react';
import { DropdownMenu } from 'radix-ui';
import type { AnswerWish, Message } from '../../shared/conversation.ts';
import { useCopy } from '../shell/copy.ts';
import { useServices, useWindow } from '../shell/services.ts';
import type { LiveReply } from '../state/window-state.ts';
import { ToneChip } from './tone-chip.tsx';
import { Tool, Versions } from './tool.tsx';

const wishes: readonly { wish: AnswerWish; words: string }[] = [
  { wish: 'shorter', words: 'Answer shorter' },
  { wish: 'longer', words: 'Answer longer' },
  { wish: 'warmer', words: 'Answer warmer' },
];

/** Ways of answering that are wished for this once. */
function Wishes({ message, off }: { message: Message; off: boolean }) {
  const { actions } = useServices();
  return (
    <DropdownMenu.Root modal={false}>
      <DropdownMenu.Trigger className="tool small" aria-label="Answer in another way" title="Answer in another way" disabled={off}>
        <Ellipsis aria-hidden />
      </DropdownMenu.Trigger>
      <DropdownMenu.Portal>
        <DropdownMenu.Content className="menu" align="start" sideOffset={4} collisionPadding={8}>
          {wishes.map(({ wish, words }) => (
            <DropdownMenu.Item key={wish} onSelect={() => actions.steer.answerAgain(message, wish)}>
              {words}
            </DropdownMenu.Item>
          ))}
        </DropdownMenu.Content>
      </DropdownMenu.Portal>
    </DropdownMenu.Root>
  );
}

/** What only an answer can be asked, which a greeting is not. */
function AnswerTools({ message, busy }: { message: Message; busy: boolean }) {
  const { actions, view } = useServices();
  return (
    <>
      <Tool label="Go on with this reply" keys="Alt Enter" off={busy || message.text === ''} press={() => actions.steer.goOn(message)}>
        <ArrowRightToLine aria-hidden />
      </Tool>
      <Wishes message={message} off={busy} />
      <i className="rule" />
      <button
        type="button"
        className="tool small worded"
        title="Why this reply? (W)"
        aria-label="Why this reply?"
        onClick={() => view.setState({ inspected: message.id })}
      >
        <CircleQuestionMark aria-hidden />
        <span>Why this reply?</span>
      </button>
    </>
  );
}

type Parts = { message: Message | null; live: LiveReply | null; retry: (() => void) | undefined; last: boolean };

export function ReplyActions({ message, live, retry, last }: Parts) {
  const { actions, view } = useServices();
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
      <Tool label="Change these words" keys="E" off={busy} press={() => view.setState({ editing: message.id })}>
        <Pencil aria-hidden />
      </Tool>
      <Tool label="Go on from here in another way" keys="B" off={busy} press={() => actions.steer.goBack(message)}>
        <GitBranch aria-hidden />
      </Tool>
      {message.parentId !== null && <AnswerTools message={message} busy={busy} />}
      <ToneChip message={message} />
    </div>
  );
}
