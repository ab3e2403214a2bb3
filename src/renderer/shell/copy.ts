/** @file Putting text on the clipboard, also where a page may not use the newer way. */
import { useEffect, useRef, useState } from 'react';
import { useServices } from './services.ts';

/** The older way works wherever a person just pressed something. */
function copyBySelection(text: string): boolean {
  const field = document.createElement('textarea');
  field.value = text;
  field.className = 'only-read';
  const before = document.activeElement;
  document.body.append(field);
  field.select();
  const copied = document.execCommand('copy');
  field.remove();
  if (before instanceof HTMLElement) before.focus({ preventScroll: true });
  return copied;
}

export async function copyText(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    // Refused or missing: the window has no permission, or the page is not served from this computer.
    return copyBySelection(text);
  }
}

const SHOWN_MS = 1_600;

/** Copies, says so for a moment, and complains where neither way is allowed. */
export function useCopy(): { copied: boolean; copy(text: string): void } {
  const { notices } = useServices();
  const [copied, setCopied] = useState(false);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  useEffect(() => () => clearTimeout(timer.current), []);
  const copy = async (text: string) => {
    if (await copyText(text)) {
      setCopied(true);
      clearTimeout(timer.current);
      timer.current = setTimeout(() => setCopied(false), SHOWN_MS);
    } else notices.show({ text: 'Copying is not allowed here. The text can be selected and copied by hand.', kind: 'trouble' });
  };
  return { copied, copy: (text) => void copy(text) };
}
