/** @file What happens when the page ends, hangs or never begins: drawn again once, then a sentence. */
import { type BrowserWindow, dialog } from 'electron';
import type { Clock, Log } from '../engine/ports.ts';
import { isOwnAddress, isOwnDocument } from './own-page.ts';
import type { PageSession } from './page-session.ts';
import { type Problem, pageMissing, preloadFailed, windowKeepsEnding } from './problem.ts';

/** A page that ends again within this was not ended by chance; drawing it once more would go on for ever. */
const AGAIN_MS = 60_000;
/** Chromium's code for a load that another one took the place of. */
const LOAD_REPLACED = -3;

export type WatchPorts = {
  page: PageSession;
  giveUp(problem: Problem): void;
  /** Loads what the window has to show. */
  home(): void;
  clock: Clock;
  log: Log;
};

const drawnAgain = {
  type: 'info' as const,
  message: 'The window was drawn again.',
  detail: 'What draws it had ended by itself. Every message is kept, and a reply that was being written goes on.',
};

export function watchPage(window: BrowserWindow, { page, giveUp, home, clock, log }: WatchPorts): void {
  const contents = window.webContents;
  let endedAt: number | undefined;

  contents.on('render-process-gone', (_event, { reason, exitCode }) => {
    page.end();
    if (reason === 'clean-exit') return;
    log.error('window-process-gone', { reason, exitCode });
    const before = endedAt;
    endedAt = clock.now();
    if (before !== undefined && Math.abs(endedAt - before) < AGAIN_MS) return giveUp(windowKeepsEnding);
    contents.reload();
    dialog.showMessageBox(window, drawnAgain).catch((error: unknown) => log.warn('notice-not-shown', { cause: error }));
  });
  contents.on('preload-error', (_event, _path, error) => {
    log.error('preload-failed', { cause: error });
    giveUp(preloadFailed);
  });
  // Chromium asks nobody before it shows about:blank, which it also makes of addresses that are none.
  contents.on('did-navigate', (_event, address) => {
    if (isOwnAddress(address)) return;
    log.warn('navigation-undone');
    home();
  });
  contents.on('did-fail-load', (_event, code, description, address, isMainFrame) => {
    if (code === LOAD_REPLACED || !isMainFrame || !isOwnDocument(address)) return;
    log.error('page-not-loaded', { code, description });
    giveUp(pageMissing);
  });
  window.on('unresponsive', () => log.warn('window-unresponsive'));
  window.on('closed', () => page.end());
}
