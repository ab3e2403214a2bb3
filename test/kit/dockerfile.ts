/** @file Reads a Dockerfile and does what it says in plain folders, as far as that goes without pulling images. */
import { spawnSync } from 'node:child_process';
import { chmodSync, cpSync, existsSync, mkdirSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { basename, dirname, isAbsolute, join, relative, resolve } from 'node:path';

export type Instruction = { word: string; rest: string };
export type Stage = { from: string; name: string; instructions: Instruction[] };

/** Stages in their order; comments and continued lines are put away. */
export function readDockerfile(text: string): Stage[] {
  const lines = text.replace(/\\\n/g, ' ').split('\n');
  const stages: Stage[] = [];
  for (const line of lines.map((one) => one.trim()).filter((one) => one !== '' && !one.startsWith('#'))) {
    const [word = '', ...words] = line.split(/\s+/);
    if (word === 'FROM') stages.push({ from: words[0] ?? '', name: words[2] ?? '', instructions: [] });
    else stages.at(-1)?.instructions.push({ word, rest: words.join(' ') });
  }
  return stages;
}

/** A pattern of .dockerignore; unlike in a shell, a star takes leading dots too. */
function asPattern(glob: string): RegExp {
  const source = glob
    .replace(/[.+^${}()|[\]\\]/g, '\\$&')
    .replaceAll('**/', '\0')
    .replaceAll('*', '[^/]*')
    .replaceAll('\0', '(?:.*/)?');
  return new RegExp(`^${source}$`);
}

/** Whether .dockerignore leaves a file of the context out: the last line that fits decides, also where it fits a folder above. */
export function isIgnored(patterns: string[], path: string): boolean {
  const parts = path.split('/');
  const ways = parts.map((_, index) => parts.slice(0, index + 1).join('/'));
  let ignored = false;
  for (const pattern of patterns) {
    const isException = pattern.startsWith('!');
    const fits = asPattern(isException ? pattern.slice(1) : pattern);
    if (ways.some((way) => fits.test(way))) ignored = !isException;
  }
  return ignored;
}

export function readIgnore(file: string): string[] {
  return readFileSync(file, 'utf8')
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '' && !line.startsWith('#'));
}

/** Every file below a folder, by its path from there. */
export function filesIn(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => !entry.isDirectory())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)).replaceAll('\\', '/'))
    .sort();
}

export type BuiltStage = { root: string; workdir: string; env: Record<string, string>; user: string; command: string[]; health: string[] };

export type BuildPorts = {
  context: string;
  /** The files of the context that .dockerignore lets through. */
  files: string[];
  /** Where the stages' roots are made. */
  folder: string;
  /** Runs one RUN line in a stage. */
  run(line: string, stage: BuiltStage): void;
};

const words = (rest: string): string[] => (rest.startsWith('[') ? (JSON.parse(rest) as string[]) : rest.split(/\s+/));
const inRoot = (stage: BuiltStage, path: string) => join(stage.root, isAbsolute(path) ? path : join(stage.workdir, path));

/** Does every stage; the last one is the image. Throws where something to copy is not there, as a real build would. */
export function buildStages(stages: Stage[], ports: BuildPorts): BuiltStage[] {
  const built = new Map<string, BuiltStage>();
  for (const [index, { name, instructions }] of stages.entries()) {
    const root = join(ports.folder, name === '' ? `stage-${index}` : name);
    const stage: BuiltStage = { root, workdir: '/', env: {}, user: 'root', command: [], health: [] };
    mkdirSync(root, { recursive: true });
    for (const instruction of instructions) follow(stage, instruction, built, ports);
    built.set(name === '' ? String(index) : name, stage);
  }
  return [...built.values()];
}

function follow(stage: BuiltStage, { word, rest }: Instruction, built: Map<string, BuiltStage>, ports: BuildPorts): void {
  switch (word) {
    case 'WORKDIR':
      stage.workdir = resolve(stage.workdir, rest);
      mkdirSync(join(stage.root, stage.workdir), { recursive: true });
      break;
    case 'ENV':
      for (const pair of rest.split(/\s+/)) stage.env[pair.slice(0, pair.indexOf('='))] = pair.slice(pair.indexOf('=') + 1);
      break;
    case 'COPY':
      copy(stage, rest, built, ports);
      break;
    case 'RUN':
      ports.run(rest, stage);
      break;
    case 'USER':
      stage.user = rest;
      break;
    case 'CMD':
      stage.command = words(rest);
      break;
    case 'HEALTHCHECK':
      stage.health = words(rest.slice(rest.indexOf('CMD') + 'CMD'.length).trim());
      break;
    case 'VOLUME':
    case 'EXPOSE':
      break;
    default:
      throw new Error(`${word} is not understood here`);
  }
}

/** A folder is copied as what lies in it; a target that ends in a slash is a folder. */
function copy(stage: BuiltStage, rest: string, built: Map<string, BuiltStage>, ports: BuildPorts): void {
  const all = rest.split(/\s+/);
  const from = all.find((one) => one.startsWith('--from='))?.slice('--from='.length);
  const [target = '', ...sources] = all.filter((one) => !one.startsWith('--')).reverse();
  for (const source of sources) {
    const other = from === undefined ? undefined : built.get(from);
    const origin = other ? join(other.root, source) : join(ports.context, source);
    const isFolder = existsSync(origin) && statSync(origin).isDirectory();
    const place = inRoot(stage, isFolder || !target.endsWith('/') ? target : join(target, basename(source)));
    const chosen = other ? filesAt(origin, isFolder) : chosenFiles(ports, source, isFolder);
    if (chosen.length === 0) throw new Error(`COPY ${source}: there is nothing of that name`);
    for (const file of chosen) {
      const to = isFolder ? join(place, file) : place;
      mkdirSync(dirname(to), { recursive: true });
      cpSync(isFolder ? join(origin, file) : origin, to, { dereference: true });
    }
  }
}

const filesAt = (origin: string, isFolder: boolean): string[] => (isFolder ? filesIn(origin) : existsSync(origin) ? [''] : []);

function chosenFiles({ files }: BuildPorts, source: string, isFolder: boolean): string[] {
  if (!isFolder) return files.filter((file) => file === source).map(() => '');
  return files.filter((file) => file.startsWith(`${source}/`)).map((file) => file.slice(source.length + 1));
}

/** Runs a shell line there; throws with what it said where it fails. */
export function shell(line: string, cwd: string, env: Record<string, string>): void {
  const { status, stdout, stderr } = spawnSync('sh', ['-c', line], { cwd, env, encoding: 'utf8' });
  if (status !== 0) throw new Error(`${line}: ended with ${status}\n${stdout}\n${stderr}`);
}

/** Takes the right to write from everything below a folder. */
export function makeReadOnly(folder: string): void {
  for (const entry of readdirSync(folder, { withFileTypes: true, recursive: true })) {
    const path = join(entry.parentPath, entry.name);
    if (!entry.isSymbolicLink()) chmodSync(path, (statSync(path).mode & 0o555) | 0o444);
  }
}
