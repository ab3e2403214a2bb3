/** @file Says to those who listen what happens in the log: whole sentences, never letters. */
import { useEffect, useRef, useState } from 'react';
import { useServices } from '../shell/services.ts';
import { companionOf, type WindowState } from '../state/window-state.ts';
import { nextSentences, spoken } from './sentences.ts';
import { span } from './when.ts';

type Heard = { replyId: string; stage: string; until: number; thinkingMs: number | null };

/** One line for how a reply ended, and the rest of its words. */
function ending(state: WindowState, name: string, heard: Heard): string {
  const message = state.thread?.messages.find((other) => other.id === heard.replyId);
  if (!message) return '';
  const rest = spoken(message.text.slice(heard.until));
  if (message.status === 'stopped') return `${rest} ${name} was stopped. These words are kept.`;
  if (message.status === 'failed') return `${rest} ${message.fault?.message ?? 'The reply failed.'}`;
  return rest;
}

/** The next thing to say, if there is one, and what is then known to be said. */
export function listen(state: WindowState, heard: Heard | null): { line: string; heard: Heard | null } {
  const live = state.thread?.live;
  const name = companionOf(state)?.name ?? '';
  if (!live) return { line: heard ? ending(state, name, heard) : '', heard: null };
  const same: Heard = heard?.replyId === live.replyId ? heard : { replyId: live.replyId, stage: '', until: 0, thinkingMs: null };
  if (live.stage === 'thinking' && same.stage !== 'thinking')
    return { line: `${name} is thinking.`, heard: { ...same, stage: 'thinking' } };
  if (live.thinkingMs !== null && same.thinkingMs === null) {
    return { line: `${name} thought for ${span(live.thinkingMs)}.`, heard: { ...same, stage: live.stage, thinkingMs: live.thinkingMs } };
  }
  const { said, until } = nextSentences(live.text, same.until);
  return { line: said, heard: { ...same, until } };
}

/** Lines stay for a while, because a reader may still be saying the one before. */
const KEPT_LINES = 6;

export function Announcer() {
  const { store } = useServices();
  const heard = useRef<Heard | null>(null);
  const [lines, setLines] = useState<readonly { id: number; text: string }[]>([]);
  useEffect(
    () =>
      store.api.subscribe((state) => {
        const next = listen(state, heard.current);
        heard.current = next.heard;
        if (next.line === '') return;
        setLines((known) => [...known.slice(1 - KEPT_LINES), { id: (known.at(-1)?.id ?? 0) + 1, text: next.line }]);
      }),
    [store],
  );
  return (
    <div className="only-read" aria-live="polite">
      {lines.map((line) => (
        <p key={line.id}>{line.text}</p>
      ))}
    </div>
  );
}
