/** @file The installation of Ollama as a window sees it: offered, under way, paused, failed, installed; one at a time, and it goes on after a restart. */
import { existsSync } from 'node:fs';
import { asFault, Fault } from '../../../shared/faults.ts';
import type { GraphicsPart, RuntimeInstall, RuntimeOffer } from '../../../shared/runtime.ts';
import type { Clock, Log } from '../../engine/ports.ts';
import type { ReleaseClient } from './client.ts';
import { unwritable } from './faults.ts';
import { type InstallStep, installRelease, partOf } from './install.ts';
import { forgetIntent, readIntent, writeIntent } from './intent.ts';
import { lookUp } from './look-up.ts';
import { releaseOffer } from './offer.ts';
import { type Notice, type Place, partBytes, readInstalled, recover, removeDownload } from './place.ts';
import { type Pin, type Plan, planRelease } from './release.ts';

export type InstallerOptions = {
  pin: Pin;
  place: Place;
  base: string;
  platform: NodeJS.Platform;
  architecture: string;
  /** The place as a person may see it. */
  folder: string;
  notices: readonly Notice[];
  client: ReleaseClient;
  tries: number;
  clock: Clock;
  log: Log;
  /** Why there is nothing to install by us, in one sentence; undefined where there is. */
  notOffered(): string | undefined;
  /** The model that could follow, as it is offered. */
  model?: RuntimeOffer['model'] | undefined;
  theirModels?: RuntimeOffer['theirModels'] | undefined;
  /** Told each time that it has been installed, and whether the model is to follow. */
  onInstalled(thenModel: boolean): void;
};

export type Installer = {
  status(): RuntimeInstall;
  onStatus(listener: () => void): () => void;
  /** Reads the state anew, such as when another server was chosen. */
  refresh(): void;
  /** Goes on with what the program's end broke off. */
  begin(): Promise<void>;
  lookUp(): Promise<void>;
  /** What is undefined is as it was asked for before. */
  install(graphics?: readonly GraphicsPart[], thenModel?: boolean): void;
  pause(): void;
  cancel(): Promise<void>;
  /** Ends what is under way; the next start goes on with it. */
  close(): Promise<void>;
};

type Running = { control: AbortController; over: Promise<void>; end: 'pause' | 'cancel' | 'close' | undefined; thenModel: boolean };

type World = InstallerOptions & {
  told: RuntimeInstall;
  listeners: Set<() => void>;
  running: Running | undefined;
  /** Sizes and hashes that the release's server told. */
  looked: Map<string, { bytes: number }>;
};

/** What is true while nothing is under way. */
function atRest(world: World): RuntimeInstall {
  const { place, platform, pin, notOffered } = world;
  const installed = readInstalled(place, platform);
  const offer = releaseOffer(world, readIntent(place)?.graphics ?? []);
  if (installed?.version === pin.version)
    return {
      state: 'installed',
      reason: `Ollama ${installed.version} was installed by this program.`,
      graphics: installed.graphics,
      ...(offer ? { offer } : {}),
    };
  const not = notOffered();
  if (not !== undefined && !installed) return { state: 'not-offered', reason: not };
  if (!offer) return { state: 'not-offered', reason: 'Ollama’s release has nothing for a machine of this kind.' };
  if (installed)
    return { state: 'offered', reason: `Ollama ${installed.version} is installed; ${pin.version} would take its place.`, offer };
  return { state: 'offered', reason: 'Ollama is not installed yet. It runs language models on this computer.', offer };
}

function tell(world: World, told: RuntimeInstall): void {
  world.told = told;
  for (const listener of world.listeners) listener();
}

const withOffer = (world: World, graphics: readonly GraphicsPart[]): Pick<RuntimeInstall, 'offer'> => {
  const offer = releaseOffer(world, graphics);
  return offer ? { offer } : {};
};

/** What has come so far, as it is told while nothing comes. */
async function held(world: World, plan: Plan): Promise<{ progress?: RuntimeInstall['progress'] }> {
  const parts = await Promise.all(plan.files.map(({ name }) => partBytes(partOf(world.place, plan.version, name))));
  const doneBytes = parts.reduce((sum, bytes) => sum + bytes, 0);
  const totalBytes = readIntent(world.place)?.totalBytes;
  return doneBytes > 0 ? { progress: { doneBytes, ...(totalBytes === undefined ? {} : { totalBytes }) } } : {};
}

/** After a failure nothing goes on by itself; where nothing came nothing is left. */
function settleIntent({ place }: World, hasCome: boolean): void {
  const intent = readIntent(place);
  if (intent && hasCome) writeIntent(place, { ...intent, goesOn: false });
  else forgetIntent(place);
}

async function ended(world: World, plan: Plan, running: Running, fault: Fault): Promise<void> {
  const { place } = world;
  if (running.end === 'close') return;
  if (running.end === 'cancel') {
    await removeDownload(place);
    return tell(world, atRest(world));
  }
  const kept = { ...(await held(world, plan)), ...withOffer(world, plan.graphics) };
  if (running.end === 'pause')
    return tell(world, {
      state: 'paused',
      reason: 'Paused; what has come is kept, also when the program or the computer is switched off.',
      ...kept,
    });
  settleIntent(world, kept.progress !== undefined);
  tell(world, { state: 'failed', reason: fault.message, fault: fault.toWire(), ...kept });
}

