/** @file Search among the titles. */
import { Search, X } from 'lucide-react';
import { useEffect, useRef } from 'react';
import { focusWriting, onFocusSearch } from '../shell/keyboard.ts';
import { useServices, useWindow } from '../shell/services.ts';

const isMac = navigator.platform.startsWith('Mac');

export function SearchField() {
  const { actions } = useServices();
  const query = useWindow((state) => state.list.query);
  const field = useRef<HTMLInputElement>(null);
  useEffect(() => {
    const select = () => field.current?.select();
    return onFocusSearch(() => {
      select();
      // A list that only now is laid over the page can have the keyboard when it is drawn.
      if (document.activeElement !== field.current) requestAnimationFrame(select);
    });
  }, []);
  const pressed = (event: React.KeyboardEvent) => {
    if (event.key === 'ArrowDown') {
      event.preventDefault();
      document.querySelector<HTMLElement>('.conversation-open')?.focus();
    }
    if (event.key !== 'Escape') return;
    event.preventDefault();
    event.stopPropagation();
    if (query === '') focusWriting();
    actions.shelf.search('');
  };
  return (
    <search className="search">
      <Search aria-hidden />
      <input
        ref={field}
        type="text"
        value={query}
        placeholder="Search conversations"
        aria-label="Search conversations by title"
        onChange={(event) => actions.shelf.search(event.target.value)}
        onKeyDown={pressed}
      />
      {query === '' ? (
        <kbd>{isMac ? '⌘K' : 'Ctrl K'}</kbd>
      ) : (
        <button type="button" className="tool tiny" aria-label="Clear the search" onClick={() => actions.shelf.search('')}>
          <X aria-hidden />
        </button>
      )}
    </search>
  );
}
