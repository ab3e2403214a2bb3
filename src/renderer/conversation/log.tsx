/** @file The log of a conversation: only the rows in sight are drawn, the end is followed, older messages come from above. */
import { type CSSProperties, type RefObject, useEffect, useLayoutEffect, useMemo, useRef, useState } from 'react';
import { Virtualizer, type VirtualizerHandle } from 'virtua';
import { useStore } from 'zustand';
import { useShallow } from 'zustand/react/shallow';
import { MESSAGE_PIXELS, OLDER_PIXELS } from '../limits.ts';
import { useServices, useWindow } from '../shell/services.ts';
import { companionOf } from '../state/window-state.ts';
import { useInspectedInSight } from './inspected-row.ts';
import { JumpPill } from './jump-pill.tsx';
import { useLogKeys } from './log-keys.ts';
import { thresholdsOf } from './mood.ts';
import { useNoticeRoom } from './notice-room.ts';
import { RowView } from './row-view.tsx';
import { finishedRows, openRows, type Row } from './rows.ts';
import { type Stick, useStick } from './stick.ts';

/** Space above the first row; the style sheet says the same. */
const TOP_PIXELS = 20;

function useRows(): Row[] {
  const thread = useWindow((state) => state.thread);
  const openId = useWindow((state) => state.openId);
  const outgoing = useWindow(useShallow((state) => state.outgoing.filter((message) => (message.conversationId ?? openId) === openId)));
  const messages = thread?.messages;
  const thinkingMs = thread?.thinkingMs;
  const thresholds = useWindow(thresholdsOf);
  const finished = useMemo(() => finishedRows(messages ?? [], thinkingMs ?? {}, thresholds), [messages, thinkingMs, thresholds]);
  const open = openRows(thread, outgoing, finished.at(-1));
  return open.length === 0 ? finished : [...finished, ...open];
}

/** True in the one drawing in which rows were put above the first one. */
function usePrepended(rows: readonly Row[]): boolean {
  const first = useRef(rows[0]?.key);
  useLayoutEffect(() => {
    first.current = rows[0]?.key;
  });
  return rows[0]?.key !== first.current && rows.some((row) => row.key === first.current);
}

/** Remembers that a reply ended while the person looked elsewhere. */
function useUnseen(stick: Stick, writing: boolean): boolean {
  const [unseen, setUnseen] = useState(false);
  const wrote = useRef(writing);
  useEffect(() => {
    if (stick.stuck) setUnseen(false);
    else if (wrote.current && !writing) setUnseen(true);
    wrote.current = writing;
  }, [stick.stuck, writing]);
  return unseen;
}

/** Saying something brings the person back to the end. */
function useReturnOnSending(toEnd: () => void): void {
  const sent = useWindow((state) => state.outgoing.length);
  const before = useRef(sent);
  useLayoutEffect(() => {
    if (sent > before.current) toEnd();
    before.current = sent;
  }, [sent, toEnd]);
}

function useOlder(scroller: RefObject<HTMLElement | null>): () => void {
  const { actions } = useServices();
  const above = useWindow((state) => state.thread?.before ?? null);
  const look = () => {
    if (above !== null && (scroller.current?.scrollTop ?? Number.POSITIVE_INFINITY) < OLDER_PIXELS) actions.talk.loadOlder();
  };
  return look;
}

export function Log() {
  const scroller = useRef<HTMLElement>(null);
  const content = useRef<HTMLDivElement>(null);
  const list = useRef<VirtualizerHandle>(null);
  const rows = useRows();
  const name = useWindow((state) => companionOf(state)?.name ?? '');
  const writing = useWindow((state) => Boolean(state.thread?.live));
  const stick = useStick(scroller, content);
  const unseen = useUnseen(stick, writing);
  const older = useOlder(scroller);
  const shift = usePrepended(rows);
  const { view } = useServices();
  const rowKey = useStore(view, (state) => state.row);
  const kept = rows.findIndex((row) => row.key === rowKey);
  const onKeyDown = useLogKeys({ rows, list, scroller, toEnd: stick.toEnd });
  const room = useNoticeRoom(scroller);
  useInspectedInSight(rows, list, stick);
  useReturnOnSending(stick.toEnd);
  useLayoutEffect(stick.follow);

  return (
    <div className="log-frame">
      <section
        className="log"
        ref={scroller}
        role="log"
        aria-label="Conversation"
        aria-live="off"
        data-region
        onKeyDown={onKeyDown}
        onScroll={older}
      >
        <div className="thread" ref={content} style={{ '--notices-room': `${room}px` } as CSSProperties}>
          <Virtualizer
            ref={list}
            scrollRef={scroller}
            data={rows}
            shift={shift}
            startMargin={TOP_PIXELS}
            itemSize={MESSAGE_PIXELS}
            keepMounted={kept === -1 ? [rows.length - 1] : [kept, rows.length - 1]}
          >
            {(row, index) => <RowView key={row.key} row={row} name={name} last={index === rows.length - 1} />}
          </Virtualizer>
        </div>
      </section>
      <JumpPill shown={!stick.stuck && (writing || unseen)} writing={writing} name={name} jump={stick.toEnd} />
    </div>
  );
}
