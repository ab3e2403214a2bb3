/** @file One reply: the same element from the first thought to the last word and after. */
import { memo } from 'react';
import { useStore } from 'zustand';
import type { Message } from '../../shared/conversation.ts';
import { Prose } from '../prose/prose.tsx';
import { useServices } from '../shell/services.ts';
import { useStillness } from '../shell/stillness.ts';
import type { LiveReply } from '../state/window-state.ts';
import { Avatar } from './avatar.tsx';
import { Editor } from './editor.tsx';
import { ReplyActions } from './reply-actions.tsx';
import { ReplyStatus } from './reply-status.tsx';
import { rowAttributes, useRowStop } from './row-focus.ts';
import type { LiveRow, ReplyRow } from './rows.ts';
import { wholeUntil } from './sentences.ts';
import { Thought } from './thought.tsx';
import { fullTime, stamp } from './when.ts';

/** How long a finished reply thought: measured in this sitting, else what its report leaves between reading and first word. */
function thoughtFor(message: Message, measured: number | null): number | null {
  if (measured !== null) return measured;
  const timings = message.report?.timings;
  if (timings?.firstTokenMs === undefined) return null;
  return Math.max(0, timings.firstTokenMs - (timings.loadMs ?? 0) - (timings.promptMs ?? 0));
}

/** What is said in the place of words that have not come yet. */
function stageWords(live: LiveReply, name: string): string | null {
  if (live.text !== '' || live.stage === 'thinking' || live.stage === 'writing') return null;
  if (live.stage === 'loading') return 'The model is loading. The first reply takes longer.';
  return `${name} is reading`;
}

function LiveBody({ live, name }: { live: LiveReply; name: string }) {
  const waiting = stageWords(live, name);
  const still = useStillness();
  return (
    <>
      {(live.thinking !== '' || live.stage === 'thinking') && (
        <Thought text={live.thinking} running={live.stage === 'thinking'} from={live.thinkingFrom} ms={live.thinkingMs} />
      )}
      {waiting ? (
        <p className="stage">
          <i className="dot" />
          {waiting}
        </p>
      ) : (
        <Prose text={still ? live.text.slice(0, wholeUntil(live.text)) : live.text} growing />
      )}
    </>
  );
}

function FinishedBody({ message, thinkingMs }: { message: Message; thinkingMs: number | null }) {
  return (
    <>
      {message.thinking !== '' && <Thought text={message.thinking} running={false} from={null} ms={thoughtFor(message, thinkingMs)} />}
      <Prose text={message.text} growing={false} />
    </>
  );
}

const origins: Readonly<Record<NonNullable<Message['origin']>, string>> = {
  edited: 'in your words',
  continued: 'went on',
  shorter: 'asked to be shorter',
  longer: 'asked to be longer',
  warmer: 'asked to be warmer',
};

export const Reply = memo(function Reply({ row, name, last }: { row: ReplyRow | LiveRow; name: string; last: boolean }) {
  const { actions, view } = useServices();
  const stop = useRowStop(row.key, last);
  const { message, live } = row;
  const editing = useStore(view, (state) => message !== null && state.editing === message.id);
  const inspected = useStore(view, (state) => message !== null && state.inspected === message.id);
  const retry = message?.parentId ? () => actions.talk.retry(message.parentId ?? '') : undefined;
  const now = Date.now();
  return (
    <article
      {...rowAttributes(row, stop, `${name}${message ? `, ${stamp(message.createdAt, now)}` : ''}`)}
      aria-busy={live !== null}
      data-inspected={inspected || undefined}
    >
      <Avatar />
      <header className="who">
        <b>{name}</b>
        {message && (
          <time dateTime={new Date(message.createdAt).toISOString()} title={fullTime(message.createdAt)}>
            {stamp(message.createdAt, now)}
          </time>
        )}
        {message?.origin && <span className="origin">{origins[message.origin]}</span>}
      </header>
      {editing && message && <Editor message={message} rowKey={row.key} />}
      {live && <LiveBody live={live} name={name} />}
      {message && !editing && <FinishedBody message={message} thinkingMs={row.thinkingMs} />}
      {message && <ReplyStatus message={message} retry={retry} goOn={() => actions.steer.goOn(message)} />}
      {!editing && <ReplyActions message={message} live={live} retry={retry} last={last} />}
    </article>
  );
});
