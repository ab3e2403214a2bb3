/** @file Whether single letters act while a message has the keyboard; kept for the next time. */
import { useSyncExternalStore } from 'react';

const KEY = 'letters';
const OFF = 'off';
const CHANGED = 'letterschange';

export function lettersAct(): boolean {
  return localStorage.getItem(KEY) !== OFF;
}

export function letLettersAct(act: boolean): void {
  if (act) localStorage.removeItem(KEY);
  else localStorage.setItem(KEY, OFF);
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

export const useLetters = (): boolean => useSyncExternalStore(subscribe, lettersAct);
