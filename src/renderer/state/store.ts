/** @file The window's store: events are gathered and taken in together, at most once per animation frame. */
import { createStore, type StoreApi } from 'zustand/vanilla';
import type { ClientEvent } from '../../shared/events.ts';
import { HIDDEN_COMMIT_MS } from '../limits.ts';
import { reduceEvent } from './reduce.ts';
import { firstState, type WindowState } from './window-state.ts';

export type Frames = {
  /** Runs the action before the next picture is drawn, or soon where nothing is drawn; returns how to take it back. */
  next(action: () => void): () => void;
  now(): number;
};

/** Animation frames, with a slow timer beside them: a hidden page gets no frames. */
export const pageFrames: Frames = {
  next(action) {
    let done = false;
    const once = () => {
      if (done) return;
      cancel();
      action();
    };
    const frame = requestAnimationFrame(once);
    const timer = setTimeout(once, HIDDEN_COMMIT_MS);
    const cancel = () => {
      done = true;
      cancelAnimationFrame(frame);
      clearTimeout(timer);
    };
    return cancel;
  },
  now: () => Date.now(),
};

export type WindowStore = {
  api: StoreApi<WindowState>;
  /** Takes an event in with the next frame; `taken` is called once the state has it. */
  push(event: ClientEvent): void;
  /** Changes the state at once, after everything that came before it. */
  update(change: (state: WindowState) => WindowState): void;
};

export function createWindowStore(frames: Frames, taken: (event: ClientEvent) => void): WindowStore {
  const api = createStore<WindowState>(() => firstState);
  let gathered: { event: ClientEvent; at: number }[] = [];
  let cancel: (() => void) | undefined;

  const commit = () => {
    cancel?.();
    cancel = undefined;
    const events = gathered;
    gathered = [];
    if (events.length === 0) return;
    api.setState(
      events.reduce((state, { event, at }) => reduceEvent(state, event, at), api.getState()),
      true,
    );
    for (const { event } of events) taken(event);
  };

  return {
    api,
    push(event) {
      gathered.push({ event, at: frames.now() });
      cancel ??= frames.next(commit);
    },
    update(change) {
      commit();
      api.setState(change(api.getState()), true);
    },
  };
}
