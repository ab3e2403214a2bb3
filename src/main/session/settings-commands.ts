/** @file The session's handlers for what a person can set. */
import type { Command } from '../../shared/commands.ts';
import type { ClientEvent } from '../../shared/events.ts';
import { Fault } from '../../shared/faults.ts';
import type { Engine } from '../engine/contract.ts';

type SettingsCommandType = 'show-settings' | 'change-settings' | 'reset-settings';

type SettingsHandlers = { [Type in SettingsCommandType]: (command: Extract<Command, { type: Type }>) => void };

type SettingsHandlerPorts = { engine: Engine; send: (event: ClientEvent) => void; isOwner: boolean };

/** Who may come in is for the person's own window, or whoever knows the token, to say. */
export function settingsHandlers({ engine: { settings }, send, isOwner }: SettingsHandlerPorts): SettingsHandlers {
  const mayTouch = (touchesDoor: boolean) => {
    if (touchesDoor && !isOwner) {
      throw new Fault('forbidden', 'Only the window, or a program that shows the access token, may set who comes in; nothing was changed.');
    }
  };
  return {
    'show-settings': ({ requestId }) => send({ type: 'settings-shown', requestId, ...settings.told() }),
    'change-settings': ({ requestId, patch }) => {
      mayTouch(patch.api !== undefined);
      settings.change(patch);
      send({ type: 'command-done', requestId });
    },
    'reset-settings': ({ requestId, section }) => {
      mayTouch(section === 'api');
      settings.reset(section);
      send({ type: 'command-done', requestId });
    },
  };
}
