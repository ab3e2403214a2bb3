/** @file The session's handlers for the door: shown to the person's own window, and to clients that know the token, alone. */
import type { Command } from '../../shared/commands.ts';
import type { ClientEvent } from '../../shared/events.ts';
import { Fault } from '../../shared/faults.ts';
import type { Engine } from '../engine/contract.ts';

type DoorCommandType = 'show-door' | 'show-token' | 'rotate-token' | 'retry-door';
type DoorHandlers = { [Type in DoorCommandType]: (command: Extract<Command, { type: Type }>) => void };

export type DoorHandlerPorts = { engine: Engine; send: (event: ClientEvent) => void; isOwner: boolean };

export function doorHandlers({ engine: { door }, send, isOwner }: DoorHandlerPorts): DoorHandlers {
  const ownerOnly = () => {
    if (!isOwner)
      throw new Fault('forbidden', 'Only the window, or a program that shows the access token, may ask this; nothing was changed.');
  };
  return {
    'show-door': ({ requestId }) => {
      ownerOnly();
      send({ type: 'door-shown', requestId, door: door.status() });
    },
    'show-token': ({ requestId }) => {
      ownerOnly();
      send({ type: 'token-shown', requestId, token: door.token() });
    },
    'rotate-token': ({ requestId }) => {
      ownerOnly();
      send({ type: 'token-shown', requestId, ...door.rotateToken() });
    },
    'retry-door': ({ requestId }) => {
      ownerOnly();
      door.retry();
      send({ type: 'command-done', requestId });
    },
  };
}
