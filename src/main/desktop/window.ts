/** @file The one window: what it may do, where it opens, and that it is there again. */
import { BrowserWindow, nativeTheme, screen } from 'electron';
import type { Log } from '../engine/ports.ts';
import { addContextMenu } from './menu.ts';
import { colours } from './problem.ts';
import { askBeforeDropping } from './unsaved.ts';
import { fitPlace, readPlace, SMALLEST, writePlace } from './window-place.ts';

export type WindowOptions = { preload: string; placeFile: string; title: string; log: Log };
export type OpenedWindow = {
  window: BrowserWindow;
  /** Writes down where the window is; a closed one was written down when it closed. */
  keepPlace(): void;
};

const background = () => (nativeTheme.shouldUseDarkColors ? colours.dark : colours.light);

/** Opens hidden and shows itself when there is something to see, so that no white flash comes first. */
export function createWindow({ preload, placeFile, title, log }: WindowOptions): OpenedWindow {
  const place = readPlace(placeFile, log);
  const areas = screen.getAllDisplays().map(({ workArea }) => workArea);
  const window = new BrowserWindow({
    ...fitPlace(place, areas),
    minWidth: SMALLEST.width,
    minHeight: SMALLEST.height,
    show: false,
    title,
    backgroundColor: background(),
    autoHideMenuBar: true,
    webPreferences: {
      preload,
      contextIsolation: true,
      sandbox: true,
      nodeIntegration: false,
      webviewTag: false,
      spellcheck: false,
    },
  });
  window.once('ready-to-show', () => (place?.maximized ? window.maximize() : window.show()));
  const recolour = () => window.setBackgroundColor(background());
  nativeTheme.on('updated', recolour);
  window.once('closed', () => nativeTheme.off('updated', recolour));
  const keepPlace = () => {
    if (!window.isDestroyed()) writePlace(placeFile, { ...window.getNormalBounds(), maximized: window.isMaximized() }, log);
  };
  window.on('close', keepPlace);
  addContextMenu(window);
  askBeforeDropping(window);
  return { window, keepPlace };
}

/** Brings the window before the person: what a second start of the program does. */
export function focusWindow(window: BrowserWindow): void {
  if (window.isMinimized()) window.restore();
  window.show();
  window.focus();
}
