/** @file The library where none is kept: characters can be talked with, and nothing can be added or changed. */
import { Fault } from '../../../shared/faults.ts';
import type { Characters, Clock, Ids } from '../ports.ts';
import type { Library } from './library-port.ts';
import { createTransfers } from './transfers.ts';

export function createNoLibrary(characters: Characters, ports: { clock: Clock; ids: Ids }): Library {
  const refuse = (): never => {
    throw new Fault('bad-request', 'No companions are kept here; nothing was changed.');
  };
  const transfers = createTransfers(ports);
  return {
    ...characters,
    entries: () => [],
    show: refuse,
    preview: refuse,
    add: refuse,
    save: refuse,
    setAvatar: refuse,
    avatar: refuse,
    duplicate: refuse,
    remove: refuse,
    restore: refuse,
    export: refuse,
    count: refuse,
    transfers,
    onChange: () => () => {},
    close: () => transfers.close(),
  };
}
