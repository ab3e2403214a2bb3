/** @file The headless engine as a child process. */
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { startChild } from './children.mjs';
import { demandEngineNode } from './node.mjs';
import { at, CACHE, HEADLESS } from './project.mjs';

/** Node keeps what it compiled of the program there, which brings the next start forward by 0.1 s. */
const COMPILED = join(CACHE, 'compiled');

/** Throws with a sentence where there is no Node for it. */
export function startHeadless(environment, stdio) {
  const watch = pathToFileURL(at('scripts', 'lib', 'stop-with-parent.mjs')).href;
  return startChild(demandEngineNode(), ['--import', watch, HEADLESS], { env: { NODE_COMPILE_CACHE: COMPILED, ...environment }, stdio });
}
