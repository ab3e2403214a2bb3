/** @file What the desktop window's page gets of the program: three functions, made in a sandboxed world of their own. */
import { contextBridge, type IpcRendererEvent, ipcRenderer, webUtils } from 'electron';
import type { CompanionBridge } from '../shared/bridge.ts';
import { channels } from '../shared/channels.ts';

type Subscription = { id: string; stop(): void };

/** Only a file that a person dropped or chose has a path; one that a script made up has none, and is refused for that. */
function withPath(command: unknown): unknown {
  if (typeof command !== 'object' || command === null || !('file' in command) || !(command.file instanceof File)) return command;
  const { file, ...rest } = command;
  return { ...rest, path: webUtils.getPathForFile(file) };
}

/** One subscription at a time: a new one takes the place of the old, and what was still under way to the old one is dropped. */
function createBridge(): CompanionBridge {
  let current: Subscription | undefined;

  const subscribe = (listener: (event: unknown) => void): Subscription => {
    const id = crypto.randomUUID();
    const hear = (_event: IpcRendererEvent, session: unknown, event: unknown) => {
      if (session === id) listener(event);
    };
    ipcRenderer.on(channels.event, hear);
    ipcRenderer.send(channels.subscribe, id);
    return {
      id,
      stop() {
        ipcRenderer.off(channels.event, hear);
        if (current?.id !== id) return;
        current = undefined;
        ipcRenderer.send(channels.unsubscribe, id);
      },
    };
  };

  return {
    send(command) {
      if (current) ipcRenderer.send(channels.command, current.id, withPath(command));
    },
    subscribe(listener) {
      current?.stop();
      const subscription = subscribe(listener);
      current = subscription;
      return () => subscription.stop();
    },
    openLink: (address) => ipcRenderer.send(channels.openLink, address),
  };
}

contextBridge.exposeInMainWorld('companion', createBridge());
