/** @file The door where there is none, such as in a test of the engine alone. */
import { Fault } from '../../shared/faults.ts';
import type { DoorPort } from './door.ts';

export function createNoDoor(): DoorPort {
  const refuse = (): never => {
    throw new Fault('bad-request', 'There is no door for other programs here; nothing was changed.');
  };
  return {
    status: () => ({
      state: 'closed',
      reason: 'There is no door for other programs here.',
      requireToken: false,
      beyond: false,
      clients: [],
      refused: 0,
    }),
    onStatus: () => () => {},
    token: refuse,
    rotateToken: refuse,
    retry: refuse,
    forgetWords: () => {},
  };
}
