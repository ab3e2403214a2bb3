/** @file The window as a whole: which page is on show, and the frame around a conversation. */
import { useEffect, useState } from 'react';
import { useStore } from 'zustand';
import { ImportDialog } from '../companions/import-dialog.tsx';
import { Composer } from '../composer/composer.tsx';
import { Announcer } from '../conversation/announcer.tsx';
import { Greeting } from '../conversation/greeting.tsx';
import { Log } from '../conversation/log.tsx';
import { isUnspoken } from '../conversation/rows.ts';
import { Sidebar } from '../conversations/sidebar.tsx';
import { Inspector } from '../inspector/inspector.tsx';
import { SKELETON_AFTER_MS } from '../limits.ts';
import { LeavingDialog } from '../memory/leaving-dialog.tsx';
import { pageNamed } from '../pages/pages.ts';
import { companionOf, type WindowState } from '../state/window-state.ts';
import { Banners, ScriptedBanner } from '../states/banners.tsx';
import { FirstRun } from '../states/first-run.tsx';
import { Connecting, Outdated, Refused } from '../states/plain-screen.tsx';
import { Strip } from '../strip/strip.tsx';
import { Bar } from './bar.tsx';
import { FileDrop } from './file-drop.tsx';
import { useKeptFocus } from './kept-focus.ts';
import { useKeyboard } from './keyboard.ts';
import { NoticeList } from './notices.tsx';
import { useServices, useWindow } from './services.ts';

/** Something is coming, but not at once: the shape of it, after a while only. */
function Skeleton() {
  const [shown, setShown] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setShown(true), SKELETON_AFTER_MS);
    return () => clearTimeout(timer);
  }, []);
  return (
    <div className="log-frame" aria-busy="true">
      {shown && (
        <div className="skeleton" aria-hidden>
          <i />
          <i />
          <i />
        </div>
      )}
    </div>
  );
}

/** What lies between the bar and the writing box. */
function pageOf(state: WindowState): 'nothing' | 'greeting' | 'log' {
  const mine = state.outgoing.filter((message) => (message.conversationId ?? state.openId) === state.openId);
  if (state.openId !== null && state.thread === null && mine.length === 0) return 'nothing';
  return isUnspoken(state.thread, mine) ? 'greeting' : 'log';
}

function Middle() {
  const page = useWindow(pageOf);
  const openId = useWindow((state) => state.openId);
  if (page === 'nothing') return <Skeleton key={openId} />;
  return page === 'greeting' ? <Greeting /> : <Log key={openId ?? 'new'} />;
}

/** The companion's two numbers colour the whole room; the tab carries the conversation's name. */
function useRoom(): void {
  const accent = useWindow((state) => companionOf(state)?.accent);
  const title = useWindow((state) => state.thread?.conversation.title || companionOf(state)?.name || 'Persona Engine');
  useEffect(() => {
    if (!accent) return;
    document.documentElement.style.setProperty('--accent-h', String(accent.hue));
    document.documentElement.style.setProperty('--accent-c', String(accent.chroma));
  }, [accent]);
  useEffect(() => {
    document.title = title;
  }, [title]);
}

function Conversation() {
  return (
    <>
      <Bar />
      <ScriptedBanner />
      <Middle />
      <div className="dock">
        <Banners />
        <Composer />
        <Strip />
      </div>
    </>
  );
}

function Frame() {
  const { view } = useServices();
  const drawer = useStore(view, (state) => state.drawer);
  const page = useStore(view, (state) => state.page);
  const Shown = pageNamed(page)?.Page ?? Conversation;
  return (
    <div className="frame">
      <Sidebar />
      <main className="main">
        <div className="main-part" inert={drawer}>
          <Shown />
        </div>
        <NoticeList />
      </main>
      {page === 'conversation' && <Inspector />}
      <Announcer />
      <FileDrop />
      <ImportDialog />
      <LeavingDialog />
    </div>
  );
}

/** Nothing was ever said, and nobody is there to say something. */
function isFirstRun(state: WindowState): boolean {
  const model = state.model?.state;
  // Ollama was just installed and starts: the page that showed it stays until a model is there.
  const begins = model === 'starting' && state.runtime?.install.state === 'installed';
  // A packed program has no engine built in: there it fails at once, and Ollama is the way.
  const failed = model === 'failed' && (state.model?.engine === 'none' || state.model?.engine === 'embedded');
  const waits = begins || failed || model === 'absent' || model === 'installing';
  return waits && state.list.items?.length === 0 && state.list.found === null;
}

export function App() {
  useRoom();
  useKeyboard();
  useKeptFocus();
  const connection = useWindow((state) => state.connection);
  const wasOpen = useWindow((state) => state.wasOpen);
  const model = useWindow((state) => state.model);
  const firstRun = useWindow(isFirstRun);
  const listed = useWindow((state) => state.list.items !== null);
  if (connection === 'refused') return <Refused />;
  if (connection === 'outdated') return <Outdated />;
  // Before the conversations are known, words would go into a new one.
  if (!wasOpen || !model || !listed) return <Connecting lost={connection === 'lost'} />;
  return firstRun ? <FirstRun model={model} /> : <Frame />;
}
