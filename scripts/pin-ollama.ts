/** @file `npm run pin-ollama [-- --version V --from ADDRESS]`: asks the release itself for sizes and SHA-256 hashes and writes them into resources/ollama-release.json. */
import { readFileSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { createReleaseClient } from '../src/main/adapters/ollama-release/client.ts';
import { fetchHashes, fetchSize } from '../src/main/adapters/ollama-release/look-up.ts';
import { addressOf, type Pin, pinned, RELEASES } from '../src/main/adapters/ollama-release/release.ts';
import { asFault } from '../src/shared/faults.ts';

const { values } = parseArgs({ options: { version: { type: 'string' }, from: { type: 'string' }, to: { type: 'string' } } });
const file = resolve(values.to ?? `${import.meta.dirname}/../resources/ollama-release.json`);
const version = values.version ?? pinned.version;
const base = values.from ?? process.env['OLLAMA_RELEASE_URL'] ?? RELEASES;
const client = createReleaseClient();
const { signal } = new AbortController();

/** A hash that was seen elsewhere before and is another now is not overwritten: that is a matter for a person. */
function disagreement(name: string, sha256: string): string | undefined {
  const before = version === pinned.version ? pinned.files[name]?.sha256 : undefined;
  return before === undefined || before === sha256 ? undefined : `${name}: ${before} was pinned, the release now says ${sha256}.`;
}

try {
  const list = addressOf(base, version, 'sha256sum.txt');
  const hashes = await fetchHashes(client, list, signal);
  const files: Pin['files'] = {};
  for (const name of Object.keys(pinned.files)) {
    const sha256 = hashes.get(name);
    if (sha256 === undefined) throw new Error(`The release’s list does not name ${name}; nothing was written.`);
    const problem = disagreement(name, sha256);
    if (problem) throw new Error(`${problem} Nothing was written; look into it before you trust either.`);
    const bytes = await fetchSize(client, addressOf(base, version, name), signal);
    const before = version === pinned.version ? pinned.files[name]?.source : undefined;
    files[name] = { sha256, bytes, source: before && !before.includes(list) ? `${before}; the same in ${list}` : list };
  }
  writeFileSync(file, `${JSON.stringify({ version, files }, undefined, 2)}\n`);
  const lines = readFileSync(file, 'utf8').split('\n').length;
  process.stdout.write(`Ollama ${version}: ${Object.keys(files).length} files pinned (${lines} lines).\n`);
} catch (error) {
  process.stderr.write(`${error instanceof Error && error.name !== 'Fault' ? error.message : asFault(error).message}\n`);
  process.exitCode = 1;
} finally {
  await client.close();
}
