/** @file The door over the time the program runs: opened and closed as it is wished, its token replaced, its visitors told. */
import type { DoorStatus } from '../../shared/door.ts';
import { DOOR_TOLD_EVERY_MS } from '../../shared/door-limits.ts';
import type { Fault } from '../../shared/faults.ts';
import { createBroadcast } from '../engine/broadcast.ts';
import type { DoorPort } from '../engine/door.ts';
import type { Clock, Log } from '../engine/ports.ts';
import { type Door, type DoorConfig, type DoorPorts, openDoor } from './door.ts';
import { openingFault } from './door-faults.ts';
import type { TokenKeeper } from './token.ts';
import { createVisitors } from './visitors.ts';

/** What the person wishes; the rest is fixed at the start. */
export type DoorWish = { open: boolean } & Pick<DoorConfig, 'port' | 'requireToken' | 'allowedOrigins'>;

export type DoorControlPorts = {
  fixed: Omit<DoorConfig, 'port' | 'requireToken' | 'allowedOrigins'>;
  wish: DoorWish;
  /** What holds it open, such as "npm run serve"; undefined where it is the person's to close. */
  heldOpenBy: string | undefined;
  isLoopback: boolean;
  token: TokenKeeper;
  pageFolder: string | undefined;
  clock: Clock;
  log: Log;
};

/** What stands behind it. */
export type Behind = Pick<DoorPorts, 'engine' | 'openSession' | 'health'>;

export type DoorControl = DoorPort & {
  /** Begins to follow the wish; resolves when it was tried, with the system's error where it failed. */
  begin(behind: Behind): Promise<{ door?: Pick<Door, 'url' | 'port'>; error?: unknown }>;
  want(wish: DoorWish): void;
  close(): Promise<void>;
};

type Opened = { door: Door; wishedPort: number };

export function createDoorControl(ports: DoorControlPorts): DoorControl {
  const { clock, log, token } = ports;
  const told = createBroadcast<DoorStatus>(log);
  const visitors = createVisitors(clock, () => tellSoon());
  let wish = ports.wish;
  let behind: Behind | undefined;
  let opened: Opened | undefined;
  let opening = false;
  let failed: { fault: Fault; error: unknown } | undefined;
  let ending = false;
  let work: Promise<void> = Promise.resolve();
  let cancelTell: (() => void) | undefined;

  const status = (): DoorStatus => ({
    ...stateOf({ wish, opened, opening, fault: failed?.fault, isLoopback: ports.isLoopback }),
    requireToken: wish.requireToken,
    beyond: !ports.isLoopback,
    ...(ports.heldOpenBy ? { heldOpenBy: ports.heldOpenBy } : {}),
    ...tokenOf(token, opened !== undefined),
    ...visitors.list(),
  });
  const tell = () => {
    cancelTell?.();
    cancelTell = undefined;
    told.send(status());
  };
  const tellSoon = () => {
    if (told.size() > 0 && !ending) cancelTell ??= clock.after(DOOR_TOLD_EVERY_MS, tell);
  };

  const shut = async () => {
    const { door } = opened as Opened;
    opened = undefined;
    await door.close(ending ? undefined : 'The door for other programs was closed.');
    visitors.clear();
    log.info('door-closed');
  };
  const open = async (to: Behind) => {
    opening = true;
    failed = undefined;
    tell();
    const { pageFolder } = ports;
    const wishedPort = wish.port;
    try {
      const door = await openDoor({ ...to, config: { ...ports.fixed, ...wish }, token: token.now(), pageFolder, visitors, log, clock });
      opened = { door, wishedPort };
      log.info('door-opened', { port: door.port });
    } catch (error) {
      failed = { fault: openingFault(error, wishedPort), error };
      log.warn('door-not-opened', { code: failed.fault.code, cause: error });
    }
    opening = false;
  };
  /** One step after the other: what is wished when its turn comes counts. */
  const settle = async () => {
    if (opened && (ending || !wish.open || opened.wishedPort !== wish.port)) await shut();
    if (!wish.open) failed = undefined;
    if (wish.open && !opened && !ending && behind) await open(behind);
    if (opened) opened.door.admit(wish);
    if (!ending) tell();
  };
  const follow = () => {
    work = work.then(settle).catch((error: unknown) => log.error('door-failed', { cause: error }));
    return work;
  };

  return {
    status,
    onStatus: (listener) => told.add(listener),
    token: () => token.now(),
    rotateToken: () => {
      const made = token.rotate();
      const dropped = opened?.door.replaceToken(made) ?? 0;
      log.info('token-replaced', { dropped });
      tell();
      return { token: made, dropped };
    },
    retry: () => void follow(),
    forgetWords: visitors.forgetWords,
    begin: async (to) => {
      behind = to;
      await follow();
      return { ...(opened ? { door: opened.door } : {}), ...(failed ? { error: failed.error } : {}) };
    },
    want: (next) => {
      wish = next;
      void follow();
    },
    close: async () => {
      ending = true;
      cancelTell?.();
      await follow();
    },
  };
}

type Seen = { wish: DoorWish; opened: Opened | undefined; opening: boolean; fault: Fault | undefined; isLoopback: boolean };

function stateOf({ wish, opened, opening, fault, isLoopback }: Seen): Pick<DoorStatus, 'state' | 'reason' | 'address' | 'fault'> {
  if (opened) {
    const where = isLoopback ? 'Programs on this computer' : 'Programs on this computer and on other machines';
    return { state: 'open', reason: `${where} can come in at ${opened.door.url}.`, address: opened.door.url };
  }
  if (opening) return { state: 'opening', reason: `Port ${wish.port} is being opened.` };
  if (fault) return { state: 'failed', reason: fault.message, fault: fault.toWire() };
  return { state: 'closed', reason: 'No other program can come in.' };
}

/** A token that nobody has needed yet is not made for being looked at. */
function tokenOf(token: TokenKeeper, inUse: boolean): Pick<DoorStatus, 'token'> {
  if (!inUse) return token.fixedBy ? { token: { ending: '', fixedBy: token.fixedBy } } : {};
  const madeAt = token.madeAt();
  return {
    token: {
      ending: token.now().slice(-4),
      ...(madeAt === undefined ? {} : { madeAt }),
      ...(token.fixedBy ? { fixedBy: token.fixedBy } : {}),
    },
  };
}
