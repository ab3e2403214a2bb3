/** @file `npm run fetch-ollama [-- --cuda --rocm --platform P --arch A --to FOLDER --from ADDRESS --pins FILE --again]`: the pinned Ollama into resources/ollama, or one sentence why not. */
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { createSystemClock } from '../src/main/adapters/log/system-clock.ts';
import { createReleaseClient } from '../src/main/adapters/ollama-release/client.ts';
import { type InstallStep, installRelease } from '../src/main/adapters/ollama-release/install.ts';
import { releaseNotices } from '../src/main/adapters/ollama-release/notices.ts';
import { placeAt, readInstalled } from '../src/main/adapters/ollama-release/place.ts';
import { type Pin, type Plan, pinned, planRelease, RELEASES, readPins } from '../src/main/adapters/ollama-release/release.ts';
import { asFault } from '../src/shared/faults.ts';
import { RELEASE_COMMAND_TRIES } from '../src/shared/runtime-limits.ts';

/** 1: it could not be installed. 2: nothing like this is asked for. 130: somebody pressed Ctrl+C. */
const exitCodes = { failed: 1, usage: 2, interrupted: 130 } as const;
/** Where nobody watches, a line for each tenth. */
const TENTHS = 10;

function leave(code: number, sentence: string): never {
  process.stderr.write(`${sentence}\n`);
  process.exit(code);
}

function asked() {
  try {
    const { values } = parseArgs({
      options: {
        cuda: { type: 'boolean', default: false },
        rocm: { type: 'boolean', default: false },
        platform: { type: 'string', default: process.platform },
        arch: { type: 'string', default: process.arch },
        to: { type: 'string' },
        from: { type: 'string' },
        pins: { type: 'string' },
        again: { type: 'boolean', default: false },
      },
    });
    return values;
  } catch (error) {
    return leave(exitCodes.usage, `${(error as Error).message} Known: --cuda --rocm --platform --arch --to --from --pins --again.`);
  }
}

const amount = (bytes: number): string => `${(bytes / 1e6).toFixed(0)} MB`;

function words({ reason, progress }: InstallStep): string {
  if (!progress) return reason;
  const share = Math.floor((progress.doneBytes / progress.totalBytes) * 100);
  const speed =
    progress.bytesPerSecond === undefined ? '' : `, ${(progress.bytesPerSecond / 1e6).toFixed(1)} MB/s, ${progress.secondsLeft} s left`;
  return `${reason} ${amount(progress.doneBytes)} of ${amount(progress.totalBytes)} (${share} %)${speed}`;
}

/** One line that changes where a person looks on; else a line for each step and each tenth of it. */
function teller(): (step: InstallStep) => void {
  let last = '';
  return (step) => {
    if (process.stdout.isTTY) return void process.stdout.write(`\r\u001b[K${words(step)}`);
    const tenth =
      step.state === 'downloading' && step.progress ? Math.floor((step.progress.doneBytes / step.progress.totalBytes) * TENTHS) : 0;
    const key = `${step.reason} ${tenth}`;
    if (key !== last) process.stdout.write(`${words(step)}\n`);
    last = key;
  };
}

const hashWords = ({ files }: Plan): string =>
  files.every(({ sha256 }) => sha256 !== undefined)
    ? 'Its SHA-256 is pinned in resources/ollama-release.json.'
    : 'No SHA-256 is pinned for all of it; the release’s own sha256sum.txt is used, which comes from the same place as the file (npm run pin-ollama pins it).';

/** Another list than the one that came with the program, such as for a mirror of another version. */
function pinsOf(file: string | undefined): Pin {
  if (file === undefined) return pinned;
  try {
    return readPins(JSON.parse(readFileSync(file, 'utf8')));
  } catch {
    return leave(exitCodes.usage, `${file} is no list of pinned files.`);
  }
}

async function main(): Promise<void> {
  const { cuda, rocm, platform, arch, to, from, pins, again } = asked();
  const graphics = [...(cuda ? (['cuda'] as const) : []), ...(rocm ? (['rocm'] as const) : [])];
  const plan = planRelease(pinsOf(pins), { platform: platform as NodeJS.Platform, architecture: arch, graphics });
  if (!plan)
    return leave(
      exitCodes.usage,
      `Ollama’s release has nothing for ${platform} on ${arch}${graphics.map((part) => ` with ${part}`).join('')}.`,
    );
  const place = placeAt(resolve(to ?? join(import.meta.dirname, '..', 'resources', 'ollama', `${platform}-${arch}`)));
  const there = readInstalled(place, plan.platform);
  if (there?.version === plan.version && graphics.every((part) => there.graphics.includes(part)) && !again) {
    process.stdout.write(`Ollama ${there.version} is installed already.\n`);
    return;
  }
  const control = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => control.abort());
  const client = createReleaseClient();
  process.stdout.write(`Ollama ${plan.version}: ${plan.files.map(({ name }) => name).join(', ')}. ${hashWords(plan)}\n`);
  const silent = { debug() {}, info() {}, warn() {}, error() {} };
  try {
    const base = from ?? process.env['OLLAMA_RELEASE_URL'] ?? RELEASES;
    const common = { plan, place, base, client, notices: releaseNotices, tries: RELEASE_COMMAND_TRIES, log: silent };
    await installRelease({ ...common, clock: createSystemClock(), signal: control.signal, onStep: teller() });
    process.stdout.write(
      `${process.stdout.isTTY ? '\r\u001b[K' : ''}Ollama ${plan.version} is installed in ${place.target}; the next start of the program uses it.\n`,
    );
  } catch (error) {
    if (process.stdout.isTTY) process.stdout.write('\n');
    if (control.signal.aborted) leave(exitCodes.interrupted, 'Called off; what has come is kept, and the same command goes on from there.');
    const fault = asFault(error);
    leave(exitCodes.failed, fault.detail ? `${fault.message} [${fault.detail}]` : fault.message);
  } finally {
    await client.close();
  }
}

await main();
