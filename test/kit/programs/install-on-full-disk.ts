/** @file Installs a release into a folder whose disk is too small for it; prints what came of it, and what is left, as JSON. */
import { randomBytes } from 'node:crypto';
import { readdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { createSystemClock } from '../../../src/main/adapters/log/system-clock.ts';
import { createReleaseClient } from '../../../src/main/adapters/ollama-release/client.ts';
import { installRelease } from '../../../src/main/adapters/ollama-release/install.ts';
import { placeAt } from '../../../src/main/adapters/ollama-release/place.ts';
import { planRelease } from '../../../src/main/adapters/ollama-release/release.ts';
import { asFault } from '../../../src/shared/faults.ts';
import { tarOf } from '../ollama/archive.ts';
import { openReleaseServer } from '../ollama/release-server.ts';
import { silentLog } from '../silent-log.ts';

const [, , target = '', kind = '', bytes = '0'] = process.argv;
const content = kind === 'packable' ? Buffer.alloc(Number(bytes)) : randomBytes(Number(bytes));
const archive = await tarOf(
  [
    { path: 'bin/ollama', content: 'server', program: true },
    { path: 'lib/ollama/llama-server', content, program: true },
  ],
  'tar.zst',
);
const server = await openReleaseServer({ 'ollama-linux-amd64.tar.zst': archive });
const plan = planRelease({ version: '0.33.0', files: {} }, { platform: 'linux', architecture: 'x64', graphics: [] });
if (!plan) throw new Error('There is no plan.');
const client = createReleaseClient();
const place = placeAt(target);
/** So little is said to be needed that the disk is not asked first. */
const unasked = { ...plan, unpackedBytes: -1e12 };
try {
  const common = { place, base: server.base, client, notices: [], tries: 1, clock: createSystemClock(), log: silentLog, onStep() {} };
  await installRelease({ ...common, plan: unasked, signal: new AbortController().signal });
  process.stdout.write(`${JSON.stringify({ installed: true })}\n`);
} catch (error) {
  const { code, message } = asFault(error);
  process.stdout.write(`${JSON.stringify({ code, message, left: readdirSync(dirname(target)).toSorted() })}\n`);
} finally {
  await client.close();
  await server.close();
}
