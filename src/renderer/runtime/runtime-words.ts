/** @file Ollama itself in words: what it is doing, what would be fetched, what answers. */
import type { RuntimeInstall, RuntimeOffer, RuntimeServer } from '../../shared/runtime.ts';
import type { ModelStatus } from '../../shared/status.ts';
import { bytes } from '../states/progress.ts';

export type Tone = 'ok' | 'busy' | 'warn' | 'danger' | 'off';

const servers: Readonly<Record<RuntimeServer['state'], { words: string; tone: Tone }>> = {
  absent: { words: 'Not there', tone: 'off' },
  installing: { words: 'Installing', tone: 'busy' },
  stopped: { words: 'Stopped', tone: 'off' },
  starting: { words: 'Starting', tone: 'busy' },
  ready: { words: 'Running', tone: 'ok' },
  degraded: { words: 'With difficulty', tone: 'warn' },
  failed: { words: 'Gave up', tone: 'danger' },
};
/** One or two words for a chip. */
export const serverWords = (state: RuntimeServer['state']): { words: string; tone: Tone } => servers[state];

/** What may be done to a server: it runs, it is down, or it has to be waited for. */
export function serverDeed(state: RuntimeServer['state']): 'stop' | 'start' | 'again' | undefined {
  if (state === 'ready' || state === 'degraded' || state === 'starting') return 'stop';
  if (state === 'failed') return 'again';
  return state === 'installing' ? undefined : 'start';
}

/** Whether something is on its way, so that it can be paused. */
export const isUnderWay = ({ state }: RuntimeInstall): boolean => ['looking', 'downloading', 'checking', 'unpacking'].includes(state);

const titles: Readonly<Record<RuntimeInstall['state'], string>> = {
  'not-offered': '',
  offered: 'Install Ollama',
  looking: 'Getting Ollama',
  downloading: 'Getting Ollama',
  checking: 'Checking Ollama',
  unpacking: 'Unpacking Ollama',
  paused: 'Ollama is paused',
  installed: 'Ollama is installed',
  failed: 'Ollama could not be installed',
};
export const installTitle = ({ state }: RuntimeInstall): string => titles[state];

/** "1.4 GB to download, up to 500 MB on the disk". */
export function sizeWords({ bytes: download, unpackedBytes }: RuntimeOffer): string {
  const disk = `up to ${bytes(unpackedBytes)} on the disk`;
  return download === undefined ? `Size not known yet; ${disk}` : `${bytes(download)} to download, ${disk}`;
}

/** The host alone: the rest of an address says nothing to a person. */
export function hostOf(address: string): string {
  return URL.canParse(address) ? new URL(address).host : address;
}

const engines: Readonly<Record<ModelStatus['engine'], string>> = {
  ollama: 'Ollama answers',
  embedded: 'The built-in engine answers',
  scripted: 'Scripted replies answer',
  none: 'Nothing answers yet',
};
/** What answers, as a heading. */
export const answersWords = ({ engine }: ModelStatus): string => engines[engine];
