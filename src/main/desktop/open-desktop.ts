/** @file Puts the window together once Electron is ready: policy, scheme, page, messages, and what to say when one of them fails. */
import { app, session } from 'electron';
import type { Clock, Log } from '../engine/ports.ts';
import type { OpenSession } from '../session/wire.ts';
import { createFileChooser } from './choose-file.ts';
import { connectPage } from './ipc.ts';
import { createLinks } from './links.ts';
import { setMenu } from './menu.ts';
import { ORIGIN, START_ADDRESS } from './own-page.ts';
import { listPageFiles, type PageFiles } from './page-files.ts';
import { lockContents, lockSession } from './policy.ts';
import { PROBLEM_PATH, type Problem, pageMissing, startProblem } from './problem.ts';
import { type Served, servePage } from './scheme.ts';
import { watchPage } from './watch-page.ts';
import { createWindow, focusWindow } from './window.ts';

export type DesktopOptions = {
  /** Rejects where the engine cannot be had, which is then shown. */
  openSession: Promise<OpenSession>;
  problem: Problem | undefined;
  preload: string;
  pageFolder: string;
  placeFile: string;
  logFile: string;
  log: Log;
  clock: Clock;
};

export type Desktop = {
  focus(): void;
  /** Shows the problem in place of the page; only the first one counts. */
  giveUp(problem: Problem): void;
  problem(): Problem | undefined;
  /** Takes the window from the screen, and remembers where it was. */
  hide(): void;
};

function listOrNothing(folder: string, log: Log): PageFiles {
  try {
    return listPageFiles(folder);
  } catch (error) {
    log.error('page-missing', { cause: error });
    return new Map();
  }
}

/** What has to hold before the first window is there. */
function prepareSession(served: Served): void {
  app.on('web-contents-created', (_event, contents) => lockContents(contents, served.log));
  lockSession(session.defaultSession, app.isPackaged, served.log);
  servePage(session.defaultSession, served);
  setMenu(app.isPackaged);
}

export function openDesktop(options: DesktopOptions): Desktop {
  const { log, clock } = options;
  const files = listOrNothing(options.pageFolder, log);
  let problem = options.problem;

  prepareSession({ files, problem: () => problem, logFile: options.logFile, log });
  const { window, keepPlace } = createWindow({ ...options, title: app.getName() });
  const openLink = createLinks(window, log);
  const chooseModelFile = createFileChooser(window);
  const page = connectPage({ contents: window.webContents, openSession: options.openSession, openLink, chooseModelFile, log });
  const home = () => {
    window.loadURL(problem ? ORIGIN + PROBLEM_PATH : START_ADDRESS).catch((error: unknown) => log.warn('load-ended', { cause: error }));
  };
  const giveUp = (found: Problem) => {
    if (problem || window.isDestroyed()) return;
    problem = found;
    log.error('gave-up', { title: found.title, message: found.sentence });
    process.stderr.write(`${found.sentence}\n`);
    page.end();
    home();
  };
  options.openSession.catch((error: unknown) => {
    log.error('engine-not-started', { cause: error });
    giveUp(startProblem(error));
  });
  watchPage(window, { page, giveUp, home, clock, log });
  if (problem || files.has('/index.html')) home();
  else giveUp(pageMissing);

  return {
    giveUp,
    problem: () => problem,
    focus: () => {
      if (!window.isDestroyed()) focusWindow(window);
    },
    hide() {
      keepPlace();
      if (!window.isDestroyed()) window.hide();
    },
  };
}
