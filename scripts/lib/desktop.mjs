/** @file The program in Electron. */
import { ended, startChild, stoppedCode } from './children.mjs';
import { dataFolderOf } from './data-folder.mjs';
import { createTeller, eachLine, openLogFile } from './engine-log.mjs';
import { ROOT, settings } from './project.mjs';

/** An Electron that fails this soon could not show a window at all: a missing system library, a sandbox that is not allowed. */
const AT_ONCE_MS = 10_000;
/** Exit codes of ours (wire.md): wrong configuration, data folder, port. They would be the same without Electron. */
const ours = new Set([2, 3, 4]);

/** Runs until the program ends; resolves with its exit code, or with undefined where Electron itself could not start. */
export async function runDesktop(electron, say) {
  const { ELECTRON_RUN_AS_NODE: _, ...environment } = process.env;
  const args = process.platform === 'linux' && process.getuid() === 0 ? [ROOT, '--no-sandbox'] : [ROOT];
  const log = openLogFile(dataFolderOf(settings()));
  const tell = createTeller();
  const begun = Date.now();
  const child = startChild(electron, args, { env: environment, stdio: ['ignore', 'pipe', 'pipe'] });
  for (const stream of [child.stdout, child.stderr]) {
    eachLine(stream, (line) => {
      log.write(line);
      tell(line);
    });
  }
  say(`Window: opening in Electron. Closing it or Ctrl-C ends Persona Engine.\nLog: ${log.path}`);
  const code = await ended(child);
  if (code === 0 || stoppedCode() || ours.has(code) || Date.now() - begun > AT_ONCE_MS) return code;
  say(`Window: Electron is there but could not start (code ${code}; its words are in the log); a browser window is used instead.`);
  return undefined;
}
