/** @file What is on this machine that the program or its tests can use. */
import { spawnSync } from 'node:child_process';
import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { findBrowser, findProgram } from './browser.mjs';
import { dataFolderOf } from './data-folder.mjs';
import { findElectron } from './electron.mjs';
import { engineNode } from './node.mjs';
import { at, settings } from './project.mjs';

const ANSWER_MS = 10_000;

/** As src/main/adapters/embedded/starter-source.ts names it (a test compares the two). */
export const STARTER_FILE = 'SmolLM2-135M-Instruct.Q4_1.gguf';

/** The first line a program says about its version; undefined where it cannot be run. */
export function versionOf(program, ...args) {
  const { status, stdout } = spawnSync(program, args.length ? args : ['--version'], {
    encoding: 'utf8',
    timeout: ANSWER_MS,
    windowsHide: true,
  });
  return status === 0 ? stdout.trim().split('\n')[0] : undefined;
}

/** The starter model's file: the one STARTER_MODEL names, else the one in the data folder. */
export function findStarter(environment = settings()) {
  const said = environment.STARTER_MODEL?.trim();
  const path = said || join(dataFolderOf(environment), 'models', STARTER_FILE);
  return existsSync(path) && statSync(path).isFile() ? path : undefined;
}

/** The embedded engine's package, where it was installed in this checkout or in the data folder. */
export function findEmbeddedEngine(environment = settings()) {
  const folders = [at('tools', 'embedded-engine'), join(dataFolderOf(environment), 'embedded-engine')];
  return folders.find((folder) => existsSync(join(folder, 'node_modules', 'node-llama-cpp', 'package.json')));
}

/** Lines that say with what the tests run. */
export function machineLines() {
  const environment = settings();
  const node = engineNode();
  const redis = findProgram('redis-server');
  const rows = {
    node: node && `${versionOf(node)} (${node})`,
    chromium: findBrowser(),
    redis: redis && (versionOf(redis) ?? redis),
    electron: findElectron(),
    'embedded engine': findEmbeddedEngine(environment),
    'starter model': findStarter(environment),
    OLLAMA_BIN: environment.OLLAMA_BIN || undefined,
    DESKTOP_PROGRAM: environment.DESKTOP_PROGRAM || undefined,
  };
  return Object.entries(rows).map(([name, found]) => `  ${name}: ${found ?? 'none'}`);
}
