/** @file A page that still holds something unsaved: the person is asked before its window closes or it is loaded again. */
import { type BrowserWindow, dialog } from 'electron';

const answers = { leave: 0, stay: 1 } as const;

/** Without this a page that asks to stay would simply stay, and nobody would know why the window does not close. */
export function askBeforeDropping(window: BrowserWindow): void {
  window.webContents.on('will-prevent-unload', (event) => {
    const answer = dialog.showMessageBoxSync(window, {
      type: 'question',
      message: 'Leave without saving?',
      detail: 'Something that you are writing is not saved yet, and leaving drops it.',
      buttons: ['Leave', 'Go on writing'],
      defaultId: answers.stay,
      cancelId: answers.stay,
      noLink: true,
    });
    // To prevent what prevents the leaving is to leave.
    if (answer === answers.leave) event.preventDefault();
  });
}
