/** @file Beside the conversation: whom one talks with, the conversations, the look of the window. */
import { Plus, Search, ShieldCheck } from 'lucide-react';
import { useEffect, useMemo, useRef } from 'react';
import { useStore } from 'zustand';
import type { CharacterSummary } from '../../shared/character.ts';
import { Avatar } from '../conversation/avatar.tsx';
import { pages } from '../pages/pages.ts';
import { focusSearch, focusWriting } from '../shell/keyboard.ts';
import { useServices, useWindow } from '../shell/services.ts';
import { ThemeMenu } from '../shell/theme-menu.tsx';
import { openDrawer, showPage } from '../shell/view.ts';
import { companionOf, type WindowState } from '../state/window-state.ts';
import { Conversations } from './conversations.tsx';
import { SearchField } from './search-field.tsx';

function useStartNew(): () => void {
  const { actions, view } = useServices();
  return () => {
    actions.shelf.startNew();
    showPage(view, 'conversation');
    view.setState({ drawer: false, row: null });
    focusWriting();
  };
}

/** Faces beside the current one; the rest are in the library. */
const FACES = 4;

/** Who was talked with last, the current one first among equals: those whose conversations stand highest in the list. */
function facesOf(state: Pick<WindowState, 'characters' | 'list'>): CharacterSummary[] {
  const order = state.list.items?.map(({ characterId }) => characterId) ?? [];
  const place = ({ id }: CharacterSummary) => (order.includes(id) ? order.indexOf(id) : order.length);
  return [...state.characters].sort((one, other) => place(one) - place(other)).slice(0, FACES);
}

function Faces({ current }: { current: CharacterSummary | undefined }) {
  const { actions, view } = useServices();
  const characters = useWindow((state) => state.characters);
  const list = useWindow((state) => state.list);
  const faces = useMemo(() => facesOf({ characters, list }), [characters, list]);
  const shown = current && !faces.some(({ id }) => id === current.id) ? [current, ...faces.slice(0, FACES - 1)] : faces;
  const talk = (id: string) => {
    actions.shelf.talkWith(id);
    showPage(view, 'conversation');
    focusWriting();
  };
  return (
    <>
      {shown.map((companion) => (
        <button
          key={companion.id}
          type="button"
          className="companion"
          aria-label={`Talk with ${companion.name}`}
          title={companion.name}
          aria-pressed={companion.id === current?.id}
          onClick={() => talk(companion.id)}
        >
          <Avatar of={companion} />
        </button>
      ))}
      {shown.length === 1 && <b className="companion-name clip">{current?.name ?? ''}</b>}
    </>
  );
}

function Companions() {
  const current = useWindow(companionOf);
  const startNew = useStartNew();
  return (
    <div className="companions">
      <Faces current={current} />
      <span className="grow" />
      <button type="button" className="tool ringed" aria-label="New conversation" title="New conversation (Ctrl N)" onClick={startNew}>
        <Plus aria-hidden />
      </button>
    </div>
  );
}

/** The ways to the other pages; their names stand beside them where there is room. */
function Pages({ named }: { named: boolean }) {
  const { view } = useServices();
  const shown = useStore(view, (state) => state.page);
  return pages.map(({ name, label, Icon }) => (
    <button
      key={name}
      type="button"
      className={named ? 'page-link' : 'tool'}
      aria-current={shown === name ? 'page' : undefined}
      {...(named ? {} : { 'aria-label': label, title: label })}
      onClick={() => showPage(view, name)}
    >
      <Icon aria-hidden />
      {named && <span className="clip">{label}</span>}
    </button>
  ));
}

function Foot() {
  const engine = useWindow((state) => state.model?.engine);
  const words = engine === 'embedded' || engine === 'scripted' ? 'Offline, kept on this disk' : 'Kept on this disk';
  return (
    <footer>
      <ShieldCheck aria-hidden />
      <span className="grow clip">{words}</span>
      <ThemeMenu />
    </footer>
  );
}

/** The narrow form between 720 and 1,040 pixels: a face and the two ways in. */
function Rail() {
  const { view } = useServices();
  const startNew = useStartNew();
  const search = () => {
    openDrawer(view);
    focusSearch();
  };
  return (
    <div className="rail">
      <button type="button" className="companion" aria-label="Conversations" title="Conversations" onClick={() => openDrawer(view)}>
        <Avatar />
      </button>
      <button type="button" className="tool" aria-label="New conversation" title="New conversation (Ctrl N)" onClick={startNew}>
        <Plus aria-hidden />
      </button>
      <button type="button" className="tool" aria-label="Search conversations" title="Search conversations (Ctrl K)" onClick={search}>
        <Search aria-hidden />
      </button>
      <span className="grow" />
      <Pages named={false} />
      <ThemeMenu />
    </div>
  );
}

/** Over the page where there is no room beside it: Esc and a press outside close it, and the keyboard goes back. */
function useDrawer(open: boolean, close: () => void) {
  const panel = useRef<HTMLElement>(null);
  useEffect(() => {
    if (!open) return;
    const before = document.activeElement;
    panel.current?.querySelector<HTMLElement>('[aria-current], button')?.focus();
    const pressed = (event: KeyboardEvent) => {
      const inside = event.target instanceof Element && event.target.closest('.menu, .title-field');
      if (event.key !== 'Escape' || event.defaultPrevented || inside) return;
      event.preventDefault();
      close();
      if (before instanceof HTMLElement) before.focus();
    };
    window.addEventListener('keydown', pressed, { capture: true });
    return () => window.removeEventListener('keydown', pressed, { capture: true });
  }, [open, close]);
  return panel;
}

export function Sidebar() {
  const { view } = useServices();
  const open = useStore(view, (state) => state.drawer);
  const close = useRef(() => view.setState({ drawer: false })).current;
  const panel = useDrawer(open, close);
  return (
    <>
      <Rail />
      {open && <button type="button" className="scrim" aria-label="Close the list" tabIndex={-1} onClick={close} />}
      <aside ref={panel} className="sidebar" data-open={open || undefined} data-region aria-label="Conversations and companions">
        <Companions />
        <SearchField />
        <Conversations />
        <nav className="page-links" aria-label="Pages">
          <Pages named />
        </nav>
        <Foot />
      </aside>
    </>
  );
}
