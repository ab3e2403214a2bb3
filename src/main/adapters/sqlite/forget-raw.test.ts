/** @file Forgotten words in a file that no program can read any more. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate as turn } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { threadMs } from '../../../../test/kit/thread-clock.ts';
import { overwriteTexts } from './forget-raw.ts';

const MIB = 1024 * 1024;

it('[ME53] are overwritten wherever they lie, a little at a time, and nothing else is', { timeout: 120_000 }, async () => {
  const folder = mkdtempSync(join(tmpdir(), 'forget-raw-'));
  const path = join(folder, 'conversations.db');
  const long = Array.from({ length: 3_000 }, (_, n) => `Sentence ${n} of a long astrolabe story.`).join(' ');
  const words = 'A brass astrolabe lies below the seventh stair.';
  const bytes = Buffer.alloc(8 * MIB, 'Other words of somebody. ');
  const starts = [0, MIB - 20, 2 * MIB - 5, 4 * MIB - 1, 4 * MIB + 64 * 1024 - 30, bytes.length - words.length];
  for (const at of starts) bytes.write(words, at, 'latin1');
  bytes.write(long, 5 * MIB, 'latin1');
  writeFileSync(path, bytes);
  let longest = 0;
  let last = threadMs();
  let isDone = false;
  const done = overwriteTexts(path, [words, long]).finally(() => {
    isDone = true;
  });
  while (!isDone) {
    await turn();
    longest = Math.max(longest, threadMs() - last);
    last = threadMs();
  }
  await done;
  for (const at of starts) bytes.fill(' ', at, at + words.length);
  bytes.fill(' ', 5 * MIB, 5 * MIB + long.length);
  expect(readFileSync(path).equals(bytes)).toBe(true);
  process.stdout.write(`overwriting: ${bytes.length} bytes, the loop was held for ${longest.toFixed(1)} ms at most\n`);
  expect(longest).toBeLessThan(100);
  rmSync(folder, { recursive: true });
});
