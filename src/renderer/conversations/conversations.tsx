/** @file The list of conversations, by day, or what a search found. */
import type { KeyboardEvent } from 'react';
import { useServices, useWindow } from '../shell/services.ts';
import { ConversationRow } from './conversation-row.tsx';
import { groupByDay } from './grouped.ts';

/** Distance from the foot of the list at which the next page is fetched. */
const MORE_PIXELS = 400;

function useListed() {
  const list = useWindow((state) => state.list);
  const openId = useWindow((state) => state.openId);
  const shown = list.found ?? list.items;
  return { shown, openId, searching: list.found !== null, more: (list.found ? list.foundBefore : list.before) !== undefined };
}

/** Up and Down go through the list, Home and End to its ends. */
function move(event: KeyboardEvent<HTMLElement>): void {
  const rows = [...event.currentTarget.querySelectorAll<HTMLElement>('.conversation-open')];
  const at = rows.indexOf(document.activeElement as HTMLElement);
  const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: rows.length - 1 }[event.key];
  if (at === -1 || to === undefined || event.altKey) return;
  event.preventDefault();
  rows[Math.min(rows.length - 1, Math.max(0, to))]?.focus();
}

function Nothing({ searching }: { searching: boolean }) {
  const words = searching
    ? 'No conversation has these words in its title.'
    : 'Conversations gather here by day. Each one is titled once it has something to be called.';
  return <p className="empty-list">{words}</p>;
}

export function Conversations() {
  const { actions } = useServices();
  const { shown, openId, searching, more } = useListed();
  const now = Date.now();
  if (shown === null) return <nav className="conversations" aria-label="Conversations" />;
  const stop = shown.find((conversation) => conversation.id === openId) ?? shown[0];
  const scrolled = (event: React.UIEvent<HTMLElement>) => {
    const { scrollHeight, scrollTop, clientHeight } = event.currentTarget;
    if (more && scrollHeight - scrollTop - clientHeight < MORE_PIXELS) actions.shelf.more();
  };
  return (
    <nav className="conversations" aria-label="Conversations" onScroll={scrolled} onKeyDown={move}>
      {shown.length === 0 && <Nothing searching={searching} />}
      {groupByDay(shown, now).map((group) => (
        <section key={group.title} aria-label={group.title}>
          <h2 className="day">{group.title}</h2>
          <ul>
            {group.conversations.map((conversation) => (
              <ConversationRow
                key={conversation.id}
                conversation={conversation}
                open={conversation.id === openId}
                stop={conversation === stop}
                now={now}
              />
            ))}
          </ul>
        </section>
      ))}
    </nav>
  );
}
