/** @file A door that is as it is set by hand, for windows that show one. */

import type { DoorPort } from '../../src/main/engine/door.ts';
import { createNoDoor } from '../../src/main/engine/no-door.ts';
import type { DoorStatus } from '../../src/shared/door.ts';

export const fakeToken = 'kZq0n7rB2m8sVtYw3xLdPfGhJc5uAe9oRiT1Kl6N4f7';

export function createFakeDoor(status: Partial<DoorStatus>): DoorPort {
  const closed = createNoDoor();
  return { ...closed, status: () => ({ ...closed.status(), ...status }), token: () => fakeToken, retry: () => {} };
}
