/** @file The session's handlers for Ollama itself: installing it, sharing models, reading its log. */
import type { Command } from '../../shared/commands.ts';
import type { ClientEvent } from '../../shared/events.ts';
import type { Engine } from '../engine/contract.ts';

type RuntimeCommandType =
  | 'show-runtime'
  | 'look-up-runtime'
  | 'install-runtime'
  | 'pause-runtime'
  | 'cancel-runtime'
  | 'share-models'
  | 'stop-server'
  | 'start-server'
  | 'read-runtime-log';

type RuntimeHandlers = { [Type in RuntimeCommandType]: (command: Extract<Command, { type: Type }>) => void | Promise<void> };

export function runtimeHandlers({ runtime }: Engine, send: (event: ClientEvent) => void): RuntimeHandlers {
  const done = (requestId: string) => send({ type: 'command-done', requestId });
  const show = (requestId: string) => send({ type: 'runtime-shown', requestId, runtime: runtime.status(), licences: runtime.licences() });
  return {
    'show-runtime': ({ requestId }) => show(requestId),
    'look-up-runtime': async ({ requestId }) => {
      await runtime.lookUp();
      show(requestId);
    },
    'install-runtime': ({ requestId, graphics, thenModel }) => {
      runtime.install(graphics, thenModel);
      done(requestId);
    },
    'pause-runtime': ({ requestId }) => {
      runtime.pause();
      done(requestId);
    },
    'cancel-runtime': async ({ requestId }) => {
      await runtime.cancel();
      done(requestId);
    },
    'share-models': async ({ requestId, share }) => {
      await runtime.shareModels(share);
      done(requestId);
    },
    'stop-server': async ({ requestId }) => {
      await runtime.stopServer();
      done(requestId);
    },
    'start-server': ({ requestId }) => {
      runtime.startServer();
      done(requestId);
    },
    'read-runtime-log': ({ requestId }) => send({ type: 'runtime-log-read', requestId, lines: runtime.log() }),
  };
}