function follow(world: World, plan: Plan, { state, reason, progress }: InstallStep): void {
  const { place } = world;
  const before = readIntentOnce(world, state, progress?.totalBytes);
  if (before) writeIntent(place, before);
  tell(world, { state, reason, ...(progress ? { progress } : {}), ...withOffer(world, plan.graphics) });
}

/** The whole size is written down once it is known, for the words after a restart. */
function readIntentOnce({ place, told }: World, state: string, totalBytes: number | undefined) {
  if (state !== 'downloading' || told.state === 'downloading' || totalBytes === undefined) return undefined;
  const intent = readIntent(place);
  return intent ? { ...intent, totalBytes } : undefined;
}

async function run(world: World, plan: Plan, running: Running): Promise<void> {
  const { place, base, notices, client, tries, clock, log } = world;
  try {
    const onStep = (step: InstallStep) => follow(world, plan, step);
    await installRelease({ plan, place, base, notices, client, tries, clock, log, signal: running.control.signal, onStep });
    world.running = undefined;
    tell(world, atRest(world));
    world.onInstalled(running.thenModel);
  } catch (error) {
    world.running = undefined;
    await ended(world, plan, running, asFault(error));
  }
}

function start(world: World, graphics: readonly GraphicsPart[], thenModel: boolean): void {
  const { running, pin, platform, architecture, place } = world;
  if (running) return;
  const plan = planRelease(pin, { platform, architecture, graphics });
  if (!plan) throw new Fault('bad-request', 'Ollama’s release has no such parts for a machine of this kind; nothing was changed.');
  try {
    writeIntent(place, { goesOn: true, graphics: [...graphics], thenModel, totalBytes: readIntent(place)?.totalBytes });
  } catch (error) {
    throw unwritable(error);
  }
  const made: Running = { control: new AbortController(), over: Promise.resolve(), end: undefined, thenModel };
  world.running = made;
  tell(world, { state: 'looking', reason: 'The release is being looked up.', ...withOffer(world, graphics) });
  made.over = run(world, plan, made);
}

function stop({ running }: World, end: Running['end']): Promise<void> {
  if (!running) return Promise.resolve();
  running.end = end;
  running.control.abort();
  return running.over;
}

async function begin(world: World): Promise<void> {
  const { place, platform, pin, architecture } = world;
  await recover(place);
  const intent = readIntent(place);
  const installed = readInstalled(place, platform);
  const isWhole = installed?.version === pin.version && installed.graphics.toSorted().join() === intent?.graphics.toSorted().join();
  if (world.told.state === 'not-offered' || !intent || isWhole) {
    if (existsSync(place.download) && !world.running) await removeDownload(place);
    return tell(world, atRest(world));
  }
  if (intent.goesOn) return start(world, intent.graphics, intent.thenModel);
  const plan = planRelease(pin, { platform, architecture, graphics: intent.graphics });
  if (!plan) return;
  const reason = 'Paused; what came before is kept.';
  tell(world, { state: 'paused', reason, ...(await held(world, plan)), ...withOffer(world, intent.graphics) });
}

/** Nothing is asked, fetched or removed before `begin` or `install`. */
export function createInstaller(options: InstallerOptions): Installer {
  const none: RuntimeInstall = { state: 'not-offered', reason: 'It is being looked at.' };
  const world: World = { ...options, told: none, listeners: new Set(), running: undefined, looked: new Map() };
  world.told = atRest(world);
  const { place, pin, platform, architecture, client, base } = options;
  return {
    status: () => world.told,
    onStatus(listener) {
      world.listeners.add(listener);
      return () => void world.listeners.delete(listener);
    },
    refresh() {
      if (!world.running && !['paused', 'failed'].includes(world.told.state)) tell(world, atRest(world));
    },
    begin: () => begin(world),
    async lookUp() {
      const plan = planRelease(pin, { platform, architecture, graphics: [] });
      if (!plan || world.running) return;
      for (const { name, bytes } of await lookUp(plan, { client, base, signal: AbortSignal.timeout(60_000) }))
        world.looked.set(name, { bytes });
      if (world.told.offer) tell(world, { ...world.told, ...withOffer(world, []) });
    },
    install: (graphics, thenModel) => {
      if (world.told.state === 'not-offered') throw new Fault('bad-request', `${world.told.reason} Nothing was changed.`);
      const before = readIntent(place);
      start(world, graphics ?? before?.graphics ?? [], thenModel ?? before?.thenModel ?? false);
    },
    pause() {
      if (!world.running) return;
      const intent = readIntent(place);
      if (intent) writeIntent(place, { ...intent, goesOn: false });
      void stop(world, 'pause');
    },
    async cancel() {
      if (world.running) return stop(world, 'cancel');
      forgetIntent(place);
      await removeDownload(place);
      tell(world, atRest(world));
    },
    close: () => stop(world, 'close'),
  };
}
