/** @file The checks of the whole checkout that count as tests: packages, types, format, lint, unused code, build. */
import { ensureBuilt } from './build.mjs';
import { at } from './project.mjs';
import { npm, run, tail } from './run.mjs';
import { duration, say } from './words.mjs';

const SHOWN_LINES = 80;

/** Each is {name, work}; the work resolves with an exit code and what was said. */
export function checksOf(node) {
  const tool = (path, ...args) => run(node, [at('node_modules', ...path.split('/')), ...args]);
  return [
    {
      name: 'npm ci --dry-run: package-lock.json is complete',
      work: () => npm(['ci', '--dry-run', '--ignore-scripts', '--no-audit', '--no-fund']),
    },
    { name: 'tsc: types', work: () => tool('typescript/bin/tsc', '--noEmit') },
    { name: 'biome: format and lint', work: () => tool('@biomejs/biome/bin/biome', 'ci', '--colors=off') },
    { name: 'oxlint: promises, cycles, switches', work: () => tool('oxlint/bin/oxlint', '--type-aware', '--deny-warnings') },
    { name: 'knip: nothing unused', work: () => tool('knip/bin/knip.js', '--no-progress') },
    { name: 'electron-vite: build', work: buildQuietly },
  ];
}

async function buildQuietly() {
  try {
    await ensureBuilt(() => {});
    return { code: 0, output: '' };
  } catch (error) {
    return { code: 1, output: error.message };
  }
}

/** Runs one check and says how it went; resolves with its row. */
export async function runCheck({ name, work }) {
  const begun = Date.now();
  const { code, output } = await work();
  const passed = code === 0;
  say(`${passed ? 'passed' : 'FAILED'}  ${name}  (${duration(Date.now() - begun)})`);
  if (!passed) say(tail(output, SHOWN_LINES));
  return passed ? { name, state: 'passed' } : { name, state: 'failed', reason: `ended with code ${code}` };
}
