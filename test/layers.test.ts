/** @file Holds the house: who imports whom, and how files are written. Each rule is shown to fail on a planted file. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { describe, expect, it } from 'vitest';
import { hiddenWays, missingFiles, wrongArrows } from './layers/arrows.ts';
import * as habits from './layers/habits.ts';
import { importsOf, readSource, type Source } from './layers/source.ts';

const root = join(import.meta.dirname, '..');

function readTree(): Source[] {
  return readdirSync(join(root, 'src'), { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(root, join(entry.parentPath, entry.name)).replaceAll('\\', '/'))
    .map((path) => ({ path, text: readFileSync(join(root, path), 'utf8') }))
    .filter(({ text }) => !text.includes('\0'))
    .map(({ path, text }) => readSource(path, text));
}

const tree = readTree();
const plant = (path: string, ...lines: string[]) => readSource(path, `${lines.join('\n')}\n`);

type Planted = [path: string, ...lines: string[]];
const rules: { id: string; name: string; rule: (sources: Source[]) => string[]; planted: Planted[] }[] = [
  {
    id: 'H1',
    name: 'files import only to their left',
    rule: wrongArrows,
    planted: [
      ['src/shared/x.ts', "import { readFileSync } from 'node:fs';"],
      ['src/shared/x.ts', "import type { Model } from '../main/engine/ports.ts';"],
      ['src/main/engine/x.ts', "import { z } from 'zod';"],
      ['src/main/engine/deep/x.ts', "export { y } from '../../session/wire.ts';"],
      ['src/main/session/x.ts', "import { x } from '../api/door.ts';"],
      ['src/main/adapters/redis/x.ts', "import { x } from '../sqlite/open.ts';"],
      ['src/main/adapters/redis/x.ts', "const x = await import('electron');"],
      ['src/main/api/x.ts', "import { x } from '../adapters/log/json-log.ts';"],
      ['src/main/api/x.ts', "import { x } from '../desktop/window.ts';"],
      ['src/main/desktop/x.ts', "import { x } from '../api/door.ts';"],
      ['src/main/health.ts', "import { x } from './adapters/log/json-log.ts';"],
      ['src/main/health.ts', "import { x } from './choose-model.ts';"],
      ['src/main/desktop/x.ts', "import { x } from '../compose.ts';"],
      ['src/preload/x.ts', "import '../renderer/main.tsx';"],
      ['src/preload/x.ts', "const fs = require('fs');"],
      ['src/renderer/x.tsx', "import { ipcRenderer } from 'electron';"],
      ['src/renderer/x.tsx', 'import {', '  x,', "} from '../main/engine/ports.ts';"],
      ['src/elsewhere/x.ts', "import './y.ts';"],
    ],
  },
  {
    id: 'H3',
    name: 'no text file under src has more than 250 lines',
    rule: habits.longFiles,
    planted: [['src/renderer/x.css', ...Array.from({ length: 251 }, () => 'a {}')]],
  },
  {
    id: 'H4',
    name: 'no file lies deeper than three folders',
    rule: habits.deepFolders,
    planted: [['src/main/adapters/ollama/more/x.ts', '']],
  },
  {
    id: 'H5',
    name: 'nothing is named utils, helpers or common',
    rule: habits.vagueNames,
    planted: [
      ['src/main/utils/x.ts', ''],
      ['src/renderer/helpers.ts', ''],
      ['src/shared/common/x.ts', ''],
    ],
  },
  { id: 'H5', name: 'files are named in kebab-case', rule: habits.oddNames, planted: [['src/renderer/ChatView.tsx', '']] },
  {
    id: 'H6',
    name: 'there are no barrels',
    rule: habits.barrels,
    planted: [
      ['src/renderer/strip/index.ts', 'export const x = 1;'],
      ['src/shared/all.ts', "export * from './faults.ts';"],
      ['src/shared/all.ts', "export type { A, B } from './faults.ts';"],
    ],
  },
  {
    id: 'H7',
    name: 'there is no any',
    rule: habits.anyTypes,
    planted: [
      ['src/shared/x.ts', 'export const x: any = 1;'],
      ['src/shared/x.ts', 'const y = x as any;'],
      ['src/shared/x.ts', 'const y = new Map<string, any>();'],
      ['src/shared/x.ts', 'const y = <any>x;'],
      ['src/shared/x.ts', 'type X = any[];'],
      ['src/shared/x.ts', 'function f(x: (string | any), any: number) {}'],
    ],
  },
  {
    id: 'H8',
    name: 'there are no default exports',
    rule: habits.defaultExports,
    planted: [['src/renderer/x.tsx', 'export default function X() {}']],
  },
  { id: 'H8', name: 'Fault is the only class', rule: habits.classes, planted: [['src/main/engine/x.ts', 'export class Engine {}']] },
  { id: 'H8', name: 'no module keeps state of its own', rule: habits.moduleState, planted: [['src/main/api/x.ts', 'let count = 0;']] },
  {
    id: 'H9',
    name: 'no comment silences a tool',
    rule: habits.silencers,
    planted: [['src/shared/x.ts', `// @ts-${'ignore'}: because`, 'const x = 1;']],
  },
  {
    id: 'H10',
    name: 'the engine knows neither time nor chance nor timers',
    rule: habits.impureEngine,
    planted: [
      ['src/main/engine/x.ts', 'const now = Date.now();'],
      ['src/main/engine/x.ts', 'const day = new Date(at);'],
      ['src/main/engine/x.ts', 'const x = Math.random();'],
      ['src/main/engine/x.ts', 'setTimeout(() => {}, 1);'],
    ],
  },
  { id: 'H11', name: 'every file says first what it is', rule: habits.untitled, planted: [['src/shared/x.ts', 'export const x = 1;']] },
];

describe('the house', () => {
  it('[H1] is read whole: its files are many and their imports lead somewhere', () => {
    expect(tree.length).toBeGreaterThan(100);
    expect(tree.flatMap(importsOf).length).toBeGreaterThan(300);
    expect(missingFiles(tree, (path) => existsSync(join(root, path)))).toEqual([]);
    expect(missingFiles([plant('src/shared/x.ts', "import './not-there.ts';")], () => false)).toHaveLength(1);
  });

  it.each(rules)('[$id] $name', ({ rule }) => {
    expect(rule(tree)).toEqual([]);
  });

  it.each(rules)('[$id] sees what breaks it: $name', ({ rule, planted }) => {
    for (const [path, ...lines] of planted) expect(rule([plant(path, ...lines)]), lines.join('\n')).toHaveLength(1);
  });

  it('[H2] nothing leads from the engine, the contract or the page to Node or Electron, over whatever files', () => {
    expect(hiddenWays(tree)).toEqual([]);
    const way = [
      plant('src/main/engine/a.ts', "import './b.ts';"),
      plant('src/main/engine/b.ts', "import '../../shared/c.ts';"),
      plant('src/shared/c.ts', "import 'node:fs';"),
    ];
    expect(hiddenWays(way)).toContain('src/main/engine/a.ts reaches node:fs through src/shared/c.ts');
  });

  it('[H12] one place opens addresses outside the program', () => {
    expect(habits.outwardCalls(tree)).toHaveLength(1);
    expect(habits.outwardCalls([plant('src/main/desktop/x.ts', 'shell.openExternal(a);', 'shell.openExternal(b);')])).toHaveLength(2);
  });
});

describe('the reading of sources', () => {
  const specifiers = (...lines: string[]) => importsOf(plant('x.tsx', ...lines)).map(({ specifier }) => specifier);

  it('[H1] finds every kind of import, and none in comments, strings or templates', () => {
    expect(
      specifiers("import a from 'a';", 'import type { B } from "b";', "import 'c';", "export * from 'd';", "await import('e');"),
    ).toEqual(['a', 'b', 'c', 'd', 'e']);
    expect(
      specifiers("// import x from 'x'", "/* import 'y' */", 'const t = `import "z" ${f(`from "w"`)} from "v"`;', "Array.from('q');"),
    ).toEqual([]);
    expect(specifiers("const r = /[/'\"]/g; import a from 'a';", "<p>Don't {x / 2} stop</p>;", "import b from 'b';")).toEqual(['a', 'b']);
    expect(specifiers('const t = `${{ a: `}` }.a}`;', "import c from 'c';")).toEqual(['c']);
  });

  it('[H7] words of a page, of strings and of comments are no types', () => {
    const page = plant('src/renderer/x.tsx', '// any: any', "const a = ': any;';", '<p>Note: any model, or any other; as any person</p>;');
    expect(habits.anyTypes([page])).toEqual([]);
  });
});
