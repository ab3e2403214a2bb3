/** @file What a person sees where the program cannot go on: one sentence, in the window, without a script. */
import { asFault } from '../../shared/faults.ts';

/** Exit codes of wire.md: 1 a fault of the program itself, 2 configuration, 3 data folder. */
export type Problem = { title: string; sentence: string; exitCode: 1 | 2 | 3 };

export const PROBLEM_PATH = '/problem.html';

const title = 'Persona Engine could not start';

export const configurationProblem = (sentence: string): Problem => ({ title, sentence, exitCode: 2 });

/** The problem that a failed start is, in the words of its fault. */
export function startProblem(error: unknown): Problem {
  const fault = asFault(error);
  return { title, sentence: fault.message, exitCode: fault.code.startsWith('store-') ? 3 : 1 };
}

export const pageMissing: Problem = {
  title,
  sentence:
    'The files of its window are not where they should be; nothing was changed, so install it again, or build it with npm run build.',
  exitCode: 1,
};
export const preloadFailed: Problem = {
  title,
  sentence: 'Its window could not be connected to the engine; nothing was changed, so install it again.',
  exitCode: 1,
};
export const windowKeepsEnding: Problem = {
  title: 'The window keeps ending',
  sentence: 'What draws this window ended twice within a minute; every message is kept, so close this and start the program again.',
  exitCode: 1,
};
export const brokenInside: Problem = {
  title: 'Persona Engine had to stop',
  sentence: 'Something inside the program went wrong; every message is kept, so close this and start it again.',
  exitCode: 1,
};

const escaped: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };
const escapeText = (text: string) => text.replace(/[&<>"']/g, (character) => escaped[character] ?? '');

/** The colours of the window (tokens of the page: background and ink of Sarah's hue), for what is shown before or in place of it. */
export const colours = { light: '#fdfafb', dark: '#1c1618', lightInk: '#271d21', darkInk: '#ede8ea' } as const;

const style = `:root { color-scheme: light dark; }
body { margin: 0; min-height: 100vh; display: grid; place-items: center; background: ${colours.light}; color: ${colours.lightInk};
  font: 15px/1.5 -apple-system, "Segoe UI", Inter, Cantarell, Ubuntu, "Noto Sans", "Liberation Sans", sans-serif; }
main { max-width: 34rem; padding: 32px; }
h1 { font-size: 22px; line-height: 1.25; margin: 0 0 12px; }
p { margin: 0 0 12px; overflow-wrap: anywhere; user-select: text; }
.quiet { opacity: 0.72; font-size: 13px; }
@media (prefers-color-scheme: dark) { body { background: ${colours.dark}; color: ${colours.darkInk}; } }
`;

function html(problem: Problem, logFile: string): string {
  return `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Persona Engine</title><link rel="stylesheet" href="/problem.css"></head>
<body><main role="alert"><h1>${escapeText(problem.title)}</h1><p>${escapeText(problem.sentence)}</p>
<p class="quiet">Closing this window ends the program. More is in ${escapeText(logFile)}</p></main></body></html>`;
}

/** The page of a problem by its two paths; it has no file, so that it is there when files are not. */
export function problemFile(path: string, problem: Problem, logFile: string): { type: string; body: string } | undefined {
  if (path === PROBLEM_PATH) return { type: 'text/html; charset=utf-8', body: html(problem, logFile) };
  if (path === '/problem.css') return { type: 'text/css; charset=utf-8', body: style };
  return undefined;
}
