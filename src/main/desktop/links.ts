/** @file The only way out of the window: an address is read, the person is asked, and the system opens it. */
import { type BrowserWindow, dialog, shell } from 'electron';
import type { Log } from '../engine/ports.ts';
import { type Link, readLink } from './link-address.ts';

/** Longest part of an address that the question shows, in characters: four lines of it. */
const SHOWN_CHARACTERS = 240;

const answers = { open: 0, stay: 1 } as const;

async function ask(window: BrowserWindow, link: Link): Promise<boolean> {
  const { response } = await dialog.showMessageBox(window, {
    type: 'question',
    message: link.opens === 'mail' ? `Write to ${link.shown} in your mail program?` : `Open ${link.shown} in your browser?`,
    detail: link.href.length > SHOWN_CHARACTERS ? `${link.href.slice(0, SHOWN_CHARACTERS)}…` : link.href,
    buttons: ['Open', 'Stay here'],
    defaultId: answers.stay,
    cancelId: answers.stay,
    noLink: true,
  });
  return response === answers.open;
}

/** Takes any value; one question at a time, so that a page cannot bury the person in them. */
export function createLinks(window: BrowserWindow, log: Log): (address: unknown) => void {
  let asking = false;
  const follow = async (link: Link) => {
    if (!(await ask(window, link))) return;
    try {
      await shell.openExternal(link.href);
    } catch (error) {
      log.warn('link-not-opened', { opens: link.opens, reason: error instanceof Error ? error.name : 'unknown' });
      await dialog.showMessageBox(window, { type: 'info', message: `No program on this computer could open ${link.shown}.` });
    }
  };
  return (address) => {
    const link = readLink(address);
    if (!link) return log.warn('link-refused');
    if (asking) return log.info('link-ignored', { because: 'another one is being asked about' });
    asking = true;
    follow(link)
      .catch((error: unknown) => log.error('link-question-failed', { cause: error }))
      .finally(() => {
        asking = false;
      });
  };
}
