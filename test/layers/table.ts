/** @file Who may import whom: design.md §2 as rows. A file is held by the first row that its path matches. */

export type Row = {
  of: RegExp;
  /** Files under src that it may import, by their path; `$1` is what the row's own first group matched. */
  files: string[];
  /** What it may import that is none of our files, such as node:fs, electron or react. */
  packages: RegExp;
};

const NOTHING = /^$/;
const NODE = /^node:/;
const NODE_AND_PACKAGES = /^(?!electron(\/|$))/;
const ANYTHING = /./;
const JSON_RESOURCES = String.raw`resources/.+\.json`;
const LEFT_OF_DOORS = ['src/shared/.+', 'src/main/engine/.+', 'src/main/session/.+'];

export const table: Row[] = [
  { of: /^src\/shared\//, files: ['src/shared/.+'], packages: /^zod$/ },
  { of: /^src\/main\/engine\//, files: ['src/shared/.+', 'src/main/engine/.+', JSON_RESOURCES], packages: NOTHING },
  { of: /^src\/main\/session\//, files: LEFT_OF_DOORS, packages: NOTHING },
  {
    of: /^src\/main\/adapters\/([^/]+)\//,
    files: ['src/shared/.+', 'src/main/engine/.+', 'src/main/adapters/$1/.+', JSON_RESOURCES],
    packages: NODE_AND_PACKAGES,
  },
  { of: /^src\/main\/api\//, files: [...LEFT_OF_DOORS, 'src/main/api/.+'], packages: NODE_AND_PACKAGES },
  { of: /^src\/main\/desktop\//, files: [...LEFT_OF_DOORS, 'src/main/desktop/.+'], packages: /^(node:|electron$|zod$)/ },
  { of: /^src\/main\/(compose|index|headless)\.ts$/, files: ['src/(shared|main)/.+', String.raw`package\.json`], packages: ANYTHING },
  // Parts of compose.ts in files of their own; the test sees to it that only compose.ts uses them.
  {
    of: /^src\/main\/neighbours\.ts$/,
    files: ['src/main/adapters/(characters|neighbours|redis)/.+', 'src/main/engine/.+', String.raw`src/main/[^/]+\.ts`, 'src/shared/.+'],
    packages: NODE,
  },
  {
    of: /^src\/main\/own-runtime\.ts$/,
    files: ['src/main/adapters/(ollama-release|ollama-server)/.+', 'src/main/engine/.+', String.raw`src/main/[^/]+\.ts`, 'src/shared/.+'],
    packages: NODE,
  },
  {
    of: /^src\/main\/choose-model\.ts$/,
    files: ['src/main/adapters/(ollama|ollama-server|embedded)/.+', 'src/main/engine/.+', String.raw`src/main/[^/]+\.ts`, 'src/shared/.+'],
    packages: NODE,
  },
  {
    of: /^src\/main\/[^/]+\.ts$/,
    files: ['src/shared/.+', 'src/main/engine/.+', String.raw`src/main/[^/]+\.ts`],
    packages: /^(node:|zod$)/,
  },
  { of: /^src\/preload\//, files: ['src/shared/.+', 'src/preload/.+'], packages: /^electron$/ },
  { of: /^src\/renderer\//, files: ['src/shared/.+', 'src/renderer/.+'], packages: /^(?!node:|electron(\/|$))/ },
];

/** Files that only the named ones may import. */
export const reserved: { file: string; by: RegExp }[] = [
  { file: 'src/main/choose-model.ts', by: /^src\/main\/own-runtime\.ts$/ },
  { file: 'src/main/own-runtime.ts', by: /^src\/main\/compose\.ts$/ },
  { file: 'src/main/neighbours.ts', by: /^src\/main\/compose\.ts$/ },
  { file: 'src/main/compose.ts', by: /^src\/main\/(index|headless)\.ts$/ },
];

/** Folders from which nothing may lead, over any number of files, to what is named here. */
export const unreachable: { from: RegExp; what: RegExp }[] = [
  { from: /^src\/main\/engine\//, what: /^(node:|electron)/ },
  { from: /^src\/shared\//, what: /^(node:|electron|react)/ },
  { from: /^src\/renderer\//, what: /^(node:|electron)/ },
];
