/** @file The menus: what a text window needs, without a single item that leads out of the program. */
import { app, BrowserWindow, Menu, type MenuItemConstructorOptions } from 'electron';

const edit: MenuItemConstructorOptions = { role: 'editMenu' };
const view: MenuItemConstructorOptions = {
  label: 'View',
  submenu: [
    { role: 'reload' },
    { type: 'separator' },
    { role: 'resetZoom' },
    { role: 'zoomIn' },
    { role: 'zoomOut' },
    { type: 'separator' },
    { role: 'togglefullscreen' },
  ],
};

/** Closes the windows, so that a page that holds something unsaved asks first; the last one that closes ends the program. */
function leave(): void {
  const windows = BrowserWindow.getAllWindows().filter((window) => !window.webContents.isCrashed());
  if (windows.length === 0) app.quit();
  for (const window of windows) window.close();
}

const quit = (): MenuItemConstructorOptions => ({
  label: process.platform === 'darwin' ? `Quit ${app.name}` : 'Quit',
  accelerator: 'CommandOrControl+Q',
  click: leave,
});
const appMenu = (): MenuItemConstructorOptions => ({
  label: app.name,
  submenu: [
    { role: 'about' },
    { type: 'separator' },
    { role: 'services' },
    { type: 'separator' },
    { role: 'hide' },
    { role: 'hideOthers' },
    { role: 'unhide' },
    { type: 'separator' },
    quit(),
  ],
});
const developer: MenuItemConstructorOptions = { label: 'Developer', submenu: [{ role: 'toggleDevTools' }] };

/** The ready-made menu has help pages on the web; this one has none. */
export function setMenu(packaged: boolean): void {
  const mac = process.platform === 'darwin';
  const first: MenuItemConstructorOptions = mac ? appMenu() : { label: 'File', submenu: [quit()] };
  const last: MenuItemConstructorOptions[] = mac ? [{ role: 'windowMenu' }] : [];
  Menu.setApplicationMenu(Menu.buildFromTemplate([first, edit, view, ...last, ...(packaged ? [] : [developer])]));
}

/** Cut, copy and paste on the right mouse button, as far as each makes sense where it was pressed. */
export function addContextMenu(window: BrowserWindow): void {
  window.webContents.on('context-menu', (_event, { editFlags, isEditable, selectionText }) => {
    const items: MenuItemConstructorOptions[] = isEditable
      ? [
          { role: 'cut', enabled: editFlags.canCut },
          { role: 'copy', enabled: editFlags.canCopy },
          { role: 'paste', enabled: editFlags.canPaste },
          { type: 'separator' },
          { role: 'selectAll', enabled: editFlags.canSelectAll },
        ]
      : [{ role: 'copy', enabled: editFlags.canCopy && selectionText.trim() !== '' }];
    Menu.buildFromTemplate(items).popup({ window });
  });
}
