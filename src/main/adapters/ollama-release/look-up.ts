/** @file What a release's server says of its files where it was not known beforehand: their sizes and SHA-256 hashes. */

import { Fault } from '../../../shared/faults.ts';
import { RELEASE_LIST_BYTES } from '../../../shared/runtime-limits.ts';
import { type Answer, header, type ReleaseClient } from './client.ts';
import { noNetwork, otherSize, refused, unlisted } from './faults.ts';
import { addressOf, type Plan, type ReleaseFile } from './release.ts';

export type KnownFile = ReleaseFile & { sha256: string; bytes: number };

const LIST = 'sha256sum.txt';

/** Lines of `<hash>  ./<file>`, as sha256sum writes them. */
export function readHashes(list: string): Map<string, string> {
  const found = new Map<string, string>();
  for (const line of list.split('\n')) {
    const [, hash, name] = /^([0-9a-fA-F]{64})\s+\*?(?:\.\/)?(\S+)\s*$/.exec(line) ?? [];
    if (hash !== undefined && name !== undefined) found.set(name, hash.toLowerCase());
  }
  return found;
}

async function asked(client: ReleaseClient, method: 'GET' | 'HEAD', address: string, signal: AbortSignal): Promise<Answer> {
  try {
    const answer = await client.ask(method, address, {}, signal);
    if (answer.statusCode === 200) return answer;
    await answer.body.dump();
    throw refused(answer.statusCode);
  } catch (error) {
    if (error instanceof Fault || signal.aborted) throw error;
    throw noNetwork(error);
  }
}

/** The release's own list. Throws Faults. */
export async function fetchHashes(client: ReleaseClient, address: string, signal: AbortSignal): Promise<Map<string, string>> {
  const { body } = await asked(client, 'GET', address, signal);
  let text = '';
  try {
    for await (const chunk of body) {
      text += String(chunk);
      if (text.length > RELEASE_LIST_BYTES) break;
    }
  } catch (error) {
    if (signal.aborted) throw error;
    throw noNetwork(error);
  }
  return readHashes(text);
}

/** Throws Faults. */
export async function fetchSize(client: ReleaseClient, address: string, signal: AbortSignal): Promise<number> {
  const answer = await asked(client, 'HEAD', address, signal);
  await answer.body.dump();
  const bytes = Number(header(answer, 'content-length'));
  if (!Number.isInteger(bytes) || bytes <= 0) throw otherSize();
  return bytes;
}

/** Asks only for what is missing; where everything came with the program nothing is asked. Throws Faults. */
export async function lookUp(
  plan: Plan,
  { client, base, signal }: { client: ReleaseClient; base: string; signal: AbortSignal },
): Promise<KnownFile[]> {
  const { version, files } = plan;
  const list = files.every(({ sha256 }) => sha256 !== undefined)
    ? new Map<string, string>()
    : await fetchHashes(client, addressOf(base, version, LIST), signal);
  const known: KnownFile[] = [];
  for (const file of files) {
    const sha256 = file.sha256 ?? list.get(file.name);
    if (sha256 === undefined) throw unlisted(file.name);
    known.push({ ...file, sha256, bytes: file.bytes ?? (await fetchSize(client, addressOf(base, version, file.name), signal)) });
  }
  return known;
}
