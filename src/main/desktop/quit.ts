/** @file Leaving: whatever asks for it, the engine stops in order once, then the process ends with the right code. */
import { app } from 'electron';
import type { Log } from '../engine/ports.ts';

export type QuitPorts = {
  /** Takes the windows from the screen; the person need not watch the rest. */
  hide(): void;
  /** Stops the engine; the same stop, however often it is asked for. */
  stop(): Promise<void>;
  exitCode(): number;
  log: Log;
};

/** A closed window, the menu, a signal and the system's own end of session all come by here. */
export function stopOnQuit({ hide, stop, exitCode, log }: QuitPorts): void {
  let leaving = false;
  app.on('window-all-closed', () => app.quit());
  app.on('before-quit', (event) => {
    event.preventDefault();
    if (leaving) return;
    leaving = true;
    log.info('stopping');
    hide();
    stop()
      .catch((error: unknown) => log.error('stop-failed', { cause: error }))
      .finally(() => app.exit(exitCode()));
  });
}
