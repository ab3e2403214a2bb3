/** @file Looking after Ollama itself: installing it, starting and stopping it, sharing models, reading its log. */
import type { GraphicsPart } from '../../shared/runtime.ts';
import { complain, type Ground } from './ground.ts';

export type RuntimeDeeds = {
  /** Asks for everything about it; what comes is in the window's state. */
  load(): void;
  /** Asks the release's server for size and hash; resolves when it is known or could not be. */
  lookUp(): Promise<void>;
  /** Undefined goes on with what was begun. */
  install(graphics?: readonly GraphicsPart[], thenModel?: boolean): void;
  pause(): void;
  cancel(): void;
  share(share: boolean): void;
  stop(): void;
  start(): void;
  /** The newest lines, oldest first; empty where there is none. */
  readLog(): Promise<readonly string[]>;
};

export function createRuntimeDeeds(ground: Ground): RuntimeDeeds {
  const ask = async (wish: Parameters<typeof ground.client.ask>[0]) => {
    const answer = await ground.client.ask(wish);
    if (answer.type === 'command-failed') complain(ground, answer.fault.message);
    return answer;
  };
  return {
    load: () => void ask({ type: 'show-runtime' }),
    lookUp: async () => void (await ask({ type: 'look-up-runtime' })),
    install: (graphics, thenModel) =>
      void ask({
        type: 'install-runtime',
        ...(graphics ? { graphics: [...graphics] } : {}),
        ...(thenModel === undefined ? {} : { thenModel }),
      }),
    pause: () => void ask({ type: 'pause-runtime' }),
    cancel: () => void ask({ type: 'cancel-runtime' }),
    share: (share) => void ask({ type: 'share-models', share }),
    stop: () => void ask({ type: 'stop-server' }),
    start: () => void ask({ type: 'start-server' }),
    async readLog() {
      const answer = await ask({ type: 'read-runtime-log' });
      return answer.type === 'runtime-log-read' ? answer.lines : [];
    },
  };
}
