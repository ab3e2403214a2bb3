/** @file npm run bench: measures, prints, and writes docs/measured.md. A name as argument runs that part alone and writes nothing. */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { cpus, totalmem } from 'node:os';
import { resolve } from 'node:path';
import packageFile from '../package.json' with { type: 'json' };
import { starterSource } from '../src/main/adapters/embedded/starter-source.ts';
import { benchCards } from '../test/bench/cards.ts';
import { benchDoors } from '../test/bench/doors.ts';
import { benchEmbedded } from '../test/bench/embedded.ts';
import type { Row } from '../test/bench/figures.ts';
import { benchFrames } from '../test/bench/frames.ts';
import { benchMemory } from '../test/bench/memory.ts';
import { benchPath } from '../test/bench/path.ts';
import { benchPrompt } from '../test/bench/prompt.ts';
import { findChromium } from '../test/kit/page/browser.ts';
import engineFile from '../tools/embedded-engine/package.json' with { type: 'json' };

const root = resolve(import.meta.dirname, '..');
const entry = resolve(root, 'out/main/headless.js');
if (!existsSync(entry)) {
  process.stderr.write('There is no build in out/; run npm run build first.\n');
  process.exit(1);
}

const parts: Record<string, () => Promise<Row[]>> = {
  path: () => benchPath(entry),
  doors: () => benchDoors(entry),
  prompt: () => benchPrompt(),
  cards: () => benchCards(),
  embedded: () => benchEmbedded(),
  frames: () => benchFrames(resolve(root, 'out/renderer')),
  memory: () => benchMemory(entry),
};

const line = ({ what, measured, goal, met }: Row) =>
  `| ${what} | ${measured} | ${goal} | ${met === undefined ? '' : met ? 'yes' : '**no**'} |`;
const only = process.argv[2];
const tables: string[] = [];
for (const [name, run] of Object.entries(parts)) {
  if (only !== undefined && only !== name) continue;
  const rows = await run();
  for (const row of rows) process.stdout.write(`${line(row)}\n`);
  tables.push(...rows.map(line));
}

/** What was measured beside this program itself: the browser that draws, the embedded engine and its model. */
function versions(): string {
  const chromium = findChromium();
  const browser = chromium
    ? execFileSync(chromium, ['--version'], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] })
        .split(' built on')[0]
        ?.trim()
    : 'no browser';
  return `Frames: ${browser}. Embedded engine: node-llama-cpp ${engineFile.dependencies['node-llama-cpp']}, ${starterSource.file}.`;
}

/** What stands below the table was written by hand, and stays. */
function belowTable(file: string): string {
  if (!existsSync(file)) return '';
  const lines = readFileSync(file, 'utf8').split('\n');
  const last = lines.findIndex((text, at) => text.startsWith('|') && !lines[at + 1]?.startsWith('|'));
  return last < 0
    ? ''
    : lines
        .slice(last + 1)
        .join('\n')
        .trimEnd();
}

if (only === undefined) {
  const commit = execFileSync('git', ['rev-parse', '--short', 'HEAD'], { cwd: root, encoding: 'utf8' }).trim();
  const machine = `${cpus()[0]?.model ?? 'unknown processor'}, ${cpus().length} cores, ${Math.round(totalmem() / 2 ** 30)} GiB, ${process.platform} ${process.arch}`;
  const head = [
    '# Measured',
    '',
    `By \`npm run bench\` on ${new Date().toISOString().slice(0, 10)}: version ${packageFile.version} (${commit}), Node ${process.versions.node}, ${machine}.`,
    versions(),
    'Ratios come from one run in which both ways alternate. Absolute figures are those of this machine, which does other things beside.',
    '',
    '| what | measured | goal | met |',
    '|---|---|---|---|',
  ];
  mkdirSync(resolve(root, 'docs'), { recursive: true });
  const file = resolve(root, 'docs/measured.md');
  writeFileSync(file, `${[...head, ...tables].join('\n')}\n${belowTable(file)}\n`);
}
process.exit(0);
