/** @file The page's one session: opened when the page subscribes, closed when it goes, never shared with the page before. */
import type { Log } from '../engine/ports.ts';
import type { OpenSession, Session, Wire } from '../session/wire.ts';

export type PageSessionPorts = {
  /** Resolves when the program is up; where it rejects, the window itself says why. */
  openSession: Promise<OpenSession>;
  post(sessionId: string, event: unknown): void;
  isOpen(): boolean;
  chooseModelFile(): Promise<string | undefined>;
  log: Log;
};

/** Everything takes whatever the page sent and never throws. */
export type PageSession = {
  subscribe(sessionId: unknown): void;
  unsubscribe(sessionId: unknown): void;
  command(sessionId: unknown, frame: unknown): void;
  end(): void;
};

type Current = { id: string; session: Session | undefined };

const isSessionId = (value: unknown): value is string => typeof value === 'string' && /^[0-9a-f-]{36}$/.test(value);

export function createPageSession({ openSession, post, isOpen, chooseModelFile, log }: PageSessionPorts): PageSession {
  let current: Current | undefined;

  const end = () => {
    const ended = current;
    current = undefined;
    ended?.session?.close();
  };
  const wireOf = (mine: Current): Wire => ({
    isOpen: () => current === mine && isOpen(),
    send: (event) => post(mine.id, event),
    unsentBytes: () => 0,
    isOwner: true,
    chooseModelFile,
    close(code) {
      log.info('page-session-closed', { code });
      if (current === mine) end();
    },
  });

  return {
    subscribe(sessionId) {
      if (!isSessionId(sessionId)) return log.warn('page-message-odd', { kind: 'subscribe' });
      end();
      const mine: Current = { id: sessionId, session: undefined };
      current = mine;
      const open = (opener: OpenSession) => {
        if (current === mine) mine.session = opener(wireOf(mine));
      };
      openSession.then(open).catch((error: unknown) => log.error('page-session-not-opened', { cause: error }));
    },
    unsubscribe(sessionId) {
      if (current?.id === sessionId) end();
    },
    command(sessionId, frame) {
      const session = current?.id === sessionId ? current?.session : undefined;
      if (session) session.receive(frame);
      else log.debug('page-command-without-session');
    },
    end,
  };
}
