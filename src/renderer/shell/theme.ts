/** @file Light, dark or as the system has it; kept for the next time. `public/theme.js` reads the same key before the first picture. */
import { useSyncExternalStore } from 'react';

export const themes = ['system', 'light', 'dark'] as const;
export type Theme = (typeof themes)[number];

const KEY = 'theme';
const CHANGED = 'themechange';

export function readTheme(storage: Pick<Storage, 'getItem'>): Theme {
  return themes.find((theme) => theme === storage.getItem(KEY)) ?? 'system';
}

/** Shows the theme and keeps it. */
export function chooseTheme(theme: Theme): void {
  if (theme === 'system') delete document.documentElement.dataset['theme'];
  else document.documentElement.dataset['theme'] = theme;
  localStorage.setItem(KEY, theme);
  window.dispatchEvent(new Event(CHANGED));
}

const subscribe = (changed: () => void) => {
  window.addEventListener(CHANGED, changed);
  window.addEventListener('storage', changed);
  return () => {
    window.removeEventListener(CHANGED, changed);
    window.removeEventListener('storage', changed);
  };
};

export function useTheme(): Theme {
  return useSyncExternalStore(subscribe, () => readTheme(localStorage));
}
