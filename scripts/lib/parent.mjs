/** @file The end of the process that started this one, which a killed process can tell nobody. */

const LOOK_EVERY_MS = 500;

/** Calls back once when the parent is gone; never on Windows, which keeps its number. */
export function onParentGone(action) {
  if (process.platform === 'win32') return;
  const parent = process.ppid;
  const timer = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(timer);
    action();
  }, LOOK_EVERY_MS);
  timer.unref();
}
