/** @file One process at a time for a piece of work in this checkout, also when an earlier one was killed in the middle of it. */
import { randomUUID } from 'node:crypto';
import { mkdirSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { CACHE } from './project.mjs';

const BEAT_MS = 1_000;
const LOOK_EVERY_MS = 100;
/** An owner that shows no life for this long while somebody watches is gone. */
const SILENT_MS = 15_000;

/** Runs the work while no other process runs work of this name; `onWait` is called once if another one does. */
export async function withLock(name, work, onWait = () => {}) {
  mkdirSync(CACHE, { recursive: true });
  const folder = join(CACHE, `${name}.lock`);
  const id = await acquire(folder, onWait);
  const beat = setInterval(() => touch(folder), BEAT_MS);
  try {
    return await work();
  } finally {
    clearInterval(beat);
    if (readOwner(folder)?.id === id) rmSync(folder, { recursive: true, force: true });
  }
}

async function acquire(folder, onWait) {
  let watched = { life: '', since: Date.now(), told: false };
  for (;;) {
    const id = tryToTake(folder);
    if (id) return id;
    if (!watched.told) onWait();
    const life = signOfLife(folder);
    watched = { life, since: life === watched.life ? watched.since : Date.now(), told: true };
    if (ownerIsDead(folder) || Date.now() - watched.since > SILENT_MS) removeDead(folder, life);
    else await pause(LOOK_EVERY_MS);
  }
}

/** Making a folder either succeeds or fails: nobody else can have made it too. */
function tryToTake(folder) {
  try {
    mkdirSync(folder);
  } catch (error) {
    if (error.code === 'EEXIST') return undefined;
    throw error;
  }
  const id = randomUUID();
  writeFileSync(join(folder, 'owner.json'), JSON.stringify({ id, pid: process.pid, host: hostname() }));
  return id;
}

/** Takes a dead owner's lock away. A second folder sees to it that two who both saw the death do not remove a new owner's lock. */
function removeDead(folder, life) {
  const broom = `${folder}.broom`;
  try {
    mkdirSync(broom);
  } catch (error) {
    if (error.code !== 'EEXIST') throw error;
    if (Date.now() - (timeOf(broom) ?? Date.now()) > SILENT_MS) rmSync(broom, { recursive: true, force: true });
    return;
  }
  if (signOfLife(folder) === life) rmSync(folder, { recursive: true, force: true });
  rmSync(broom, { recursive: true, force: true });
}

function ownerIsDead(folder) {
  const owner = readOwner(folder);
  if (!owner || owner.host !== hostname()) return false;
  try {
    process.kill(owner.pid, 0);
    return false;
  } catch (error) {
    return error.code === 'ESRCH';
  }
}

function signOfLife(folder) {
  return `${readOwner(folder)?.id ?? ''} ${timeOf(join(folder, 'owner.json')) ?? timeOf(folder) ?? 'none'}`;
}

function touch(folder) {
  const now = new Date();
  try {
    utimesSync(join(folder, 'owner.json'), now, now);
  } catch (error) {
    if (error.code !== 'ENOENT') throw error;
  }
}

function readOwner(folder) {
  try {
    return JSON.parse(readFileSync(join(folder, 'owner.json'), 'utf8'));
  } catch (error) {
    // Not written yet, only half of it, or gone again: there is no owner to speak of, and the next look tells more.
    if (error.code === 'ENOENT' || error instanceof SyntaxError) return undefined;
    throw error;
  }
}

function timeOf(path) {
  return statSync(path, { throwIfNoEntry: false })?.mtimeMs;
}
