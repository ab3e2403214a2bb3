/** @file The headless engine with its page in a browser window: what `npm start` does without Electron, and `npm run demo`. */
import { hasDisplay, openPage } from './browser.mjs';
import { ended, stopChildren } from './children.mjs';
import { dataFolderOf } from './data-folder.mjs';
import { createTeller, eachLine, openLogFile, parse } from './engine-log.mjs';
import { startHeadless } from './headless.mjs';
import { openOnceRunning } from './running.mjs';
import { complain, say } from './words.mjs';

/** wire.md: the exit code of an engine whose data folder is held by another one. */
const DATA_FOLDER = 3;
/** Last lines of what is no log line, shown where the engine fails. */
const KEPT_LINES = 20;

/** Runs until the window is closed, the engine ends or a signal comes; resolves with the exit code. */
export async function runPage(environment) {
  const dataFolder = dataFolderOf(environment);
  const engine = startEngine(environment, dataFolder);
  const page = await Promise.race([engine.page, engine.ended.then(() => undefined)]);
  if (page) {
    await showPage(page, dataFolder, engine);
    return engine.ended;
  }
  const code = await engine.ended;
  const inUse = code === DATA_FOLDER && engine.isInUse();
  if (inUse && (await openOnceRunning(dataFolder))) return 0;
  if (inUse) complain(inUse.message);
  engine.tellEnd(code);
  return code;
}

function startEngine(environment, dataFolder) {
  const child = startHeadless(environment, ['ignore', 'pipe', 'pipe']);
  const seen = { inUse: undefined, odd: [], file: undefined };
  const tell = createTeller();
  eachLine(child.stderr, (line) => {
    const entry = parse(line);
    if (entry?.event === 'store-in-use') {
      seen.inUse = entry;
      return;
    }
    seen.file ??= logFile(dataFolder);
    seen.file?.write(line);
    if (!entry) seen.odd = [...seen.odd, line].slice(-KEPT_LINES);
    tell(line);
  });
  const page = new Promise((resolve) => {
    eachLine(child.stdout, (line) => {
      if (line.startsWith('page ')) resolve(line.slice('page '.length));
    });
  });
  const tellEnd = (code) => {
    if (code !== 0 && seen.odd.length > 0) complain(`The engine ended with code ${code}:\n${seen.odd.join('\n')}`);
  };
  return { page, ended: ended(child), isInUse: () => seen.inUse, logPath: () => seen.file?.path, tellEnd };
}

/** A data folder that cannot be written is told by the engine itself; there is just no log then. */
function logFile(dataFolder) {
  try {
    return openLogFile(dataFolder);
  } catch (error) {
    if (error.code) return undefined;
    throw error;
  }
}

async function showPage(page, dataFolder, engine) {
  if (!hasDisplay()) {
    say(`Ready. There is no display here; open this page in a browser on this machine:\n\n  ${page}\n\nCtrl-C ends Persona Engine.`);
    return;
  }
  const window = await openPage(page, dataFolder);
  if (!window) {
    say(`Ready. No browser could be opened; open this page in one:\n\n  ${page}\n\nCtrl-C ends Persona Engine.`);
    return;
  }
  const until = window.closed ? 'Closing the window or Ctrl-C' : 'Ctrl-C';
  say(
    `Ready, ${window.how}. ${until} ends Persona Engine.\nThe same page: ${page}\nLog: ${engine.logPath() ?? 'none, since the data folder could not be written'}`,
  );
  void window.closed?.then(() => stopChildren());
  void engine.ended.then(() => stopChildren());
}
