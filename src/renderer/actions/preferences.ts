/** @file Asking for what can be set, and setting it. */
import type { SettingsPatch, SettingsSection } from '../../shared/settings.ts';
import { complain, type Ground } from './ground.ts';

export type Preferences = {
  /** Asks for everything that can be set; what comes is in the window's state. */
  load(): void;
  change(patch: SettingsPatch): void;
  /** Puts a section back to its defaults. */
  reset(section: SettingsSection): void;
};

export function createPreferences(ground: Ground): Preferences {
  const ask = async (wish: Parameters<typeof ground.client.ask>[0]) => {
    const answer = await ground.client.ask(wish);
    if (answer.type === 'command-failed') complain(ground, answer.fault.message);
  };
  return {
    load: () => void ask({ type: 'show-settings' }),
    change: (patch) => void ask({ type: 'change-settings', patch }),
    reset: (section) => void ask({ type: 'reset-settings', section }),
  };
}
