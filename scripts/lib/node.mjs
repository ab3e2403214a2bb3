/** @file Which Node runs what: these scripts run on any from 20 on, the engine needs a newer one, which the packages bring along. */
import { existsSync } from 'node:fs';
import { at } from './project.mjs';
import { complain, plainError } from './words.mjs';

/** package.json says the same under "engines". */
const FOR_SCRIPTS = [20, 19];
/** The first with node:sqlite that needs no flag. */
const FOR_ENGINE = [22, 13];

/** Ends the process with a sentence where this Node is too old for the scripts. */
export function demandNode() {
  if (isAtLeast(process.versions.node, FOR_SCRIPTS)) return;
  complain(
    `This is Node ${process.versions.node}; Persona Engine needs Node ${FOR_SCRIPTS.join('.')} or newer. Install one from nodejs.org and run the command again.`,
  );
  process.exit(1);
}

/** The program that runs the engine: the Node among the packages, else this one if it is new enough, else undefined. */
export function engineNode() {
  const bundled = bundledNode();
  if (bundled) return bundled;
  return isAtLeast(process.versions.node, FOR_ENGINE) ? process.execPath : undefined;
}

/** As `engineNode`; throws with a sentence where there is none. */
export function demandEngineNode() {
  const node = engineNode();
  if (!node) throw plainError(ENGINE_NODE_MISSING);
  return node;
}

export const ENGINE_NODE_MISSING = `The engine needs Node ${FOR_ENGINE.join('.')} or newer, and there is none among the packages for this platform. Install a newer Node and run the command again.`;

function bundledNode() {
  const folder = at('node_modules', `node-${process.platform === 'win32' ? 'win' : process.platform}-${process.arch}`, 'bin');
  return [`${folder}/node`, `${folder}/node.exe`].find((path) => existsSync(path));
}

function isAtLeast(version, [major, minor]) {
  const [ownMajor, ownMinor] = version.split('.').map(Number);
  return ownMajor > major || (ownMajor === major && ownMinor >= minor);
}
