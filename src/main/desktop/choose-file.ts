/** @file The system's own dialog for a model file: one at a time, over the window that asked. */
import { type BrowserWindow, dialog } from 'electron';

/** Resolves with the path of the file; undefined where the person closed the dialog, or one is open already. */
export function createFileChooser(window: BrowserWindow): () => Promise<string | undefined> {
  let asking = false;
  return async () => {
    if (asking || window.isDestroyed()) return undefined;
    asking = true;
    try {
      const { canceled, filePaths } = await dialog.showOpenDialog(window, {
        title: 'Add a model',
        buttonLabel: 'Add',
        properties: ['openFile', 'dontAddToRecent'],
        filters: [
          { name: 'GGUF models', extensions: ['gguf'] },
          { name: 'All files', extensions: ['*'] },
        ],
      });
      return canceled ? undefined : filePaths[0];
    } finally {
      asking = false;
    }
  };
}
