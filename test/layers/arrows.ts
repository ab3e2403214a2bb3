/** @file The rules about imports, over a set of files given as path and text. */
import { dirname, join } from 'node:path/posix';
import { importsOf, type Source } from './source.ts';
import { reserved, table, unreachable } from './table.ts';

/** A file of ours by its path from the root, anything else by its own name; `?raw` and the like do not count. */
function targetOf(path: string, specifier: string): { file: string } | { package: string } {
  const plain = specifier.replace(/\?.*$/, '');
  return plain.startsWith('.') ? { file: join(dirname(path), plain) } : { package: plain };
}

const isTest = (path: string) => /\.test\.tsx?$/.test(path);

/** Imports that the table does not allow; tests may import what they test from anywhere. */
export function wrongArrows(sources: Source[]): string[] {
  return sources
    .filter(({ path }) => !isTest(path))
    .flatMap((source) =>
      importsOf(source).flatMap(({ specifier, line }) => verdict(source.path, specifier).map((why) => `${source.path}:${line}: ${why}`)),
    );
}

function verdict(path: string, specifier: string): string[] {
  const row = table.find(({ of }) => of.test(path));
  if (!row) return ['lies in no folder of the table'];
  const target = targetOf(path, specifier);
  if ('package' in target) return row.packages.test(target.package) ? [] : [`may not import ${target.package}`];
  const own = row.of.exec(path)?.[1] ?? '';
  const isAllowed = row.files.some((pattern) => new RegExp(`^${pattern.replace('$1', own)}$`).test(target.file));
  const isReserved = reserved.some(({ file, by }) => file === target.file && !by.test(path));
  return isAllowed && !isReserved ? [] : [`may not import ${target.file}`];
}

/** Ways from a folder, over other files, to what must not be reached from it. */
export function hiddenWays(sources: Source[]): string[] {
  const byPath = new Map(sources.map((source) => [source.path, source]));
  return unreachable.flatMap(({ from, what }) =>
    sources.filter(({ path }) => from.test(path) && !isTest(path)).flatMap(({ path }) => waysOut(byPath, path, what)),
  );
}

function waysOut(byPath: Map<string, Source>, start: string, what: RegExp): string[] {
  const seen = new Set([start]);
  const found: string[] = [];
  for (const path of seen) {
    const source = byPath.get(path);
    for (const { specifier } of source ? importsOf(source) : []) {
      const target = targetOf(path, specifier);
      if ('file' in target) seen.add(target.file);
      else if (what.test(target.package)) found.push(`${start} reaches ${target.package} through ${path}`);
    }
  }
  return found;
}

/** Files of ours that are imported and are not there, which would make every other rule blind. */
export function missingFiles(sources: Source[], exists: (path: string) => boolean): string[] {
  return sources.flatMap((source) =>
    importsOf(source).flatMap(({ specifier, line }) => {
      const target = targetOf(source.path, specifier);
      return 'package' in target || exists(target.file) ? [] : [`${source.path}:${line}: ${target.file} is not there`];
    }),
  );
}
