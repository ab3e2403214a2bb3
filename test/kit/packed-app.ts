/** @file Packs the program on a dummy Electron, in a copy of the checkout where a scripted Ollama lies in place of a fetched one. */
import { execFile } from 'node:child_process';
import { chmodSync, cpSync, existsSync, mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { bundledPackages, noticesOf } from '../../scripts/lib/package-notices.ts';
import { putRelease } from './ollama/release.ts';

const root = resolve(import.meta.dirname, '../..');
const builder = createRequire(createRequire(import.meta.url).resolve('electron-builder'));
const fromBuilderLib = createRequire(builder.resolve('app-builder-lib'));

/** What app-builder-lib's own archive reader offers of it. */
export const asar = fromBuilderLib('@electron/asar') as {
  listPackage(archive: string, options: { isPack: boolean }): string[];
  extractAll(archive: string, folder: string): void;
};
const fuses = fromBuilderLib('@electron/fuses') as {
  FuseV1Options: Record<string, string | number>;
  getCurrentFuseWire(program: string): Promise<Record<string, number>>;
};

/** The words by which the fuses are found in a real Electron, with nine fuses as it comes. */
const FUSE_WIRE = Buffer.from('dL7pKGdnNz796PbbjQWNKmHXBZaB9tsX\x01\x09101110011', 'latin1');
const TURNED_ON = '1'.charCodeAt(0);

function putElectron(folder: string): void {
  mkdirSync(join(folder, 'locales'), { recursive: true });
  mkdirSync(join(folder, 'resources'));
  for (const name of ['version', 'LICENSE', 'LICENSES.chromium.html']) writeFileSync(join(folder, name), '45.4.1');
  writeFileSync(join(folder, 'electron'), Buffer.concat([Buffer.from('#!/bin/sh\nexit 0\n'), FUSE_WIRE]));
  chmodSync(join(folder, 'electron'), 0o755);
}

/** The checkout's own files that the packer reads; nobody's fetched Ollama is among them. */
function putCheckout(folder: string): void {
  mkdirSync(join(folder, 'resources'), { recursive: true });
  for (const name of [
    'package.json',
    'LICENSE',
    'electron-builder.yml',
    'out',
    'resources/notices',
    'resources/icons',
    'resources/warden.sh',
  ]) {
    cpSync(join(root, name), join(folder, name), { recursive: true });
  }
  mkdirSync(join(folder, 'out', 'notices'), { recursive: true });
  writeFileSync(join(folder, 'out', 'notices', 'packages.txt'), noticesOf(bundledPackages(root)));
}

export type Packed = {
  folder: string;
  resources: string;
  /** Names of the fuses that are on. */
  fusesOn(): Promise<string[]>;
};

/** `npm run package:dir` for Linux, with the architecture of this machine, in a few seconds. */
export async function packDummy(place: string): Promise<Packed> {
  const project = join(place, 'project');
  putCheckout(project);
  putElectron(join(place, 'electron'));
  putRelease(join(project, 'resources', 'ollama', `linux-${process.arch}`));
  putRelease(join(project, 'resources', 'ollama', 'darwin-arm64'));
  mkdirSync(join(project, 'resources', 'starter'));
  writeFileSync(join(project, 'resources', 'starter', 'starter.gguf'), 'GGUF');
  writeFileSync(join(project, 'resources', 'starter', 'README.md'), 'Not for packing.');
  const options = [`-c.electronDist=${join(place, 'electron')}`, '-c.electronVersion=45.4.1', `--${process.arch}`];
  await promisify(execFile)(process.execPath, [builder.resolve('electron-builder/cli.js'), '--linux', 'dir', ...options], {
    cwd: project,
    env: { PATH: process.env['PATH'] ?? '', HOME: place, ELECTRON_BUILDER_OFFLINE: 'true' },
    timeout: 120_000,
  });
  const folder = join(project, 'dist', process.arch === 'x64' ? 'linux-unpacked' : `linux-${process.arch}-unpacked`);
  return { folder, resources: join(folder, 'resources'), fusesOn: () => fusesOn(join(folder, 'persona-engine')) };
}

async function fusesOn(program: string): Promise<string[]> {
  const wire = await fuses.getCurrentFuseWire(program);
  const names = Object.entries(fuses.FuseV1Options).filter(([, value]) => typeof value === 'number');
  return names.filter(([, index]) => wire[index] === TURNED_ON).map(([name]) => name);
}

/** Puts the archive's content where the archive was, so that a Node without Electron can run it, and the service's entry beside it. */
export function unpackArchive({ resources }: Packed): string {
  const archive = join(resources, 'app.asar');
  const aside = join(resources, 'packed.asar');
  renameSync(archive, aside);
  asar.extractAll(aside, archive);
  const entry = join(archive, 'out', 'main', 'headless.js');
  if (!existsSync(entry)) cpSync(join(root, 'out', 'main', 'headless.js'), entry);
  return entry;
}
