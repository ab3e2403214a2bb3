/** @file The window's messages: heard only from our own page's top frame, handed to its session, answered as events. */
import { type IpcMainEvent, ipcMain, type WebContents } from 'electron';
import { channels } from '../../shared/channels.ts';
import type { Log } from '../engine/ports.ts';
import type { OpenSession } from '../session/wire.ts';
import { isTrustedSender, type Sender } from './own-page.ts';
import { createPageSession, type PageSession } from './page-session.ts';

export type PagePorts = {
  contents: WebContents;
  openSession: Promise<OpenSession>;
  openLink(address: unknown): void;
  chooseModelFile(): Promise<string | undefined>;
  log: Log;
};

/** A frame that went away while its message was under way cannot be asked any more, and is not heard. */
function senderOf(event: IpcMainEvent): Sender {
  const contentsId = event.sender.id;
  try {
    const frame = event.senderFrame;
    return { contentsId, frame: frame && { origin: frame.origin, parent: frame.parent, detached: frame.detached } };
  } catch {
    return { contentsId, frame: null };
  }
}

/** Connects the page; what is returned ends its session when the page is gone. */
export function connectPage({ contents, openSession, openLink, chooseModelFile, log }: PagePorts): PageSession {
  const windowContentsId = contents.id;
  const isOpen = () => !contents.isDestroyed() && !contents.isCrashed();
  const post = (sessionId: string, event: unknown) => contents.send(channels.event, sessionId, event);
  const page = createPageSession({ openSession, isOpen, chooseModelFile, log, post });

  const hear = (channel: string, act: (...values: unknown[]) => void) => {
    ipcMain.on(channel, (event, ...values: unknown[]) => {
      if (isTrustedSender(senderOf(event), windowContentsId)) act(...values);
      else log.warn('page-message-refused', { channel });
    });
  };
  hear(channels.subscribe, page.subscribe);
  hear(channels.unsubscribe, page.unsubscribe);
  hear(channels.command, page.command);
  hear(channels.openLink, openLink);
  return page;
}
