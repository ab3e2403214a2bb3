/** @file The processes this one has started: signals reach them, and none of them outlives it. */
import { spawn } from 'node:child_process';
import { onParentGone } from './parent.mjs';
import { ROOT } from './project.mjs';

/** The engine stops within 5 s of a signal; what is still there after this is ended by force. */
const GRACE_MS = 7_000;
const signalNumbers = { SIGHUP: 1, SIGINT: 2, SIGTERM: 15 };

/** A process has exactly one set of children and is stopped exactly once. */
const family = { children: new Set(), stoppedBy: undefined };

/** Starts a program in the project's folder; it is ended with this process at the latest. */
export function startChild(program, args, options = {}) {
  const child = spawn(program, args, { cwd: ROOT, windowsHide: true, ...options });
  family.children.add(child);
  child.once('error', () => family.children.delete(child));
  child.once('close', () => family.children.delete(child));
  return child;
}

/** Lets a child live on after this process, such as a window that belongs to another engine. */
export function letGo(child) {
  family.children.delete(child);
  child.unref();
}

/** Resolves with the exit code a shell would see; never rejects. */
export function ended(child) {
  return new Promise((resolve) => {
    child.once('error', () => resolve(127));
    child.once('close', (code, signal) => resolve(code ?? 128 + (signalNumbers[signal] ?? 9)));
  });
}

/** The exit code that tells of the signal which stopped this process; undefined while none has. */
export function stoppedCode() {
  return family.stoppedBy && 128 + signalNumbers[family.stoppedBy];
}

/** Ends every child: first with the signal, then by force. */
export function stopChildren(signal = 'SIGTERM') {
  for (const child of family.children) send(child, signal);
  setTimeout(() => {
    for (const child of family.children) send(child, 'SIGKILL');
  }, GRACE_MS).unref();
}

/** Hands signals on to the children, once: npm and a terminal each send the same one again. */
export function forwardSignals() {
  const stop = (signal) => {
    if (family.stoppedBy) return;
    family.stoppedBy = signal;
    if (family.children.size === 0) process.exit(stoppedCode());
    stopChildren(signal === 'SIGHUP' ? 'SIGTERM' : signal);
  };
  for (const signal of Object.keys(signalNumbers)) process.on(signal, stop);
  process.on('exit', () => {
    for (const child of family.children) send(child, 'SIGKILL');
  });
  // npm, killed outright, tells nobody; without it there is nobody left who could stop us.
  if (process.env.npm_lifecycle_event) onParentGone(() => stop('SIGTERM'));
}

/** A child that leads a group of its own is signalled with all it has started. */
export function send(child, signal) {
  try {
    if (child.leadsGroup) process.kill(-child.pid, signal);
    else child.kill(signal);
  } catch (error) {
    // Gone in the same moment.
    if (error.code !== 'ESRCH') throw error;
  }
}
