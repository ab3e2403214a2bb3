/** @file The rules about how a file is written and where it lies, over a set of files given as path and text. */
import { basename } from 'node:path/posix';
import { placesOf, type Source } from './source.ts';

const LONGEST_FILE = 250;
const DEEPEST_FOLDER = 3;

const isCode = ({ path }: Source) => /\.tsx?$/.test(path);
const isTest = ({ path }: Source) => /\.test\.tsx?$/.test(path);
const isEngine = ({ path }: Source) => path.startsWith('src/main/engine/');

const inCode =
  (pattern: RegExp, what: string, where: (source: Source) => boolean = () => true) =>
  (sources: Source[]): string[] =>
    sources.filter((source) => isCode(source) && where(source)).flatMap((source) => placesOf(source, pattern, what));

export function longFiles(sources: Source[]): string[] {
  return sources.flatMap(({ path, text }) => {
    const lines = text.replace(/\n$/, '').split('\n').length;
    return lines > LONGEST_FILE ? [`${path}: ${lines} lines`] : [];
  });
}

export function deepFolders(sources: Source[]): string[] {
  return sources.flatMap(({ path }) => {
    const folders = path.split('/').length - 2;
    return folders > DEEPEST_FOLDER ? [`${path}: ${folders} folders under src`] : [];
  });
}

/** A folder or file named after no thing at all becomes a drawer for everything. */
export function vagueNames(sources: Source[]): string[] {
  return sources.flatMap(({ path }) =>
    /(^|\/)(utils?|helpers?|common|misc|lib)(\/|\.)/.test(path) ? [`${path}: a name that says nothing`] : [],
  );
}

export function oddNames(sources: Source[]): string[] {
  return sources.flatMap((source) =>
    isCode(source) && !/^[a-z0-9]+(-[a-z0-9]+)*(\.test|\.d)?\.tsx?$/.test(basename(source.path)) ? [`${source.path}: not kebab-case`] : [],
  );
}

/** `index.ts` is the entry of a process and nothing else, and no file passes on what another one exports. */
export function barrels(sources: Source[]): string[] {
  const indexes = sources.filter(({ path }) => /\/index\.tsx?$/.test(path) && !/^src\/(main|preload)\/index\.ts$/.test(path));
  return [...indexes.map(({ path }) => `${path}: an index that is no entry`), ...passedOn(sources)];
}

const passedOn = inCode(/\bexport\s+(?:type\s+)?(?:\*|\{[^}]*\})[^;\n]*\bfrom\b/g, 'passes on what another file exports');

/** `any` where a type stands: after a colon, `as`, a bar or an angle bracket; not a value of that name, and not a word of a page's text. */
export const anyTypes = inCode(
  /(?::|<|\||&|=>|\btype\s[^=\n]+=|\bas|\bextends|\bis)\s*any\b(?=\s*(?:[;,)\]}>|&=[{]|$))|,\s*any(?=\s*>)/gm,
  'any',
);

export const defaultExports = inCode(/\bexport\s+default\b/g, 'a default export');

export const classes = inCode(/^\s*(?:export\s+)?(?:abstract\s+)?class\s+\w+/gm, 'a class', ({ path }) => path !== 'src/shared/faults.ts');

export const moduleState = inCode(/^(?:export\s+)?(?:let|var)\s/gm, 'state of the whole module', (source) => !isTest(source));

/** The engine gets time, chance and timers through its ports, so that every turn can be played again. */
export const impureEngine = inCode(
  /\bDate\.now\b|\bnew\s+Date\b|\bMath\.random\b|\b(?:setTimeout|setInterval|setImmediate|queueMicrotask)\b|\bperformance\.|\bprocess\.|\bcrypto\.|\bfetch\s*\(|\bconsole\./g,
  'time, chance, timers or the world, past the ports',
  (source) => isEngine(source) && !isTest(source),
);

/** Comments that silence the compiler or the type-aware lint. Biome's own kind names one rule and must give its reason. */
export function silencers(sources: Source[]): string[] {
  return sources
    .filter(isCode)
    .filter(({ text }) => /@ts-(?:ignore|expect-error|nocheck)|eslint-disable|oxlint-disable/.test(text))
    .map(({ path }) => `${path}: silences a tool`);
}

export function untitled(sources: Source[]): string[] {
  const begins = ({ text }: Source) => text.startsWith('/** @file ');
  return sources
    .filter((source) => isCode(source) && !isTest(source) && !begins(source))
    .map(({ path }) => `${path}: does not begin with /** @file`);
}

/** Every place that opens an address outside the program; there is to be exactly one, behind its checks. */
export const outwardCalls = inCode(/\.openExternal\s*\(/g, 'opens an address outside', (source) => !isTest(source));
