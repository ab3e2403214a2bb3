/** @file The session's handlers for what a person can set. */
import type { Command } from '../../shared/commands.ts';
import type { ClientEvent } from '../../shared/events.ts';
import type { Engine } from '../engine/contract.ts';

type SettingsCommandType = 'show-settings' | 'change-settings' | 'reset-settings';

type SettingsHandlers = { [Type in SettingsCommandType]: (command: Extract<Command, { type: Type }>) => void };

export function settingsHandlers({ settings }: Engine, send: (event: ClientEvent) => void): SettingsHandlers {
  return {
    'show-settings': ({ requestId }) => send({ type: 'settings-shown', requestId, ...settings.told() }),
    'change-settings': ({ requestId, patch }) => {
      settings.change(patch);
      send({ type: 'command-done', requestId });
    },
    'reset-settings': ({ requestId, section }) => {
      settings.reset(section);
      send({ type: 'command-done', requestId });
    },
  };
}
