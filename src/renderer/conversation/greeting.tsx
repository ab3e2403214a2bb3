/** @file The page before anything was said: the companion's own first words. */
import { Prose } from '../prose/prose.tsx';
import { useWindow } from '../shell/services.ts';
import { companionOf } from '../state/window-state.ts';
import { Avatar } from './avatar.tsx';

export function Greeting() {
  const character = useWindow(companionOf);
  const said = useWindow((state) => state.thread?.messages[0]?.text);
  const words = said ?? character?.firstMessage ?? '';
  return (
    <section className="greeting" aria-label={`${character?.name ?? 'The companion'} begins`} data-region tabIndex={-1}>
      <div className="greeting-words">
        <Avatar size="l" />
        <Prose text={words} growing={false} />
      </div>
    </section>
  );
}
