/** @file Fills the disk again and again while turns are written. Arguments: a folder on a small disk of its own, seed, points. One JSON line a point. */
import { rmSync, statfsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { lockDataFolder, openDataFolder } from '../../../src/main/adapters/sqlite/folder.ts';
import { type OpenedStore, openStore } from '../../../src/main/adapters/sqlite/open.ts';
import { Fault, type WireFault } from '../../../src/shared/faults.ts';
import { conversation, say, speak } from '../../contracts/store-questions.ts';
import { createRandom, type Random } from '../random.ts';
import { silentLog } from '../silent-log.ts';

const [disk = '', seed = '1', points = '20'] = process.argv.slice(2);
const folder = join(disk, 'data');
const filler = join(disk, 'filler');
const words = (n: number): string => `Words ${n} `.repeat(1 + (n % 300));
const open = (): OpenedStore => openStore({ folder, log: silentLog, now: Date.now, outbox: true });

/** Leaves about so many bytes free. */
function fill(free: number): void {
  const space = statfsSync(disk);
  writeFileSync(filler, Buffer.alloc(Math.max(0, space.bavail * space.bsize - free)));
}

function faultOf(action: () => unknown): WireFault | undefined {
  try {
    action();
    return undefined;
  } catch (error) {
    if (error instanceof Fault) return error.toWire();
    throw error;
  }
}

type Step = [name: string, action: () => unknown];

function stepsOf(store: OpenedStore, n: number): Step[] {
  return [
    ['accept', () => say(store, 'c', n, words(n))],
    ['append', () => store.appendReply(`turn-${n}`, words(n + 1), words(n + 2))],
    ['context', () => store.setContext(`user-${n}`, words(n + 3))],
    ['append', () => store.appendReply(`turn-${n}`, words(n + 1), '')],
    ['finish', () => speak(store, n, { text: words(n + 1).repeat(2) })],
    ['value', () => store.setValue(`key-${n}`, words(n))],
  ];
}

/** Every turn that was acknowledged as ended, compared with what is there; returns how many are not as they were said. */
function lostTurns(store: OpenedStore, ended: readonly number[]): number {
  return ended.filter((n) => {
    const reply = store.message(`reply-${n}`);
    return store.message(`user-${n}`)?.text !== words(n) || reply?.text !== words(n + 1).repeat(2) || reply.status !== 'complete';
  }).length;
}

/** Writes until the disk refuses, makes space, and does the refused step again. */
function squeeze(store: OpenedStore, random: Random, first: number, ended: number[]): Record<string, unknown> {
  fill(random.whole(0, 40) * 4_096);
  for (let n = first; ; n += 1) {
    for (const [name, action] of stepsOf(store, n)) {
      const fault = faultOf(action);
      if (!fault) continue;
      const health = store.health().state;
      const lost = lostTurns(store, ended);
      rmSync(filler);
      const again = faultOf(action);
      return { n, name, fault, health, lost, again: again?.code ?? 'works', healthAgain: store.health().state };
    }
    ended.push(n);
  }
}

openDataFolder(folder);
const random = createRandom(Number(seed));
const ended: number[] = [];
let store = open();
store.createConversation(conversation('c'), undefined);
let next = 0;
for (let point = 0; point < Number(points); point += 1) {
  const result = squeeze(store, random, next, ended);
  next = Number(result['n']) + 1;
  // Every third time the program also stops and starts while the disk is full; only stopping has to work.
  if (point % 3 === 0) {
    fill(0);
    store.close();
    const refused = {
      folder: faultOf(() => openDataFolder(folder)),
      lock: faultOf(() => lockDataFolder(folder, { pid: 1 }).release()),
      store: faultOf(() => open().close()),
    };
    rmSync(filler);
    store = open();
    Object.assign(result, { refused, lost: Number(result['lost']) + lostTurns(store, ended) });
  }
  console.log(JSON.stringify({ ...result, ended: ended.length }));
}
store.close();
